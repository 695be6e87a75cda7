"""Slides: a few short lines each; the notes say what the lines leave out."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby

from services.generation.authors.offline.bullets import bullet, step
from services.generation.authors.offline.grammar import definition, is_rule
from services.generation.authors.offline.quantities import quantities
from services.generation.authors.offline.reading import Corpus, Listing, Sentence
from services.generation.authors.offline.texts import cited, read_aloud, weight
from services.generation.authors.offline.wording import wording
from services.generation.authors.offline.words import likeness, spread
from services.generation.drafts import LessonPlan, SlideDraft

MOST_SLIDES = 4
MOST_LINES = 7
_FEWEST_LINES = 3
_WORDS_ON_A_SLIDE = 95

Scored = tuple[float, list[SlideDraft]]


def slides(
    corpus: Corpus, lesson: LessonPlan, numbers: Sequence[int], *, titles: Collection[str], lines: Collection[str]
) -> list[SlideDraft]:
    """`titles` and `lines` are those of slides that exist already: neither comes again."""
    used_titles, used_lines = {title.casefold() for title in titles}, {_key(line) for line in lines}
    found: list[tuple[float, int, list[SlideDraft]]] = []
    for maker in (_from_lists, _from_sentences):
        for score, drafts in maker(corpus, lesson, numbers, used_lines):
            if any(draft.title.casefold() in used_titles for draft in drafts):
                continue
            used_titles.update(draft.title.casefold() for draft in drafts)
            used_lines.update(_key(line) for draft in drafts for line in draft.bullets)
            found.append((score, drafts[0].citations[0].passage, drafts))
    if any(score >= 1 for score, _, _ in found):  # a mix of everything only where there is nothing better
        found = [one for one in found if one[0] >= 1]
    best: list[tuple[int, list[SlideDraft]]] = []
    for score, place, drafts in sorted(found, key=lambda one: -one[0]):
        # A list that runs over two slides is shown whole or not at all; procedures may exceed the usual number.
        if sum(len(group) for _, group in best) + len(drafts) <= MOST_SLIDES or (score >= _PROCEDURE and best):
            best.append((place, drafts))
    return [draft for _, group in sorted(best, key=lambda one: one[0]) for draft in group]


_PROCEDURE = 2.0


def _from_lists(corpus: Corpus, lesson: LessonPlan, numbers: Sequence[int], used: Collection[str]) -> Iterator[Scored]:
    """Every item of a list, on as many slides as it takes: a step left out would be a wrong procedure."""
    wanted = set(numbers)
    words = wording(corpus.language)
    for listing in corpus.listings:
        if listing.items[0].passage not in wanted or len(listing.items) < _FEWEST_LINES:
            continue
        parts = _parts(listing.items)
        title = _list_title(listing, lesson)
        before, after = _around(corpus, listing)
        drafts = []
        for number, items in enumerate(parts, 1):
            shown = title if len(parts) == 1 else words.of_several.format(title=title, number=number, count=len(parts))
            lead = [listing.lead] if listing.lead else []
            around = before if number == 1 else []
            around = [*around, *after] if number == len(parts) else around
            notes = read_aloud(around) or read_aloud([*lead, *items])
            drafts.append(
                SlideDraft(
                    type='slide',
                    title=shown,
                    bullets=[step(item.text) for item in items],
                    notes=notes,
                    citations=cited(corpus, [*lead, *items]) + cited(corpus, around),
                )
            )
        yield _PROCEDURE if listing.ordered else 1.5, drafts


def _parts(items: Sequence[Sentence]) -> list[Sequence[Sentence]]:
    """Of like length, as few as the lines allow."""
    count = max(-(-len(items) // MOST_LINES), -(-sum(item.length for item in items) // _WORDS_ON_A_SLIDE))
    count = min(count, max(1, len(items) // 2))
    size = -(-len(items) // count)
    return [items[i : i + size] for i in range(0, len(items), size)]


def _around(corpus: Corpus, listing: Listing) -> tuple[list[Sentence], list[Sentence]]:
    """What the section says before its list and after it."""
    prose = [s for s in corpus.sentences if s.section == listing.section and s.kind == 'prose' and s.standalone]
    after = [s for s in prose if 0 < s.ordinal - listing.items[-1].ordinal <= 4]
    before = [s for s in prose if 0 < listing.items[0].ordinal - s.ordinal <= 4]
    return before[-3:], after[:3]


_COUNTED = re.compile(r'\bthe following\s+([a-z]+s)\b', re.I)


def _key(line: str) -> str:
    """A line and its shorter form are the same."""
    return line.casefold()[:40]


def _list_title(listing: Listing, lesson: LessonPlan) -> str:
    section = listing.section[-1] if listing.section else lesson.title
    lead = listing.lead.text.rstrip(': ') if listing.lead else ''
    lead = re.sub(r'\s+(?:are|is|includes?|sind)$', '', lead)
    is_title = lead and len(lead.split()) <= 5 and not lead.endswith((',', ';'))
    if is_title and len(lead.split()) >= 3:
        return lead
    noun = _COUNTED.search(lead)
    return f'{section}: {noun[1]}' if noun else section


def _from_sentences(
    corpus: Corpus, lesson: LessonPlan, numbers: Sequence[int], used: Collection[str]
) -> Iterator[Scored]:
    """For each section one slide of its best lines; where it holds enough, one for terms, figures and rules each."""
    words = wording(corpus.language)
    themes: list[tuple[str, Callable[[Sentence], bool]]] = [
        (words.slide_terms, lambda s: definition(s.text, corpus.language) is not None),
        (words.slide_figures, lambda s: bool(quantities(s.text))),
        (words.slide_rules, lambda s: is_rule(s.text, corpus.language)),
    ]
    unused: list[Sentence] = []
    for section, run in groupby(corpus.within(numbers), key=lambda s: s.section):
        ready = [
            s for s in run if s.kind == 'prose' and s.standalone and (line := bullet(s.text)) and _key(line) not in used
        ]
        title = section[-1] if section else lesson.title
        for template, belongs in themes if len(ready) >= 6 else []:
            fitting = [s for s in ready if belongs(s)]
            if len(fitting) >= _FEWEST_LINES:
                chosen = _best(corpus, fitting, 4)
                ready = [s for s in ready if s not in chosen]
                yield from _slide(corpus, template.format(title=title), chosen, score=1.0 + 0.02 * len(chosen))
        if len(ready) >= _FEWEST_LINES:
            chosen = _best(corpus, ready, 5)
            ready = [s for s in ready if s not in chosen]
            yield from _slide(corpus, title, chosen, score=1.2)
        unused += ready
    if len(unused) >= _FEWEST_LINES:
        yield from _slide(corpus, lesson.title, _best(corpus, unused, 4), score=0.6)
    everything = [s for s in corpus.within(numbers) if s.kind == 'prose' and s.standalone and bullet(s.text, most=20)]
    everything = [s for s in everything if _key(bullet(s.text, most=20) or '') not in used]
    if len(everything) >= _FEWEST_LINES:
        yield from _slide(corpus, lesson.title, _best(corpus, everything, 4), score=0.3, most=20)


def _best(corpus: Corpus, sentences: Sequence[Sentence], limit: int) -> list[Sentence]:
    topic = frozenset(
        stem for s in sentences for stem in s.stems if sum(stem in other.stems for other in sentences) > 1
    )
    scores = [
        weight(corpus, s, topic) - 0.03 * max(0, len((bullet(s.text, most=20) or '').split()) - 9) for s in sentences
    ]
    picked = spread(scores, [s.stems for s in sentences], limit)
    chosen: list[Sentence] = []
    for i in picked:
        if all(likeness(sentences[i].stems, other.stems) < 0.6 for other in chosen):
            chosen.append(sentences[i])
    return sorted(chosen, key=lambda s: s.ordinal)


def _slide(corpus: Corpus, title: str, chosen: Sequence[Sentence], *, score: float, most: int = 15) -> Iterator[Scored]:
    bullets = [step(s.text) if s.kind == 'item' else line for s in chosen if (line := bullet(s.text, most=most))]
    if len(bullets) < min(_FEWEST_LINES, len(chosen)) or len(bullets) < 2:
        return
    spoken = spoken_beside(corpus, chosen)
    yield (
        score,
        [
            SlideDraft(
                type='slide',
                title=title,
                bullets=bullets,
                notes=read_aloud(spoken),
                citations=cited(corpus, sorted({s.ordinal: s for s in [*chosen, *spoken]}.values(), key=_place)),
            )
        ],
    )


def spoken_beside(corpus: Corpus, chosen: Sequence[Sentence]) -> list[Sentence]:
    """What a teacher adds to the lines: the sentences that were shortened, and those that follow a line."""
    shown = {s.ordinal for s in chosen}
    cut = [s for s in chosen if (bullet(s.text, most=20) or '').casefold() != s.text.strip(' .;,!').casefold()]
    following = [
        corpus.sentences[s.ordinal + 1]
        for s in chosen
        if s.ordinal + 1 < len(corpus.sentences) and s.ordinal + 1 not in shown
    ]
    following = [s for s in following if s.kind == 'prose' and not s.points]
    beside = {s.ordinal: s for s in [*cut, *following] if any(s.section == one.section for one in chosen)}
    spoken = sorted(beside.values(), key=_place)[:6]
    if sum(s.length for s in spoken) >= 20:
        return spoken
    return sorted({s.ordinal: s for s in [*chosen, *spoken]}.values(), key=_place)


def _place(sentence: Sentence) -> int:
    return sentence.ordinal

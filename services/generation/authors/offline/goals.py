"""What a module and the whole course enable to do: wider than the objectives of their lessons."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from services.generation.authors.offline import grammar
from services.generation.authors.offline.objectives import REFERENCE, candidates
from services.generation.authors.offline.quantities import unit_kind, units_in
from services.generation.authors.offline.reading import Corpus
from services.generation.authors.offline.titles import core, inside
from services.generation.authors.offline.wording import wording
from services.generation.drafts import OutlineDraft

_MOST_NAMES = 3
_RULES = 3  # fewer are no set of rules that somebody could be asked to apply
_NO_TOPIC = re.compile(rf'{REFERENCE.pattern}|(?:how|what|when|why|who|where|wie|was|wann|warum|wer|wo)\b', re.I)


def module_goals(corpus: Corpus, numbers: Sequence[int], title: str, taken: Sequence[str]) -> list[str]:
    """The first two that the sources give: procedures, figures, terms, rules."""
    wanted = sorted(set(numbers))
    found = [*_procedures(corpus, wanted), *_figures(corpus, wanted), *_terms(corpus, wanted)]
    words = wording(corpus.language)
    if REFERENCE.match(title):
        return [words.goal_reference]
    rules = sum(grammar.is_rule(sentence.text, corpus.language) for sentence in corpus.within(wanted))
    template = words.goal if rules >= _RULES else words.goal_topic
    wide = template.format(topics=inside(core(title), corpus.casing))
    fresh = [goal for goal in dict.fromkeys([*found, wide]) if goal not in taken]
    return fresh[:2]


def course_goals(corpus: Corpus, draft: OutlineDraft, level: int) -> list[str]:
    """One for each module: the best of what its lessons promise, of another kind than the one before."""
    goals: list[str] = []
    kinds: Counter[str] = Counter()
    for module in draft.modules:
        numbers = [number for lesson in module.lessons for number in lesson.passages]
        promised = {objective for lesson in module.lessons for objective in lesson.objectives}
        options = [
            (one.score - 0.3 * kinds[one.kind], one)
            for one in candidates(corpus, numbers, level)
            if one.text in promised and one.text not in goals
        ]
        if options:
            best = max(options, key=lambda pair: pair[0])[1]
            kinds[best.kind] += 1
            goals.append(best.text)
        else:
            goals += [goal for goal in module.objectives[:1] if goal not in goals]
    return goals


def _procedures(corpus: Corpus, numbers: Sequence[int]) -> Iterator[str]:
    names = dict.fromkeys(
        listing.section[-1]
        for listing in corpus.listings
        if listing.items[0].passage in numbers and listing.section and listing.is_procedure
    )
    if names:
        yield wording(corpus.language).goal_steps.format(topics=_quoted(corpus, [*names][:_MOST_NAMES]))


def _figures(corpus: Corpus, numbers: Sequence[int]) -> Iterator[str]:
    words = wording(corpus.language)
    units: Counter[str] = Counter()
    sections: Counter[str] = Counter()
    for sentence in corpus.within(numbers):
        here = units_in(sentence.text)
        units.update(unit_kind(unit) for unit in here)
        if here and sentence.section:
            sections[sentence.section[-1]] += 1
    kinds = [kind for kind in ('temperatures', 'times', 'distances', 'quantities') if units[kind] >= 2][:2]
    ranked = [name for name, count in sections.most_common() if count >= 2 and not _NO_TOPIC.match(name)]
    names = ranked[:_MOST_NAMES]
    if sum(sections.values()) >= 3 and kinds and names:
        order = [section[-1] for section in corpus.sections if section]
        topics = [inside(name, corpus.casing) for name in sorted(names, key=order.index)]
        told = f' {words.conjunction} '.join(getattr(words, kind) for kind in kinds)
        yield words.goal_figures.format(kinds=told, topics=_listed(topics, words.conjunction))


def _terms(corpus: Corpus, numbers: Sequence[int]) -> Iterator[str]:
    words = wording(corpus.language)
    terms = [
        inside(_bare(defined.term), corpus.casing)
        for sentence in corpus.within(numbers)
        if sentence.standalone and (defined := grammar.definition(sentence.text, corpus.language))
    ]
    short = [f'“{term}”' for term in dict.fromkeys(terms) if len(term.split()) <= 3]
    if len(short) >= 3:
        yield words.goal_terms.format(terms=_listed(short[:4], words.conjunction))


def _bare(term: str) -> str:
    first, _, rest = term.partition(' ')
    return rest if rest and first.lower() in ('a', 'an', 'the', 'ein', 'eine', 'der', 'die', 'das') else term


def _quoted(corpus: Corpus, names: Sequence[str]) -> str:
    return _listed([f'“{name}”' for name in names], wording(corpus.language).conjunction)


def _listed(names: Sequence[str], conjunction: str) -> str:
    if len(names) == 1:
        return names[0]
    comma = ',' if any(f' {conjunction} ' in name for name in names) else ''
    return f'{", ".join(names[:-1])}{comma} {conjunction} {names[-1]}'

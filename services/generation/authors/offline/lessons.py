"""A lesson, drawn step by step so that the first block is on the screen at once."""

import re
from collections.abc import Iterable, Sequence

from services.generation.authors.offline.closeness import Closeness
from services.generation.authors.offline.grammar import is_order
from services.generation.authors.offline.questions import KINDS, Taken, best
from services.generation.authors.offline.questions.common import Room
from services.generation.authors.offline.questions.single import because, meaning_of
from services.generation.authors.offline.reading import Corpus
from services.generation.authors.offline.slides import slides
from services.generation.authors.offline.texts import text_blocks
from services.generation.authors.offline.words import overlap, stems
from services.generation.drafts import BlockDraft, LessonPlan, QuestionDraft, SlideDraft, TextDraft

FIRST_QUESTION = 1
_QUESTIONS, _MORE = 4, 2
_MOST_ANSWERS = 200
_WORTH_ANOTHER = 1.08  # a second question of a kind only where it is a good one
_INSTEAD: tuple[str, ...] = ('single', 'true_false', 'short', 'multiple')


class Drawing:
    """Step 0 gives texts and slides, each further step a question; None when the lesson is done."""

    def __init__(self, corpus: Corpus, lesson: LessonPlan, already: Sequence[BlockDraft], closeness: Closeness) -> None:
        self.corpus, self.lesson, self.already = corpus, lesson, already
        self.numbers = numbers_of(corpus, lesson)
        # Without the verb that begins it: 'Explain what a carrier is' is about carriers.
        promised = [stems(objective.partition(' ')[2], corpus.language) for objective in lesson.objectives]
        self.room = Room(corpus=corpus, numbers=self.numbers, likeness=closeness, topic=lesson.title, promised=promised)
        self.taken = taken_by(corpus, already)
        self._asked = self._rounds = 0
        self._order: list[str] = [*KINDS]

    def step(self, step: int) -> list[BlockDraft] | None:
        if step < FIRST_QUESTION:
            return self._shown()
        while self._order and self._asked < _QUESTIONS:
            kind = self._order.pop(0)
            again = self._rounds > 0
            found = best(self.room, self.taken, kind, least=_WORTH_ANOTHER if again and self._asked > 1 else 0.0)  # type: ignore[arg-type]
            if not self._order and kind == [*KINDS][-1]:
                self._rounds += 1
                self._order = [*_INSTEAD] if self._asked + (found is not None) < _QUESTIONS else []
            if found:
                self._asked += 1
                return [found]
        return self._promised()

    def _promised(self) -> list[BlockDraft] | None:
        """A question more for an objective that none of the others asks about."""
        if self.room.promised and self._asked < _QUESTIONS + _MORE:
            for kind in _INSTEAD:
                if found := best(self.room, self.taken, kind, promised=True):  # type: ignore[arg-type]
                    self._asked += 1
                    return [found]
        return None

    def answers(self) -> list[str]:
        """What may become an answer, for comparing by meaning: everything of this lesson, a share of the rest."""
        room = self.room
        found = [(s, meaning_of(d)) for s, d in room.definitions]
        found += [(s, because(r)) for s, r in room.reasons]
        found += [(s, c.then) for s, c in room.conditions]
        found += [(item, item.text) for listing in self.corpus.listings for item in listing.items if item.length <= 18]
        found += [(s, s.text) for s in self.corpus.sentences if s.standalone and s.length <= 14 and is_order(s.text)]
        here = [text for s, text in found if room.here(s)]
        there = [text for s, text in found if not room.here(s)]
        stride = max(1, len(there) // _MOST_ANSWERS)
        return [*here, *there[::stride]]

    def _shown(self) -> list[BlockDraft]:
        texts = text_blocks(self.corpus, self.lesson, self.numbers, taken=sentences_shown(self.already))
        shown_slides = [block for block in self.already if isinstance(block, SlideDraft)]
        made = slides(
            self.corpus,
            self.lesson,
            self.numbers,
            titles=[slide.title for slide in shown_slides],
            lines=[line for slide in shown_slides for line in slide.bullets],
        )
        return _interleaved(texts, made)


def _interleaved(texts: Sequence[TextDraft], made: Sequence[SlideDraft]) -> list[BlockDraft]:
    """Each slide follows the text it sums up."""
    quoted = [[(c.passage, _flat(c.quote)) for c in text.citations] for text in texts]

    def home(slide: SlideDraft) -> int:
        first = slide.citations[0]
        start = _flat(first.quote)[:60]
        for i in reversed(range(len(texts))):
            if any(passage == first.passage and start in quote for passage, quote in quoted[i]):
                return i
        later = [i for i, some in enumerate(quoted) if some and max(p for p, _ in some) >= first.passage]
        return later[0] if later else len(texts) - 1

    homes = [home(slide) for slide in made]
    blocks: list[BlockDraft] = []
    for i, text in enumerate(texts):
        blocks.append(text)
        blocks += [slide for slide, place in zip(made, homes, strict=True) if place == i]
    return blocks


def numbers_of(corpus: Corpus, lesson: LessonPlan) -> list[int]:
    """The passages of the plan; those nearest to its title if the plan names none that exist."""
    numbers = [number for number in dict.fromkeys(lesson.passages) if 1 <= number <= len(corpus.passages)]
    return (
        numbers
        or nearest(corpus, f'{lesson.title} {" ".join(lesson.objectives)}', limit=3)
        or list(range(1, min(4, len(corpus.passages)) + 1))
    )


def nearest(corpus: Corpus, text: str, *, limit: int, among: Iterable[int] | None = None) -> list[int]:
    """Numbers of the passages that share most with a text, in order."""
    wanted = stems(text, corpus.language)
    scores: dict[int, float] = {}
    for sentence in corpus.sentences:
        shared = wanted & sentence.stems
        if shared:
            scores[sentence.passage] = scores.get(sentence.passage, 0.0) + sum(
                corpus.rarity.get(stem, 0.0) for stem in shared
            )
    taught = {sentence.passage for sentence in corpus.sentences}
    for number, section in enumerate(corpus.sections, 1):
        named = stems(section[-1], corpus.language) & wanted if section and number in taught else frozenset()
        if named:
            scores[number] = scores.get(number, 0.0) * (1 + overlap(named, wanted)) + 4 * len(named)
    allowed = set(among) if among is not None else None
    best_ones = sorted((n for n in scores if allowed is None or n in allowed), key=lambda n: (-scores[n], n))[:limit]
    return sorted(best_ones)


def sentences_shown(already: Sequence[BlockDraft]) -> set[str]:
    shown: set[str] = set()
    for block in already:
        if isinstance(block, TextDraft):
            plain = re.sub(r'<[^>]+>', '\n', block.html).replace('&amp;', '&').replace('&lt;', '<').replace('&gt;', '>')
            for line in plain.split('\n'):
                shown.add(line.strip())
                shown.update(re.split(r'(?<=[.!?])\s+', line.strip()))
    return shown


def taken_by(corpus: Corpus, already: Sequence[BlockDraft]) -> Taken:
    """What the questions that exist already ask, and from which sentences."""
    asked = [block for block in already if isinstance(block, QuestionDraft)]
    quotes = '\n'.join(_flat(citation.quote) for block in asked for citation in block.citations)
    sentences = {s.ordinal for s in corpus.sentences if quotes and _flat(corpus.quote(s)) in quotes}
    return Taken(prompts={block.prompt.casefold() for block in asked}, sentences=sentences)


def _flat(text: str) -> str:
    return ' '.join(text.split())

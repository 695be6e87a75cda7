"""A part for itself: texts, slides, questions of the kinds asked for, or exercises."""

from collections.abc import Sequence

from services.generation.authors.base import PartWanted
from services.generation.authors.offline import labs
from services.generation.authors.offline.closeness import Closeness
from services.generation.authors.offline.lessons import numbers_of, sentences_shown, taken_by
from services.generation.authors.offline.questions import KINDS, best
from services.generation.authors.offline.questions.common import Room
from services.generation.authors.offline.reading import Corpus
from services.generation.authors.offline.slides import slides
from services.generation.authors.offline.texts import text_blocks
from services.generation.drafts import BlockDraft, LessonPlan, QuestionDraft, QuestionKind, SlideDraft

_NAMES = {
    'single': 'single choice',
    'multiple': 'several right choices',
    'true_false': 'true or false',
    'short': 'short answer',
}
_QUESTIONS = 4


def part(
    corpus: Corpus, lesson: LessonPlan, wanted: PartWanted, already: Sequence[BlockDraft], closeness: Closeness
) -> tuple[list[BlockDraft], str]:
    """The blocks, and what is missing from what was asked for; none, and the reason."""
    numbers = numbers_of(corpus, lesson)
    if wanted.kind == 'quiz':
        return _questions(corpus, lesson, numbers, wanted, already, closeness)
    if wanted.kind == 'lab':
        found = labs.labs(corpus, lesson, already, most=wanted.count or 1)
        return list(found), '' if found else labs.NO_CODE
    if wanted.kind == 'slides':
        shown = [block for block in already if isinstance(block, SlideDraft)]
        drawn = slides(
            corpus,
            lesson,
            numbers,
            titles=[slide.title for slide in shown],
            lines=[line for slide in shown for line in slide.bullets],
        )
        fresh = drawn[: wanted.count or len(drawn)]
        return list(fresh), _few(len(fresh), wanted.count, 'slides')
    shown_texts = sentences_shown(already)
    texts = [
        block
        for block in text_blocks(corpus, lesson, numbers, taken=shown_texts)
        if not sentences_shown([block]) <= shown_texts
    ]
    fresh_texts = texts[: wanted.count or len(texts)]
    return list(fresh_texts), _few(len(fresh_texts), wanted.count, 'texts')


def _questions(
    corpus: Corpus,
    lesson: LessonPlan,
    numbers: Sequence[int],
    wanted: PartWanted,
    already: Sequence[BlockDraft],
    closeness: Closeness,
) -> tuple[list[BlockDraft], str]:
    """One of each kind in turn until there are enough; a kind for which nothing is left drops out."""
    kinds: list[QuestionKind] = list(wanted.kinds or KINDS)
    most = wanted.count or max(_QUESTIONS, len(kinds))
    room = Room(corpus=corpus, numbers=numbers, likeness=closeness, topic=lesson.title)
    taken = taken_by(corpus, already)
    found: list[QuestionDraft] = []
    left = list(kinds)
    while left and len(found) < most:
        for kind in list(left):
            question = best(room, taken, kind)
            if question is None:
                left.remove(kind)
            elif len(found) < most:
                found.append(question)
    missing = [_NAMES[kind] for kind in kinds if kind not in {question.kind for question in found}]
    if missing and most >= len(kinds):
        return list(found), f'The passages hold nothing for a fair question of this kind: {", ".join(missing)}.'
    return list(found), _few(len(found), wanted.count, 'questions')


def _few(found: int, wanted: int, what: str) -> str:
    if not found:
        return (
            f'The passages on this topic hold nothing new to make {what} from. Choose other documents or another topic.'
        )
    return f'The passages hold enough for {found} {what}, not for {wanted}.' if found < wanted else ''

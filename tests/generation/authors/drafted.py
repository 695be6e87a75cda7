"""Whole courses by the offline author, drafted once for all tests that only read them."""

from collections.abc import Sequence

from services.generation.authors.base import Passage
from services.generation.authors.offline import OfflineAuthor
from services.generation.drafts import BlockDraft, OutlineDraft, QuestionDraft
from tests.generation.authors.samples import GERMAN, brief, passages

Course = tuple[list[Passage], OutlineDraft, list[list[BlockDraft]]]


_COURSES: dict[str, Course] = {}


async def course(name: str) -> Course:
    """Drafted once for all tests that only read it."""
    if name not in _COURSES:
        _COURSES[name] = await newly_drafted(name, OfflineAuthor())
    return _COURSES[name]


async def newly_drafted(name: str, author: OfflineAuthor) -> Course:
    sources, asked = passages(name), brief(language='de' if name == GERMAN else 'en')
    plan = (await author.outline(asked, sources, previous=None, comment='', on_partial=lambda partial: None)).draft
    written: list[list[BlockDraft]] = []
    for lesson in (lesson for module in plan.modules for lesson in module.lessons):
        already = [block for blocks in written for block in blocks][-60:]
        got = await author.lesson(
            asked, plan, lesson, sources, already_written=already, on_partial=lambda partial: None
        )
        written.append(list(got.draft.blocks))
    return sources, plan, written


def every(written: Sequence[Sequence[BlockDraft]]) -> list[BlockDraft]:
    return [block for blocks in written for block in blocks]


def questions(written: Sequence[Sequence[BlockDraft]]) -> list[QuestionDraft]:
    return [block for block in every(written) if isinstance(block, QuestionDraft)]

"""Blocks and lessons as screens and programs see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.courses.views import SourceView, source_view
from services.reviewing.rules import needed_for, tallies
from services.reviewing.views import ApprovalView
from services.work import Work
from storage import courses as rows
from storage.courses import Block


@dataclass(frozen=True, kw_only=True)
class BlockView:
    """`previous` is what the block said before it was last changed, for the difference; None if it never was.

    `approvals` are of exactly these words; `needed` is how many different people have to give one.
    `human_share` of its words were written by people, 0 to 1; None: edited before that was measured."""

    id: UUID
    lesson_id: UUID
    type: str
    content: dict[str, Any]
    hash: str
    origin: str
    state: str
    comment: str
    commented_by: str
    approver: str
    approved_at: datetime | None
    revision: int
    sources: tuple[SourceView, ...]
    previous: dict[str, Any] | None
    human_share: float | None = None
    approvals: tuple[ApprovalView, ...] = ()
    needed: int = 1
    alone: UUID | None = None

    def is_open_to(self, user_id: UUID) -> bool:
        """Whether it still waits for this person."""
        given = any(one.person_id == user_id for one in self.approvals)
        return self.state in (rows.WAITING, rows.REWRITTEN) and not given and self.alone != user_id


@dataclass(frozen=True, kw_only=True)
class LessonView:
    """`number` is like '2.1'."""

    id: UUID
    number: str
    title: str
    objectives: tuple[str, ...]
    minutes: int
    blocks: tuple[BlockView, ...]

    @property
    def approved(self) -> int:
        return sum(block.state == rows.APPROVED for block in self.blocks)


@dataclass(frozen=True, kw_only=True)
class ModuleView:
    id: UUID
    title: str
    objectives: tuple[str, ...]
    lessons: tuple[LessonView, ...]

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)


@dataclass(frozen=True, kw_only=True)
class RevisionView:
    number: int
    content: dict[str, Any]
    origin: str
    author: str
    at: datetime
    comment: str


@dataclass(frozen=True, kw_only=True)
class SourcePageView:
    """A page of a source as text; `document_name` stays readable after the document is deleted."""

    document_id: UUID
    document_name: str
    page: int
    pages: int
    text: str


async def draft_of(work: Work, version_id: UUID) -> list[ModuleView]:
    blocks = await rows.blocks(work.scope, version_id)
    shown = await views(work, blocks)
    by_lesson: dict[UUID, list[BlockView]] = {}
    for view in shown:
        by_lesson.setdefault(view.lesson_id, []).append(view)
    lessons = await rows.lessons(work.scope, version_id)
    modules = []
    for place, module in enumerate(await rows.modules(work.scope, version_id), 1):
        own = [lesson for lesson in lessons if lesson.module_id == module.id]
        modules.append(
            ModuleView(
                id=module.id,
                title=module.title,
                objectives=tuple(module.objectives),
                lessons=tuple(
                    LessonView(
                        id=lesson.id,
                        number=f'{place}.{number}',
                        title=lesson.title,
                        objectives=tuple(lesson.objectives),
                        minutes=lesson.minutes,
                        blocks=tuple(by_lesson.get(lesson.id, ())),
                    )
                    for number, lesson in enumerate(own, 1)
                ),
            )
        )
    return modules


async def view(work: Work, block: Block) -> BlockView:
    return (await views(work, [block]))[0]


async def views(work: Work, blocks: Sequence[Block]) -> list[BlockView]:
    sources = await rows.sources(work.scope, [block.id for block in blocks])
    before = await rows.previous_contents(work.scope, [block for block in blocks if block.revision > 1])
    needed = await needed_for(work, blocks[0].version_id) if blocks else 1
    return [
        BlockView(
            id=block.id,
            lesson_id=block.lesson_id,
            type=block.type,
            content=block.content,
            hash=block.content_hash,
            origin=block.origin,
            state=rows.WAITING if block.review_state == rows.APPROVED and not tally.enough else block.review_state,
            comment=block.comment,
            commented_by=block.commented_by,
            approver=block.approver,
            approved_at=block.approved_at,
            revision=block.revision,
            sources=tuple(source_view(source) for source in sources[block.id]),
            previous=before.get(block.id),
            human_share=block.human_share,
            approvals=tally.approvals,
            alone=tally.alone,
            needed=needed,
        )
        for block, tally in zip(blocks, await tallies(work, needed, blocks), strict=True)
    ]

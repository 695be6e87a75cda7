"""A course as a viewer may see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.generation import labs
from storage.courses import Block, BlockSource, Course, CourseVersion, Quiz


@dataclass(frozen=True, kw_only=True)
class SourceView:
    """`id` names the citation."""

    id: UUID
    document_id: UUID
    document_name: str
    page: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, kw_only=True)
class BlockView:
    """For learners a question carries no key and no sources, and nothing carries its review.

    `own_words`: sentences that a person marked as their own, which need no source; an empty one means all of it.
    """

    id: UUID
    type: str
    content: dict[str, Any]
    origin: str
    sources: tuple[SourceView, ...]
    content_hash: str
    revision: int
    review_state: str
    comment: str
    commented_by: str
    approved: bool
    approver: str
    approved_at: datetime | None
    own_words: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        return bool(self.own_words)


@dataclass(frozen=True, kw_only=True)
class QuizView:
    """`pass_mark` is a share, 0 to 1."""

    id: UUID
    title: str
    pass_mark: float
    question_ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class LessonView:
    """`number` is like '2.1'; `quiz` is there once the version is assembled."""

    id: UUID
    number: str
    title: str
    objectives: tuple[str, ...]
    minutes: int
    blocks: tuple[BlockView, ...]
    quiz: QuizView | None


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
class VersionView:
    """`approved` counts the blocks that are approved exactly as they stand.

    `overridden` are sentences about the findings over which it was published, for `override_reason`.
    """

    id: UUID
    number: str
    state: str
    title: str
    summary: str
    objectives: tuple[str, ...]
    created_at: datetime
    assembled_at: datetime | None
    published_at: datetime | None
    published_by: str
    content_hash: str
    blocks: int
    approved: int
    override_reason: str = ''
    overridden: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CourseView:
    """`version` is None before anything was drafted; `status` is draft, assembled or published."""

    id: UUID
    title: str
    summary: str
    audience: str
    level: str
    language: str
    status: str
    instructor_id: UUID
    instructor: str
    created_at: datetime
    updated_at: datetime | None
    published_version_id: UUID | None
    version: VersionView | None
    modules: tuple[ModuleView, ...]

    @property
    def lessons(self) -> tuple[LessonView, ...]:
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @property
    def minutes(self) -> int:
        return sum(module.minutes for module in self.modules)


@dataclass(frozen=True, kw_only=True)
class CourseSummary:
    """A row of the list. `ruler` holds the minutes of each lesson; `version` is the newest one's number."""

    id: UUID
    title: str
    summary: str
    level: str
    language: str
    status: str
    instructor_id: UUID
    instructor: str
    created_at: datetime
    updated_at: datetime | None
    deleted_at: datetime | None
    version: str | None
    version_id: UUID | None
    version_state: str | None
    blocks: int
    approved: int
    enrolled: int
    ruler: tuple[int, ...]

    @property
    def minutes(self) -> int:
        return sum(self.ruler)


def status_of(course: Course, newest: CourseVersion | None) -> str:
    """A course stays published while its next version is being made."""
    if course.published_version_id is not None:
        return 'published'
    return 'assembled' if newest is not None and newest.state == 'assembled' else 'draft'


def version_view(version: CourseVersion, blocks: int, approved: int) -> VersionView:
    return VersionView(
        id=version.id,
        number=version.number,
        state=version.state,
        title=version.title,
        summary=version.summary,
        objectives=tuple(version.objectives),
        created_at=version.created_at,
        assembled_at=version.assembled_at,
        published_at=version.published_at,
        published_by=version.published_by,
        content_hash=version.content_hash,
        blocks=blocks,
        approved=approved,
        override_reason=version.override_reason,
        overridden=tuple(str(finding['message']) for finding in version.overridden or ()),
    )


def block_view(block: Block, sources: list[BlockSource]) -> BlockView:
    return BlockView(
        id=block.id,
        type=block.type,
        content=block.content,
        origin=block.origin,
        sources=tuple(source_view(source) for source in sources),
        content_hash=block.content_hash,
        revision=block.revision,
        review_state=block.review_state,
        comment=block.comment,
        commented_by=block.commented_by,
        approved=block.approved_hash == block.content_hash,
        approver=block.approver,
        approved_at=block.approved_at,
    )


def learner_block_view(block: Block, sources: list[BlockSource]) -> BlockView:
    """What a learner may know of the block: no answers, and no sources where those would give the answer away."""
    hidden = block.type in ('question', 'lab')
    return BlockView(
        id=block.id,
        type=block.type,
        content=_for_learners(block),
        origin=block.origin,
        sources=() if hidden else tuple(source_view(source) for source in sources),
        content_hash='',
        revision=0,
        review_state='',
        comment='',
        commented_by='',
        approved=True,
        approver=block.approver,
        approved_at=block.approved_at,
    )


def _for_learners(block: Block) -> dict[str, Any]:
    if block.type == 'lab':
        return labs.for_learners(block.content)
    return _without_key(block.content) if block.type == 'question' else block.content


def source_view(source: BlockSource) -> SourceView:
    return SourceView(
        id=source.id,
        document_id=source.document_id,
        document_name=source.document_name,
        page=source.page,
        start=source.start,
        end=source.end,
        quote=source.quote,
    )


def quiz_view(quiz: Quiz, blocks: list[Block]) -> QuizView:
    questions = tuple(block.id for block in blocks if block.type == 'question')
    return QuizView(id=quiz.id, title=quiz.title, pass_mark=quiz.pass_mark, question_ids=questions)


def _without_key(content: dict[str, Any]) -> dict[str, Any]:
    """Named fields only, so that whatever a question gains later stays hidden until someone decides otherwise."""
    return {
        'kind': content['kind'],
        'prompt': content['prompt'],
        'options': [{'id': option['id'], 'text': option['text']} for option in content['options']],
    }

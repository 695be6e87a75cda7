"""Approved blocks, from which later drafts learn how the organisation writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from storage.ai_budget import UnlearnedBlock
from storage.courses import APPROVED, Block, Course, CourseVersion, Lesson
from storage.database import Scope


@dataclass(frozen=True)
class Approved:
    """An approved block with where it stands; `forgotten`: no draft learns from it."""

    block: Block
    lesson: str
    course: str
    course_id: UUID
    forgotten: bool


async def approved(
    scope: Scope, *, with_forgotten: bool, limit: int, offset: int = 0
) -> tuple[Sequence[Approved], int]:
    """Of courses that are there, the latest approval first, and how many there are."""
    forgotten = (
        select(col(UnlearnedBlock.id))
        .where(
            col(UnlearnedBlock.organization_id) == scope.organization_id,
            col(UnlearnedBlock.block_id) == col(Block.id),
        )
        .exists()
    )
    statement: Any = (
        select(Block, col(Lesson.title), col(Course.title), col(Course.id), forgotten)
        .join(Lesson, col(Lesson.id) == col(Block.lesson_id))
        .join(CourseVersion, col(CourseVersion.id) == col(Block.version_id))
        .join(Course, col(Course.id) == col(CourseVersion.course_id))
        .where(
            col(Block.organization_id) == scope.organization_id,
            col(Block.deleted_at).is_(None),
            col(Course.deleted_at).is_(None),
            col(Block.review_state) == APPROVED,
            col(Block.approved_hash) == col(Block.content_hash),
            col(Block.type).in_(('text', 'slide', 'question')),
        )
    )
    if not with_forgotten:
        statement = statement.where(~forgotten)
    total = (await scope.tx.execute(select(func.count()).select_from(statement.subquery()))).scalar_one()
    ordered = statement.order_by(col(Block.approved_at).desc(), col(Block.id)).limit(limit).offset(offset)
    return [Approved(*row) for row in (await scope.tx.execute(ordered)).all()], int(total)

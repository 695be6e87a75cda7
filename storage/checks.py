"""What the consistency check reads: every organisation at once, and nothing is changed."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Table
from sqlmodel import col, func, select

from storage.ai_ledger import AiAct
from storage.courses import PUBLISHED, Block, BlockRevision, Course, CourseVersion, Lesson
from storage.database import Transaction
from storage.documents import Document, DocumentChunk
from storage.enrollments import QuizAttempt
from storage.exports import Export, StoredFile
from storage.identity import SecurityEvent
from storage.model_keys import ModelCall
from storage.organizations import Group, HeldMembership, Invitation
from storage.sight import look_across_organizations
from storage.tables import METADATA
from storage.workflows import Review, Workflow, WorkflowEvent


def look_at_everything(tx: Transaction) -> None:
    look_across_organizations(tx, because='the consistency check looks at every organisation')


async def blocks_with_newest_revision(tx: Transaction) -> AsyncIterator[tuple[Block, str | None]]:
    """Each block with the hash of its newest revision."""
    newest = (
        select(BlockRevision.content_hash)
        .where(BlockRevision.block_id == Block.id)
        .order_by(col(BlockRevision.number).desc())
        .limit(1)
        .scalar_subquery()
    )
    for block, content_hash in (await tx.exec(select(Block, newest))).all():
        yield block, content_hash


async def workflows_with_open_reviews(tx: Transaction) -> Sequence[tuple[Workflow, int]]:
    waiting = (
        select(func.count(col(Review.id)))
        .where(Review.workflow_id == Workflow.id, Review.status == 'waiting')
        .scalar_subquery()
    )
    return [(workflow, count) for workflow, count in (await tx.exec(select(Workflow, waiting))).all()]


async def histories(tx: Transaction) -> dict[UUID, list[WorkflowEvent]]:
    found: dict[UUID, list[WorkflowEvent]] = {}
    statement = select(WorkflowEvent).order_by(col(WorkflowEvent.workflow_id), col(WorkflowEvent.seq))
    for event in (await tx.exec(statement)).all():
        found.setdefault(event.workflow_id, []).append(event)
    return found


async def calls_beside_the_ledger(tx: Transaction) -> Sequence[UUID]:
    """Calls and rows of the ledger that do not tell the same; what was called before there was a ledger is left out."""
    began = select(AiAct.organization_id, func.min(AiAct.created_at).label('at')).group_by(col(AiAct.organization_id))
    first = began.subquery()
    statement = (
        select(ModelCall.id)
        .join(first, first.c.organization_id == col(ModelCall.organization_id))
        .outerjoin(AiAct, col(AiAct.call_id) == col(ModelCall.id))
        .where(
            col(ModelCall.created_at) >= first.c.at,
            col(AiAct.id).is_(None)
            | (col(AiAct.input_tokens) != ModelCall.input_tokens)
            | (col(AiAct.output_tokens) != ModelCall.output_tokens),
        )
    )
    ids = select(ModelCall.id)
    unmade = select(AiAct.call_id).where(col(AiAct.call_id).is_not(None), col(AiAct.call_id).not_in(ids))
    return [*(await tx.exec(statement)).all(), *(key for key in (await tx.exec(unmade)).all() if key is not None)]


async def doubly_published(tx: Transaction) -> Sequence[UUID]:
    statement = (
        select(CourseVersion.course_id)
        .where(CourseVersion.state == PUBLISHED)
        .group_by(col(CourseVersion.course_id), col(CourseVersion.number))
        .having(func.count() > 1)
    )
    return (await tx.exec(statement)).all()


async def wrongly_published(tx: Transaction) -> Sequence[UUID]:
    own = select(CourseVersion.id).where(CourseVersion.course_id == Course.id, CourseVersion.state == PUBLISHED)
    statement = select(Course.id).where(
        col(Course.published_version_id).is_not(None), col(Course.published_version_id).not_in(own)
    )
    return (await tx.exec(statement)).all()


async def unapproved(tx: Transaction) -> Sequence[UUID]:
    """Blocks of published versions without an approval of exactly what they say."""
    published = select(CourseVersion.id).where(CourseVersion.state == PUBLISHED)
    statement = select(Block.id).where(
        col(Block.version_id).in_(published),
        col(Block.deleted_at).is_(None),
        col(Block.approved_hash).is_distinct_from(col(Block.content_hash)),
    )
    return (await tx.exec(statement)).all()


async def stored_bytes(tx: Transaction) -> list[tuple[UUID, str, str]]:
    """(organisation, sha256, what it is) of everything that should be on disk."""
    documents = select(Document.organization_id, Document.sha256, Document.name)
    exports = select(Export.organization_id, Export.sha256, Export.file_name).where(col(Export.sha256).is_not(None))
    pictures = select(StoredFile.organization_id, StoredFile.sha256, StoredFile.name)
    found: list[tuple[UUID, str, str]] = []
    for statement in (documents, exports, pictures):
        rows: Sequence[Any] = (await tx.exec(statement)).all()
        found += [(organization_id, sha256, f'“{name}”') for organization_id, sha256, name in rows]
    return found


async def twice(tx: Transaction) -> Sequence[tuple[UUID, str]]:
    statement = (
        select(QuizAttempt.enrollment_id, QuizAttempt.submission_key)
        .group_by(col(QuizAttempt.enrollment_id), col(QuizAttempt.submission_key))
        .having(func.count() > 1)
    )
    return (await tx.exec(statement)).all()


async def crossing_references(tx: Transaction) -> list[str]:
    """Every foreign key between two tables of organisations, followed: both ends belong to the same one."""
    faults = []
    for table in METADATA.tables.values():
        for constraint in table.foreign_key_constraints:
            faults += await _crossing(tx, table, constraint)
    return faults


async def crossing_lists(tx: Transaction) -> list[str]:
    """References in lists, which no foreign key holds: both ends belong to the same organisation."""
    faults = []
    lists: tuple[tuple[Any, Any, Any], ...] = (
        (Workflow, Workflow.document_ids, Document),
        (Lesson, Lesson.passage_ids, DocumentChunk),
        (Invitation, Invitation.group_ids, Group),
        (HeldMembership, HeldMembership.group_ids, Group),
    )
    for table, column, target in lists:
        whose = {str(key): owner for key, owner in (await tx.exec(select(target.id, target.organization_id))).all()}
        rows: Sequence[Any] = (await tx.exec(select(table.id, table.organization_id, column))).all()
        faults += [
            f'{table.__tablename__} {row_id}'
            for row_id, owner, named in rows
            if any(whose.get(str(key), owner) != owner for key in named)
        ]
    return faults


async def _crossing(tx: Transaction, table: Table, constraint: ForeignKeyConstraint) -> list[str]:
    other = constraint.referred_table
    if 'organization_id' not in table.c or 'organization_id' not in other.c:
        return []
    here, there = table.alias('here'), other.alias('there')
    element = constraint.elements[0]
    statement: Any = select(here.c.id).where(
        here.c[element.parent.name] == there.c[element.column.name],
        here.c.organization_id != there.c.organization_id,
    )
    return [f'{table.name} {row_id}' for row_id in (await tx.exec(statement)).all()]


async def security_events(tx: Transaction) -> Sequence[SecurityEvent]:
    """What happened at the door, in order."""
    return (await tx.exec(select(SecurityEvent).order_by(col(SecurityEvent.created_at)))).all()

"""Course generation: its state, its drafts, its reviews and the log that the state is folded from."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint, update
from sqlmodel import JSON, Field, col, func, select

from storage.base import TenantRow, UtcDateTime
from storage.database import Scope


class Workflow(TenantRow, table=True):
    """`run` counts the phases started; a phase's durable name is made from it. `progress` is 0 to 1 in the phase."""

    __tablename__ = 'workflows'

    course_id: UUID = Field(foreign_key='courses.id', index=True)
    version_id: UUID = Field(foreign_key='course_versions.id')
    created_by: UUID = Field(foreign_key='users.id', index=True)
    author_name: str = ''
    title: str
    brief: str
    audience: str
    level: str
    hours: float
    language: str
    document_ids: list[str] = Field(sa_type=JSON)
    provider: str = 'offline'
    stage: str = 'outline'
    status: str = Field(default='running', index=True)
    run: int = 1
    run_started_at: datetime = Field(sa_type=UtcDateTime)
    progress: float = 0.0
    activity: str = ''
    error: str | None = None
    # While the model's provider is away: since when, until when nothing is tried, how often it was, and why.
    waits_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    waits_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    waits_for: str = ''
    tries: int = 0


class WorkflowEvent(TenantRow, table=True):
    """One step of the workflow's history; `seq` counts from 1 without gaps. Rows are only ever added."""

    __tablename__ = 'workflow_events'
    __table_args__ = (UniqueConstraint('workflow_id', 'seq'),)

    workflow_id: UUID = Field(foreign_key='workflows.id')
    seq: int
    type: str
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: UUID | None = Field(default=None)
    actor: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class OutlineDraftRow(TenantRow, table=True):
    """One draft of the outline, as edited by people; the highest `number` is the current one, older ones are kept.

    `content` is services.generation.outlines.Outline as JSON; `written` is the same before anyone edited it.
    """

    __tablename__ = 'outline_drafts'
    __table_args__ = (UniqueConstraint('workflow_id', 'number'), UniqueConstraint('workflow_id', 'run'))

    workflow_id: UUID = Field(foreign_key='workflows.id')
    number: int
    run: int
    content: dict[str, Any] = Field(sa_type=JSON)
    content_hash: str
    origin: str = 'ai'
    comment: str = ''
    answer: str = ''
    seconds: float = 0.0


class Review(TenantRow, table=True):
    """A question to people. Answered once: by a conditional update from waiting."""

    __tablename__ = 'reviews'
    __table_args__ = (UniqueConstraint('workflow_id', 'run'),)

    workflow_id: UUID = Field(foreign_key='workflows.id', index=True)
    run: int
    stage: str
    status: str = Field(default='waiting', index=True)
    decision: str | None = None
    comment: str = ''
    decided_hash: str | None = None
    decided_by: UUID | None = Field(default=None, foreign_key='users.id')
    decider: str = ''
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    deputy_for: str = ''  # whose place the decider took, once it was late
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    remind_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    late_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when everybody was told that it is late
    deadline_run: int = 1  # counts the words about the deadline: each has a durable name of its own


async def events(scope: Scope, workflow_id: UUID) -> Sequence[WorkflowEvent]:
    statement = scope.rows(WorkflowEvent).where(WorkflowEvent.workflow_id == workflow_id)
    return (await scope.tx.exec(statement.order_by(col(WorkflowEvent.seq)))).all()


async def last_seq(scope: Scope, workflow_id: UUID) -> int:
    statement = select(func.max(WorkflowEvent.seq)).where(
        WorkflowEvent.organization_id == scope.organization_id, WorkflowEvent.workflow_id == workflow_id
    )
    return (await scope.tx.exec(statement)).one() or 0


async def latest_event(scope: Scope, workflow_id: UUID, types: Collection[str]) -> WorkflowEvent | None:
    """The newest of these kinds."""
    statement = scope.rows(WorkflowEvent).where(
        WorkflowEvent.workflow_id == workflow_id, col(WorkflowEvent.type).in_(types)
    )
    return (await scope.tx.exec(statement.order_by(col(WorkflowEvent.seq).desc()).limit(1))).first()


async def outline_drafts(scope: Scope, workflow_id: UUID) -> Sequence[OutlineDraftRow]:
    """Oldest first."""
    statement = scope.rows(OutlineDraftRow).where(OutlineDraftRow.workflow_id == workflow_id)
    return (await scope.tx.exec(statement.order_by(col(OutlineDraftRow.number)))).all()


async def current_outline(scope: Scope, workflow_id: UUID) -> OutlineDraftRow | None:
    statement = scope.rows(OutlineDraftRow).where(OutlineDraftRow.workflow_id == workflow_id)
    return (await scope.tx.exec(statement.order_by(col(OutlineDraftRow.number).desc()).limit(1))).first()


async def reviews(scope: Scope, workflow_id: UUID) -> Sequence[Review]:
    statement = scope.rows(Review).where(Review.workflow_id == workflow_id)
    return (await scope.tx.exec(statement.order_by(col(Review.run)))).all()


async def open_review(scope: Scope, workflow_id: UUID) -> Review | None:
    statement = scope.rows(Review).where(Review.workflow_id == workflow_id, Review.status == 'waiting')
    return (await scope.tx.exec(statement)).first()


async def waiting_reviews(scope: Scope) -> Sequence[tuple[Review, Workflow]]:
    """Every open review of the organisation, oldest first."""
    statement = (
        select(Review, Workflow)
        .join(Workflow, col(Workflow.id) == col(Review.workflow_id))
        .where(Review.organization_id == scope.organization_id, Review.status == 'waiting')
        .order_by(col(Review.created_at))
    )
    return (await scope.tx.exec(statement)).all()


async def workflows(
    scope: Scope, *, course_id: UUID | None = None, limit: int = 50, offset: int = 0
) -> tuple[Sequence[Workflow], int]:
    """Newest first."""
    statement = scope.rows(Workflow)
    if course_id is not None:
        statement = statement.where(Workflow.course_id == course_id)
    total = (await scope.tx.exec(select(func.count()).select_from(statement.subquery()))).one()
    ordered = statement.order_by(col(Workflow.created_at).desc(), col(Workflow.id)).limit(limit).offset(offset)
    return (await scope.tx.exec(ordered)).all(), total


async def in_status(scope: Scope, status: str) -> Sequence[Workflow]:
    return (await scope.tx.exec(scope.rows(Workflow).where(Workflow.status == status))).all()


async def decide_once(scope: Scope, review_id: UUID, **decision: Any) -> bool:
    """False where somebody else has decided already."""
    statement = (
        update(Review)
        .where(
            col(Review.organization_id) == scope.organization_id,
            col(Review.id) == review_id,
            col(Review.status) == 'waiting',
        )
        .values(status='decided', **decision)
        .execution_options(synchronize_session=False)
    )
    return (await scope.tx.exec(statement)).rowcount == 1

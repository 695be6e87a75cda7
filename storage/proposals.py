"""Changes to blocks that wait for a person: suggestions, new drafts, answers of the chat, changed sources."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, update
from sqlmodel import JSON, Field, col

from storage.base import TenantRow, UtcDateTime
from storage.database import Scope

OPEN, ACCEPTED, DECLINED, UNDONE = 'open', 'accepted', 'declined', 'undone'
SUGGESTION, REGENERATION, CHAT, SOURCE = 'suggestion', 'regeneration', 'chat', 'source'
KINDS = (SUGGESTION, REGENERATION, CHAT, SOURCE)


class Proposal(TenantRow, table=True):
    """What a block could say instead. `maker_id` is who suggested it or asked for it, `maker` the name shown: of the
    person, or of the model where `by_model`.

    `base_hash` is what the block said when it was made; it applies only while the block still says so.
    `sources` are to be the block's sources, None: they stay. `before` keeps words and sources for `undone`.
    """

    __tablename__ = 'proposals'
    __table_args__ = (Index('ix_proposals_listed', 'organization_id', 'version_id', 'status'),)

    block_id: UUID = Field(foreign_key='blocks.id', index=True)
    version_id: UUID = Field(foreign_key='course_versions.id')
    kind: str
    base_hash: str
    content: dict[str, Any] = Field(sa_type=JSON)
    content_hash: str
    sources: list[dict[str, Any]] | None = Field(default=None, sa_type=JSON)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    reason: str = ''
    maker_id: UUID | None = Field(default=None, foreign_key='users.id')
    maker: str
    by_model: bool = False
    status: str = OPEN
    decided_by: UUID | None = Field(default=None, foreign_key='users.id')
    decider: str = ''
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer: str = ''


async def open_proposals(scope: Scope, version_id: UUID) -> Sequence[Proposal]:
    """Oldest first."""
    statement = scope.rows(Proposal).where(Proposal.version_id == version_id, Proposal.status == OPEN)
    return (await scope.tx.exec(statement.order_by(col(Proposal.created_at)))).all()


async def proposals_of_block(scope: Scope, block_id: UUID) -> Sequence[Proposal]:
    """Newest first, decided ones too."""
    statement = scope.rows(Proposal).where(Proposal.block_id == block_id)
    return (await scope.tx.exec(statement.order_by(col(Proposal.created_at).desc()))).all()


async def open_of_kind(scope: Scope, block_ids: Collection[UUID], kind: str) -> Sequence[Proposal]:
    statement = scope.rows(Proposal).where(
        col(Proposal.block_id).in_(block_ids), Proposal.status == OPEN, Proposal.kind == kind
    )
    return (await scope.tx.exec(statement)).all()


async def decide_proposal_once(scope: Scope, proposal_id: UUID, was: str, **decision: Any) -> bool:
    """False where somebody else was quicker."""
    statement = (
        update(Proposal)
        .where(
            col(Proposal.organization_id) == scope.organization_id,
            col(Proposal.id) == proposal_id,
            col(Proposal.status) == was,
        )
        .values(**decision)
        .execution_options(synchronize_session=False)
    )
    return (await scope.tx.exec(statement)).rowcount == 1

"""The conversation about a draft: what people and the AI said, and the cards of changes that wait for a person."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint, update
from sqlmodel import JSON, Field, col, func, select

from storage.base import TenantRow, UtcDateTime
from storage.database import Scope, Transaction
from storage.proposals import Proposal

PERSON, AI = 'person', 'ai'
WAITING, WRITING, STOPPED, FAILED, DONE, SAID = 'waiting', 'writing', 'stopped', 'failed', 'done', 'said'
OPEN, ACCEPTED, DECLINED, UNDONE = 'open', 'accepted', 'declined', 'undone'
OUTLINE, NEW_BLOCK = 'outline', 'new_block'


class ChatMessage(TenantRow, table=True):
    """`author` is the name shown: of the person, or of the model. `person_id` is who wrote it, or who asked for it.

    An answer (`kind` ai) is durable work: `run` counts how often it was begun. `cites` are {document_id,
    document_name, page, start, end, quote}, found on their pages; `proposal_ids` the changes to blocks it proposes.
    """

    __tablename__ = 'chat_messages'
    __table_args__ = (UniqueConstraint('workflow_id', 'seq'),)

    workflow_id: UUID = Field(foreign_key='workflows.id')
    seq: int
    kind: str
    person_id: UUID | None = Field(default=None, foreign_key='users.id', index=True)
    author: str
    text: str = ''
    status: str = Field(default=SAID, index=True)
    error: str = ''
    run: int = 1
    lesson_id: UUID | None = None
    answers: UUID | None = None
    by_model: bool = False
    cites: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    proposal_ids: list[str] = Field(default_factory=list, sa_type=JSON)
    seconds: float = 0.0


class ChatCard(TenantRow, table=True):
    """A change to the outline, or a block that would come into a lesson; changes to blocks that are there are
    proposals. `base_hash` is what the outline said when it was made; `result` what acceptance made: the outline's
    hash, or the block's id. `before` is the outline as it was, for `undone`.
    """

    __tablename__ = 'chat_cards'

    message_id: UUID = Field(foreign_key='chat_messages.id', index=True)
    workflow_id: UUID = Field(foreign_key='workflows.id', index=True)
    kind: str
    lesson_id: UUID | None = None
    type: str = ''
    summary: str = ''
    base_hash: str = ''
    content: dict[str, Any] = Field(sa_type=JSON)
    sources: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    result: str = ''
    maker: str = ''
    by_model: bool = False
    status: str = OPEN
    decided_by: UUID | None = Field(default=None, foreign_key='users.id')
    decider: str = ''
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def messages(scope: Scope, workflow_id: UUID, *, after: int = 0, limit: int = 200) -> Sequence[ChatMessage]:
    """The newest `limit` of those after `after`, in order."""
    statement = scope.rows(ChatMessage).where(ChatMessage.workflow_id == workflow_id, ChatMessage.seq > after)
    found = (await scope.tx.exec(statement.order_by(col(ChatMessage.seq).desc()).limit(limit))).all()
    return list(reversed(found))


async def last_said(scope: Scope, workflow_id: UUID) -> int:
    statement = select(func.max(ChatMessage.seq)).where(
        ChatMessage.organization_id == scope.organization_id, ChatMessage.workflow_id == workflow_id
    )
    return (await scope.tx.exec(statement)).one() or 0


async def cards_of(scope: Scope, message_ids: Collection[UUID]) -> Sequence[ChatCard]:
    statement = scope.rows(ChatCard).where(col(ChatCard.message_id).in_(message_ids))
    return (await scope.tx.exec(statement.order_by(col(ChatCard.created_at)))).all()


async def proposals_among(scope: Scope, ids: Collection[UUID]) -> Sequence[Proposal]:
    statement = scope.rows(Proposal).where(col(Proposal.id).in_(ids))
    return (await scope.tx.exec(statement.order_by(col(Proposal.created_at)))).all()


async def move_answer_once(scope: Scope, message_id: UUID, of_run: int, was: Collection[str], **changes: Any) -> bool:
    """False where it was stopped, begun again or finished meanwhile."""
    statement = (
        update(ChatMessage)
        .where(
            col(ChatMessage.organization_id) == scope.organization_id,
            col(ChatMessage.id) == message_id,
            col(ChatMessage.run) == of_run,
            col(ChatMessage.status).in_(was),
        )
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    return (await scope.tx.exec(statement)).rowcount == 1


async def decide_card_once(scope: Scope, card_id: UUID, was: str, **decision: Any) -> bool:
    """False where somebody else was quicker."""
    statement = (
        update(ChatCard)
        .where(
            col(ChatCard.organization_id) == scope.organization_id,
            col(ChatCard.id) == card_id,
            col(ChatCard.status) == was,
        )
        .values(**decision)
        .execution_options(synchronize_session=False)
    )
    return (await scope.tx.exec(statement)).rowcount == 1


async def owed_answers(tx: Transaction, resting: Any) -> Sequence[tuple[UUID, UUID, int]]:
    """(organisation, row, run) of every answer that somebody waits for; `resting` are suspended organisations."""
    statement = select(ChatMessage.organization_id, ChatMessage.id, ChatMessage.run).where(
        col(ChatMessage.status).in_((WAITING, WRITING)), col(ChatMessage.organization_id).not_in(resting)
    )
    return (await tx.exec(statement)).all()

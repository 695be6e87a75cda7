"""What an organisation may spend on models: its caps and prices, what running calls hold of it, and what it learns
from."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint, delete
from sqlmodel import Field, col, func, select

from storage.base import TenantRow, UtcDateTime
from storage.database import Scope
from storage.model_keys import ModelCall


class AiPolicy(TenantRow, table=True):
    """At most one per organisation; none: no caps beyond the monthly tokens, US dollars, and learning is on.

    Costs are millionths of the currency. `ai_monthly_tokens` and `ai_enabled` stand with the organisation itself.
    """

    __tablename__ = 'ai_policies'
    __table_args__ = (UniqueConstraint('organization_id'),)

    daily_tokens: int | None = None
    monthly_cost_micros: int | None = Field(default=None, sa_type=BigInteger)
    daily_cost_micros: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = 'USD'
    learns: bool = True


class AiPrice(TenantRow, table=True):
    """What a model costs the organisation: millionths of its currency for a million tokens."""

    __tablename__ = 'ai_prices'
    __table_args__ = (UniqueConstraint('organization_id', 'model'),)

    model: str
    input_micros: int = Field(sa_type=BigInteger)
    output_micros: int = Field(sa_type=BigInteger)


class AiHold(TenantRow, table=True):
    """What a running call may cost at most; gone when it has ended. One whose time is over was cut off: the process
    died."""

    __tablename__ = 'ai_holds'

    purpose: str
    provider: str
    model: str
    actor_id: UUID | None = None
    actor: str = ''
    workflow_id: UUID | None = None
    block_id: UUID | None = None
    tokens: int
    cost_micros: int = Field(default=0, sa_type=BigInteger)
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True)


class UnlearnedBlock(TenantRow, table=True):
    """An approved block that later drafts do not learn from."""

    __tablename__ = 'ai_unlearned'
    __table_args__ = (UniqueConstraint('organization_id', 'block_id'),)

    block_id: UUID = Field(foreign_key='blocks.id')
    by: str = ''


async def policy_of(scope: Scope) -> AiPolicy:
    """The one that is kept, or one that says what holds without."""
    found = (await scope.tx.exec(scope.rows(AiPolicy))).first()
    return found or AiPolicy(organization_id=scope.organization_id)


async def prices(scope: Scope) -> Sequence[AiPrice]:
    return (await scope.tx.exec(scope.rows(AiPrice).order_by(AiPrice.model))).all()


async def price_of(scope: Scope, model: str) -> AiPrice | None:
    return (await scope.tx.exec(scope.rows(AiPrice).where(AiPrice.model == model))).first()


async def held(scope: Scope, at: datetime) -> tuple[int, int, int]:
    """(calls, tokens, millionths) that running calls hold."""
    statement = select(
        func.count(), func.coalesce(func.sum(AiHold.tokens), 0), func.coalesce(func.sum(AiHold.cost_micros), 0)
    ).where(AiHold.organization_id == scope.organization_id, col(AiHold.ends_at) > at)
    calls, tokens, cost = (await scope.tx.exec(statement)).one()
    return int(calls), int(tokens), int(cost)


async def let_go(scope: Scope, hold_id: UUID, at: datetime) -> Sequence[AiHold]:
    """This hold goes, and those of the organisation that nobody will end any more: these are given back."""
    cut_off = (await scope.tx.exec(scope.rows(AiHold).where(AiHold.ends_at <= at, AiHold.id != hold_id))).all()
    await scope.tx.exec(
        delete(AiHold).where(
            col(AiHold.organization_id) == scope.organization_id,
            col(AiHold.id).in_([hold_id, *(hold.id for hold in cut_off)]),
        )
    )
    return cut_off


async def spent_since(scope: Scope, since: datetime) -> tuple[int, int]:
    """(tokens, millionths) of ended calls since then, as far as their price is known."""
    statement = select(
        func.coalesce(func.sum(ModelCall.input_tokens + ModelCall.output_tokens), 0),
        func.coalesce(func.sum(ModelCall.cost_micros), 0),
    ).where(ModelCall.organization_id == scope.organization_id, col(ModelCall.created_at) >= since)
    tokens, cost = (await scope.tx.exec(statement)).one()
    return int(tokens), int(cost or 0)


async def unlearned(scope: Scope) -> set[UUID]:
    return {row.block_id for row in (await scope.tx.exec(scope.rows(UnlearnedBlock))).all()}


async def unlearned_block(scope: Scope, block_id: UUID) -> UnlearnedBlock | None:
    return (await scope.tx.exec(scope.rows(UnlearnedBlock).where(UnlearnedBlock.block_id == block_id))).first()

"""Which model writes for an organisation, the sealed key it is asked with, and every call that was made."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, func
from sqlmodel import Field, col, select

from storage.base import TenantRow
from storage.database import Scope

UNCLAIMED = 'call:'


class ModelKey(TenantRow, table=True):
    """At most one per organisation; none: the installation's own author writes. `key` is sealed, `hint` its end."""

    __tablename__ = 'model_keys'
    __table_args__ = (UniqueConstraint('organization_id'),)

    provider: str
    model: str
    base_url: str = ''
    key: str
    hint: str = ''
    changed_by: UUID = Field(foreign_key='users.id')


class ModelCall(TenantRow, table=True):
    """One call. `purpose` is outline, lesson, block, syllabus, slides or quiz; `person` is who asked,
    or started the course; `once` keeps a call that a resumed run reports again from being counted twice: it begins
    with UNCLAIMED until what was written is kept.

    `cost_micros` are millionths of the currency; None: the price is not known. `result` as in the AI ledger."""

    __tablename__ = 'model_calls'
    __table_args__ = (
        UniqueConstraint('organization_id', 'once'),
        Index('ix_model_calls_when', 'organization_id', 'created_at'),
    )

    provider: str
    model: str
    prompt_version: str
    purpose: str
    input_tokens: int
    output_tokens: int
    seconds: float
    workflow_id: UUID | None = Field(default=None, foreign_key='workflows.id')
    person_id: UUID | None = Field(default=None, foreign_key='users.id')
    once: str
    block_id: UUID | None = None
    result: str = 'ok'
    cost_micros: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = ''


async def model_key(scope: Scope) -> ModelKey | None:
    return (await scope.tx.exec(scope.rows(ModelKey))).first()


async def call_known(scope: Scope, once: str) -> bool:
    return (await scope.tx.exec(scope.rows(ModelCall).where(ModelCall.once == once))).first() is not None


async def unclaimed_call(
    scope: Scope, *, call_id: UUID | None, provider: str, model: str, prompt_version: str, tokens: tuple[int, int]
) -> ModelCall | None:
    """An answered call of which nothing was kept yet: this one, or the oldest that looks the same."""
    statement = scope.rows(ModelCall).where(col(ModelCall.once).startswith(UNCLAIMED))
    if call_id is not None:
        statement = statement.where(ModelCall.id == call_id)
    else:
        statement = statement.where(
            ModelCall.provider == provider,
            ModelCall.model == model,
            ModelCall.prompt_version == prompt_version,
            ModelCall.input_tokens == tokens[0],
            ModelCall.output_tokens == tokens[1],
            col(ModelCall.result).in_(('ok', 'repaired')),
        )
    return (await scope.tx.exec(statement.order_by(col(ModelCall.created_at)).limit(1))).first()


async def tokens_since(scope: Scope, since: datetime) -> tuple[int, int]:
    """(tokens, calls) of models since then; the extractive author uses none."""
    statement = select(
        func.coalesce(func.sum(ModelCall.input_tokens + ModelCall.output_tokens), 0), func.count()
    ).where(
        ModelCall.organization_id == scope.organization_id,
        col(ModelCall.created_at) >= since,
        ModelCall.result != 'budget',
    )
    tokens, calls = (await scope.tx.exec(statement)).one()
    return int(tokens), int(calls)


async def model_calls(scope: Scope, *, limit: int, offset: int) -> tuple[Sequence[ModelCall], int]:
    """Newest first."""
    count = select(func.count()).where(ModelCall.organization_id == scope.organization_id)
    total = (await scope.tx.exec(count.select_from(ModelCall))).one()
    ordered = scope.rows(ModelCall).order_by(col(ModelCall.created_at).desc(), col(ModelCall.id))
    return (await scope.tx.exec(ordered.limit(limit).offset(offset))).all(), total

"""Every AI act and what people did with it. Rows are only ever added, each to the end of a chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.audit_chain import row_hash
from storage.base import TenantRow
from storage.chains import Chain, end_of, extend, first_end
from storage.database import Scope, Transaction, settle

CALLED, ACCEPTED, EDITED, DECLINED = ACTS = ('called', 'accepted', 'edited', 'declined')
# How a call ended: answered; answered after a repair; answered with nothing usable; no answer; not asked at all.
RESULTS = OK, REPAIRED, REFUSED, FAILED, BUDGET = ('ok', 'repaired', 'refused', 'failed', 'budget')
_WAITING = 'ai_ledger'
# What the hash of a row covers, besides its number and the hash before it; never change it.
FIELDS = (
    'id',
    'organization_id',
    'created_at',
    'act',
    'actor_id',
    'actor',
    'purpose',
    'provider',
    'model',
    'prompt_version',
    'prompt_hash',
    'output_hash',
    'input_tokens',
    'output_tokens',
    'cost_micros',
    'currency',
    'seconds',
    'result',
    'workflow_id',
    'block_id',
    'call_id',
    'request_id',
    'seq',
    'previous_hash',
)


class AiAct(TenantRow, table=True):
    """`act` is called, or what a person did with what was written. `actor` is who asked, or who decided.

    `output_hash` is the hash of the answer; of what was accepted, edited to or declined, the hash of that.
    `cost_micros` are millionths of the currency; None: the price is not known, or nothing was asked.
    """

    __tablename__ = 'ai_acts'
    __table_args__ = (Index('ix_ai_acts_chain', 'organization_id', 'seq', unique=True),)

    act: str = CALLED
    actor_id: UUID | None = Field(default=None, index=True)
    actor: str = ''
    purpose: str
    provider: str = ''
    model: str = ''
    prompt_version: str = ''
    prompt_hash: str = ''
    output_hash: str = ''
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = ''
    seconds: float = 0.0
    result: str = OK
    workflow_id: UUID | None = None
    block_id: UUID | None = None
    call_id: UUID | None = None
    request_id: str = ''
    # The chain (storage/chains.py); written as the transaction ends.
    seq: int = 0
    previous_hash: str = ''
    hash: str = ''


class AiLedgerEnd(TenantRow, table=True):
    """The end of an organisation's ledger; its row is held by whoever adds to it, and by whoever asks for budget."""

    __tablename__ = 'ai_ledger_ends'
    __table_args__ = (UniqueConstraint('organization_id'),)

    seq: int = 0
    hash: str = ''


LEDGER = Chain(
    rows=AiAct,
    ends=AiLedgerEnd,
    hash_of=partial(row_hash, fields=FIELDS),
    said=lambda row: f'{row.purpose} {row.act} by {row.actor or row.model or "the platform"}, {row.id}',
)


@dataclass(frozen=True, kw_only=True)
class LedgerFilter:
    """What is sought; what is empty does not matter. `until` is the first moment that is too late."""

    act: str = ''
    purpose: str = ''
    result: str = ''
    actor_id: UUID | None = None
    workflow_id: UUID | None = None
    block_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def add_to_ledger(scope: Scope, row: AiAct) -> None:
    """At the end of the transaction, so that its place in the chain is held for a moment only."""
    row.organization_id = scope.organization_id
    scope.tx.info.setdefault(_WAITING, []).append(row)
    settle(scope.tx, _append)


async def hold_ledger(scope: Scope) -> None:
    """Nobody else of the organisation adds to the ledger or asks for budget until the commit."""
    if await end_of(LEDGER, scope, hold=True) is None:
        await first_end(LEDGER, scope)


async def acts(scope: Scope, sought: LedgerFilter, *, limit: int, offset: int) -> tuple[Sequence[AiAct], int]:
    """Newest first, and how many there are."""
    statement = _filtered(scope, sought)
    total = (await scope.tx.exec(select(func.count()).select_from(statement.subquery()))).one()
    ordered = statement.order_by(col(AiAct.seq).desc()).limit(limit).offset(offset)
    return (await scope.tx.exec(ordered)).all(), total


async def acts_after(scope: Scope, seq: int, sought: LedgerFilter, *, limit: int) -> Sequence[AiAct]:
    """Oldest first, from the row after `seq`."""
    statement = _filtered(scope, sought).where(AiAct.seq > seq)
    return (await scope.tx.exec(statement.order_by(col(AiAct.seq)).limit(limit))).all()


async def ledger_actors(scope: Scope) -> dict[UUID, str]:
    """Every person who asked or decided, by id."""
    statement = (
        select(AiAct.actor_id, func.max(AiAct.actor))
        .where(AiAct.organization_id == scope.organization_id, col(AiAct.actor_id).is_not(None))
        .group_by(col(AiAct.actor_id))
    )
    return {key: name for key, name in (await scope.tx.exec(statement)).all() if key is not None}


async def purposes(scope: Scope) -> Sequence[str]:
    """Every one that occurs, by name."""
    own = AiAct.organization_id == scope.organization_id
    return (await scope.tx.exec(select(AiAct.purpose).where(own).distinct().order_by(AiAct.purpose))).all()


def _filtered(scope: Scope, sought: LedgerFilter) -> SelectOfScalar[AiAct]:
    statement = scope.rows(AiAct)
    for column, value in (
        (AiAct.act, sought.act),
        (AiAct.purpose, sought.purpose),
        (AiAct.result, sought.result),
        (AiAct.actor_id, sought.actor_id),
        (AiAct.workflow_id, sought.workflow_id),
        (AiAct.block_id, sought.block_id),
    ):
        if value:
            statement = statement.where(col(column) == value)
    if sought.since:
        statement = statement.where(AiAct.created_at >= sought.since)
    if sought.until:
        statement = statement.where(AiAct.created_at < sought.until)
    return statement


async def _append(tx: Transaction) -> None:
    """Organisations in the order of their ids, so that two transactions wait for each other in one direction only."""
    waiting: list[AiAct] = tx.info.pop(_WAITING)
    waiting.sort(key=lambda row: str(row.organization_id))
    for organization_id, rows in groupby(waiting, key=lambda row: row.organization_id):
        await extend(LEDGER, Scope(tx, organization_id), rows)

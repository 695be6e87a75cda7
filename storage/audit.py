"""Who changed what, from what to what, and why. Rows are only ever added, each to the end of a chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from json import dumps
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, cast, or_
from sqlmodel import JSON, Field, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.audit_chain import row_hash
from storage.base import TenantRow
from storage.chains import Chain, extend
from storage.database import Scope, Transaction, settle

_WAITING = 'audit'


class AuditEvent(TenantRow, table=True):
    __tablename__ = 'audit_logs'
    __table_args__ = (Index('ix_audit_logs_chain', 'organization_id', 'seq', unique=True),)

    actor_id: UUID | None = Field(default=None, index=True)
    actor: str
    action: str = Field(index=True)
    subject_type: str
    subject_id: UUID = Field(index=True)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    because: str = ''
    request_id: str = ''
    address: str = ''
    # The chain (storage/audit_chain.py); written as the transaction ends.
    seq: int = 0
    previous_hash: str = ''
    hash: str = ''


class AuditHead(TenantRow, table=True):
    """The end of an organisation's chain; its row is held by whoever adds to it."""

    __tablename__ = 'audit_heads'
    __table_args__ = (UniqueConstraint('organization_id'),)

    seq: int = 0
    hash: str = ''


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """What is sought; what is empty does not matter. `until` is the first moment that is too late."""

    words: str = ''
    actor_id: UUID | None = None
    action: str = ''
    subject_type: str = ''
    subject_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def add_to_trail(scope: Scope, event: AuditEvent) -> None:
    """At the end of the transaction, so that its place in the chain is held for a moment only."""
    event.organization_id = scope.organization_id
    scope.tx.info.setdefault(_WAITING, []).append(event)
    settle(scope.tx, _append)


async def trail(scope: Scope, sought: AuditFilter, *, limit: int, offset: int) -> tuple[Sequence[AuditEvent], int]:
    """Newest first, and how many there are."""
    statement = _filtered(scope, sought)
    total = (await scope.tx.exec(select(func.count()).select_from(statement.subquery()))).one()
    ordered = statement.order_by(col(AuditEvent.seq).desc()).limit(limit).offset(offset)
    return (await scope.tx.exec(ordered)).all(), total


async def trail_after(scope: Scope, seq: int, sought: AuditFilter, *, limit: int) -> Sequence[AuditEvent]:
    """Oldest first, from the row after `seq`."""
    statement = _filtered(scope, sought).where(AuditEvent.seq > seq)
    return (await scope.tx.exec(statement.order_by(col(AuditEvent.seq)).limit(limit))).all()


async def actions(scope: Scope) -> Sequence[str]:
    """Every one that occurs, by name."""
    own = AuditEvent.organization_id == scope.organization_id
    return (await scope.tx.exec(select(AuditEvent.action).where(own).distinct().order_by(AuditEvent.action))).all()


async def actors(scope: Scope) -> dict[UUID, str]:
    """Every person who did something, by id, with the name they had last."""
    statement = (
        select(AuditEvent.actor_id, AuditEvent.actor)
        .where(AuditEvent.organization_id == scope.organization_id, col(AuditEvent.actor_id).is_not(None))
        .group_by(col(AuditEvent.actor_id), col(AuditEvent.actor))
        .order_by(func.max(AuditEvent.seq))
    )
    return {actor_id: actor for actor_id, actor in (await scope.tx.exec(statement)).all() if actor_id is not None}


def _filtered(scope: Scope, sought: AuditFilter) -> SelectOfScalar[AuditEvent]:
    statement = scope.rows(AuditEvent)
    for column, value in (
        (AuditEvent.actor_id, sought.actor_id),
        (AuditEvent.action, sought.action),
        (AuditEvent.subject_type, sought.subject_type),
        (AuditEvent.subject_id, sought.subject_id),
    ):
        if value:
            statement = statement.where(col(column) == value)
    if sought.since:
        statement = statement.where(AuditEvent.created_at >= sought.since)
    if sought.until:
        statement = statement.where(AuditEvent.created_at < sought.until)
    if sought.words:
        plain = (AuditEvent.actor, AuditEvent.action, AuditEvent.because, AuditEvent.subject_type)
        in_json = dumps(sought.words)[1:-1]  # as the words stand in a column of JSON
        kept = (AuditEvent.before, AuditEvent.after)
        statement = statement.where(
            or_(
                *(col(column).icontains(sought.words, autoescape=True) for column in plain),
                *(cast(col(column), String).icontains(in_json, autoescape=True) for column in kept),
            )
        )
    return statement


async def _append(tx: Transaction) -> None:
    """Organisations in the order of their ids, so that two transactions wait for each other in one direction only."""
    waiting: list[AuditEvent] = tx.info.pop(_WAITING)
    waiting.sort(key=lambda event: str(event.organization_id))
    for organization_id, events in groupby(waiting, key=lambda event: event.organization_id):
        await extend(CHAIN, Scope(tx, organization_id), events)


CHAIN = Chain(
    rows=AuditEvent, ends=AuditHead, hash_of=row_hash, said=lambda event: f'{event.action} by {event.actor}, {event.id}'
)

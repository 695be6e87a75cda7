"""Whether a chain of an organisation, its audit trail or its AI ledger, is as it was written; the first row that is
not."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from storage.audit import CHAIN as AUDIT
from storage.chains import Chain, End, Link, end_of, links_from
from storage.database import Scope, Transaction
from storage.identity import Organization
from storage.sight import look_across_organizations


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`fault` says what is wrong with the first broken row, or is '' where the chain holds; `head` is its last hash."""

    organization: str
    rows: int
    head: str
    fault: str = ''
    seq: int | None = None
    row_id: UUID | None = None

    @property
    def holds(self) -> bool:
        return not self.fault


@dataclass(frozen=True)
class _Fault:
    seq: int
    row_id: UUID | None
    says: str


class _Reader:
    """Follows the chain row by row until one does not fit."""

    def __init__(self, chain: Chain[Any, Any]) -> None:
        self._chain = chain
        self.seq = 0
        self.hash = ''
        self.rows = 0

    def follow(self, rows: Sequence[Link]) -> _Fault | None:
        for row in rows:
            if row.seq > self.seq + 1:
                return _Fault(self.seq + 1, None, _missing(self.seq + 1, row.seq - 1))
            if says := self._misfit(row):
                return _Fault(row.seq, row.id, says)
            self.seq, self.hash, self.rows = row.seq, row.hash, self.rows + 1
        return None

    def arrived(self, end: End | None) -> _Fault | None:
        """Whether the last row is the one that was written last."""
        if end is None:
            return _Fault(self.seq, None, 'The end of the chain was taken away.') if self.seq else None
        if end.seq > self.seq:
            return _Fault(self.seq + 1, None, _missing(self.seq + 1, end.seq))
        if end.seq < self.seq:
            return _Fault(end.seq + 1, None, f'Row {end.seq + 1} was put in after the end of the chain.')
        return None if end.hash == self.hash else _Fault(self.seq, None, f'Row {self.seq} was replaced.')

    def _misfit(self, row: Link) -> str:
        named = f'Row {row.seq} ({self._chain.said(row)})'
        if row.seq < 1 or row.seq == self.seq:
            return f'{named} was put in from outside: its number is not one of the chain.'
        if self._chain.hash_of(row.model_dump()) != row.hash:
            return f'{named} was changed or moved after it was written.'
        if row.previous_hash != self.hash:
            return f'{named} does not follow the row before it: one of them was replaced.'
        return ''


async def verdicts(tx: Transaction, chain: Chain[Any, Any] = AUDIT) -> list[Verdict]:
    """Of every organisation, by name."""
    look_across_organizations(tx, because='every chain is read')
    statement = select(Organization.id, Organization.name).order_by(Organization.name, col(Organization.id))
    return [await verdict(Scope(tx, key), name, chain) for key, name in (await tx.exec(statement)).all()]


async def verdict(scope: Scope, organization: str, chain: Chain[Any, Any] = AUDIT) -> Verdict:
    """Reads the whole chain, some rows at a time; rows that are written meanwhile are read too."""
    reader = _Reader(chain)
    place, fault = 0, None
    while fault is None:
        # The end first: what was written before it has to be among the rows that are read after it.
        end = await end_of(chain, scope)
        rows = await links_from(chain, scope, place)
        if not rows:
            fault = reader.arrived(end)
            break
        place += len(rows)
        fault = await asyncio.to_thread(reader.follow, rows)
    read = Verdict(organization=organization, rows=reader.rows, head=reader.hash)
    return read if fault is None else replace(read, fault=fault.says, seq=fault.seq, row_id=fault.row_id)


def _missing(first: int, last: int) -> str:
    if first == last:
        return f'Row {first} is missing.'
    return f'Rows {first} to {last} are missing.'

"""Rows that are only ever added, each to the end of its organisation's chain: the audit trail and the AI ledger."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from storage.base import TenantRow
from storage.database import Scope


class Link(Protocol):
    """What each row of a chain has."""

    id: UUID
    seq: int
    previous_hash: str
    hash: str

    def model_dump(self) -> dict[str, Any]: ...


class End(Protocol):
    """The row of an organisation that says where its chain ends."""

    seq: int
    hash: str


LinkRow = TypeVar('LinkRow', bound=TenantRow)
EndRow = TypeVar('EndRow', bound=TenantRow)


@dataclass(frozen=True, kw_only=True)
class Chain(Generic[LinkRow, EndRow]):
    """`rows` and `ends` are tables; `said` names a row to a person."""

    rows: type[LinkRow]
    ends: type[EndRow]
    hash_of: Callable[[Mapping[str, Any]], str]
    said: Callable[[Any], str]


async def extend(chain: Chain[LinkRow, EndRow], scope: Scope, links: Iterable[Any]) -> None:
    """At the end of the transaction: whoever extends a chain holds its end until the commit."""
    end: Any = await end_of(chain, scope, hold=True) or await first_end(chain, scope)
    for link in links:
        link.seq, link.previous_hash = end.seq + 1, end.hash
        link.hash = chain.hash_of(link.model_dump())
        end.seq, end.hash = link.seq, link.hash
        scope.tx.add(link)
    scope.tx.add(end)


async def end_of(chain: Chain[LinkRow, EndRow], scope: Scope, *, hold: bool = False) -> EndRow | None:
    """As it stands now; `hold` keeps others from adding rows until the commit."""
    statement = scope.rows(chain.ends).execution_options(populate_existing=True)
    return (await scope.tx.exec(statement.with_for_update() if hold else statement)).first()


async def first_end(chain: Chain[LinkRow, EndRow], scope: Scope) -> EndRow:
    """Made by one of those who want to write the first row; the others wait for it here."""
    on_sqlite = scope.tx.get_bind().dialect.name == 'sqlite'
    insert = sqlite.insert if on_sqlite else postgresql.insert
    row = chain.ends(organization_id=scope.organization_id)
    await scope.tx.exec(insert(chain.ends).values(**row.model_dump()).on_conflict_do_nothing())
    found = await end_of(chain, scope, hold=True)
    assert found is not None
    return found


async def links_from(
    chain: Chain[LinkRow, EndRow], scope: Scope, place: int, *, at_once: int = 1000
) -> Sequence[LinkRow]:
    """Rows in the order of the chain, after the first `place` of them; those with no number come first."""
    table: Any = chain.rows
    statement = scope.rows(chain.rows).order_by(col(table.seq), col(table.id))
    return (await scope.tx.exec(statement.limit(at_once).offset(place))).all()

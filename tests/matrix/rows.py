"""One row of every table for an organisation: what a walk through the house must not show to its neighbours."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.clock import now
from storage.base import UtcDateTime
from storage.constraints import CONSTRAINTS
from storage.tables import METADATA

CANARY = 'canary-of-the-demo-academy'

# Tables of the installation that name an organisation; the walk itself writes into the first two.
NOBODYS = ('sessions', 'security_events', 'feature_flags')

# Values whose form the code asks for; words that a constraint asks for are taken from it, and the rest is the canary.
FORMS: dict[str, Any] = {
    'email': f'{CANARY}@demo.example',
    'sha256': '0' * 64,
    'language': 'en',
    'hash': '0' * 64,
    'currency': 'USD',
    'kind': 'text',
    'format': 'pdf',
}


async def fill_every_table(connection: AsyncConnection, organization_id: UUID, user_id: UUID) -> dict[str, str]:
    """Adds a row to each tenant table that has none of this organisation; gives table -> id of one row there."""
    ids = {'organizations': organization_id.hex, 'users': user_id.hex}
    for table in METADATA.sorted_tables:
        if 'organization_id' not in table.columns or table.name in NOBODYS:
            continue
        found = await connection.execute(
            sa.select(table.c.id).where(table.c.organization_id == organization_id).limit(1)
        )
        row_id = found.scalar()
        if row_id is None:
            row_id = uuid4()
            await connection.execute(table.insert().values(_row(table, row_id, organization_id, ids)))
        ids[table.name] = str(row_id)
    return ids


def _row(table: sa.Table, row_id: UUID, organization_id: UUID, ids: dict[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {'id': row_id, 'organization_id': organization_id}
    for column in table.columns:
        if column.name in row or column.nullable:
            continue
        target = next(iter(column.foreign_keys), None)
        if target is not None:
            row[column.name] = UUID(ids[target.column.table.name])
        else:
            row[column.name] = _value(column)
    return row


def _value(column: 'sa.Column[Any]') -> Any:
    if (word := _allowed(column)) is not None:
        return word
    if column.name in FORMS:
        return FORMS[column.name]
    if isinstance(column.type, UtcDateTime):
        return now() + timedelta(days=30)
    if isinstance(column.type, sa.JSON):
        return []
    kind = getattr(column.type, 'impl', column.type).python_type
    values = {str: f'{CANARY}-{column.name}', bool: True, int: 1, float: 1.0, UUID: uuid4(), bytes: b'canary'}
    return values[kind]


def _allowed(column: 'sa.Column[Any]') -> str | None:
    """The last word of a constraint `{column} IN ('queued', 'done')`: the one for which no work is owed."""
    for condition in CONSTRAINTS.get(column.table.name, {}).values():
        if condition.sqlite.startswith(f'{{{column.name}}} IN '):
            return re.findall(r"'(\w+)'", condition.sqlite)[-1]
    return None


async def belongings(connection: AsyncConnection, organization_id: UUID) -> dict[str, str]:
    """Table -> everything that the organisation has there, as one text: equal before and after, or somebody wrote."""
    found = {}
    for table in METADATA.sorted_tables:
        if table.name in NOBODYS:
            continue
        if table.name == 'organizations':
            statement = sa.select(table).where(table.c.id == organization_id)
        elif table.name == 'users':
            roles = METADATA.tables['user_roles']
            members = sa.select(roles.c.user_id).where(roles.c.organization_id == organization_id)
            statement = sa.select(table).where(table.c.id.in_(members))
        elif 'organization_id' in table.columns:
            statement = sa.select(table).where(table.c.organization_id == organization_id)
        else:
            continue
        rows = (await connection.execute(statement.order_by(table.c.id))).all()
        found[table.name] = repr(rows)
    return found


def empty_tables(found: dict[str, str]) -> set[str]:
    return {name for name, rows in found.items() if rows == '[]'}

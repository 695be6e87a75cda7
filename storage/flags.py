"""Features that are switched on and off while the platform runs."""

from uuid import UUID, uuid5

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, select

from storage.base import GlobalRow
from storage.database import Transaction

_CHOICES = UUID('5b7c8a52-9f3e-4a34-8d7b-2f4d1f1a6c10')


class FeatureFlag(GlobalRow, table=True):
    """A choice that differs from the flag's default, for everybody or (with `organization_id`) for one organisation."""

    __tablename__ = 'feature_flags'
    __table_args__ = (UniqueConstraint('name', 'organization_id'),)

    name: str
    organization_id: UUID | None = Field(default=None, foreign_key='organizations.id')
    is_on: bool


async def choices(tx: Transaction) -> dict[tuple[str, UUID | None], bool]:
    """(flag, organisation or None for everybody) -> what was chosen."""
    return {(row.name, row.organization_id): row.is_on for row in (await tx.exec(select(FeatureFlag))).all()}


async def choose(tx: Transaction, name: str, organization_id: UUID | None, is_on: bool | None) -> bool | None:
    """Sets a choice, or with None takes it back; gives what it was. The row's id is made from what it is about, since
    a unique constraint lets any number of rows without an organisation pass."""
    row_id = uuid5(_CHOICES, f'{name}:{organization_id or ""}')
    row = await tx.get(FeatureFlag, row_id)
    before = row.is_on if row else None
    if is_on is None:
        if row is not None:
            await tx.delete(row)
    elif row is None:
        tx.add(FeatureFlag(id=row_id, name=name, organization_id=organization_id, is_on=is_on))
    else:
        row.is_on = is_on
        tx.add(row)
    return before

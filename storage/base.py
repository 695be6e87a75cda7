"""What every row has in common."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone; SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def now() -> datetime:
    return datetime.now(UTC)


class GlobalRow(SQLModel):
    """A row that belongs to the installation, not to one organisation; tests/architecture lists every such table."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, nullable=False)


class TenantRow(SQLModel):
    """A row that belongs to exactly one organisation."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    # Set by Scope.add, so that no caller can name another organisation than its own.
    organization_id: UUID = Field(default=None, foreign_key='organizations.id', index=True, nullable=False)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, nullable=False)

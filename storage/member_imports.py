"""Tables of people that were uploaded: looked through first, then taken in row by row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import JSON, Field, col

from storage.base import TenantRow, UtcDateTime
from storage.database import Scope

PREVIEW, QUEUED, RUNNING, FINISHED, FAILED = 'preview', 'queued', 'running', 'finished', 'failed'


class MemberImport(TenantRow, table=True):
    """`rows` counts what holds something below the header, `bad` those that cannot be taken in, `done` how many of all
    have been worked through. `refusals` are the sentences for good rows that were refused when their turn came."""

    __tablename__ = 'member_imports'

    started_by: UUID = Field(foreign_key='users.id')
    file_name: str
    sha256: str
    status: str = Field(default=PREVIEW, index=True)
    run: int = 1
    rows: int = 0
    bad: int = 0
    done: int = 0
    joined: int = 0
    invited: int = 0
    already: int = 0
    first_bad: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    new_groups: list[str] = Field(default_factory=list, sa_type=JSON)
    refusals: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    error: str | None = None
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def latest_imports(scope: Scope, *, limit: int = 10) -> Sequence[MemberImport]:
    """Newest first, without those that were only looked through."""
    statement = scope.rows(MemberImport).where(MemberImport.status != PREVIEW)
    return (await scope.tx.exec(statement.order_by(col(MemberImport.created_at).desc()).limit(limit))).all()

"""Files made from a version, and files that people put into one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Field, col

from storage.base import TenantRow, UtcDateTime
from storage.database import Scope


class Export(TenantRow, table=True):
    """One requested export: `format` is html or pdf; `sha256` names the bytes once `status` is ready."""

    __tablename__ = 'exports'

    course_id: UUID = Field(foreign_key='courses.id', index=True)
    version_id: UUID = Field(foreign_key='course_versions.id', index=True)
    format: str
    status: str = Field(default='queued', index=True)
    run: int = 1
    file_name: str = ''
    sha256: str | None = None
    size: int = 0
    error: str | None = None
    requested_by: str = ''
    started_by: UUID | None = Field(default=None)  # None: the platform, for a version that was just assembled
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StoredFile(TenantRow, table=True):
    """A picture in a lesson; the bytes are found by their hash."""

    __tablename__ = 'files'

    name: str
    media_type: str
    size: int
    sha256: str
    uploaded_by: UUID = Field(foreign_key='users.id')
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def exports_of(scope: Scope, course_id: UUID) -> Sequence[Export]:
    """Newest first."""
    statement = scope.rows(Export).where(Export.course_id == course_id)
    return (await scope.tx.exec(statement.order_by(col(Export.created_at).desc()))).all()


async def files_by_id(scope: Scope, ids: Collection[UUID]) -> Sequence[StoredFile]:
    return (await scope.tx.exec(scope.rows(StoredFile).where(col(StoredFile.id).in_(ids)))).all()

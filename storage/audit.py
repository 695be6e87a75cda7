"""Who changed what, from what to what, and why. Rows are only ever added."""

from typing import Any
from uuid import UUID

from sqlmodel import JSON, Field

from storage.base import TenantRow


class AuditEvent(TenantRow, table=True):
    __tablename__ = 'audit_logs'

    actor_id: UUID | None = Field(default=None, index=True)
    actor: str
    action: str = Field(index=True)
    subject_type: str
    subject_id: UUID = Field(index=True)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    because: str = ''

"""Who changed what, from what to what, and why. Rows are only ever added."""

from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
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
    request_id: str = ''
    address: str = ''
    # The chain: every row carries its number and the hash of the row before it; written as the transaction ends.
    seq: int = 0
    previous_hash: str = ''
    hash: str = ''


class AuditHead(TenantRow, table=True):
    """The end of an organisation's chain; its row is held by whoever adds to it."""

    __tablename__ = 'audit_heads'
    __table_args__ = (UniqueConstraint('organization_id'),)

    seq: int = 0
    hash: str = ''

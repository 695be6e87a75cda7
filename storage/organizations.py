"""Groups of people inside an organisation, and invitations into it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import JSON, Field

from storage.base import TenantRow, UtcDateTime


class Group(TenantRow, table=True):
    __tablename__ = 'groups'
    __table_args__ = (UniqueConstraint('organization_id', 'name'),)

    name: str


class GroupMember(TenantRow, table=True):
    __tablename__ = 'group_members'
    __table_args__ = (UniqueConstraint('organization_id', 'group_id', 'user_id'),)

    group_id: UUID = Field(foreign_key='groups.id', index=True)
    user_id: UUID = Field(foreign_key='users.id', index=True)


class Invitation(TenantRow, table=True):
    """A way in with these roles: for one address, or, with an empty `email`, for whoever has the link."""

    __tablename__ = 'invitations'

    email: str = ''
    roles: list[str] = Field(default_factory=list, sa_type=JSON)
    group_id: UUID | None = Field(default=None, foreign_key='groups.id')
    secret_hash: str = Field(unique=True)
    invited_by: UUID = Field(foreign_key='users.id')
    expires_at: datetime = Field(sa_type=UtcDateTime)
    uses_left: int = 1
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

"""What a person needs beside a password: recovery codes and links that work once."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from storage.base import GlobalRow, UtcDateTime


class RecoveryCode(GlobalRow, table=True):
    """Stands in for the second factor, once."""

    __tablename__ = 'recovery_codes'

    user_id: UUID = Field(foreign_key='users.id', index=True)
    code_hash: str
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OneTimeLink(GlobalRow, table=True):
    """A link that was mailed. `purpose` is 'verify_email' or 'reset_password'; `email` is the address it proves."""

    __tablename__ = 'one_time_links'

    user_id: UUID = Field(foreign_key='users.id', index=True)
    purpose: str
    email: str
    secret_hash: str = Field(unique=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

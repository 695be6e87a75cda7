"""What a person needs beside a password: recovery codes and links that work once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Field, col, select

from storage.base import GlobalRow, UtcDateTime
from storage.database import Transaction


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


async def link_by_hash(tx: Transaction, purpose: str, secret_hash: str) -> OneTimeLink | None:
    statement = select(OneTimeLink).where(OneTimeLink.purpose == purpose, OneTimeLink.secret_hash == secret_hash)
    return (await tx.exec(statement)).first()


async def use_link(tx: Transaction, link_id: UUID, at: datetime) -> bool:
    """Whether it was unused until now; of two who use it at once, one does."""
    statement = update(OneTimeLink).where(col(OneTimeLink.id) == link_id, col(OneTimeLink.used_at).is_(None))
    return bool((await tx.exec(statement.values(used_at=at))).rowcount)


async def end_links(tx: Transaction, user_id: UUID, purpose: str, at: datetime) -> None:
    """What was mailed before no longer works."""
    open_links = update(OneTimeLink).where(
        col(OneTimeLink.user_id) == user_id, col(OneTimeLink.purpose) == purpose, col(OneTimeLink.used_at).is_(None)
    )
    await tx.exec(open_links.values(used_at=at))

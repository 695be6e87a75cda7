"""Mail that was written: delivered by a durable run, or kept for the outbox page where no SMTP is set."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_
from sqlmodel import Field, col, select

from storage.base import TenantRow, UtcDateTime
from storage.database import Scope, Transaction

WAITING, SENT, FAILED = 'waiting', 'sent', 'failed'
# How long after it was written a mail is tried for the first, second, … time; then it has failed.
TRIES = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 5, 20, 60, 240, 720, 1440))
# What lay longer than this without being tried (no SMTP was set then) is not sent by surprise: by hand only.
TOO_LATE = timedelta(days=3)


class MailMessage(TenantRow, table=True):
    """`status` is 'waiting', 'sent' or 'failed'. `text` holds links that work once: shown to administrators only."""

    __tablename__ = 'mail_messages'

    recipient: str = Field(index=True)
    user_id: UUID | None = Field(default=None, foreign_key='users.id', index=True)
    subject: str
    text: str
    status: str = Field(default=WAITING, index=True)
    run: int = 1
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str = ''


async def messages(
    scope: Scope, *, search: str, status: str, limit: int, offset: int
) -> tuple[Sequence[MailMessage], int]:
    """Newest first; `search` looks into recipient and subject, `status` '' is all."""
    statement = scope.rows(MailMessage)
    if status:
        statement = statement.where(MailMessage.status == status)
    if search:
        found_in = (col(MailMessage.recipient), col(MailMessage.subject))
        statement = statement.where(or_(*(column.icontains(search, autoescape=True) for column in found_in)))
    total = (await scope.tx.exec(select(func.count()).select_from(statement.subquery()))).one()
    ordered = statement.order_by(col(MailMessage.created_at).desc(), col(MailMessage.id))
    return (await scope.tx.exec(ordered.limit(limit).offset(offset))).all(), total


async def owed_mails(tx: Transaction, at: datetime) -> Sequence[tuple[UUID, UUID, int]]:
    """(organisation, mail, try) of what should be tried now, of every organisation; each try later than the last."""
    tries = [
        and_(col(MailMessage.run) == number, col(MailMessage.created_at) <= at - after)
        for number, after in enumerate(TRIES, 1)
    ]
    statement = select(MailMessage.organization_id, MailMessage.id, MailMessage.run).where(
        MailMessage.status == WAITING, col(MailMessage.created_at) > at - TOO_LATE, or_(*tries)
    )
    return (await tx.exec(statement.order_by(col(MailMessage.created_at)))).all()

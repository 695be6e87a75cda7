"""Mail that was written: delivered by a durable run, or kept for the outbox page where no SMTP is set."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from storage.base import TenantRow, UtcDateTime


class MailMessage(TenantRow, table=True):
    """`status` is 'waiting', 'sent' or 'failed'. `text` holds links that work once: shown to administrators only."""

    __tablename__ = 'mail_messages'

    recipient: str = Field(index=True)
    user_id: UUID | None = Field(default=None, foreign_key='users.id', index=True)
    subject: str
    text: str
    status: str = Field(default='waiting', index=True)
    run: int = 1
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str = ''

"""Mail: a row in the transaction of the act; a durable run delivers it where SMTP is set, the outbox page shows it."""

from uuid import UUID

from services.work import Work
from storage.mail import MailMessage


def write(work: Work, recipient: str, subject: str, text: str, *, user_id: UUID | None = None) -> MailMessage:
    """Plain text. Whoever delivers hears `mail` on the bus after the commit."""
    message = MailMessage(recipient=recipient, subject=subject, text=text, user_id=user_id)
    work.add(message)
    work.changed('mail', f'mail:{work.scope.organization_id}')
    return message

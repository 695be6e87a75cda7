"""Mail: a row in the transaction of the act; a durable run delivers it where SMTP is set, the outbox page shows it."""

import re
from uuid import UUID

from services.work import Work
from storage.mail import MailMessage

# What a link of ours holds: 256 random bits or more, and so longer than an id.
_SECRET = re.compile(r'[A-Za-z0-9_-]{40,}')


def write(work: Work, recipient: str, subject: str, text: str, *, user_id: UUID | None = None) -> MailMessage:
    """Plain text. Whoever delivers hears `mail` on the bus after the commit."""
    message = MailMessage(recipient=recipient, subject=subject, text=text, user_id=user_id)
    work.add(message)
    work.changed('mail', f'mail:{work.scope.organization_id}')
    return message


def without_secrets(text: str) -> str:
    """The text with dots where a link held what makes it work."""
    return _SECRET.sub('…', text)


def holds_secrets(text: str) -> bool:
    return _SECRET.search(text) is not None

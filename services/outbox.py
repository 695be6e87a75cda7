"""The outbox: what was mailed in an organisation's name, what became of it, and the links where no mail is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.errors import Conflict, Forbidden
from services.mail import holds_secrets, without_secrets
from services.viewer import Permission, Role, Viewer
from services.work import Gate, Work
from storage import mail as rows
from storage.identity import places_of, roles_of
from storage.mail import SENT, WAITING, MailMessage

STATES = (WAITING, SENT, rows.FAILED)


@dataclass(frozen=True, kw_only=True)
class MailRow:
    id: UUID
    recipient: str
    subject: str
    status: str
    error: str
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MailView(MailRow):
    """`text` has dots in place of what makes links work; `has_link`: there is one that `links` may show."""

    text: str
    tries: int
    has_link: bool


class LinkIsPrivate(Forbidden):
    code = 'link_is_private'

    def __init__(self) -> None:
        super().__init__(
            'This link would open more than your organisation: the person belongs to another one too, or runs the '
            'installation. They get it by mail only.'
        )


class OutboxService:
    """`start(organisation, mail, run)` begins a delivery; None where no SMTP is set."""

    def __init__(self, gate: Gate, *, start: Callable[[UUID, UUID, int], None] | None) -> None:
        self._gate = gate
        self._start = start

    @property
    def delivers(self) -> bool:
        """Whether mail leaves this installation."""
        return self._start is not None

    async def list(
        self, viewer: Viewer, *, search: str = '', status: str = '', limit: int = 25, offset: int = 0
    ) -> tuple[list[MailRow], int]:
        """Newest first."""
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            found, total = await rows.messages(
                work.scope, search=search, status=status if status in STATES else '', limit=limit, offset=offset
            )
            return [MailRow(**_row(message)) for message in found], total

    async def get(self, viewer: Viewer, message_id: UUID) -> MailView:
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            return _view(await work.get(MailMessage, message_id))

    async def links(self, viewer: Viewer, message_id: UUID) -> str:
        """The whole text, for passing a link on by hand. Stands in the audit trail."""
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            message = await work.get(MailMessage, message_id)
            if not await _is_ours_alone(work, message):
                raise LinkIsPrivate()
            work.record('mail.link_shown', message, after={'recipient': message.recipient, 'subject': message.subject})
            return message.text

    async def retry(self, viewer: Viewer, message_id: UUID) -> None:
        """Once more, at once."""
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            message = await work.get(MailMessage, message_id, lock=True)
            if message.status == SENT:
                raise Conflict('This mail was sent already.')
            start = self._start
            if start is None:
                raise Conflict('No mail server is set. Whoever runs the installation sets COURSEWRIGHT_SMTP_URL.')
            message.status, message.error = WAITING, ''
            message.run += 1
            work.add(message)
            work.record('mail.retried', message, after={'recipient': message.recipient, 'subject': message.subject})
            organization_id, run = work.scope.organization_id, message.run
            work.then(lambda: start(organization_id, message_id, run))
            work.changed(f'mail:{organization_id}')


async def _is_ours_alone(work: Work, message: MailMessage) -> bool:
    """Whether an administrator of this organisation may act for the recipient: nobody's way into another one."""
    if message.user_id is None:
        return True
    here = work.scope.organization_id
    if [place.id for place in await places_of(work.tx, message.user_id)] != [here]:
        return False
    runs_the_installation = Role.SITE_ADMIN in await roles_of(work.tx, message.user_id, here)
    return not runs_the_installation or Role.SITE_ADMIN in work.viewer.roles


def _row(message: MailMessage) -> dict[str, Any]:
    names = ('id', 'recipient', 'subject', 'status', 'error', 'created_at', 'sent_at')
    return {name: getattr(message, name) for name in names}


def _view(message: MailMessage) -> MailView:
    return MailView(
        **_row(message),
        text=without_secrets(message.text),
        tries=message.run,
        has_link=holds_secrets(message.text),
    )

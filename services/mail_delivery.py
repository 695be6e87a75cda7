"""Delivers the mail that was written, by durable work: tried again later where that helps, its fate kept in the row."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from services.clock import now
from services.durable import step
from services.mail import without_secrets
from services.work import Gate
from storage.mail import FAILED, SENT, TOO_LATE, TRIES, WAITING, MailMessage

KIND = 'mail'
_PATIENCE_SECONDS = 30.0
_LONGEST_ERROR = 300


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where mail is handed over. `tls` 'always' is SMTPS, 'offered' is STARTTLS where the server has it."""

    host: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = None
    tls: str = 'offered'

    @classmethod
    def at(cls, url: str, *, here: str) -> Self:
        """From smtp://user:password@host:587?from=courses@school.example, or smtps://…; `here` is our own host."""
        parts = urlsplit(url)
        if parts.scheme not in ('smtp', 'smtps') or not parts.hostname:
            raise ValueError('COURSEWRIGHT_SMTP_URL is written like smtp://user:password@mail.example:587')
        always = parts.scheme == 'smtps'
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if always else 587),
            sender=parse_qs(parts.query).get('from', [f'no-reply@{here}'])[0],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls='always' if always else 'offered',
        )


class MailDelivery:
    """`begin` starts the work of every mail that is due; `patience` is in seconds, for a whole try."""

    def __init__(
        self,
        gate: Gate,
        server: Server,
        *,
        begin: Callable[[], Awaitable[None]],
        patience: float = _PATIENCE_SECONDS,
    ) -> None:
        self._gate, self._server, self._patience = gate, server, patience
        self._begin = begin
        self._beginning = self._again = False
        gate.bus.subscribe('mail', self.wake)

    async def wake(self) -> None:
        """Begins what is due; many words in one moment become one look."""
        self._again = True
        if self._beginning:
            return
        self._beginning = True
        try:
            while self._again:
                self._again = False
                await self._begin()
        finally:
            self._beginning = False

    async def run(self, organization_id: UUID, message_id: UUID, run: int) -> None:
        outcome, said = await step('send', self.send, organization_id, message_id, run)
        await step('note', self.note, organization_id, message_id, run, outcome, said)

    async def failed(self, organization_id: UUID, message_id: UUID, run: int, because: str) -> None:
        await self.note(organization_id, message_id, run, FAILED, because)

    async def send(self, organization_id: UUID, message_id: UUID, run: int) -> list[str]:
        """What became of this try, and in which words: sent, failed for good, or waiting for the next."""
        async with self._gate.platform(organization_id) as work:
            message = await work.scope.find(MailMessage, message_id)
        if message is None or message.status != WAITING or message.run != run:
            return ['', '']
        try:
            await asyncio.wait_for(self._hand_over(message), self._patience)
        except SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            return _answered(refused.code, refused.message)
        except SMTPResponseException as error:
            return _answered(error.code, error.message)
        except TimeoutError:
            return [WAITING, f'The mail server did not answer within {self._patience:g} s.']
        except (SMTPException, OSError) as error:
            return [WAITING, f'The mail server could not be reached: {error}']
        except ValueError as error:
            return [FAILED, f'This is no mail that can be sent: {error}']
        return [SENT, '']

    async def _hand_over(self, message: MailMessage) -> None:
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.tls == 'always',
            start_tls=None if server.tls == 'offered' else False,
            timeout=self._patience,
        )
        async with client:
            await client.send_message(_as_mail(message, server.sender))

    async def note(self, organization_id: UUID, message_id: UUID, run: int, outcome: str, said: str) -> None:
        async with self._gate.platform(organization_id) as work:
            message = await work.scope.find(MailMessage, message_id, lock=True)
            if message is None or message.run != run or message.status != WAITING or not outcome:
                return
            last = run >= len(TRIES) or message.created_at <= now() - TOO_LATE
            message.error = said[:_LONGEST_ERROR]
            if outcome == SENT:
                message.status, message.sent_at = SENT, now()
                message.text = without_secrets(message.text)  # nobody else needs the link any more
            elif outcome == FAILED or last:
                message.status = FAILED
            else:
                message.run = run + 1
            work.add(message)
            work.changed(f'mail:{organization_id}')


def _answered(code: int, said: str) -> list[str]:
    """4xx is a no for now, 5xx is a no."""
    return [FAILED if code >= 500 else WAITING, f'The mail server answered {code}: {" ".join(said.split())}']


def _as_mail(message: MailMessage, sender: str) -> EmailMessage:
    mail = EmailMessage()
    mail['From'] = f'Coursewright <{sender}>'
    mail['To'] = message.recipient
    mail['Subject'] = message.subject
    mail['Date'] = format_datetime(message.created_at)
    # The same on every try: a mail that was taken, but not noted as taken, is one mail to whoever gets it twice.
    mail['Message-ID'] = f'<{message.id}@{sender.rpartition("@")[2]}>'
    mail['Auto-Submitted'] = 'auto-generated'
    mail.set_content(message.text)
    return mail

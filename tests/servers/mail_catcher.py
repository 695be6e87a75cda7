"""A real SMTP server on 127.0.0.1 that keeps what it gets, and can be told to refuse or to take its time."""

import asyncio
import threading
from email import message_from_bytes
from email.message import Message
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.process import free_port


class MailCatcher:
    """`caught` are the mails; `answer` is what it says to the next ones ('250 OK' takes them)."""

    def __init__(self) -> None:
        self.caught: list[Message] = []
        self.answer = '250 OK'
        self.slow = threading.Event()  # while set, nobody gets an answer
        self._controller = Controller(self, hostname='127.0.0.1', port=free_port())

    @property
    def url(self) -> str:
        return f'smtp://127.0.0.1:{self._controller.port}?from=courses@school.example'

    def start(self) -> 'MailCatcher':
        self._controller.start()
        return self

    def stop(self) -> None:
        self.slow.clear()
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 (named by aiosmtpd)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith('unknown@'):
            return '550 5.1.1 No such person here'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        while self.slow.is_set():
            await asyncio.sleep(0.05)
        if self.answer.startswith('250'):
            content = envelope.content
            assert isinstance(content, bytes)
            self.caught.append(message_from_bytes(content, policy=default))
        return self.answer

"""What the platform leans on: what is connected, what is down, and what is switched off and how to switch it on."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from services.bus import Bus
from services.clock import now
from services.durable import Durable
from services.viewer import Permission, Viewer
from services.work import Gate
from storage.vectors import VectorStore

_PATIENCE_SECONDS = 3.0
_GIGABYTE = 1024**3
# Below this an upload or a backup may already fail.
_LEAST_FREE_BYTES = 2 * _GIGABYTE


class State(StrEnum):
    UP = 'up'
    DOWN = 'down'
    OFF = 'off'


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing the platform leans on. `note` is a gettext msgid with places for `params`; str() is English."""

    name: str
    state: State
    note: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.note.format(**self.params) if self.params else self.note


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What was configured: empty where it was not."""

    data_dir: Path
    redis: bool = False
    smtp_url: str = ''
    provider: str = 'offline'
    model: str = ''


class HealthService:
    def __init__(
        self,
        gate: Gate,
        bus: Bus,
        durable: Durable,
        vectors: VectorStore,
        surroundings: Surroundings,
        *,
        provider_away: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        """`provider_away`: until when the model's provider is left alone, if it did not answer."""
        self._provider_away = provider_away
        self._gate = gate
        self._bus = bus
        self._durable = durable
        self._vectors = vectors
        self._around = surroundings
        # Without these nobody can work: /health/ready asks them.
        self._essential = (self._database, self._redis, self._durable_work)

    async def report(self, viewer: Viewer) -> list[Part]:
        """Every part, in the order of a page; for who runs the installation."""
        await self._gate.check(viewer, Permission.SITE_OPERATE)
        return await _asked(
            (*self._essential, self._vector_store, self._disk, self._mail, self._models, self._labs, self._scanner)
        )

    async def down(self) -> list[str]:
        """Names of what is down and without which nobody can work."""
        return [part.name for part in await _asked(self._essential) if part.state is State.DOWN]

    async def _database(self) -> Part:
        database = self._gate.database
        try:
            await asyncio.wait_for(database.ping(), _PATIENCE_SECONDS)
        except (SQLAlchemyError, OSError, TimeoutError):
            return _down(
                'database', 'The database does not answer. Look at its server and at COURSEWRIGHT_DATABASE_URL.'
            )
        if database.is_sqlite:
            return _up('database', 'SQLite in the data directory. For several replicas set COURSEWRIGHT_DATABASE_URL.')
        return _up('database', 'PostgreSQL answers.')

    async def _redis(self) -> Part:
        if not self._around.redis:
            return _off('redis', 'One process needs none. For several replicas set COURSEWRIGHT_REDIS_URL.')
        if await self._bus.ready():
            return _up('redis', 'Redis answers.')
        return _down('redis', 'Redis does not answer. Replicas do not hear each other: pages may show old figures.')

    async def _durable_work(self) -> Part:
        if self._durable.running:
            return _up('durable work', 'Drafting, ingestion and exports run here.')
        return _down('durable work', 'No work is taken up here. Restart this process; nothing that was begun is lost.')

    async def _vector_store(self) -> Part:
        if await asyncio.to_thread(self._vectors.writable):
            return _up('vectors', 'The index of the documents can be written.')
        return _down(
            'vectors', 'The index of the documents cannot be written. Look at the rights of the data directory.'
        )

    async def _disk(self) -> Part:
        usage = await asyncio.to_thread(shutil.disk_usage, self._around.data_dir)
        free = {'free': round(usage.free / _GIGABYTE, 1), 'total': round(usage.total / _GIGABYTE, 1)}
        if usage.free < _LEAST_FREE_BYTES:
            return _down('disk', 'Only {free} GB of {total} GB are free. Make room before uploads fail.', **free)
        return _up('disk', '{free} GB of {total} GB are free.', **free)

    async def _mail(self) -> Part:
        if not self._around.smtp_url:
            return _off('mail', 'Mails wait in the outbox page. To send them set COURSEWRIGHT_SMTP_URL.')
        server = urlsplit(self._around.smtp_url)
        if await _greets(server.hostname or '', server.port or (465 if server.scheme == 'smtps' else 25)):
            return _up('mail', 'The mail server answers.')
        return _down('mail', 'The mail server does not answer. Mails wait and are sent when it is back.')

    async def _models(self) -> Part:
        if (until := self._provider_away()) is not None:
            minutes = max(1, round((until - now()).total_seconds() / 60))
            return _down(
                'models',
                'The model provider does not answer; it is tried again in {minutes} min. What drafts waits and goes '
                'on by itself.',
                minutes=minutes,
            )
        if self._around.provider == 'offline':
            return _off('models', 'Drafts are extracted from the documents alone. Set COURSEWRIGHT_LLM_PROVIDER.')
        return _up(
            'models', '{provider} writes drafts with {model}.', provider=self._around.provider, model=self._around.model
        )

    async def _labs(self) -> Part:
        return _off('labs', 'Labs are not part of this release.')

    async def _scanner(self) -> Part:
        return _off('scanner', 'Uploads are checked for their kind and size; no virus scanner is part of this release.')


async def _asked(probes: tuple[Callable[[], Awaitable[Part]], ...]) -> list[Part]:
    """All at once: what hangs keeps nobody longer than its own patience."""
    return list(await asyncio.gather(*(probe() for probe in probes)))


async def _greets(host: str, port: int) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            _reader, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True


def _up(name: str, note: str, **params: Any) -> Part:
    return Part(name=name, state=State.UP, note=note, params=params)


def _down(name: str, note: str, **params: Any) -> Part:
    return Part(name=name, state=State.DOWN, note=note, params=params)


def _off(name: str, note: str) -> Part:
    return Part(name=name, state=State.OFF, note=note)

"""Work that outlives a click: journalled step by step, resumed after a crash, started again by a sweep. Uses DBOS.

The row is written first and the work is started after the commit, under a name made from the row. Starting the same
name twice is harmless, so `sweep` may start everything that is owed, and nothing is lost between commit and start.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID
from dbos._recovery import recover_pending_workflows

from services.errors import PlatformError
from services.slots import Slots
from services.tracing import Origin, begin, new_request_id, origin
from storage.database import Database
from storage.pending import owed
from storage.sight import look_across_organizations

Inputs = ParamSpec('Inputs')
Output = TypeVar('Output')
Runner = Callable[[UUID, UUID, int], Awaitable[None]]
_Body = Callable[..., Coroutine[Any, Any, None]]
OnFailure = Callable[[UUID, UUID, int, str], Awaitable[None]]
_SWEEP_SECONDS, _TAKEOVER_SECONDS, _POLL_SECONDS = 60.0, 2.0, 0.2
# Named, not derived from the code: work that an older release began is finished by this one.
_APPLICATION_VERSION = 'coursewright-1'
_log = logging.getLogger(__name__)


class Durable:
    """Runs registered kinds of work by (organisation, row, run)."""

    def __init__(self, database: Database, data_directory: Path) -> None:
        self._database = database
        self._slots = Slots(database, data_directory / 'slots')
        self._bodies: dict[str, _Body] = {}
        self._without_queue: set[str] = set()
        self._registered: list[tuple[str, Runner, OnFailure, int]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._starting: set[asyncio.Task[None]] = set()
        self._dbos: DBOS | None = None
        self._url = (
            f'sqlite:///{(data_directory / "durable.sqlite").absolute()}'
            if database.is_sqlite
            else _plain(database.url)
        )

    @property
    def running(self) -> bool:
        """Whether work is taken up here."""
        return self._dbos is not None and not any(task.done() for task in self._tasks)

    def register(self, kind: str, runner: Runner, *, on_failure: OnFailure, at_once: int) -> None:
        """`runner` does the work in steps; `on_failure` puts the reason into the row. `at_once`: how many run here;
        0: as many as are asked for, each at once. That is for what somebody sits and waits for."""
        self._registered.append((kind, runner, on_failure, at_once))
        if not at_once:
            self._without_queue.add(kind)

    async def launch(self) -> None:
        slot = await self._slots.acquire()
        DBOS.destroy(destroy_registry=True)
        config: DBOSConfig = {
            'name': 'coursewright',
            'system_database_url': self._url,
            'application_version': _APPLICATION_VERSION,
            'executor_id': slot,
            'log_level': 'WARNING',
        }
        self._dbos = DBOS(config=config)
        for kind, runner, on_failure, _ in self._registered:
            body = DBOS.workflow(name=f'coursewright.{kind}')(_guarded(kind, runner, on_failure))
            self._bodies[kind] = body
        DBOS.launch()
        for kind, at_once in [(one[0], one[3]) for one in self._registered if one[3]]:
            # Half of what runs here may be one organisation's: none keeps the others waiting.
            await DBOS.register_queue_async(
                kind,
                worker_concurrency=at_once,
                partition_worker_concurrency=max(1, at_once // 2),
                polling_interval_sec=_POLL_SECONDS,
                on_conflict='always_update',
            )
        self._tasks = [
            asyncio.create_task(_every(_SWEEP_SECONDS, self.sweep)),
            asyncio.create_task(_every(_TAKEOVER_SECONDS, self._take_over)),
        ]

    def start(self, kind: str, organization_id: UUID, row_id: UUID, run: int) -> None:
        """Begins the work soon; call it after the commit. If the process dies first, the sweep begins it."""
        # A context of its own: called inside a step, this is new work and no part of that step.
        act = origin().request_id
        task = asyncio.create_task(self._enqueue(kind, organization_id, row_id, run, act), context=Context())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    def start_later(self, kind: str, organization_id: UUID, row_id: UUID, run: int, seconds: float) -> None:
        """As `start`, after a while; if the process dies meanwhile, the sweep begins what the row says is due."""

        async def wait() -> None:
            await asyncio.sleep(seconds)
            await self._enqueue(kind, organization_id, row_id, run)

        task = asyncio.create_task(wait(), context=Context())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def sweep(self, only: str = '') -> None:
        """Starts whatever (or `only` of one kind) the database says should be running; what runs is left alone."""
        async with self._database.reading() as tx:
            look_across_organizations(tx, because='work is owed to all of them')
            missing = await owed(tx)
        for kind, rows in missing.items():
            if kind not in self._bodies or (only and kind != only):
                continue  # mail where no server is set, for instance
            for organization_id, row_id, run in rows:
                await self._enqueue(kind, organization_id, row_id, run)

    async def close(self) -> None:
        for task in [*self._tasks, *self._starting]:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._starting, return_exceptions=True)
        if self._dbos is not None:
            await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
            self._dbos = None
        await self._slots.close()

    async def _enqueue(self, kind: str, organization_id: UUID, row_id: UUID, run: int, act: str = '') -> None:
        """`act` is the id of the request that asked for it; what the sweep begins gets one of its own."""
        if self._dbos is None:
            return
        where = (str(organization_id), str(row_id), run, act or new_request_id())
        if kind in self._without_queue:
            with SetWorkflowID(f'{kind}:{row_id}:{run}'):
                await DBOS.start_workflow_async(self._bodies[kind], *where)
            return
        with SetWorkflowID(f'{kind}:{row_id}:{run}'), SetEnqueueOptions(queue_partition_key=str(organization_id)):
            await DBOS.enqueue_workflow_async(kind, self._bodies[kind], *where)

    async def _take_over(self) -> None:
        """Continues the work of a replica that died: whoever gets its slot's lock owns its unfinished work."""
        pending = await DBOS.list_workflows_async(status='PENDING', load_input=False, load_output=False)
        for slot in {workflow.executor_id for workflow in pending} - {None, self._slots.own}:
            async with self._slots.borrowed(str(slot)) as dead:
                if dead and self._dbos is not None:
                    _log.warning('Taking over the unfinished work of %s', slot)
                    await asyncio.to_thread(recover_pending_workflows, self._dbos, [str(slot)])


def migrate_journal(owner_url: str, role: str) -> None:
    """Makes the tables of the journal as their owner; `role` may then work with them, and makes none itself."""
    DBOS.migrate(_plain(owner_url), application_role=role)


async def step(
    name: str, function: Callable[Inputs, Coroutine[Any, Any, Output]], *args: Inputs.args, **kwargs: Inputs.kwargs
) -> Output:
    """Runs once and is remembered: after a crash its result is read from the journal. Must be idempotent all the same,
    since the process may die between the act and the journal's entry."""
    return await DBOS.run_step_async({'name': name}, function, *args, **kwargs)


def _guarded(kind: str, runner: Runner, on_failure: OnFailure) -> _Body:
    async def body(organization_id: str, row_id: str, run: int, act: str = '') -> None:
        """The parameters stand in the journal: an entry of an older release has no `act`."""
        begin(Origin(request_id=act or new_request_id()))
        organization, row = UUID(organization_id), UUID(row_id)
        fields = {'kind': kind, 'row': row_id, 'run': run}
        _log.info('Work on a %s begins', kind, extra=fields)
        try:
            await runner(organization, row, run)
            _log.info('Work on a %s is done', kind, extra=fields)
        except PlatformError as error:
            _log.warning('Work on a %s ended: %s', kind, error, extra=fields)
            await on_failure(organization, row, run, str(error))
        except Exception:
            # The last resort: nobody waits for this call, so the row must say that it ended.
            _log.exception('Work on a %s failed', kind, extra=fields)
            await on_failure(organization, row, run, 'Something went wrong on our side. Try again; it is in the log.')

    return body


def _plain(url: str) -> str:
    return url.replace('postgresql+asyncpg', 'postgresql')


async def _every(seconds: float, act: Callable[[], Awaitable[Any]]) -> None:
    while True:
        try:
            await act()
        except Exception:
            # A database that is away for a moment must not end the upkeep for good.
            _log.exception('Upkeep of durable work failed; trying again')
        await asyncio.sleep(seconds)

"""Who is writing in a block. A lock asks others to wait; what keeps words safe is the hash that every edit names."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.clock import now
from services.errors import Conflict
from services.generation.blocks import open_block, workflow_of_version
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import editing as rows
from storage.courses import Block
from storage.editing import BlockLock
from storage.workflows import Workflow

LASTS = timedelta(seconds=90)  # without a sign
IDLE = timedelta(seconds=120)  # without a word typed: others may take over without asking twice


class BlockIsBeingWritten(Conflict):
    code = 'block_locked'


@dataclass(frozen=True, kw_only=True)
class LockView:
    """`holder` names the window that writes; `idle`: nothing was typed for two minutes."""

    block_id: UUID
    lesson_id: UUID
    user_id: UUID
    name: str
    holder: str
    typed_at: datetime
    idle: bool


class LockService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def take(self, viewer: Viewer, block_id: UUID, holder: str, *, over: bool = False) -> LockView:
        """Marks the block as written in by this person; `over` takes it from another, who is told and keeps their
        words. Refused while another writes."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            block = await open_block(work, block_id)
            lock = await rows.lock_of(work.scope, block_id)
            if lock is not None and lock.user_id != work.viewer.user_id and _lasts(lock) and not over:
                raise BlockIsBeingWritten('{name} is writing in this block now.', name=lock.name)
            if lock is None:
                lock = BlockLock(
                    block_id=block_id, lesson_id=block.lesson_id, user_id=viewer.user_id, name='', holder='',
                    seen_at=now(), typed_at=now(),
                )  # fmt: skip
            changed = lock.holder != holder
            lock.user_id, lock.name, lock.holder = work.viewer.user_id, work.viewer.full_name, holder
            lock.seen_at = lock.typed_at = now()
            work.add(lock)
            if changed:
                await _say(work, block)
            return _view(lock)

    async def sign(self, viewer: Viewer, block_id: UUID, holder: str) -> LockView | None:
        """Still here: the lock lasts on. None where it is somebody else's, or nobody's, by now."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            await work.get(Block, block_id)
            lock = await rows.lock_of(work.scope, block_id)
            if lock is None or lock.holder != holder or lock.user_id != work.viewer.user_id:
                return None
            lock.seen_at = now()
            work.add(lock)
            return _view(lock)

    async def release(self, viewer: Viewer, block_id: UUID, holder: str) -> None:
        """Idempotent; another window's lock stays."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            block = await work.get(Block, block_id)
            if await rows.release_lock(work.scope, block_id, holder):
                await _say(work, block)

    async def get(self, viewer: Viewer, block_id: UUID) -> LockView | None:
        """The lock that lasts now."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            await work.get(Block, block_id)
            lock = await rows.lock_of(work.scope, block_id)
            return _view(lock) if lock is not None and _lasts(lock) else None

    async def of_draft(self, viewer: Viewer, workflow_id: UUID) -> list[LockView]:
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            found = await rows.locks_in_version(work.scope, workflow.version_id, since=now() - LASTS)
            return [_view(lock) for lock in found]


def topic(block_id: UUID) -> str:
    """Published when the lock of the block changes hands."""
    return f'lock:{block_id}'


def _lasts(lock: BlockLock) -> bool:
    return lock.seen_at + LASTS > now()


async def _say(work: Work, block: Block) -> None:
    workflow = await workflow_of_version(work, block.version_id)
    work.changed(topic(block.id), *([f'workflow:{workflow.id}'] if workflow is not None else []))


def _view(lock: BlockLock) -> LockView:
    return LockView(
        block_id=lock.block_id,
        lesson_id=lock.lesson_id,
        user_id=lock.user_id,
        name=lock.name,
        holder=lock.holder,
        typed_at=lock.typed_at,
        idle=lock.typed_at + IDLE <= now(),
    )

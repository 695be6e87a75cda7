"""The invariants that hold after every fault, checked on what is stored. I1 to I10 as in the security notes."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from app.settings import Settings
from services.generation.state import replay
from services.hashing import content_hash
from services.living.verifying import Verified, verify
from storage import checks
from storage.ai_ledger import LEDGER
from storage.audit import CHAIN as AUDIT
from storage.audit_verdict import Verdict, verdicts
from storage.chains import Chain
from storage.database import Database, Transaction
from storage.files import FileStore


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the report; `faults` is empty where the invariant holds, `note` says what was looked at."""

    invariant: str
    note: str
    faults: tuple[str, ...] = ()

    @property
    def broken(self) -> bool:
        return bool(self.faults)

    @property
    def line(self) -> str:
        verdict = 'BROKEN' if self.broken else 'holds'
        shown = '; '.join(self.faults[:5]) + (f' … and {len(self.faults) - 5} more' if len(self.faults) > 5 else '')
        return f'{self.invariant:<4}{verdict:<8}{self.note}' + (f': {shown}' if shown else '')


Check = Callable[[Transaction], Awaitable[Finding]]


async def check(settings: Settings) -> list[Finding]:
    database = Database(settings.database_url)
    store = FileStore(settings.data_dir / 'files')
    checks_in_order: tuple[Check, ...] = (
        _writes_are_whole,
        _workflows_move,
        _one_published_version,
        _nothing_to_deliver,
        _calls_are_recorded,
        lambda tx: _files_have_bytes(tx, store),
        _no_labs,
        _history_folds,
        _counted_once,
        _nothing_crosses,
    )
    try:
        async with database.reading() as tx:
            checks.look_at_everything(tx)
            return [await run(tx) for run in checks_in_order]
    finally:
        await database.close()


async def trails(settings: Settings, chain: Chain[Any, Any] = AUDIT) -> list[Verdict]:
    """Of every organisation: whether its audit trail, or its AI ledger, is as it was written."""
    database = Database(settings.database_url)
    try:
        async with database.reading() as tx:
            return await verdicts(tx, chain)
    finally:
        await database.close()


async def sources(settings: Settings, course: str = '') -> Verified:
    """Whether each citation of every organisation, or of one course, stands on its page."""
    database = Database(settings.database_url)
    try:
        async with database.reading() as tx:
            checks.look_at_everything(tx)
            return await verify(tx, UUID(course) if course else None)
    finally:
        await database.close()


async def _writes_are_whole(tx: Transaction) -> Finding:
    faults = []
    count = 0
    async for block, newest in checks.blocks_with_newest_revision(tx):
        count += 1
        if content_hash(block.content) != block.content_hash:
            faults.append(f'block {block.id} does not say what its hash says')
        if newest != block.content_hash:
            faults.append(f'block {block.id} has lost a revision')
    return Finding(invariant='I1', note=f'{count} blocks equal their newest revision', faults=tuple(faults))


async def _workflows_move(tx: Transaction) -> Finding:
    """Each is finished, waits for a person with exactly one open question, or is started by the sweep."""
    faults = []
    found = await checks.workflows_with_open_reviews(tx)
    for workflow, open_reviews in found:
        waits = workflow.status == 'awaiting_review'
        if waits != (open_reviews == 1):
            faults.append(f'workflow {workflow.id} is {workflow.status} with {open_reviews} open reviews')
    return Finding(invariant='I2', note=f'{len(found)} workflows are over, waiting or owed', faults=tuple(faults))


async def _one_published_version(tx: Transaction) -> Finding:
    faults = [f'course {key} has published the same version twice' for key in await checks.doubly_published(tx)]
    faults += [f'course {key} points to a version that is not its own' for key in await checks.wrongly_published(tx)]
    faults += [f'published block {key} was never approved as it stands' for key in await checks.unapproved(tx)]
    return Finding(invariant='I3', note='published versions are approved, and there once', faults=tuple(faults))


async def _nothing_to_deliver(_tx: Transaction) -> Finding:
    return Finding(invariant='I4', note='this release sends no webhooks or mails: nothing can be undelivered')


async def _calls_are_recorded(tx: Transaction) -> Finding:
    """Every saved draft has the record of the call that wrote it, and every call its row in the AI ledger."""
    faults = []
    for workflow_id, events in (await checks.histories(tx)).items():
        calls = sum(event.type == 'author.wrote' for event in events)
        saved = sum(event.type in ('outline.drafted', 'lesson.written', 'block.rewritten') for event in events)
        if calls != saved:
            faults.append(f'workflow {workflow_id} has {calls} calls for {saved} drafts')
    faults += [f'call {key} is not in the AI ledger as it was made' for key in await checks.calls_beside_the_ledger(tx)]
    ledgers = await verdicts(tx, LEDGER)
    faults += [f'AI ledger of {verdict.organization}: {verdict.fault}' for verdict in ledgers if not verdict.holds]
    rows = sum(verdict.rows for verdict in ledgers)
    note = f'calls of authors match the drafts they wrote, {rows} rows of the AI ledger are as they were written'
    return Finding(invariant='I5', note=note, faults=tuple(faults))


async def _files_have_bytes(tx: Transaction, store: FileStore) -> Finding:
    wanted = await checks.stored_bytes(tx)
    faults = []
    for organization_id, sha256, what in wanted:
        if not await asyncio.to_thread(_is, store.path(organization_id, sha256), sha256):
            faults.append(f'{what} has lost its bytes')
    return Finding(invariant='I6', note=f'{len(wanted)} files have their bytes', faults=tuple(faults))


async def _no_labs(_tx: Transaction) -> Finding:
    return Finding(invariant='I7', note='this release runs no labs')


async def _history_folds(tx: Transaction) -> Finding:
    faults = []
    histories = await checks.histories(tx)
    for workflow, _ in await checks.workflows_with_open_reviews(tx):
        events = histories.get(workflow.id, [])
        if [event.seq for event in events] != list(range(1, len(events) + 1)):
            faults.append(f'the history of workflow {workflow.id} has gaps')
        elif replay(events) != (workflow.stage, workflow.status):
            faults.append(f'the history of workflow {workflow.id} does not lead to where it stands')
    trails = await verdicts(tx)
    faults += [f'{verdict.organization}: {verdict.fault}' for verdict in trails if not verdict.holds]
    rows = sum(verdict.rows for verdict in trails)
    note = f'histories lead to the present state, {rows} audit rows are as they were written'
    return Finding(invariant='I8', note=note, faults=tuple(faults))


async def _counted_once(tx: Transaction) -> Finding:
    faults = [f'enrolment {enrollment} counts hand-in {key} twice' for enrollment, key in await checks.twice(tx)]
    return Finding(invariant='I9', note='every hand-in counts once', faults=tuple(faults))


async def _nothing_crosses(tx: Transaction) -> Finding:
    faults = await checks.crossing_references(tx) + await checks.crossing_lists(tx)
    return Finding(invariant='I10', note='no row refers to another organisation', faults=tuple(faults))


def _is(path: Path, sha256: str) -> bool:
    if not path.is_file():
        return False
    with path.open('rb') as file:
        return hashlib.file_digest(file, 'sha256').hexdigest() == sha256

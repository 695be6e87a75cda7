"""People from a table: looked through first, then taken in as durable work, fifty rows in one transaction."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from services import csv_files, fields
from services.clock import now
from services.durable import Durable, step
from services.errors import Conflict, NotFound, PlatformError, TooLarge
from services.limits import CSV_IMPORT
from services.members import groups as grouping
from services.members import people_table, standing
from services.members.adding import Newcomer, add_all
from services.members.invitations import as_actor
from services.members.inviting import InvitationService
from services.members.people_table import Entry
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import member_imports as imports
from storage import organizations as rows
from storage.files import FileStore
from storage.identity import Organization, User
from storage.member_imports import MemberImport

LARGEST_FILE = 20 * 1024**2
_AT_ONCE, _SHOWN_BAD = 50, 10


@dataclass(frozen=True, kw_only=True)
class BadRow:
    line: int
    cells: tuple[str, ...]
    fault: str


@dataclass(frozen=True, kw_only=True)
class ImportView:
    """`status` is preview, queued, running, finished or failed. `bad` are the rows that come back in the report."""

    id: UUID
    file_name: str
    status: str
    rows: int
    good: int
    bad: int
    done: int
    joined: int
    invited: int
    already: int
    first_bad: tuple[BadRow, ...]
    new_groups: tuple[str, ...]
    error: str | None
    started_at: datetime
    finished_at: datetime | None


@dataclass(kw_only=True)
class _Found:
    rows: int = 0
    bad: int = 0
    first_bad: list[Entry]
    groups: dict[str, str]


class ImportService:
    def __init__(self, gate: Gate, durable: Durable, store: FileStore, invitations: InvitationService) -> None:
        self._gate = gate
        self._durable = durable
        self._store = store
        self._invitations = invitations

    async def upload(self, viewer: Viewer, name: str, parts: AsyncIterator[bytes]) -> ImportView:
        """Looks through a table: how many rows are good, and what is wrong with the others. Nobody is added yet."""
        current = await self._gate.check(viewer, Permission.PEOPLE_MANAGE)
        await self._gate.limits.spend(CSV_IMPORT, str(current.organization_id))
        try:
            sha256, _ = await self._store.write(current.organization_id, parts, LARGEST_FILE)
        except OverflowError as error:
            raise TooLarge(
                'This table is larger than {most} MB. Split it, and add the parts.', most=LARGEST_FILE // 1024**2
            ) from error
        path = self._store.path(current.organization_id, sha256)
        try:
            found = await asyncio.to_thread(_looked_through, path)
        except PlatformError:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            raise
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            known = {group.name.casefold() for group in await rows.groups(work.scope)}
            row = MemberImport(
                started_by=work.viewer.user_id,
                file_name=fields.line('name', Path(name).name)[-200:] or 'people.csv',
                sha256=sha256,
                rows=found.rows,
                bad=found.bad,
                first_bad=[{'line': one.line, 'cells': list(one.cells), 'fault': one.fault} for one in found.first_bad],
                new_groups=sorted(name for key, name in found.groups.items() if key not in known)[:100],
            )
            work.add(row)
            return _view(row)

    async def start(self, viewer: Viewer, import_id: UUID) -> ImportView:
        """Begins to take in the good rows, or goes on where a failed import ended."""
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            row = await work.get(MemberImport, import_id, lock=True)
            if row.status not in (imports.PREVIEW, imports.FAILED):
                raise Conflict('This import was started already.')
            if row.bad >= row.rows:
                raise Conflict('No row of this file can be taken in. Mend the rows and add the file again.')
            row.run += row.status == imports.FAILED
            row.status, row.error, row.started_by = imports.QUEUED, None, work.viewer.user_id
            work.tx.add(row)
            work.record('members.import_started', row, after={'file': row.file_name, 'rows': row.rows - row.bad})
            _say(work, row)
            organization_id, run = work.scope.organization_id, row.run
            work.then(lambda: self._durable.start('member_import', organization_id, import_id, run))
            return _view(row)

    async def get(self, viewer: Viewer, import_id: UUID) -> ImportView:
        async with self._gate.reading(viewer, Permission.PEOPLE_MANAGE) as work:
            return _view(await work.get(MemberImport, import_id))

    async def latest(self, viewer: Viewer) -> Sequence[ImportView]:
        """Newest first."""
        async with self._gate.reading(viewer, Permission.PEOPLE_MANAGE) as work:
            return [_view(row) for row in await imports.latest_imports(work.scope)]

    async def report(self, viewer: Viewer, import_id: UUID) -> Iterator[bytes]:
        """The rows that were not taken in, as they stood, with the reason of each: a CSV file in parts."""
        async with self._gate.reading(viewer, Permission.PEOPLE_MANAGE) as work:
            row = await work.get(MemberImport, import_id)
            path = self._store.path(work.scope.organization_id, row.sha256)
            refusals = {int(line): reason for line, reason in row.refusals.items()}
        if not await asyncio.to_thread(path.exists):
            raise NotFound()
        header = await asyncio.to_thread(people_table.header_of, path)
        return csv_files.written(['Line', 'What is wrong', *header], _bad_rows(path, refusals))

    async def run(self, organization_id: UUID, import_id: UUID, run: int) -> None:
        """Registered as the durable work of kind `member_import`; goes on where it was when the process died."""
        await step('people', self._take_in, organization_id, import_id, run)

    async def failed(self, organization_id: UUID, import_id: UUID, run: int, reason: str) -> None:
        """What was taken in stays; `start` goes on with the rest."""
        async with self._gate.platform(organization_id) as work:
            row = await work.get(MemberImport, import_id, lock=True)
            if row.run == run and row.status in (imports.QUEUED, imports.RUNNING):
                row.status, row.error, row.finished_at = imports.FAILED, reason, now()
                work.tx.add(row)
                work.record('members.import_failed', row, because=reason)
                _say(work, row)

    async def still_allowed(self, organization_id: UUID, import_id: UUID, _run: int) -> None:
        async with self._gate.platform(organization_id) as work:
            row = await work.get(MemberImport, import_id)
            await standing.require(work, row.started_by, Permission.PEOPLE_MANAGE)

    async def _take_in(self, organization_id: UUID, import_id: UUID, run: int) -> None:
        async with self._gate.platform(organization_id) as work:
            row = await work.get(MemberImport, import_id)
            path, done = self._store.path(organization_id, row.sha256), row.done
        with closing(people_table.entries(path)) as waiting:
            await asyncio.to_thread(_pass_over, waiting, done)
            while batch := await asyncio.to_thread(_next, waiting):
                async with self._gate.platform(organization_id) as work:
                    if not await self._add(work, import_id, run, batch):
                        return
        async with self._gate.platform(organization_id) as work:
            row = await work.get(MemberImport, import_id, lock=True)
            if (row.run, row.status) != (run, imports.RUNNING):
                return
            row.status, row.finished_at = imports.FINISHED, now()
            work.tx.add(row)
            told = {'joined': row.joined, 'invited': row.invited, 'already': row.already, 'bad': _all_bad(row)}
            work.record('members.imported', row, after=told)
            _say(work, row)

    async def _add(self, work: Work, import_id: UUID, run: int, batch: Sequence[Entry]) -> bool:
        """Some rows, all or none; False where the import is no longer running."""
        row = await work.get(MemberImport, import_id, lock=True)
        if row.run != run or row.status not in (imports.QUEUED, imports.RUNNING):
            return False
        await standing.require(work, row.started_by, Permission.PEOPLE_MANAGE)
        organization = await work.tx.get_one(Organization, work.scope.organization_id)
        work.person = as_actor(await work.tx.get_one(User, row.started_by), organization)
        good = [entry for entry in batch if not entry.fault]
        group_ids = await _groups(work, good)
        newcomers = [
            Newcomer(
                email=entry.email,
                name=entry.name,
                roles=frozenset(map(str, entry.roles)),
                group_ids=tuple(group_ids[name.casefold()] for name in entry.groups),
            )
            for entry in good
        ]
        refusals = dict(row.refusals)
        for entry, added in zip(good, await add_all(work, newcomers, self._invitations), strict=True):
            if added.outcome == 'joined':
                row.joined += 1
            elif added.outcome == 'invited':
                row.invited += 1
            elif added.outcome == 'already':
                row.already += 1
            else:
                refusals[str(entry.line)] = added.reason
        row.refusals, row.status, row.done = refusals, imports.RUNNING, row.done + len(batch)
        work.tx.add(row)
        _say(work, row)
        return True


async def _groups(work: Work, good: Sequence[Entry]) -> dict[str, UUID]:
    """name in small letters -> the group, made where there is none."""
    wanted = {name.casefold(): name for entry in good for name in entry.groups}
    if wanted:
        await rows.locked_organization(work.scope)
    return {key: (await grouping.named(work, name)).id for key, name in wanted.items()}


def _looked_through(path: Path) -> _Found:
    found = _Found(first_bad=[], groups={})
    for entry in people_table.entries(path):
        found.rows += 1
        for name in entry.groups:
            found.groups.setdefault(name.casefold(), name)
        if entry.fault:
            found.bad += 1
            if len(found.first_bad) < _SHOWN_BAD:
                found.first_bad.append(entry)
    if not found.rows:
        raise csv_files.UnreadableTable('There is no row below the first line of this file.')
    return found


def _pass_over(waiting: Iterator[Entry], done: int) -> None:
    for _ in islice(waiting, done):
        pass


def _next(waiting: Iterator[Entry]) -> list[Entry]:
    return list(islice(waiting, _AT_ONCE))


def _bad_rows(path: Path, refusals: dict[int, str]) -> Iterator[Sequence[object]]:
    for entry in people_table.entries(path):
        fault = entry.fault or refusals.get(entry.line)
        if fault:
            yield [entry.line, fault, *entry.cells]


def _all_bad(row: MemberImport) -> int:
    return row.bad + len(row.refusals)


def _say(work: Work, row: MemberImport) -> None:
    work.changed(f'member_import:{row.id}', f'members:{row.organization_id}')


def _view(row: MemberImport) -> ImportView:
    def bad(one: dict[str, Any]) -> BadRow:
        return BadRow(line=one['line'], cells=tuple(one['cells']), fault=one['fault'])

    return ImportView(
        id=row.id,
        file_name=row.file_name,
        status=row.status,
        rows=row.rows,
        good=row.rows - row.bad,
        bad=_all_bad(row),
        done=row.done,
        joined=row.joined,
        invited=row.invited,
        already=row.already,
        first_bad=tuple(map(bad, row.first_bad)),
        new_groups=tuple(row.new_groups),
        error=row.error,
        started_at=row.created_at,
        finished_at=row.finished_at,
    )

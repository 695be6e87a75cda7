"""Exports: asked for in a click, made by durable work, kept by their hash.

A new format is one line in _FORMATS and its writer in child.py.
"""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.clock import now
from services.durable import Durable
from services.errors import Conflict, InvalidInput, NotFound
from services.exports import child
from services.exports.collecting import publication_of
from services.exports.publication import Publication
from services.flags import EXPORTS, FlagService
from services.limits import EXPORT
from services.members import standing
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage.courses import ASSEMBLED, DRAFT, Course, CourseVersion
from storage.exports import Export, exports_of
from storage.files import FileStore
from storage.publishing import version_of

_LIMIT = 2 * 1024**3
_CHUNK = 1024**2


@dataclass(frozen=True, kw_only=True)
class _Format:
    name: str
    suffix: str
    media_type: str


_FORMATS = {
    'html': _Format(name='html', suffix='.zip', media_type='application/zip'),
    'pdf': _Format(name='pdf', suffix='.pdf', media_type='application/pdf'),
}


@dataclass(frozen=True, kw_only=True)
class ExportView:
    """`status` is queued, running, ready or failed; `error` says why it failed. `version` is a number like 1.0."""

    id: UUID
    course_id: UUID
    version: str
    format: str
    status: str
    file_name: str
    size: int
    error: str | None
    requested_by: str
    requested_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ExportFile:
    path: Path
    name: str
    media_type: str


class ExportService:
    def __init__(self, gate: Gate, durable: Durable, store: FileStore, flags: FlagService) -> None:
        self._gate = gate
        self._durable = durable
        self._store = store
        self._flags = flags

    async def request(
        self, viewer: Viewer, course_id: UUID, kind: str, *, version_id: UUID | None = None
    ) -> ExportView:
        """Begins an export (html or pdf) of the version named, else the published, else the assembled one."""
        if kind not in _FORMATS:
            fault = f'There is no export of this kind. Choose one of: {", ".join(_FORMATS)}.'
            raise InvalidInput(fault, fields={'format': fault})
        await self._flags.require(viewer, EXPORTS)
        async with self._gate.writing(viewer, Permission.COURSE_READ) as work:
            course = await work.get(Course, course_id)
            await self._gate.limits.spend(EXPORT, str(work.viewer.user_id))
            version = await _version(work, course, version_id)
            export = self._queued(work, course, version, kind, requested_by=work.viewer.full_name)
            await work.tx.flush()
            work.record('export.requested', export, after={'format': kind, 'version': version.number})
            return _view(export, version)

    async def list(self, viewer: Viewer, course_id: UUID) -> Sequence[ExportView]:
        """Newest first."""
        async with self._gate.reading(viewer, Permission.COURSE_READ) as work:
            await work.get(Course, course_id)
            return [
                _view(export, await work.get(CourseVersion, export.version_id))
                for export in await exports_of(work.scope, course_id)
            ]

    async def get(self, viewer: Viewer, export_id: UUID) -> ExportView:
        async with self._gate.reading(viewer, Permission.COURSE_READ) as work:
            export = await _live(work, export_id)
            return _view(export, await work.get(CourseVersion, export.version_id))

    async def file(self, viewer: Viewer, export_id: UUID) -> ExportFile:
        """Where the finished file is; Conflict while it is being made."""
        await self._flags.require(viewer, EXPORTS)
        async with self._gate.reading(viewer, Permission.COURSE_READ) as work:
            export = await _live(work, export_id)
            if export.status == 'failed':
                raise Conflict(export.error or 'This export failed. Start it again.')
            if export.status != 'ready' or export.sha256 is None:
                raise Conflict('This export is still being made. Try again in a moment.')
            path = self._store.path(work.scope.organization_id, export.sha256)
            return ExportFile(path=path, name=export.file_name, media_type=_FORMATS[export.format].media_type)

    async def proof_copies(self, organization_id: UUID, version_id: UUID) -> None:
        """Begins every export of a version that was just assembled; those that exist are left alone."""
        if not await self._flags.on_for(organization_id, EXPORTS):
            return
        async with self._gate.platform(organization_id) as work:
            version = await work.get(CourseVersion, version_id)
            course = await work.get(Course, version.course_id)
            exports = await exports_of(work.scope, course.id)
            made = {export.format for export in exports if export.version_id == version_id}
            for kind in sorted(_FORMATS.keys() - made):
                self._queued(work, course, version, kind, requested_by='')

    async def run(self, organization_id: UUID, export_id: UUID, run: int) -> None:
        """Makes the file. Registered as the durable work of kind `export`; running it again makes the same file."""
        async with self._gate.platform(organization_id) as work:
            export = await work.get(Export, export_id, lock=True)
            if (export.run, export.status) not in ((run, 'queued'), (run, 'running')):
                return
            await standing.require(work, export.started_by, Permission.COURSE_READ)
            course = await work.get(Course, export.course_id)
            version = await work.get(CourseVersion, export.version_id)
            publication = await publication_of(work, course, version, self._store)
            export.status = 'running'
            work.tx.add(export)
            work.changed(f'course:{course.id}')
        sha256, size = await self._written(organization_id, _FORMATS[export.format], publication)
        async with self._gate.platform(organization_id) as work:
            export = await work.get(Export, export_id, lock=True)
            if (export.run, export.status) != (run, 'running'):
                return  # it ended meanwhile: what was written for it is thrown away
            await standing.require(work, export.started_by, Permission.COURSE_READ)
            export.status, export.sha256, export.size, export.finished_at = 'ready', sha256, size, now()
            work.tx.add(export)
            work.record('export.finished', export, after={'sha256': sha256, 'size': size})
            work.changed(f'course:{export.course_id}')

    async def still_allowed(self, organization_id: UUID, export_id: UUID, _run: int) -> None:
        """StarterStopped where who asked for it may not have it any more."""
        async with self._gate.platform(organization_id) as work:
            await standing.require(work, (await work.get(Export, export_id)).started_by, Permission.COURSE_READ)

    async def failed(self, organization_id: UUID, export_id: UUID, run: int, reason: str) -> None:
        """Puts the reason where people see it; does nothing to an export that is ready."""
        async with self._gate.platform(organization_id) as work:
            export = await work.get(Export, export_id, lock=True)
            if export.run == run and export.status in ('queued', 'running'):
                export.status, export.error, export.finished_at = 'failed', reason, now()
                work.tx.add(export)
                work.record('export.failed', export, because=reason)
                work.changed(f'course:{export.course_id}')

    def _queued(self, work: Work, course: Course, version: CourseVersion, kind: str, *, requested_by: str) -> Export:
        export = Export(
            course_id=course.id,
            version_id=version.id,
            format=kind,
            file_name=file_name(version.title or course.title, version.number, _FORMATS[kind].suffix),
            requested_by=requested_by,
            started_by=work.person.user_id if work.person else None,
        )
        work.add(export)
        work.changed(f'course:{course.id}')
        organization_id, export_id, run = work.scope.organization_id, export.id, export.run
        work.then(lambda: self._durable.start('export', organization_id, export_id, run))
        return export

    async def _written(self, organization_id: UUID, kind: _Format, publication: Publication) -> tuple[str, int]:
        """Writes beside the store and moves it in as a stream, since the two may be different disks."""
        with tempfile.TemporaryDirectory(prefix='coursewright-export-') as folder:
            target = Path(folder) / f'course{kind.suffix}'
            await child.write(kind.name, publication, target)
            return await self._store.write(organization_id, _parts(target), _LIMIT)


def file_name(title: str, number: str, suffix: str) -> str:
    """A name every file system takes: 'Safe handling of chemicals 1.0.pdf'."""
    plain = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]+', ' ', title)
    return f'{" ".join(plain.split())[:100].strip(" .") or "Course"} {number}{suffix}'


async def _parts(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, 'rb') as file:
        while part := await asyncio.to_thread(file.read, _CHUNK):
            yield part


async def _version(work: Work, course: Course, version_id: UUID | None) -> CourseVersion:
    wanted = version_id or course.published_version_id
    version = await work.get(CourseVersion, wanted) if wanted else await version_of(work.scope, course.id, ASSEMBLED)
    if version is not None and version.course_id != course.id:
        raise NotFound()
    if version is None or version.state == DRAFT:
        raise Conflict('There is nothing to export yet. Finish the review, so that the course is assembled.')
    return version


async def _live(work: Work, export_id: UUID) -> Export:
    export = await work.get(Export, export_id)
    await work.get(Course, export.course_id)
    return export


def _view(export: Export, version: CourseVersion) -> ExportView:
    return ExportView(
        id=export.id,
        course_id=export.course_id,
        version=version.number,
        format=export.format,
        status=export.status,
        file_name=export.file_name,
        size=export.size,
        error=export.error,
        requested_by=export.requested_by,
        requested_at=export.created_at,
        finished_at=export.finished_at,
    )

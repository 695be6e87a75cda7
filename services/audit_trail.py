"""The audit trail as its readers use it: found, taken along as a file, and proven to be as it was written."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from services import csv_files
from services.errors import InvalidInput
from services.fields import line
from services.viewer import Permission, Viewer
from services.work import Gate
from storage import audit as rows
from storage.audit import AuditEvent, AuditFilter
from storage.audit_verdict import Verdict, verdict

AuditFormat = Literal['csv', 'jsonl']
MEDIA_TYPES: dict[AuditFormat, str] = {'csv': csv_files.MEDIA_TYPE, 'jsonl': 'application/x-ndjson'}
_MOST_AT_ONCE = 200
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """One act. `seq` is its place in the chain, `hash` covers all of it and, by `previous_hash`, what was before."""

    seq: int
    at: datetime
    actor_id: UUID | None
    actor: str
    action: str
    subject_type: str
    subject_id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    because: str
    request_id: str
    address: str
    id: UUID
    previous_hash: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class AuditChoices:
    """What a filter may offer: the actions that occur, and who acted."""

    actions: tuple[str, ...]
    actors: dict[UUID, str]


class AuditService:
    """For who holds AUDIT_READ, and never beyond their own organisation. Nothing here, or anywhere, changes a row."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def trail(
        self, viewer: Viewer, sought: AuditFilter | None = None, *, limit: int = 50, offset: int = 0
    ) -> tuple[Sequence[AuditLine], int]:
        """Newest first, and how many there are."""
        async with self._gate.reading(viewer, Permission.AUDIT_READ) as work:
            found, total = await rows.trail(
                work.scope, _sensible(sought), limit=min(max(limit, 1), _MOST_AT_ONCE), offset=max(offset, 0)
            )
            return [_line(event) for event in found], total

    async def choices(self, viewer: Viewer) -> AuditChoices:
        async with self._gate.reading(viewer, Permission.AUDIT_READ) as work:
            return AuditChoices(
                actions=tuple(await rows.actions(work.scope)), actors=dict(await rows.actors(work.scope))
            )

    async def verify(self, viewer: Viewer) -> Verdict:
        """Reads the whole chain; `fault` names the first row that is not as it was written."""
        async with self._gate.reading(viewer, Permission.AUDIT_READ) as work:
            return await verdict(work.scope, work.viewer.organization_name)

    async def export(
        self, viewer: Viewer, format: AuditFormat, sought: AuditFilter | None = None
    ) -> AsyncIterator[bytes]:
        """The file in parts, oldest row first. Every part asks again whether the viewer still may."""
        kept = _sensible(sought)
        first = await self._part(viewer, 0, kept)
        return self._parts(viewer, format, kept, first)

    async def _parts(
        self, viewer: Viewer, format: AuditFormat, sought: AuditFilter, part: Sequence[AuditLine]
    ) -> AsyncIterator[bytes]:
        if format == 'csv':
            for beginning in csv_files.written([field.name for field in fields(AuditLine)], ()):
                yield beginning
        while part:
            yield _as_csv(part) if format == 'csv' else _as_json(part)
            part = await self._part(viewer, part[-1].seq, sought)

    async def _part(self, viewer: Viewer, after: int, sought: AuditFilter) -> Sequence[AuditLine]:
        async with self._gate.reading(viewer, Permission.AUDIT_READ) as work:
            found = await rows.trail_after(work.scope, after, sought, limit=_ROWS_AT_ONCE)
            return [_line(event) for event in found]


def _sensible(sought: AuditFilter | None) -> AuditFilter:
    if sought is None:
        return AuditFilter()
    if sought.since and sought.until and sought.since >= sought.until:
        fault = 'This is not after the beginning. Choose a later day.'
        raise InvalidInput(fault, fields={'until': fault})
    return AuditFilter(**{**asdict(sought), 'words': line('words', sought.words)})


def _line(event: AuditEvent) -> AuditLine:
    return AuditLine(at=event.created_at, **event.model_dump(exclude={'created_at', 'organization_id'}))


def _as_csv(part: Sequence[AuditLine]) -> bytes:
    return csv_files.lines([[_cell(value) for value in asdict(one).values()] for one in part])


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict) else value


def _as_json(part: Sequence[AuditLine]) -> bytes:
    lines = (json.dumps(asdict(one), ensure_ascii=False, default=_said) for one in part)
    return ''.join(f'{one}\n' for one in lines).encode()


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)

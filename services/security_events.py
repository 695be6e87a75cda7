"""Reading the security log: all of it for operators, an organisation's own part for its administrators."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services import csv_files, fields
from services.viewer import Permission, Viewer
from services.work import Gate
from storage import installation
from storage.identity import SecurityEvent

_EXPORT_MOST, _EXPORT_AT_ONCE = 50_000, 1_000
_HEADER = ('Time (UTC)', 'Kind', 'Outcome', 'E-mail', 'Address', 'Organisation', 'Detail', 'Request')


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What to look for; what is empty does not matter. `email` is any part of it, `address` its beginning."""

    kind: str = ''
    outcome: str = ''  # success or refused
    email: str = ''
    address: str = ''
    organization_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class EventView:
    id: UUID
    at: datetime
    kind: str
    outcome: str
    email: str
    address: str
    organization: str
    detail: str
    request_id: str


class SecurityEventService:
    """`own=True` keeps an operator, too, to the organisation that they are in."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def list(
        self, viewer: Viewer, asked: Asked, *, own: bool = False, limit: int = 50, offset: int = 0
    ) -> tuple[Sequence[EventView], int]:
        """Newest first."""
        return await self._read(
            viewer, asked, own=own, limit=min(max(limit, 1), 100), offset=min(max(offset, 0), 10**6)
        )

    async def kinds(self, viewer: Viewer) -> Sequence[str]:
        """What there is to look for; for operators."""
        async with self._gate.reading(viewer, Permission.SITE_OPERATE) as work:
            return await installation.security_kinds(work.tx)

    async def organizations(self, viewer: Viewer) -> dict[UUID, str]:
        """Whose events there may be; for operators."""
        async with self._gate.reading(viewer, Permission.SITE_OPERATE) as work:
            return await installation.organization_names(work.tx)

    async def export(self, viewer: Viewer, asked: Asked, *, own: bool = False) -> AsyncIterator[bytes]:
        """A CSV file in parts, of at most the 50,000 newest; whoever loses the permission meanwhile gets no more."""
        found, _total = await self._read(viewer, asked, own=own, limit=_EXPORT_AT_ONCE, offset=0)
        yield b''.join(csv_files.written(_HEADER, map(_cells, found)))
        if not found:
            return
        # What happens while it is written is newer than its first line, and left out: nothing moves down a page.
        asked = replace(asked, until=min(filter(None, (asked.until, found[0].at))))
        first = sum(1 for one in found if one.at >= found[0].at)
        offset = len(found) - first
        while len(found) == _EXPORT_AT_ONCE and offset < _EXPORT_MOST:
            found, _total = await self._read(viewer, asked, own=own, limit=_EXPORT_AT_ONCE, offset=offset)
            offset += len(found)
            yield csv_files.lines(map(_cells, found))

    async def _read(
        self, viewer: Viewer, asked: Asked, *, own: bool, limit: int, offset: int
    ) -> tuple[Sequence[EventView], int]:
        everywhere = viewer.may(Permission.SITE_OPERATE) and not own
        needed = Permission.SITE_OPERATE if everywhere else Permission.AUDIT_READ
        async with self._gate.reading(viewer, needed) as work:
            found, total = await installation.security_events(
                work.tx,
                organization_id=asked.organization_id if everywhere else work.scope.organization_id,
                of_members=not everywhere,
                kind=fields.line('kind', asked.kind),
                outcome=fields.line('outcome', asked.outcome),
                email=fields.line('email', asked.email, limit=254),
                address=fields.line('address', asked.address),
                since=asked.since,
                until=asked.until,
                limit=limit,
                offset=offset,
            )
            whose = [event.organization_id for event in found if event.organization_id is not None]
            names = await installation.names_of(work.tx, whose)
            return [_view(event, names) for event in found], total


def _view(event: SecurityEvent, names: dict[UUID, str]) -> EventView:
    return EventView(
        id=event.id,
        at=event.created_at,
        kind=event.kind,
        outcome=event.outcome,
        email=event.email,
        address=event.address,
        organization=names.get(event.organization_id, '') if event.organization_id else '',
        detail=event.detail,
        request_id=event.request_id,
    )


def _cells(event: EventView) -> tuple[object, ...]:
    at = event.at.replace(tzinfo=None)
    return (
        at, event.kind, event.outcome, event.email, event.address, event.organization, event.detail, event.request_id,
    )  # fmt: skip

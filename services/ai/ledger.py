"""The AI ledger as its readers use it, and where a person's decision about a model's words is entered."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from services import csv_files
from services.errors import InvalidInput
from services.tracing import origin
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import ai_ledger as rows
from storage.ai_ledger import LEDGER, AiAct, LedgerFilter, add_to_ledger
from storage.audit_verdict import Verdict, verdict
from storage.courses import HUMAN, Block

_MOST_AT_ONCE = 200
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """One AI act, or what a person did with its words. `hash` covers all of it and, by `previous_hash`, what was
    before. `cost_micros` are millionths of the currency; None: not known."""

    seq: int
    at: datetime
    act: str
    actor_id: UUID | None
    actor: str
    purpose: str
    provider: str
    model: str
    prompt_version: str
    prompt_hash: str
    output_hash: str
    input_tokens: int
    output_tokens: int
    cost_micros: int | None
    currency: str
    seconds: float
    result: str
    workflow_id: UUID | None
    block_id: UUID | None
    call_id: UUID | None
    request_id: str
    id: UUID
    previous_hash: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class LedgerChoices:
    """What a filter may offer."""

    purposes: tuple[str, ...]
    actors: dict[UUID, str]


class LedgerService:
    """For who holds AUDIT_READ, and never beyond their own organisation. Nothing here, or anywhere, changes a row."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def lines(
        self, viewer: Viewer, sought: LedgerFilter | None = None, *, limit: int = 50, offset: int = 0
    ) -> tuple[Sequence[LedgerLine], int]:
        """Newest first, and how many there are."""
        async with self._gate.reading(viewer, Permission.AUDIT_READ) as work:
            limit, offset = min(max(limit, 1), _MOST_AT_ONCE), max(offset, 0)
            found, total = await rows.acts(work.scope, _sensible(sought), limit=limit, offset=offset)
            return [_line(row) for row in found], total

    async def choices(self, viewer: Viewer) -> LedgerChoices:
        async with self._gate.reading(viewer, Permission.AUDIT_READ) as work:
            return LedgerChoices(
                purposes=tuple(await rows.purposes(work.scope)), actors=await rows.ledger_actors(work.scope)
            )

    async def verify(self, viewer: Viewer) -> Verdict:
        """Reads the whole chain; `fault` names the first row that is not as it was written."""
        async with self._gate.reading(viewer, Permission.AUDIT_READ) as work:
            return await verdict(work.scope, work.viewer.organization_name, LEDGER)

    async def export(self, viewer: Viewer, sought: LedgerFilter | None = None) -> AsyncIterator[bytes]:
        """A CSV file in parts, oldest row first. Every part asks again whether the viewer still may."""
        kept = _sensible(sought)
        first = await self._part(viewer, 0, kept)
        return self._parts(viewer, kept, first)

    async def _parts(self, viewer: Viewer, sought: LedgerFilter, part: Sequence[LedgerLine]) -> AsyncIterator[bytes]:
        for beginning in csv_files.written([field.name for field in fields(LedgerLine)], ()):
            yield beginning
        while part:
            yield csv_files.lines([list(asdict(one).values()) for one in part])
            part = await self._part(viewer, part[-1].seq, sought)

    async def _part(self, viewer: Viewer, after: int, sought: LedgerFilter) -> Sequence[LedgerLine]:
        async with self._gate.reading(viewer, Permission.AUDIT_READ) as work:
            return [_line(row) for row in await rows.acts_after(work.scope, after, sought, limit=_ROWS_AT_ONCE)]


def person_did(
    work: Work, act: str, purpose: str, said: str, *, workflow_id: UUID | None = None, block_id: UUID | None = None
) -> None:
    """Enters that the viewer `accepted`, `edited` or `declined` a model's words; `said` is the hash of what they say
    now. In the transaction of the act itself."""
    person = work.viewer
    add_to_ledger(
        work.scope,
        AiAct(
            act=act,
            actor_id=person.user_id,
            actor=person.full_name,
            purpose=purpose,
            output_hash=said,
            workflow_id=workflow_id,
            block_id=block_id,
            request_id=origin().request_id,
        ),
    )


def did_to_block(work: Work, act: str, block: Block) -> None:
    """The same about a block; what people wrote alone is no affair of the ledger."""
    if block.origin != HUMAN and work.person is not None:
        person_did(work, act, block.type, block.content_hash, block_id=block.id)


def _sensible(sought: LedgerFilter | None) -> LedgerFilter:
    if sought and sought.since and sought.until and sought.since >= sought.until:
        fault = 'This is not after the beginning. Choose a later day.'
        raise InvalidInput(fault, fields={'until': fault})
    return sought or LedgerFilter()


def _line(row: AiAct) -> LedgerLine:
    kept: dict[str, Any] = row.model_dump(exclude={'created_at', 'organization_id'})
    return LedgerLine(at=row.created_at, **kept)

"""The history of calls with what they cost, and what an organisation uses day by day."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from uuid import UUID

from services import csv_files
from services.ai.budget import day_began
from services.clock import now
from services.errors import InvalidInput
from services.viewer import Permission, Viewer
from services.work import Gate
from storage import ai_history as rows
from storage.ai_budget import policy_of
from storage.ai_history import CallFilter, DayUse
from storage.model_keys import ModelCall

_ROWS_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class CallView:
    """`cost_micros` are millionths of `currency`; None: not known. `person` is who asked, or began the course."""

    id: UUID
    at: datetime
    person_id: UUID | None
    person: str
    provider: str
    model: str
    prompt_version: str
    purpose: str
    input_tokens: int
    output_tokens: int
    cost_micros: int | None
    currency: str
    seconds: float
    result: str
    workflow_id: UUID | None
    block_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class HistoryChoices:
    """What a filter may offer."""

    purposes: tuple[str, ...]
    models: tuple[str, ...]
    people: dict[UUID, str]


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Every day of the span, the oldest first, in UTC; what has no price is counted in `unpriced`."""

    currency: str
    days: tuple[DayUse, ...]


class HistoryService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def calls(
        self, viewer: Viewer, sought: CallFilter | None = None, *, limit: int = 50, offset: int = 0
    ) -> tuple[list[CallView], int]:
        """Every call to an author, the newest first, and how many there are."""
        kept = _sensible(sought)
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            found, total = await rows.calls(work.scope, kept, limit=limit, offset=offset)
            people = await rows.people_of(work.scope)
            return [_call(row, people) for row in found], total

    async def choices(self, viewer: Viewer) -> HistoryChoices:
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            return HistoryChoices(
                purposes=tuple(await rows.words_of(work.scope, 'purpose')),
                models=tuple(await rows.words_of(work.scope, 'model')),
                people=await rows.people_of(work.scope),
            )

    async def usage(self, viewer: Viewer, *, days: int = 30) -> Usage:
        """The last days, today included; those without a call too."""
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            since = day_began(now()) - timedelta(days=days - 1)
            found = {one.day: one for one in await rows.use_by_day(work.scope, since)}
            every = [(since + timedelta(days=place)).date() for place in range(days)]
            policy = await policy_of(work.scope)
            return Usage(currency=policy.currency, days=tuple(found.get(day, _nothing(day)) for day in every))

    async def export(self, viewer: Viewer, sought: CallFilter | None = None) -> AsyncIterator[bytes]:
        """A CSV file in parts, the newest call first. Every part asks again whether the viewer still may."""
        kept = _sensible(sought)
        # What is called while the file is written does not push rows from one part into the next.
        kept = CallFilter(**{**asdict(kept), 'until': kept.until or now()})
        first, _ = await self.calls(viewer, kept, limit=_ROWS_AT_ONCE)
        return self._parts(viewer, kept, first)

    async def _parts(self, viewer: Viewer, sought: CallFilter, part: Sequence[CallView]) -> AsyncIterator[bytes]:
        for beginning in csv_files.written([field.name for field in fields(CallView)], ()):
            yield beginning
        place = 0
        while part:
            yield csv_files.lines([list(asdict(one).values()) for one in part])
            place += len(part)
            part, _ = await self.calls(viewer, sought, limit=_ROWS_AT_ONCE, offset=place)


def _sensible(sought: CallFilter | None) -> CallFilter:
    if sought and sought.since and sought.until and sought.since >= sought.until:
        fault = 'This is not after the beginning. Choose a later day.'
        raise InvalidInput(fault, fields={'until': fault})
    return sought or CallFilter()


def _call(row: ModelCall, people: dict[UUID, str]) -> CallView:
    return CallView(
        id=row.id,
        at=row.created_at,
        person_id=row.person_id,
        person=people.get(row.person_id, '') if row.person_id else '',
        provider=row.provider,
        model=row.model,
        prompt_version=row.prompt_version,
        purpose=row.purpose,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        cost_micros=row.cost_micros,
        currency=row.currency,
        seconds=row.seconds,
        result=row.result,
        workflow_id=row.workflow_id,
        block_id=row.block_id,
    )


def _nothing(day: date) -> DayUse:
    return DayUse(day=day, calls=0, input_tokens=0, output_tokens=0, cost_micros=0, unpriced=0)

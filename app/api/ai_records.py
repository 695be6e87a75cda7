"""What models did: the history of calls with their cost, the usage day by day, and the AI ledger."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services import csv_files
from services.platform import Services
from services.viewer import Viewer
from storage.ai_history import CallFilter
from storage.ai_ledger import LedgerFilter

_Word = Annotated[str, Query(max_length=120)]


class CallRead(BaseModel):
    id: UUID
    at: datetime
    person_id: UUID | None
    person: str = Field(description='Who asked, or began the course.')
    provider: str
    model: str
    prompt_version: str
    purpose: str
    input_tokens: int
    output_tokens: int
    cost_micros: int | None = Field(description='Millionths of the currency; null: the price is not known.')
    currency: str
    seconds: float
    result: str = Field(description='ok, repaired, refused, failed or budget')
    workflow_id: UUID | None
    block_id: UUID | None


class CallList(BaseModel):
    items: list[CallRead]
    total: int


class DayRead(BaseModel):
    day: date
    calls: int
    input_tokens: int
    output_tokens: int
    cost_micros: int
    unpriced: int = Field(description='Calls whose cost is not known, and not in `cost_micros`.')


class UsageRead(BaseModel):
    currency: str
    days: list[DayRead]


class LedgerRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    seq: int
    at: datetime
    act: str = Field(description='called, accepted, edited or declined')
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
    previous_hash: str
    hash: str


class LedgerList(BaseModel):
    items: list[LedgerRead]
    total: int


class LedgerVerdict(BaseModel):
    """`fault` names the first row that is broken, or is empty; `head` is the hash of the last row that was read."""

    model_config = ConfigDict(from_attributes=True)

    holds: bool
    rows: int
    head: str
    fault: str
    seq: int | None
    row_id: UUID | None


def calls_sought(
    purpose: _Word = '',
    result: _Word = '',
    model: _Word = '',
    person_id: UUID | None = None,
    course_id: UUID | None = None,
    since: AwareDatetime | None = None,
    until: Annotated[AwareDatetime | None, Query(description='The first moment that is too late.')] = None,
) -> CallFilter:
    return CallFilter(
        purpose=purpose,
        result=result,
        model=model,
        person_id=person_id,
        course_id=course_id,
        since=since,
        until=until,
    )


def acts_sought(
    act: _Word = '',
    purpose: _Word = '',
    result: _Word = '',
    actor_id: UUID | None = None,
    workflow_id: UUID | None = None,
    block_id: UUID | None = None,
    since: AwareDatetime | None = None,
    until: Annotated[AwareDatetime | None, Query(description='The first moment that is too late.')] = None,
) -> LedgerFilter:
    return LedgerFilter(
        act=act,
        purpose=purpose,
        result=result,
        actor_id=actor_id,
        workflow_id=workflow_id,
        block_id=block_id,
        since=since,
        until=until,
    )


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['the organisation’s model'])
    Asking = Annotated[Viewer, Depends(current_viewer)]
    Limit = Annotated[int, Query(ge=1, le=200)]
    Offset = Annotated[int, Query(ge=0, le=10_000_000)]
    Calls = Annotated[CallFilter, Depends(calls_sought)]
    Acts = Annotated[LedgerFilter, Depends(acts_sought)]
    ledger, history = services.ai_desk.ledger, services.ai_desk.history

    @api.get('/generate/history')
    async def generation_history(viewer: Asking, wanted: Calls, limit: Limit = 50, offset: Offset = 0) -> CallList:
        """Every call to an author, the newest first, with what it took and cost."""
        found, total = await history.calls(viewer, wanted, limit=limit, offset=offset)
        return CallList(items=[CallRead(**asdict(call)) for call in found], total=total)

    @api.get('/generate/history/export', response_class=StreamingResponse, responses=_CSV)
    async def export_history(viewer: Asking, wanted: Calls) -> StreamingResponse:
        """The history as CSV that a spreadsheet may open."""
        return _file(await history.export(viewer, wanted), 'ai-history.csv')

    @api.get('/ai/usage')
    async def usage(viewer: Asking, days: Annotated[int, Query(ge=1, le=366)] = 30) -> UsageRead:
        """Tokens, cost and calls of each of the last days, in UTC."""
        return UsageRead.model_validate(asdict(await history.usage(viewer, days=days)))

    @api.get('/ai/ledger')
    async def read_ledger(viewer: Asking, wanted: Acts, limit: Limit = 50, offset: Offset = 0) -> LedgerList:
        """Every AI act and what people did with it, the newest first."""
        found, total = await ledger.lines(viewer, wanted, limit=limit, offset=offset)
        return LedgerList(items=[LedgerRead.model_validate(one) for one in found], total=total)

    @api.get('/ai/ledger/export', response_class=StreamingResponse, responses=_CSV)
    async def export_ledger(viewer: Asking, wanted: Acts) -> StreamingResponse:
        """The ledger as CSV, oldest first."""
        return _file(await ledger.export(viewer, wanted), 'ai-ledger.csv')

    @api.get('/ai/ledger/verify')
    async def verify_ledger(viewer: Asking) -> LedgerVerdict:
        """Whether every row is as it was written, none missing and none put in."""
        return LedgerVerdict.model_validate(await ledger.verify(viewer))

    return api


def _file(parts: Any, name: str) -> StreamingResponse:
    headers = {'Content-Disposition': f'attachment; filename="{name}"'}
    return StreamingResponse(parts, media_type=csv_files.MEDIA_TYPE, headers=headers)


_CSV: dict[int | str, dict[str, Any]] = {
    200: {'content': {csv_files.MEDIA_TYPE.split(';')[0]: {'schema': {'type': 'string'}}}}
}

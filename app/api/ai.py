"""The organisation's model: its key (written, never read), whether models may be asked, caps, prices, learning."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.platform import Services
from services.viewer import Viewer

_Amount = Annotated[float | None, Field(ge=0, le=1_000_000)]


class KeyIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    provider: Literal['anthropic', 'openai']
    model: str = Field(max_length=120)
    key: str = Field(default='', max_length=500, description='Empty: keep the one that is there.')
    base_url: str = Field(default='', max_length=300, description='Only addresses that the operator allows.')


class LimitsIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    enabled: bool
    budget: int | None = Field(default=None, description='Tokens a month; null: no limit.')


class CapsIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    daily_tokens: int | None = Field(default=None, description='Tokens a day; null: no limit.')
    monthly_cost: _Amount = Field(default=None, description='In the currency; null: no limit.')
    daily_cost: _Amount = Field(default=None, description='In the currency; null: no limit.')
    currency: str = Field(default='USD', max_length=3, description='Of caps and of prices.')


class PriceIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    model: str = Field(max_length=120)
    input: float = Field(ge=0, le=1_000_000, description='A million tokens that the model reads.')
    output: float = Field(ge=0, le=1_000_000, description='A million tokens that it writes.')


class LearningIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    enabled: bool


class CapRead(BaseModel):
    unit: Literal['tokens', 'cost']
    span: Literal['day', 'month']
    limit: int = Field(description='Tokens, or millionths of the currency.')
    spent: int
    currency: str
    resets_on: datetime


class AiSettingsRead(BaseModel):
    enabled: bool
    provider: str = Field(description='Empty: the installation’s own author writes.')
    model: str
    base_url: str
    key_hint: str = Field(description='The end of the key: all that is ever shown of it.')
    budget: int | None
    spent: int
    calls: int
    resets_on: datetime
    daily_tokens: int | None
    monthly_cost_micros: int | None
    daily_cost_micros: int | None
    currency: str
    caps: list[CapRead]
    learns: bool = Field(description='Whether approved blocks are shown to models as examples.')


class PriceRead(BaseModel):
    model: str
    input_micros: int = Field(description='Millionths of the currency for a million tokens that the model reads.')
    output_micros: int = Field(description='The same for what it writes.')
    own: bool = Field(description='Entered by the organisation; else of the installation’s table.')


class PriceList(BaseModel):
    items: list[PriceRead]
    total: int


class LearnedRead(BaseModel):
    block_id: UUID
    type: str
    lesson: str
    course: str
    course_id: UUID
    excerpt: str
    approver: str
    approved_at: datetime | None
    forgotten: bool


class LearnedList(BaseModel):
    items: list[LearnedRead]
    total: int


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['the organisation’s model'])
    Asking = Annotated[Viewer, Depends(current_viewer)]
    learning = services.ai_desk.learning

    @api.get('/ai/settings')
    async def get_settings(viewer: Asking) -> AiSettingsRead:
        """What writes, and how much of this month's budget is used."""
        return AiSettingsRead.model_validate(asdict(await services.ai.get(viewer)))

    @api.put('/ai/key')
    async def set_key(body: KeyIn, viewer: Asking) -> AiSettingsRead:
        """Use a key of one's own; it rests encrypted and is never shown again."""
        return AiSettingsRead.model_validate(asdict(await services.ai.set_key(viewer, **body.model_dump())))

    @api.delete('/ai/key')
    async def remove_key(viewer: Asking) -> AiSettingsRead:
        """Forget the key: the installation's own author writes from now on."""
        return AiSettingsRead.model_validate(asdict(await services.ai.remove_key(viewer)))

    @api.put('/ai/limits')
    async def set_limits(body: LimitsIn, viewer: Asking) -> AiSettingsRead:
        """Whether models may be asked, and for how many tokens a month."""
        return AiSettingsRead.model_validate(asdict(await services.ai.set_limits(viewer, **body.model_dump())))

    @api.put('/ai/caps')
    async def set_caps(body: CapsIn, viewer: Asking) -> AiSettingsRead:
        """Further caps: tokens a day, costs a day and a month. What runs stops at the next call, and says so."""
        return AiSettingsRead.model_validate(asdict(await services.ai.set_caps(viewer, **body.model_dump())))

    @api.get('/ai/prices')
    async def list_prices(viewer: Asking) -> PriceList:
        """Known prices, the organisation's own first; a model that is not listed has no known price."""
        found = await services.ai.prices(viewer)
        return PriceList(items=[PriceRead(**asdict(one)) for one in found], total=len(found))

    @api.put('/ai/prices', status_code=204)
    async def set_price(body: PriceIn, viewer: Asking) -> None:
        """What a model costs the organisation. Calls that were made keep the cost they had."""
        await services.ai.set_price(viewer, body.model, input=body.input, output=body.output)

    @api.delete('/ai/prices', status_code=204)
    async def remove_price(viewer: Asking, model: Annotated[str, Query(max_length=120)] = '') -> None:
        """Forget a price of one's own; the installation's table holds again."""
        await services.ai.remove_price(viewer, model)

    @api.get('/ai/learned')
    async def list_learned(
        viewer: Asking,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> LearnedList:
        """The approved blocks from which later drafts learn, the latest approval first."""
        found, total = await learning.learned(viewer, limit=limit, offset=offset)
        return LearnedList(items=[LearnedRead(**asdict(one)) for one in found], total=total)

    @api.put('/ai/learned', status_code=204)
    async def switch_learning(body: LearningIn, viewer: Asking) -> None:
        """Whether drafts learn from approvals at all."""
        await learning.switch(viewer, enabled=body.enabled)

    @api.delete('/ai/learned/{block_id}', status_code=204)
    async def forget(block_id: UUID, viewer: Asking) -> None:
        """Do not learn from this block; it stays approved."""
        await learning.forget(viewer, block_id)

    @api.post('/ai/learned/{block_id}/restore', status_code=204)
    async def remember(block_id: UUID, viewer: Asking) -> None:
        """Learn from this block again."""
        await learning.remember(viewer, block_id)

    return api

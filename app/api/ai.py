"""The organisation's model: its key (written, never read), whether models may be asked, the budget, the history."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.platform import Services
from services.viewer import Viewer


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


class CallRead(BaseModel):
    at: datetime
    provider: str
    model: str
    prompt_version: str
    purpose: str
    input_tokens: int
    output_tokens: int
    seconds: float
    workflow_id: UUID | None


class CallList(BaseModel):
    items: list[CallRead]
    total: int


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['the organisation’s model'])
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/ai/settings')
    async def get_settings(viewer: Asking) -> AiSettingsRead:
        """What writes, and how much of this month's budget is used."""
        return AiSettingsRead(**asdict(await services.ai.get(viewer)))

    @api.put('/ai/key')
    async def set_key(body: KeyIn, viewer: Asking) -> AiSettingsRead:
        """Use a key of one's own; it rests encrypted and is never shown again."""
        return AiSettingsRead(**asdict(await services.ai.set_key(viewer, **body.model_dump())))

    @api.delete('/ai/key')
    async def remove_key(viewer: Asking) -> AiSettingsRead:
        """Forget the key: the installation's own author writes from now on."""
        return AiSettingsRead(**asdict(await services.ai.remove_key(viewer)))

    @api.put('/ai/limits')
    async def set_limits(body: LimitsIn, viewer: Asking) -> AiSettingsRead:
        """Whether models may be asked, and for how many tokens a month."""
        return AiSettingsRead(**asdict(await services.ai.set_limits(viewer, **body.model_dump())))

    @api.get('/generate/history')
    async def history(
        viewer: Asking,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> CallList:
        """Every call to an author, the newest first."""
        found, total = await services.ai.history(viewer, limit=limit, offset=offset)
        return CallList(items=[CallRead(**asdict(call)) for call in found], total=total)

    return api

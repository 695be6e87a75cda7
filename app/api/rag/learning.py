"""What people say of passages, and the figures: thumbs, statistics, how the organisation wants it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.knowledge.figures import Wishes
from services.platform import Services
from services.viewer import Viewer


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Thumb(BaseModel):
    model_config = ConfigDict(extra='forbid')

    query: str = Field(min_length=1, max_length=500, description='the question that the passage was found for')
    document_id: UUID
    page: int = Field(ge=1)
    start: int = Field(ge=0, description='where the passage begins on the page, as the answer said')
    helpful: bool


class ThumbRead(_Out):
    id: UUID
    query: str
    helpful: bool
    voter: str
    own: bool
    document_id: UUID
    document_name: str
    page: int
    text: str
    created_at: datetime


class ThumbList(BaseModel):
    items: list[ThumbRead]


class CollectionStats(_Out):
    name: str
    documents: int
    passages: int
    entries: int = Field(description='what came in by itself: approved lessons, questions with a thumb up')
    queries: int = Field(description='questions asked of this collection alone')
    hits: int


class UnansweredRead(_Out):
    query: str
    times: int
    best: float


class Stats(_Out):
    days: int = Field(description='how far back questions are counted')
    documents: int
    passages: int
    queries: int
    hits: int = Field(description='questions with an answer of 0.5 or better, or a thumb up')
    hit_rate: float | None = Field(description='hits of all queries; none where nothing was asked')
    below_the_line: int = Field(description='documents that drafts and searches pass over')
    votes: int
    collections: list[CollectionStats]
    unanswered: list[UnansweredRead]


class Settings(BaseModel):
    model_config = ConfigDict(from_attributes=True, extra='forbid')

    quality_line: int = Field(ge=0, le=100, description='documents that score less are passed over')
    learns: bool = Field(description='whether thumbs change the order of answers')


def add(api: APIRouter, services: Services, current_viewer: CurrentViewer) -> None:
    learning, knowledge = services.learning, services.knowledge
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('/learn')
    async def learn(body: Thumb, viewer: Asking) -> ThumbRead:
        """A thumb up or down: the passage comes earlier or later for questions like this one."""
        given = await learning.learn(
            viewer,
            body.query,
            document_id=body.document_id,
            page=body.page,
            start=body.start,
            helpful=body.helpful,
        )
        return ThumbRead.model_validate(given)

    @api.get('/learn')
    async def list_learned(
        viewer: Asking,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> ThumbList:
        """Every thumb that counts, newest first."""
        found = await learning.list(viewer, limit=limit, offset=offset)
        return ThumbList(items=[ThumbRead.model_validate(one) for one in found])

    @api.delete('/learn/{vote_id}', status_code=204)
    async def take_back(vote_id: UUID, viewer: Asking) -> None:
        """As if it had never been given."""
        await learning.take_back(viewer, vote_id)

    @api.post('/learn/{vote_id}/restore')
    async def give_again(vote_id: UUID, viewer: Asking) -> ThumbRead:
        return ThumbRead.model_validate(await learning.restore(viewer, vote_id))

    @api.get('/stats')
    async def stats(viewer: Asking) -> Stats:
        """How much there is, and how often a question finds an answer."""
        return Stats.model_validate(await knowledge.read(viewer))

    @api.get('/settings')
    async def get_settings(viewer: Asking) -> Settings:
        return Settings.model_validate(await knowledge.wishes(viewer))

    @api.put('/settings')
    async def set_settings(body: Settings, viewer: Asking) -> Settings:
        """For all of the organisation."""
        wished = await knowledge.wish(viewer, Wishes(quality_line=body.quality_line, learns=body.learns))
        return Settings.model_validate(wished)

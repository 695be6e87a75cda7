"""Making a course over REST: brief, follow, read the draft, decide."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.reviews import StandingRead
from app.api.viewer import CurrentViewer
from services.generation.block_views import BlockView
from services.generation.reading import DraftView
from services.generation.reviews import BlockDecision
from services.generation.views import WorkflowView
from services.platform import Services
from services.viewer import Viewer


class BriefIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    title: str
    brief: str = ''
    audience: str = ''
    level: str = ''
    hours: float
    language: str = 'en'
    document_ids: list[UUID] = Field(max_length=50)
    subject: str = Field(default='', max_length=200, description='the reviewers of the subject review the course')


class ReviewRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    stage: str
    hash: str = Field(description='names exactly what there is to decide on now')
    standing: StandingRead


class WorkflowRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    stage: Literal['outline', 'content', 'assembly', 'export', 'done']
    status: Literal['running', 'awaiting_review', 'failed', 'cancelled', 'completed']
    progress: float = Field(description='0 to 1 within the stage')
    review: ReviewRead | None
    course_id: UUID
    error: str | None
    waits_until: datetime | None = Field(
        default=None, description='The model provider is away; it is tried again then by itself.'
    )
    waits_for: str = Field(default='', description='Why it waits, as a sentence.')


class WorkflowList(BaseModel):
    items: list[WorkflowRead]
    total: int


class EventRead(BaseModel):
    seq: int
    type: str
    at: datetime
    actor: str
    data: dict[str, Any]


class Events(BaseModel):
    events: list[EventRead]


class SourceRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    document_id: UUID
    document_name: str
    page: int
    start: int
    end: int
    quote: str


class BlockRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    type: str
    origin: str
    state: str
    hash: str
    content: dict[str, Any]
    sources: list[SourceRead]
    human_share: float | None = Field(
        default=None, description='Share of its words that people wrote, 0 to 1; null: edited before it was measured.'
    )


class LessonRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    objectives: list[str]
    minutes: int
    blocks: list[BlockRead]


class ModuleRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str
    objectives: list[str]
    minutes: int
    lessons: list[LessonRead]


class DraftRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    stage: str
    hash: str
    title: str
    objectives: list[str]
    modules: list[ModuleRead]


class OneDecision(BaseModel):
    model_config = ConfigDict(extra='forbid')

    decision: Literal['approve', 'reject']
    comment: str = Field(default='', max_length=4000)


class DecisionIn(OneDecision):
    review_id: UUID
    hash: str = Field(max_length=128)
    blocks: dict[UUID, OneDecision] | None = None


class Decided(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    stage: str
    status: str
    given: int | None = Field(default=None, description='where two have to: how many have approved exactly this')
    needed: int | None = Field(default=None, description='where two have to: 2')


class OutlineIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    hash: str = Field(max_length=128, description='of the outline that was edited')
    outline: dict[str, Any]


class OutlineSaved(BaseModel):
    hash: str


class BlockIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    hash: str = Field(max_length=128, description='of the block that was edited')
    content: dict[str, Any]


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['making a course'])
    workflows = services.workflows
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('/workflows', status_code=202)
    async def create_workflow(body: BriefIn, viewer: Asking) -> WorkflowRead:
        """Start a course from a brief; the outline is written at once."""
        return _workflow(await workflows.create(viewer, **body.model_dump()))

    @api.get('/workflows')
    async def list_workflows(
        viewer: Asking,
        course_id: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> WorkflowList:
        """Newest first."""
        found, total = await workflows.list(viewer, course_id=course_id, limit=limit, offset=offset)
        return WorkflowList(items=[_workflow(workflow) for workflow in found], total=total)

    @api.get('/workflows/{workflow_id}')
    async def get_workflow(workflow_id: UUID, viewer: Asking) -> WorkflowRead:
        return _workflow(await workflows.get(viewer, workflow_id))

    @api.get('/workflows/{workflow_id}/events')
    async def get_events(workflow_id: UUID, viewer: Asking) -> Events:
        """The whole history, in order."""
        found = await workflows.events(viewer, workflow_id)
        return Events(
            events=[
                EventRead(seq=event.seq, type=event.type, at=event.at, actor=event.actor, data=event.payload)
                for event in found
            ]
        )

    @api.get('/workflows/{workflow_id}/draft')
    async def get_draft(workflow_id: UUID, viewer: Asking) -> DraftRead:
        """What there is to decide on: the outline, or the lessons with their blocks and sources."""
        return _draft(await services.reading.draft(viewer, workflow_id))

    @api.put('/workflows/{workflow_id}/outline')
    async def put_outline(workflow_id: UUID, body: OutlineIn, viewer: Asking) -> OutlineSaved:
        """Keep an edited outline; 409 when it changed meanwhile."""
        return OutlineSaved(hash=await workflows.save_outline(viewer, workflow_id, body.hash, body.outline))

    @api.post('/workflows/{workflow_id}/reviews', response_model_exclude_none=True)
    async def decide(workflow_id: UUID, body: DecisionIn, viewer: Asking) -> Decided:
        """Approve or send back; 409 when the hash or the review is no longer current.

        Where two people have to approve, `given` and `needed` say how far it is; until then the stage stays."""
        decided = await services.reviews.decide(
            viewer,
            workflow_id,
            review_id=body.review_id,
            shown_hash=body.hash,
            approve=body.decision == 'approve',
            comment=body.comment,
            blocks={
                block_id: BlockDecision(approve=one.decision == 'approve', comment=one.comment)
                for block_id, one in (body.blocks or {}).items()
            },
        )
        counts = {'given': decided.given, 'needed': decided.needed} if decided.needed > 1 else {}
        return Decided(stage=decided.stage, status=decided.status, **counts)

    @api.post('/workflows/{workflow_id}/cancel')
    async def stop(workflow_id: UUID, viewer: Asking) -> WorkflowRead:
        """Stop the running phase; what is written stays."""
        return _workflow(await workflows.stop(viewer, workflow_id))

    @api.post('/workflows/{workflow_id}/retry', status_code=202)
    async def restart(workflow_id: UUID, viewer: Asking) -> WorkflowRead:
        """Run a failed or stopped phase again; finished parts are kept."""
        return _workflow(await workflows.restart(viewer, workflow_id))

    @api.post('/workflows/{workflow_id}/try-now', status_code=202)
    async def try_now(workflow_id: UUID, viewer: Asking) -> WorkflowRead:
        """Do not wait any longer for a model provider that was away; where nothing waits, nothing happens."""
        return _workflow(await workflows.try_now(viewer, workflow_id))

    @api.put('/blocks/{block_id}')
    async def edit_block(block_id: UUID, body: BlockIn, viewer: Asking) -> BlockRead:
        """Keep a person's words; 409 when the block changed meanwhile."""
        return _block(await services.blocks.edit(viewer, block_id, body.hash, body.content))

    return api


def _workflow(view: WorkflowView) -> WorkflowRead:
    return WorkflowRead.model_validate(view)


def _draft(view: DraftView) -> DraftRead:
    return DraftRead.model_validate(view)


def _block(view: BlockView) -> BlockRead:
    return BlockRead.model_validate(view)

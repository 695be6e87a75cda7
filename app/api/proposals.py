"""Changes to blocks that wait for a person: make one, look, accept, decline, undo."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.generation.proposals import ProposalView
from services.platform import Services
from services.viewer import Viewer


class ProposalRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    block_id: UUID
    kind: Literal['suggestion', 'regeneration', 'chat', 'source']
    content: dict[str, Any] = Field(description='what the block would say')
    reason: str
    maker: str
    by_model: bool
    status: Literal['open', 'accepted', 'declined', 'undone']
    stale: bool = Field(description='the block says something else by now')
    base_hash: str = Field(description='what the block said when this was made')
    made_at: datetime
    decider: str
    decided_at: datetime | None
    answer: str


class ProposalList(BaseModel):
    items: list[ProposalRead]
    total: int


class SuggestionIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    hash: str = Field(max_length=128, description='of the block as it was read')
    content: dict[str, Any]
    reason: str = Field(default='', max_length=4000)


class AcceptIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    hash: str = Field(max_length=128, description='of the block as it was read beside the proposal')


class AcceptAllIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    proposals: dict[UUID, str] = Field(
        max_length=500, description='proposal id: hash of its block as it was read beside it'
    )


class DeclineIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    answer: str = Field(default='', max_length=4000)


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['proposals'])
    proposals = services.proposals
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/workflows/{workflow_id}/proposals')
    async def list_proposals(workflow_id: UUID, viewer: Asking) -> ProposalList:
        """What waits for a decision in the draft, oldest first."""
        return _list(await proposals.waiting(viewer, workflow_id))

    @api.get('/blocks/{block_id}/proposals')
    async def proposals_of_block(block_id: UUID, viewer: Asking) -> ProposalList:
        """All there were, newest first."""
        return _list(await proposals.of_block(viewer, block_id))

    @api.post('/blocks/{block_id}/proposals', status_code=201)
    async def suggest(block_id: UUID, body: SuggestionIn, viewer: Asking) -> ProposalRead:
        """Suggest other words; nothing changes until somebody accepts them."""
        return _read(await proposals.suggest(viewer, block_id, body.hash, body.content, reason=body.reason))

    @api.post('/proposals/{proposal_id}/accept')
    async def accept(proposal_id: UUID, body: AcceptIn, viewer: Asking) -> ProposalRead:
        """The block says it from now on, and waits for approval; 409 when the block changed meanwhile."""
        return _read(await proposals.accept(viewer, proposal_id, body.hash))

    @api.post('/workflows/{workflow_id}/proposals/accept')
    async def accept_all(workflow_id: UUID, body: AcceptAllIn, viewer: Asking) -> ProposalList:
        """All of these that still fit; the answer says which."""
        return _list(await proposals.accept_all(viewer, workflow_id, body.proposals))

    @api.post('/proposals/{proposal_id}/decline')
    async def decline(proposal_id: UUID, body: DeclineIn, viewer: Asking) -> ProposalRead:
        return _read(await proposals.decline(viewer, proposal_id, body.answer))

    @api.post('/proposals/{proposal_id}/undo')
    async def undo(proposal_id: UUID, viewer: Asking) -> ProposalRead:
        """The block gets its words and sources back."""
        return _read(await proposals.undo(viewer, proposal_id))

    return api


def _list(found: list[ProposalView]) -> ProposalList:
    return ProposalList(items=[_read(one) for one in found], total=len(found))


def _read(view: ProposalView) -> ProposalRead:
    return ProposalRead.model_validate(view)

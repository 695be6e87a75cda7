"""The conversation about a draft: threads, what was said in them, and what each person has seen."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.conversation.views import ThreadView
from services.platform import Services
from services.viewer import Viewer


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class EarlierRead(_Read):
    text: str
    at: datetime


class MessageRead(_Read):
    id: UUID
    author_id: UUID | None
    author: str
    kind: Literal['comment', 'sent_back', 'answer'] = Field(description='answer: the draft that was written next')
    text: str
    revision: int = Field(description='of the block, or the number of the outline draft, when it was said')
    at: datetime
    edited_at: datetime | None
    withdrawn: bool
    mentions: list[str]
    earlier: list[EarlierRead] = Field(description='what it said before it was edited, oldest first')


class ThreadRead(_Read):
    id: UUID
    workflow_id: UUID
    about: Literal['block', 'outline', 'draft']
    block_id: UUID | None
    part_id: UUID | None = Field(description='module or lesson of the outline')
    part_title: str
    proposal_id: UUID | None
    quote: str = Field(description='the words of the block it is about; empty: all of it')
    anchored: bool = Field(description='these words still stand in the block')
    there: bool = Field(description='the block or the item is still in the draft')
    status: Literal['open', 'resolved']
    resolver: str
    resolved_at: datetime | None
    messages: list[MessageRead]


class ThreadList(BaseModel):
    items: list[ThreadRead]
    total: int


class ColleagueRead(_Read):
    id: UUID
    name: str


class ColleagueList(BaseModel):
    items: list[ColleagueRead]
    total: int


class ThreadIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    text: str = Field(max_length=4000, description='plain text; “@Hanne Brekke” names somebody and tells them')
    block_id: UUID | None = Field(default=None, description='on this block')
    part_id: UUID | None = Field(default=None, description='on this module or lesson of the outline')
    proposal_id: UUID | None = Field(default=None, description='on this proposal for a block')
    quote: str = Field(default='', max_length=500, description='on these words of the block')


class MessageIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    text: str = Field(max_length=4000)


class ChangeRead(_Read):
    block_id: UUID
    lesson_id: UUID
    type: str
    kind: Literal['changed', 'new']
    revision: int
    hash: str
    seen_revision: int | None
    seen_at: datetime | None
    before: dict[str, Any] | None = Field(description='what you saw; null for what is new')
    content: dict[str, Any]


class ChangeList(BaseModel):
    since: datetime | None = Field(description='when you last looked at anything of this draft')
    items: list[ChangeRead]
    total: int


class SeenIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    blocks: dict[UUID, Annotated[str, Field(max_length=128)]] | None = Field(
        default=None, max_length=2000, description='block id: hash of what was on your screen; null: all, as they are'
    )


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['conversation'])
    threads = services.threads
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/workflows/{workflow_id}/threads')
    async def list_threads(
        workflow_id: UUID, viewer: Asking, status: Literal['open', 'resolved'] | None = None
    ) -> ThreadList:
        """Oldest first."""
        found = await threads.of_workflow(viewer, workflow_id, status=status or '')
        return ThreadList(items=[_read(one) for one in found], total=len(found))

    @api.post('/workflows/{workflow_id}/threads', status_code=201)
    async def begin_thread(workflow_id: UUID, body: ThreadIn, viewer: Asking) -> ThreadRead:
        """Comment on a block, on words of it, on an item of the outline, on a proposal, or on the whole draft."""
        return _read(await threads.begin(viewer, workflow_id, **body.model_dump()))

    @api.get('/workflows/{workflow_id}/colleagues')
    async def list_colleagues(workflow_id: UUID, viewer: Asking) -> ColleagueList:
        """Whom a comment may name, by name."""
        found = await threads.colleagues(viewer, workflow_id)
        return ColleagueList(items=[ColleagueRead.model_validate(one) for one in found], total=len(found))

    @api.post('/threads/{thread_id}/messages', status_code=201)
    async def reply(thread_id: UUID, body: MessageIn, viewer: Asking) -> ThreadRead:
        """A resolved thread is open again then."""
        return _read(await threads.say(viewer, thread_id, body.text))

    @api.post('/threads/{thread_id}/resolve')
    async def resolve(thread_id: UUID, viewer: Asking) -> ThreadRead:
        return _read(await threads.resolve(viewer, thread_id))

    @api.post('/threads/{thread_id}/reopen')
    async def reopen(thread_id: UUID, viewer: Asking) -> ThreadRead:
        return _read(await threads.reopen(viewer, thread_id))

    @api.put('/messages/{review_message_id}')
    async def edit_message(review_message_id: UUID, body: MessageIn, viewer: Asking) -> ThreadRead:
        """Your own; what it said before stays readable."""
        return _read(await threads.edit(viewer, review_message_id, body.text))

    @api.delete('/messages/{review_message_id}')
    async def withdraw_message(review_message_id: UUID, viewer: Asking) -> ThreadRead:
        """Your own."""
        return _read(await threads.withdraw(viewer, review_message_id))

    @api.post('/messages/{review_message_id}/restore')
    async def restore_message(review_message_id: UUID, viewer: Asking) -> ThreadRead:
        """Undoes the deletion."""
        return _read(await threads.restore(viewer, review_message_id))

    @api.get('/workflows/{workflow_id}/changes')
    async def list_changes(workflow_id: UUID, viewer: Asking, since: Literal['mine'] = 'mine') -> ChangeList:
        """Blocks that say something else than when you last looked, and those that you never saw, in course order."""
        changes = await services.seen.changes(viewer, workflow_id)
        items = [ChangeRead.model_validate(one) for one in changes.items]
        return ChangeList(since=changes.since, items=items, total=len(items))

    @api.post('/workflows/{workflow_id}/seen', status_code=204)
    async def mark_seen(workflow_id: UUID, body: SeenIn, viewer: Asking) -> None:
        """Say what you have looked at; nobody else is told."""
        await services.seen.mark(viewer, workflow_id, body.blocks)

    return api


def _read(view: ThreadView) -> ThreadRead:
    return ThreadRead.model_validate(view)

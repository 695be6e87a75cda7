"""The conversation about a draft: read it, say something, stop or repeat an answer, decide about its cards."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.chat.views import CardView, MessageView
from services.platform import Services
from services.viewer import Viewer


class CiteRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    document_id: UUID
    document_name: str
    page: int
    start: int
    end: int
    quote: str


class CardRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: Literal['block', 'new_block', 'outline'] = Field(
        description='block: a proposal of that id, decided under /proposals; the others under /chat/cards'
    )
    type: str
    where: str = Field(description='number and title of the lesson')
    summary: str
    current: dict[str, Any] | None = Field(description='what it would take the place of')
    content: dict[str, Any]
    hash: str = Field(description='of what it would take the place of, as it was read')
    status: Literal['open', 'accepted', 'declined', 'undone']
    stale: bool = Field(description='what it would change says something else by now')
    decider: str


class MessageRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    seq: int
    kind: Literal['person', 'ai']
    author: str
    text: str
    at: datetime
    status: Literal['said', 'waiting', 'writing', 'done', 'stopped', 'failed']
    error: str
    cites: list[CiteRead]
    cards: list[CardRead]


class ChatRead(BaseModel):
    messages: list[MessageRead]


class SayIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    text: str
    lesson_id: UUID | None = Field(default=None, description='the lesson that is open; "this lesson" means it')
    to_ai: bool = Field(default=True, description='false: for people only')


class CardIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    hash: str = Field(max_length=128, description='of the card as it was read')


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['making a course'])
    chat = services.chat
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/workflows/{workflow_id}/chat')
    async def read_chat(workflow_id: UUID, viewer: Asking, after: Annotated[int, Query(ge=0)] = 0) -> ChatRead:
        """What was said after message `after`, in order; at most the newest 200."""
        return _chat(await chat.messages(viewer, workflow_id, after=after))

    @api.post('/workflows/{workflow_id}/chat', status_code=202)
    async def say(workflow_id: UUID, body: SayIn, viewer: Asking) -> ChatRead:
        """Say something; the AI's answer is begun at once and read with GET."""
        return _chat(
            await chat.say(viewer, workflow_id, body.text, lesson_id=body.lesson_id, to_ai=body.to_ai),
        )

    @api.post('/chat/messages/{message_id}/stop')
    async def stop_answer(message_id: UUID, viewer: Asking) -> MessageRead:
        """What came so far stays."""
        return _message(await chat.stop(viewer, message_id))

    @api.post('/chat/messages/{message_id}/retry', status_code=202)
    async def retry_answer(message_id: UUID, viewer: Asking) -> MessageRead:
        """Answer the same question again, after it failed or was stopped."""
        return _message(await chat.try_again(viewer, message_id))

    @api.post('/chat/cards/{card_id}/accept')
    async def accept_card(card_id: UUID, body: CardIn, viewer: Asking) -> CardRead:
        """Change the outline, or put the new block into its lesson; 409 when the outline changed meanwhile."""
        return _card(await chat.accept(viewer, card_id, body.hash))

    @api.post('/chat/cards/{card_id}/decline')
    async def decline_card(card_id: UUID, viewer: Asking) -> CardRead:
        return _card(await chat.decline(viewer, card_id))

    @api.post('/chat/cards/{card_id}/undo')
    async def undo_card(card_id: UUID, viewer: Asking) -> CardRead:
        """Take an accepted card back; 409 once something was changed after it."""
        return _card(await chat.undo(viewer, card_id))

    return api


def _chat(found: list[MessageView]) -> ChatRead:
    return ChatRead(messages=[_message(one) for one in found])


def _message(view: MessageView) -> MessageRead:
    return MessageRead.model_validate(view)


def _card(view: CardView) -> CardRead:
    return CardRead.model_validate(view)

"""The conversation of the people who make a course, with each other and with the AI."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from services import fields
from services.bus import Bus
from services.chat.answering import stopping, topic
from services.chat.cards import accept_card, decline_card, undo_card
from services.chat.views import CardView, MessageView, message_views
from services.durable import Durable
from services.errors import Conflict, Forbidden, InvalidInput
from services.limits import CHAT
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import chat as rows
from storage.chat import ChatCard, ChatMessage
from storage.courses import Lesson
from storage.workflows import Workflow

LONGEST_MESSAGE = 4000
_ONGOING = (rows.WAITING, rows.WRITING)


class AnswerOver(Conflict):
    code = 'answer_over'


class ChatService:
    def __init__(self, gate: Gate, durable: Durable, bus: Bus) -> None:
        self._gate, self._durable, self._bus = gate, durable, bus

    async def messages(self, viewer: Viewer, workflow_id: UUID, *, after: int = 0) -> list[MessageView]:
        """In order; the newest 200 of those after the message of this number."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            return await message_views(work, workflow, await rows.messages(work.scope, workflow_id, after=after))

    async def say(
        self, viewer: Viewer, workflow_id: UUID, text: str, *, lesson_id: UUID | None = None, to_ai: bool = True
    ) -> list[MessageView]:
        """Keeps what was said, and has the AI answer it unless it is for people only. Gives the new messages."""
        words = fields.text('text', text, limit=LONGEST_MESSAGE)
        if not words:
            fault = 'Write something first.'
            raise InvalidInput(fault, fields={'text': fault})
        async with self._gate.writing(viewer, Permission.DRAFT_READ) as work:
            _require_voice(work.viewer)
            workflow = await work.get(Workflow, workflow_id, lock=True)
            await self._gate.limits.spend(CHAT, str(work.viewer.user_id))
            if lesson_id is not None and workflow.stage != 'outline':
                await work.get(Lesson, lesson_id)
            seq = await rows.last_said(work.scope, workflow_id) + 1
            person = work.viewer
            said = [
                work.add(
                    ChatMessage(
                        workflow_id=workflow_id,
                        seq=seq,
                        kind=rows.PERSON,
                        person_id=person.user_id,
                        author=person.full_name,
                        text=words,
                        lesson_id=lesson_id,
                    )
                )
            ]
            if to_ai:
                answer = ChatMessage(
                    workflow_id=workflow_id,
                    seq=seq + 1,
                    kind=rows.AI,
                    person_id=person.user_id,
                    author='AI',
                    status=rows.WAITING,
                    lesson_id=lesson_id,
                    answers=said[0].id,
                )
                said.append(work.add(answer))
                self._start(work, answer)
            await work.tx.flush()
            work.changed(topic(workflow_id))
            return await message_views(work, workflow, said)

    async def stop(self, viewer: Viewer, message_id: UUID) -> MessageView:
        """Ends an answer; what came so far stays."""
        async with self._gate.writing(viewer, Permission.DRAFT_READ) as work:
            message = await self._answer(work, message_id)
            if not await rows.move_answer_once(work.scope, message_id, message.run, _ONGOING, status=rows.STOPPED):
                raise AnswerOver('This answer has ended already.')
            view = await self._shown(work, message)
            work.then(lambda: self._bus.send_soon(stopping(message_id), None))
        return view

    async def try_again(self, viewer: Viewer, message_id: UUID) -> MessageView:
        """Answers the same question anew, after it failed or was stopped."""
        async with self._gate.writing(viewer, Permission.DRAFT_READ) as work:
            message = await self._answer(work, message_id)
            await self._gate.limits.spend(CHAT, str(work.viewer.user_id))
            again = {'status': rows.WAITING, 'run': message.run + 1, 'text': '', 'error': '', 'cites': []}
            ended = (rows.FAILED, rows.STOPPED)
            if not await rows.move_answer_once(
                work.scope, message_id, message.run, ended, person_id=work.viewer.user_id, **again
            ):
                raise AnswerOver('This question has its answer, or it is being written. Look at it again.')
            view = await self._shown(work, message)
            self._start(work, message)
            return view

    async def accept(self, viewer: Viewer, card_id: UUID, shown_hash: str) -> CardView:
        """Does what the card of an outline or of a new block says; refused if the outline changed meanwhile."""
        return await self._decided(viewer, card_id, partial(accept_card, shown_hash=shown_hash))

    async def decline(self, viewer: Viewer, card_id: UUID) -> CardView:
        return await self._decided(viewer, card_id, decline_card)

    async def undo(self, viewer: Viewer, card_id: UUID) -> CardView:
        """Takes an accepted card back, as long as nothing was changed after it."""
        return await self._decided(viewer, card_id, undo_card)

    async def _decided(
        self, viewer: Viewer, card_id: UUID, decide: Callable[[Work, ChatCard], Awaitable[None]]
    ) -> CardView:
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            card = await work.get(ChatCard, card_id, lock=True)
            await decide(work, card)
            message = await work.get(ChatMessage, card.message_id)
            return next(one for one in (await self._shown(work, message)).cards if one.id == card_id)

    async def _answer(self, work: Work, message_id: UUID) -> ChatMessage:
        _require_voice(work.viewer)
        message = await work.get(ChatMessage, message_id, lock=True)
        if message.kind != rows.AI:
            raise AnswerOver('Only an answer of the AI can be stopped or asked for again.')
        return message

    async def _shown(self, work: Work, message: ChatMessage) -> MessageView:
        await work.tx.refresh(message)
        work.changed(topic(message.workflow_id))
        workflow = await work.get(Workflow, message.workflow_id)
        return (await message_views(work, workflow, [message]))[0]

    def _start(self, work: Work, message: ChatMessage) -> None:
        organization_id, message_id, run = work.scope.organization_id, message.id, message.run
        work.then(lambda: self._durable.start('chat', organization_id, message_id, run))


def _require_voice(viewer: Viewer) -> None:
    """Whoever may write or approve drafts: a question costs the organisation money."""
    if not (viewer.may(Permission.DRAFT_WRITE) or viewer.may(Permission.DRAFT_APPROVE)):
        raise Forbidden()

"""An answer is durable work: written once, journalled, and kept; a question is never lost."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.ai.authors import About, Authors, Call
from services.bus import Bus
from services.chat import by_model
from services.chat.by_rules import ByRules
from services.chat.context import CHANGEABLE, Context, in_focus
from services.chat.keeping import keep
from services.chat.replies import Reply
from services.durable import step
from services.generation import passages
from services.generation.authors.base import Brief, Passage
from services.generation.block_views import BlockView, draft_of
from services.generation.drafts import BlockDraft
from services.generation.outlines import Outline
from services.generation.saving import block_draft_of
from services.knowledge.index import Index
from services.members import standing
from services.viewer import Permission
from services.work import Gate
from storage import chat as rows
from storage import courses
from storage.chat import ChatMessage
from storage.workflows import Workflow, current_outline

_ONGOING = (rows.WAITING, rows.WRITING)
_MOST_PASSAGES, _MOST_SAID, _LONGEST_SAID = 8, 12, 800
_SECONDS_BETWEEN = 0.1


class _Stopped(Exception):
    """Somebody pressed Stop, or asked again; what came so far is kept."""


class Answering:
    def __init__(self, gate: Gate, bus: Bus, authors: Authors, index: Index) -> None:
        self._gate, self._bus, self._authors, self._index = gate, bus, authors, index

    async def run(self, organization_id: UUID, message_id: UUID, run: int) -> None:
        """Registered as the durable work of kind `chat`."""
        try:
            reply = await step('answer', self._answer, organization_id, message_id, run)
            await step('keep', self._keep, organization_id, message_id, run, reply)
        except _Stopped:
            return

    async def failed(self, organization_id: UUID, message_id: UUID, run: int, reason: str) -> None:
        """The question stays, and says why nothing came."""
        async with self._gate.platform(organization_id) as work:
            message = await work.get(ChatMessage, message_id)
            if await rows.move_answer_once(work.scope, message_id, run, _ONGOING, status=rows.FAILED, error=reason):
                work.changed(topic(message.workflow_id))

    async def still_allowed(self, organization_id: UUID, message_id: UUID, run: int) -> None:
        async with self._gate.platform(organization_id) as work:
            message = await work.get(ChatMessage, message_id)
            if message.run == run and message.status in _ONGOING:
                await standing.require(work, message.person_id, Permission.DRAFT_READ)

    async def _answer(self, organization_id: UUID, message_id: UUID, run: int) -> dict[str, Any]:
        context, message = await self._begin(organization_id, message_id, run)
        began = time.monotonic()
        live = _Live(self._bus, message)
        writing = asyncio.ensure_future(self._written(organization_id, message, context, live))

        def stop(_payload: Any) -> None:
            writing.cancel()

        deaf = self._bus.listen(stopping(message_id), stop)
        try:
            reply = await writing
        except asyncio.CancelledError:
            if not writing.cancelled() or not await self._was_stopped(organization_id, message, live.text):
                raise
            raise _Stopped() from None
        finally:
            deaf()
        return reply.model_copy(update={'seconds': round(time.monotonic() - began, 2)}).model_dump(mode='json')

    async def _written(self, organization_id: UUID, message: ChatMessage, context: Context, live: '_Live') -> Reply:
        about = About(purpose='chat', person_id=message.person_id, workflow_id=message.workflow_id)
        author = await self._authors.of(organization_id, about)
        if isinstance(author, by_model.Converses):
            return await by_model.answer(author, context, live.update)

        async def nearest(subject: str) -> Sequence[Passage]:
            return await self._nearest(organization_id, subject, context.document_ids)

        async def every() -> Sequence[Passage]:
            async with self._gate.platform(organization_id) as work:
                return await passages.of_documents(work.scope, context.document_ids)

        async def drafts(blocks: Sequence[BlockView], given: Sequence[Passage]) -> list[BlockDraft]:
            return await self._drafts(organization_id, blocks, given)

        return await ByRules(author, context, every=every, nearest=nearest, drafts=drafts).answer(live.update)

    async def _begin(self, organization_id: UUID, message_id: UUID, run: int) -> tuple[Context, ChatMessage]:
        async with self._gate.platform(organization_id) as work:
            message = await work.get(ChatMessage, message_id)
            if not await rows.move_answer_once(work.scope, message_id, run, _ONGOING, status=rows.WRITING):
                raise _Stopped()
            await standing.require(work, message.person_id, Permission.DRAFT_READ)
            workflow = await work.get(Workflow, message.workflow_id)
            said = await rows.messages(work.scope, workflow.id, limit=_MOST_SAID)
            asked = next((one for one in said if one.id == message.answers), None)
            question = asked or await work.get(ChatMessage, message.answers or message.id)
            draft = await current_outline(work.scope, workflow.id) if workflow.stage == 'outline' else None
            modules = [] if workflow.stage == 'outline' else await draft_of(work, workflow.version_id)
            work.changed(topic(workflow.id))
        focus = in_focus(question.text, modules, message.lesson_id)
        document_ids = tuple(UUID(key) for key in workflow.document_ids)
        looking_at = [lesson for module in modules for lesson in module.lessons if lesson.id == message.lesson_id]
        return Context(
            brief=Brief(
                title=workflow.title,
                purpose=workflow.brief,
                audience=workflow.audience,
                level=workflow.level,
                hours=workflow.hours,
                language=workflow.language,
            ),
            stage=workflow.stage,
            asked=question.text,
            said_before=_said_before(said, question.seq),
            outline=Outline.model_validate(draft.content) if draft else None,
            outline_hash=draft.content_hash if draft else '',
            modules=tuple(modules),
            focus=focus,
            looking_at=f'lesson {looking_at[0].number} {looking_at[0].title}' if looking_at else '',
            passages=tuple(await self._nearest(organization_id, question.text, document_ids)),
            document_ids=document_ids,
        ), message

    async def _nearest(self, organization_id: UUID, subject: str, documents: Sequence[UUID]) -> Sequence[Passage]:
        found = await self._index.nearest(organization_id, subject, documents, limit=_MOST_PASSAGES)
        async with self._gate.platform(organization_id) as work:
            return await passages.by_id(work.scope, documents, found)

    async def _drafts(
        self, organization_id: UUID, blocks: Sequence[BlockView], given: Sequence[Passage]
    ) -> list[BlockDraft]:
        async with self._gate.platform(organization_id) as work:
            sources = await courses.sources(work.scope, [block.id for block in blocks])
            stored = [await work.get(courses.Block, block.id) for block in blocks if block.type in CHANGEABLE]
            return [block_draft_of(block, sources[block.id], given) for block in stored]

    async def _keep(self, organization_id: UUID, message_id: UUID, run: int, answer: dict[str, Any]) -> None:
        reply = Reply.model_validate(answer)
        async with self._gate.platform(organization_id) as work:
            message = await work.get(ChatMessage, message_id, lock=True)
            if (message.run, message.status) != (run, rows.WRITING):
                raise _Stopped()
            kept = await keep(work, message, reply)
            await work.tx.flush()
            await rows.move_answer_once(
                work.scope, message_id, run, _ONGOING, status=rows.DONE, error='', seconds=reply.seconds, **kept
            )
            await self._authors.record(
                work,
                Call(
                    once=f'chat:{message_id}:{run}',
                    purpose='chat',
                    provider=reply.provider,
                    model=reply.model,
                    prompt_version=reply.prompt_version,
                    tokens=reply.tokens,
                    seconds=reply.seconds,
                    workflow_id=message.workflow_id,
                    person_id=message.person_id,
                    call_id=reply.call_id,
                ),
            )
            work.changed(topic(message.workflow_id))

    async def _was_stopped(self, organization_id: UUID, message: ChatMessage, so_far: str) -> bool:
        async with self._gate.platform(organization_id) as work:
            stopped = await rows.move_answer_once(
                work.scope, message.id, message.run, (rows.STOPPED,), text=so_far[:4000]
            )
            work.changed(topic(message.workflow_id))
            return stopped


class _Live:
    """The answer as far as it has come, a few times a second, to whoever looks."""

    def __init__(self, bus: Bus, message: ChatMessage) -> None:
        self._bus, self._topic, self._message_id = bus, streaming(message.workflow_id), str(message.id)
        self._sent_at = 0.0
        self.text = ''

    def update(self, partial: dict[str, object]) -> None:
        say = partial.get('say')
        if not isinstance(say, str) or say == self.text:
            return
        self.text = say
        if time.monotonic() - self._sent_at >= _SECONDS_BETWEEN:
            self._sent_at = time.monotonic()
            self._bus.send_soon(self._topic, {'message': self._message_id, 'say': say[:4000]})


def topic(workflow_id: UUID) -> str:
    return f'chat:{workflow_id}'


def streaming(workflow_id: UUID) -> str:
    return f'chat-live:{workflow_id}'


def stopping(message_id: UUID) -> str:
    return f'chat-stop:{message_id}'


def _said_before(said: Sequence[ChatMessage], before: int) -> str:
    return '\n'.join(
        f'{"AI" if one.kind == rows.AI else one.author}: {" ".join(one.text.split())[:_LONGEST_SAID]}'
        for one in said
        if one.seq < before and one.text
    )

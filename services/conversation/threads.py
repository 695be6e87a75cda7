"""Threads on a draft: on a block or words of it, on an item of the outline, or on the whole."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from services import fields
from services.clock import now
from services.conversation.anchors import LONGEST_QUOTE, squeezed, stands_in
from services.conversation.mentions import colleagues, named_in
from services.conversation.reading import thread_views
from services.conversation.views import Colleague, ThreadView
from services.errors import Conflict, Forbidden, InvalidInput, NotFound
from services.generation.state import log
from services.notifications import notify
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import conversation as rows
from storage.conversation import ReviewMessage, ReviewThread
from storage.courses import Block
from storage.proposals import Proposal
from storage.workflows import Workflow, current_outline

_LONGEST = 4000


class MessageWithdrawn(Conflict):
    code = 'message_withdrawn'


class ThreadService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def of_workflow(self, viewer: Viewer, workflow_id: UUID, *, status: str = '') -> list[ThreadView]:
        """Oldest first; without those of which every message was taken back. `status`: open, resolved, or both."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            views = await thread_views(work, workflow, await rows.threads_of(work.scope, workflow.id))
            return [view for view in views if view.said and status in ('', view.status)]

    async def colleagues(self, viewer: Viewer, workflow_id: UUID) -> list[Colleague]:
        """Who may be named in a message, by name."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            await work.get(Workflow, workflow_id)
            return [Colleague(id=person.id, name=person.full_name) for person in await colleagues(work)]

    async def begin(
        self,
        viewer: Viewer,
        workflow_id: UUID,
        text: str,
        *,
        block_id: UUID | None = None,
        part_id: UUID | None = None,
        proposal_id: UUID | None = None,
        quote: str = '',
    ) -> ThreadView:
        """A new thread: on the block (on the words `quote` of it), on the proposal or the outline's item, or on all."""
        async with self._gate.writing(viewer, Permission.DRAFT_READ) as work:
            workflow = await _spoken_in(work, workflow_id)
            words = _words(text)
            thread = ReviewThread(id=uuid4(), workflow_id=workflow.id, about=rows.DRAFT, stage=workflow.stage)
            revision = 0
            if proposal_id is not None:
                proposal = await work.get(Proposal, proposal_id)
                thread.proposal_id, block_id = proposal.id, proposal.block_id
            if block_id is not None:
                block = await work.get(Block, block_id)
                if block.version_id != workflow.version_id:
                    raise NotFound()
                thread.about, thread.block_id, thread.quote = rows.BLOCK, block.id, _quote(block, quote)
                revision = block.revision
            elif part_id is not None:
                thread.about, thread.part_id = rows.OUTLINE, part_id
                thread.part_title = await _part_title(work, workflow, part_id)
            work.add(thread)
            await _say(work, workflow, thread, words, revision)
            await log(work, workflow.id, 'thread.opened', thread_id=str(thread.id), block_id=str(block_id or ''))
            return await _view(work, workflow, thread)

    async def say(self, viewer: Viewer, thread_id: UUID, text: str) -> ThreadView:
        """A reply; a thread that was resolved is open again."""
        async with self._gate.writing(viewer, Permission.DRAFT_READ) as work:
            workflow, thread = await _thread(work, thread_id)
            words = _words(text)
            if thread.status == rows.RESOLVED:
                await _set_status(work, workflow, thread, rows.OPEN)
            block = None if thread.block_id is None else await work.scope.find(Block, thread.block_id)
            await _say(work, workflow, thread, words, block.revision if block else 0)
            return await _view(work, workflow, thread)

    async def edit(self, viewer: Viewer, message_id: UUID, text: str) -> ThreadView:
        """One's own words; what they were before stays readable."""
        async with self._gate.writing(viewer, Permission.DRAFT_READ) as work:
            workflow, thread, message = await _own(work, message_id)
            words = _words(text)
            if message.withdrawn_at is not None:
                raise MessageWithdrawn('You deleted this comment. Bring it back first.')
            if words != message.text:
                known = {str(one.get('id')) for one in message.mentions}
                at = (message.edited_at or message.created_at).isoformat()
                message.earlier = [*message.earlier, {'text': message.text, 'at': at}]
                message.text, message.edited_at = words, now()
                fresh = [one for one in await _mentions(work, words) if one['id'] not in known]
                message.mentions = [*message.mentions, *fresh]
                work.tx.add(message)
                await _tell_named(work, workflow, thread, [UUID(one['id']) for one in fresh])
                work.changed(f'workflow:{workflow.id}')
            return await _view(work, workflow, thread)

    async def withdraw(self, viewer: Viewer, message_id: UUID) -> ThreadView:
        """Takes one's own message back; `restore` undoes it."""
        return await self._set_withdrawn(viewer, message_id, withdrawn=True)

    async def restore(self, viewer: Viewer, message_id: UUID) -> ThreadView:
        return await self._set_withdrawn(viewer, message_id, withdrawn=False)

    async def resolve(self, viewer: Viewer, thread_id: UUID) -> ThreadView:
        return await self._settle(viewer, thread_id, rows.RESOLVED)

    async def reopen(self, viewer: Viewer, thread_id: UUID) -> ThreadView:
        return await self._settle(viewer, thread_id, rows.OPEN)

    async def _settle(self, viewer: Viewer, thread_id: UUID, status: str) -> ThreadView:
        async with self._gate.writing(viewer, Permission.DRAFT_READ) as work:
            workflow, thread = await _thread(work, thread_id)
            if thread.status != status:
                await _set_status(work, workflow, thread, status)
            return await _view(work, workflow, thread)

    async def _set_withdrawn(self, viewer: Viewer, message_id: UUID, *, withdrawn: bool) -> ThreadView:
        async with self._gate.writing(viewer, Permission.DRAFT_READ) as work:
            workflow, thread, message = await _own(work, message_id)
            message.withdrawn_at = now() if withdrawn else None
            work.tx.add(message)
            work.changed(f'workflow:{workflow.id}')
            return await _view(work, workflow, thread)


def may_speak(viewer: Viewer) -> bool:
    return viewer.may(Permission.DRAFT_WRITE) or viewer.may(Permission.DRAFT_APPROVE)


async def _spoken_in(work: Work, workflow_id: UUID) -> Workflow:
    """Locked, since its history may get a new line."""
    if not may_speak(work.viewer):
        raise Forbidden()
    return await work.get(Workflow, workflow_id, lock=True)


async def _thread(work: Work, thread_id: UUID) -> tuple[Workflow, ReviewThread]:
    thread = await work.get(ReviewThread, thread_id)
    return await _spoken_in(work, thread.workflow_id), thread


async def _own(work: Work, message_id: UUID) -> tuple[Workflow, ReviewThread, ReviewMessage]:
    message = await work.get(ReviewMessage, message_id)
    workflow, thread = await _thread(work, message.thread_id)
    if message.author_id != work.viewer.user_id:
        raise Forbidden('Only who wrote a comment can change it. Answer it instead.')
    return workflow, thread, message


async def _view(work: Work, workflow: Workflow, thread: ReviewThread) -> ThreadView:
    await work.tx.flush()
    return (await thread_views(work, workflow, [thread]))[0]


async def _say(work: Work, workflow: Workflow, thread: ReviewThread, words: str, revision: int) -> None:
    await work.tx.flush()
    mentions = await _mentions(work, words)
    work.add(
        ReviewMessage(
            thread_id=thread.id,
            author_id=work.viewer.user_id,
            author=work.viewer.full_name,
            text=words,
            revision=revision,
            mentions=mentions,
        )
    )
    await work.tx.flush()
    named = [UUID(one['id']) for one in mentions]
    await _tell_named(work, workflow, thread, named)
    await _tell_others(work, workflow, thread, but=named)
    work.changed(f'workflow:{workflow.id}')


async def _mentions(work: Work, words: str) -> list[dict[str, str]]:
    if '@' not in words:
        return []
    return [{'id': str(person.id), 'name': person.full_name} for person in named_in(words, await colleagues(work))]


async def _tell_named(work: Work, workflow: Workflow, thread: ReviewThread, people: Sequence[UUID]) -> None:
    await notify(work, people, 'You are named in a comment', subject=workflow.title, path=_path(workflow, thread))


async def _tell_others(work: Work, workflow: Workflow, thread: ReviewThread, *, but: Sequence[UUID]) -> None:
    """Whoever spoke in the thread hears of a reply, whoever began the course of new threads: once until they read it.

    A dozen comments on one draft are one word to the person who began it."""
    said = (await rows.messages_of(work.scope, [thread.id]))[thread.id]
    spoke = {message.author_id for message in said if message.author_id} - {work.viewer.user_id, *but}
    path = _path(workflow, thread)
    text = 'Somebody answered in a thread of yours'
    await notify(work, await rows.untold(work.scope, spoke, text, path), text, subject=workflow.title, path=path)
    if len(said) == 1:
        began = {workflow.created_by} - {work.viewer.user_id, *but}
        path = f'/studio/{workflow.id}?show=threads'
        text = 'There are new comments on your draft'
        await notify(work, await rows.untold(work.scope, began, text, path), text, subject=workflow.title, path=path)


async def _set_status(work: Work, workflow: Workflow, thread: ReviewThread, status: str) -> None:
    resolved = status == rows.RESOLVED
    thread.status = status
    thread.resolved_by = work.viewer.user_id if resolved else None
    thread.resolver = work.viewer.full_name if resolved else ''
    thread.resolved_at = now() if resolved else None
    work.tx.add(thread)
    await log(work, workflow.id, 'thread.resolved' if resolved else 'thread.reopened', thread_id=str(thread.id))
    work.changed(f'workflow:{workflow.id}')


def _words(text: str) -> str:
    words = fields.text('text', text, limit=_LONGEST)
    if not words:
        fault = 'Write something first.'
        raise InvalidInput(fault, fields={'text': fault})
    return words


def _quote(block: Block, quote: str) -> str:
    words = squeezed(fields.text('quote', quote, limit=LONGEST_QUOTE))
    if not stands_in(words, block.type, block.content):
        fault = 'These words do not stand in the block. Select them again, or comment on the whole block.'
        raise InvalidInput(fault, fields={'quote': fault})
    return words


async def _part_title(work: Work, workflow: Workflow, part_id: UUID) -> str:
    draft = await current_outline(work.scope, workflow.id)
    for module in (draft.content if draft else {}).get('modules', []):
        for part in (module, *module.get('lessons', [])):
            if part.get('id') == str(part_id):
                return str(part.get('title', ''))
    raise NotFound()


def _path(workflow: Workflow, thread: ReviewThread) -> str:
    return f'/studio/{workflow.id}?thread={thread.id}'

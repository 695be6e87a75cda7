"""What the making of a course adds to its conversation: a sending back begins a thread, the next draft answers it."""

from uuid import UUID

from services.clock import now
from services.work import Work
from storage import conversation as rows
from storage.conversation import ReviewMessage, ReviewThread
from storage.courses import Block
from storage.workflows import Workflow, current_outline


async def block_sent_back(work: Work, block: Block, comment: str) -> None:
    """The comment opens a thread on the block, or goes on with the one in which it was sent back before."""
    statement = work.scope.rows(Workflow).where(Workflow.version_id == block.version_id)
    workflow = (await work.tx.exec(statement)).first()
    if workflow is None or not comment:
        return
    open_ones = await rows.open_threads_of_block(work.scope, block.id)
    said = await rows.messages_of(work.scope, [thread.id for thread in open_ones])
    asked = [thread for thread in open_ones if any(message.kind == rows.SENT_BACK for message in said[thread.id])]
    thread = asked[-1] if asked else None
    if thread is not None and _unanswered(said[thread.id]) == comment:
        return
    if thread is None:
        thread = await _thread(work, workflow, rows.BLOCK, block_id=block.id)
    _message(work, thread.id, rows.SENT_BACK, comment, revision=block.revision)
    work.changed(f'workflow:{workflow.id}')


async def outline_sent_back(work: Work, workflow: Workflow, comment: str) -> None:
    draft = await current_outline(work.scope, workflow.id)
    if comment and draft is not None:
        thread = await _thread(work, workflow, rows.DRAFT)
        _message(work, thread.id, rows.SENT_BACK, comment, revision=draft.number)


async def saw(work: Work, block: Block) -> None:
    """Whoever gives a block new words has seen them: they are no news to this person."""
    if work.person is not None:
        seen = {block.id: (block.revision, block.content_hash)}
        await rows.keep_looks(work.scope, work.person.user_id, seen, now())


async def block_answered(work: Work, block: Block, author: str) -> None:
    """The block was written again by `author`: an answer in every thread in which it was sent back."""
    for thread in await rows.open_threads_of_block(work.scope, block.id):
        await _answer(work, thread, author, '', block.revision)


async def outline_answered(work: Work, workflow: Workflow, author: str, answer: str, draft: int) -> None:
    """`answer` is what the author says it did about the comment."""
    for thread in await rows.threads_of(work.scope, workflow.id):
        if thread.about == rows.DRAFT and thread.stage == 'outline' and thread.status == rows.OPEN:
            await _answer(work, thread, author, answer, draft)


async def _answer(work: Work, thread: ReviewThread, author: str, text: str, revision: int) -> None:
    said = (await rows.messages_of(work.scope, [thread.id]))[thread.id]
    if _unanswered(said) is not None:
        message = ReviewMessage(
            thread_id=thread.id, author=author[:200] or 'AI', kind=rows.ANSWER, text=text[:4000], revision=revision
        )
        work.add(message)


def _unanswered(said: list[ReviewMessage]) -> str | None:
    """The comment with which it was sent back last, if no draft has answered since."""
    for message in reversed(said):
        if message.kind == rows.ANSWER:
            return None
        if message.kind == rows.SENT_BACK:
            return message.text
    return None


async def _thread(work: Work, workflow: Workflow, about: str, *, block_id: UUID | None = None) -> ReviewThread:
    thread = work.add(ReviewThread(workflow_id=workflow.id, about=about, stage=workflow.stage, block_id=block_id))
    await work.tx.flush()
    return thread


def _message(work: Work, thread_id: UUID, kind: str, text: str, *, revision: int) -> None:
    person = work.viewer
    work.add(
        ReviewMessage(
            thread_id=thread_id,
            author_id=person.user_id,
            author=person.full_name,
            kind=kind,
            text=text[:4000],
            revision=revision,
        )
    )

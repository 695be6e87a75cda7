"""Blocks under review: read them with their sources, edit, approve, send back. A decision binds to what was shown."""

from typing import Any
from uuid import UUID, uuid4

from services.ai.ledger import did_to_block, person_did
from services.clock import now
from services.conversation.keeping import block_sent_back, saw
from services.errors import Conflict, InvalidInput
from services.generation.block_views import BlockView, ModuleView, RevisionView, SourcePageView, draft_of, view
from services.generation.content import checked_content
from services.generation.origin import measure, words_of
from services.generation.state import log
from services.hashing import content_hash
from services.reviewing import rules as reviewing
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import courses as rows
from storage.ai_ledger import DECLINED, EDITED
from storage.courses import Block, BlockRevision, CourseVersion, Lesson
from storage.documents import Document, DocumentPage
from storage.documents import page as page_of
from storage.workflows import Workflow


class BlockChanged(Conflict):
    """Somebody else got there first: an edit, a new draft, or a decision."""


class VersionIsPublished(Conflict):
    code = 'published'


class BlockService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def draft(self, viewer: Viewer, workflow_id: UUID) -> list[ModuleView]:
        """Everything written so far, in course order."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            return await draft_of(work, workflow.version_id)

    async def edit(self, viewer: Viewer, block_id: UUID, shown_hash: str, content: dict[str, Any]) -> BlockView:
        """Keeps a person's words; the block waits for approval again. Refused if it changed meanwhile."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            block = await open_block(work, block_id)
            _check_shown(block, shown_hash)
            await revise(
                work,
                block,
                checked_content(block.type, content),
                origin=rows.HUMAN if block.origin == rows.HUMAN else rows.AI_HUMAN,
                author=work.viewer.full_name,
                state=rows.WAITING,
            )
            await say(work, block, 'block.edited')
            return await view(work, block)

    async def approve(self, viewer: Viewer, block_id: UUID, shown_hash: str) -> BlockView:
        """Approves exactly what was shown: the hash must still be the block's."""
        async with reviewing.deciding(self._gate, viewer) as work:
            block = await open_block(work, block_id)
            rules = await reviewing.rules_here(work, block.version_id)
            if not await _approve(work, rules, [block], {block.id: shown_hash}):
                raise _approved(block) if block.review_state == rows.APPROVED else await reviewing.why_not(work, block)
            return await view(work, block)

    async def approve_lesson(self, viewer: Viewer, lesson_id: UUID, shown: dict[UUID, str]) -> int:
        """Approves the blocks of the lesson as shown (block id -> hash) and gives how many; all or none.

        What was sent back stays so: its comment still wants an answer. What the viewer may not approve, because they
        have already or wrote it alone, waits for somebody else."""
        async with reviewing.deciding(self._gate, viewer) as work:
            lesson = await work.get(Lesson, lesson_id)
            blocks = await rows.blocks(work.scope, lesson.version_id, lesson_id=lesson.id)
            if {block.id for block in blocks} != set(shown):
                raise BlockChanged('This lesson changed while you read it. Look at it again, then approve.')
            rules = await reviewing.rules_here(work, lesson.version_id)
            waiting = [await open_block(work, block.id) for block in blocks if block.review_state != rows.SENT_BACK]
            count = await _approve(work, rules, waiting, shown)
            left = [block for block in waiting if block.review_state != rows.APPROVED]
            if left and not count:
                raise await reviewing.why_not(work, left[0])
            return count

    async def send_back(self, viewer: Viewer, block_id: UUID, shown_hash: str, comment: str) -> BlockView:
        """Marks the block for rewriting; the comment says what should change."""
        if not comment.strip():
            fault = 'Say what should change, so that the next draft can answer it.'
            raise InvalidInput(fault, fields={'comment': fault})
        async with reviewing.deciding(self._gate, viewer) as work:
            block = await open_block(work, block_id)
            await reviewing.rules_here(work, block.version_id)
            _check_shown(block, shown_hash)
            await mark_sent_back(work, block, comment.strip())
            await say(work, block, 'block.sent_back', comment=block.comment)
            return await view(work, block)

    async def withdraw(self, viewer: Viewer, block_id: UUID) -> BlockView:
        """Takes an approval or a sending back of a block back, while it is still under review.

        Where another approval is missing, only the viewer's own goes."""
        async with reviewing.deciding(self._gate, viewer) as work:
            block = await open_block(work, block_id)
            await reviewing.rules_here(work, block.version_id)
            if block.review_state in (rows.APPROVED, rows.SENT_BACK) or not await reviewing.take_back(work, block):
                await reviewing.lapse(work, block.version_id, [block.id], because=reviewing.TAKEN_BACK)
            block.review_state = rows.WAITING
            block.comment = block.commented_by = block.approver = ''
            block.approved_hash = block.approved_by = block.approved_at = None
            work.tx.add(block)
            await say(work, block, 'block.reopened')
            return await view(work, block)

    async def add_text(self, viewer: Viewer, lesson_id: UUID, html: str) -> BlockView:
        """A person's own paragraph at the end of a lesson."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            lesson = await work.get(Lesson, lesson_id)
            await _check_not_published(work, lesson.version_id)
            others = await rows.blocks(work.scope, lesson.version_id, lesson_id=lesson.id)
            block = Block(
                id=uuid4(),
                version_id=lesson.version_id,
                lesson_id=lesson.id,
                position=max((other.position for other in others), default=0) + 1,
                type='text',
                content={},
                content_hash='',
                origin=rows.HUMAN,
                revision=0,
            )
            content = checked_content('text', {'html': html})
            await revise(work, block, content, origin=rows.HUMAN, author=work.viewer.full_name, state=rows.WAITING)
            await say(work, block, 'block.added')
            return await view(work, block)

    async def remove(self, viewer: Viewer, block_id: UUID) -> None:
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            block = await open_block(work, block_id)
            block.deleted_at = now()
            work.tx.add(block)
            did_to_block(work, DECLINED, block)
            await reviewing.lapse(work, block.version_id, because=reviewing.WORDS_CHANGED)
            await say(work, block, 'block.removed')

    async def restore(self, viewer: Viewer, block_id: UUID) -> None:
        """Undoes a removal."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            block = await work.removed(Block, block_id)
            await _check_not_published(work, block.version_id)
            block.deleted_at = None
            work.tx.add(block)
            await reviewing.lapse(work, block.version_id, because=reviewing.WORDS_CHANGED)
            await say(work, block, 'block.restored')

    async def revisions(self, viewer: Viewer, block_id: UUID) -> list[RevisionView]:
        """What the block said, oldest first."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            await work.get(Block, block_id)
            return [
                RevisionView(
                    number=revision.number,
                    content=revision.content,
                    origin=revision.origin,
                    author=revision.author,
                    at=revision.created_at,
                    comment=revision.comment,
                )
                for revision in await rows.revisions(work.scope, block_id)
            ]

    async def source_page(self, viewer: Viewer, document_id: UUID, number: int) -> SourcePageView:
        """The page a source points to. Learners may read it too: it is what their lesson rests on."""
        async with self._gate.reading(viewer) as work:
            if not (work.viewer.may(Permission.DRAFT_READ) or work.viewer.may(Permission.KNOWLEDGE_READ)):
                work.viewer.require(Permission.DRAFT_READ)
            page = await page_of(work.scope, document_id, number)
            document = await work.tx.get(Document, document_id)
            if page is None or document is None:
                await work.get(DocumentPage, document_id)  # raises NotFound
            assert page is not None
            assert document is not None
            return SourcePageView(
                document_id=document_id,
                document_name=document.name,
                page=number,
                pages=document.pages,
                text=page.text,
            )


async def revise(
    work: Work,
    block: Block,
    content: dict[str, Any],
    *,
    origin: str,
    author: str,
    state: str,
    comment: str = '',
    by_model: bool = False,
) -> bool:
    """Gives the block new words and keeps the old ones; an approval ends with the words it was given to.

    `origin` is what holds where no words can be measured. False where nothing changed."""
    fresh = content_hash(content)
    if fresh == block.content_hash:
        return False
    by_words = await measure(work, block, content, by_model=by_model)
    origin, block.human_share = by_words.origin if words_of(content) else origin, by_words.human_share
    was, block.content, block.content_hash, block.origin = block.origin, content, fresh, origin
    block.revision += 1
    block.review_state = state
    block.approved_hash = block.approved_by = block.approved_at = None
    block.approver = ''
    work.add(block)
    if not by_model and was != rows.HUMAN:
        person_did(work, EDITED, block.type, fresh, block_id=block.id)
    await work.tx.flush()
    await reviewing.lapse(work, block.version_id, [block.id], because=reviewing.WORDS_CHANGED)
    work.add(
        BlockRevision(
            block_id=block.id,
            number=block.revision,
            content=content,
            content_hash=fresh,
            origin=origin,
            author_id=None if by_model else work.viewer.user_id,
            author=author,
            comment=comment,
        )
    )
    await saw(work, block)
    return True


async def mark_sent_back(work: Work, block: Block, comment: str) -> None:
    block.review_state = rows.SENT_BACK
    block.comment, block.commented_by = comment, work.viewer.full_name
    block.approved_hash = block.approved_by = block.approved_at = None
    block.approver = ''
    work.tx.add(block)
    did_to_block(work, DECLINED, block)
    await reviewing.lapse(work, block.version_id, [block.id], because=reviewing.SENT_BACK)
    await block_sent_back(work, block, comment)


async def _approve(work: Work, rules: reviewing.Rules, blocks: list[Block], shown: dict[UUID, str]) -> int:
    """How many took the viewer's approval; their rows are locked, so that of two people one comes first."""
    for block in blocks:
        _check_shown(block, shown[block.id])
    given = await reviewing.approve_blocks(work, rules, blocks)
    for block in blocks:
        if block.id in given:
            act = 'block.approved' if given[block.id] else 'block.approved_by_one'
            await say(work, block, act, hash=block.content_hash)
            work.record(act, block, after={'hash': block.content_hash})
    return len(given)


async def open_block(work: Work, block_id: UUID) -> Block:
    block = await work.get(Block, block_id, lock=True)
    await _check_not_published(work, block.version_id)
    return block


async def _check_not_published(work: Work, version_id: UUID) -> None:
    version = await work.get(CourseVersion, version_id)
    if version.state != rows.DRAFT:
        raise VersionIsPublished('Version {number} is finished and stays as it is.', number=version.number)


def _check_shown(block: Block, shown_hash: str) -> None:
    if block.content_hash != shown_hash:
        raise _changed()


def _approved(block: Block) -> BlockChanged:
    return BlockChanged('{name} approved this a moment ago. There is nothing left to do here.', name=block.approver)


def _changed() -> BlockChanged:
    return BlockChanged('This block changed while you read it. Look at the difference, then decide.')


async def say(work: Work, block: Block, event: str, **payload: Any) -> None:
    workflow = await workflow_of_version(work, block.version_id)
    if workflow is not None:
        await log(work, workflow.id, event, block_id=str(block.id), lesson_id=str(block.lesson_id), **payload)
        work.changed(f'workflow:{workflow.id}', f'course:{workflow.course_id}', f'courses:{work.scope.organization_id}')


async def workflow_of_version(work: Work, version_id: UUID) -> Workflow | None:
    """Locked, since its history gets a new line."""
    statement = work.scope.rows(Workflow).where(Workflow.version_id == version_id).with_for_update()
    return (await work.tx.exec(statement)).first()

"""A decision: accepted once, bound to the hash of what was shown, and the beginning of the next phase."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.clock import now
from services.durable import Durable
from services.errors import Conflict, InvalidInput, NotFound
from services.generation.blocks import mark_sent_back
from services.generation.materialise import materialise
from services.generation.state import advance
from services.generation.workflows import shown_hash_of
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import courses
from storage import workflows as rows
from storage.courses import Block
from storage.workflows import Review, Workflow


class ReviewIsOver(Conflict):
    code = 'review_over'


class DraftChanged(Conflict):
    code = 'draft_changed'


@dataclass(frozen=True, kw_only=True)
class BlockDecision:
    approve: bool
    comment: str = ''


@dataclass(frozen=True, kw_only=True)
class Decided:
    stage: str
    status: str


class ReviewService:
    def __init__(self, gate: Gate, durable: Durable) -> None:
        self._gate = gate
        self._durable = durable

    async def decide(
        self,
        viewer: Viewer,
        workflow_id: UUID,
        *,
        review_id: UUID,
        shown_hash: str,
        approve: bool,
        comment: str = '',
        blocks: Mapping[UUID, BlockDecision] | None = None,
    ) -> Decided:
        """Approves or sends back what the review asks about.

        In the content stage `blocks` may decide block by block: what is sent back is written again, the rest stays.
        An approval without `blocks` approves every block; a rejection without them sends back all that is not approved.
        """
        async with self._gate.writing(viewer, Permission.DRAFT_APPROVE) as work:
            workflow = await work.get(Workflow, workflow_id, lock=True)
            review = await _current(work, workflow, review_id)
            if shown_hash != await shown_hash_of(work, workflow):
                raise DraftChanged('This draft changed while you read it. Look at the difference, then decide.')
            if workflow.stage == 'outline':
                step = await _outline_step(work, workflow, approve, comment)
            else:
                step = await _content_step(work, workflow, approve, comment, dict(blocks or {}))
            decision = {
                'decision': 'approve' if step.endswith('approved') else 'reject',
                'comment': comment.strip(),
                'decided_hash': shown_hash,
                'decided_by': work.viewer.user_id,
                'decider': work.viewer.full_name,
                'decided_at': now(),
            }
            if not await rows.decide_once(work.scope, review.id, **decision):
                raise _over(review)
            await advance(work, workflow, step, comment=comment.strip(), hash=shown_hash, review_id=str(review.id))
            work.record(step, workflow, after={'hash': shown_hash}, because=comment.strip())
            work.changed(f'reviews:{work.scope.organization_id}')
            organization_id, run = work.scope.organization_id, workflow.run
            work.then(lambda: self._durable.start('workflow', organization_id, workflow_id, run))
            return Decided(stage=workflow.stage, status=workflow.status)


async def _current(work: Work, workflow: Workflow, review_id: UUID) -> Review:
    review = await work.get(Review, review_id)
    if review.workflow_id != workflow.id:
        raise NotFound()
    if review.status != 'waiting':
        raise _over(review)
    return review


def _over(review: Review) -> ReviewIsOver:
    return ReviewIsOver(
        '{name} has decided this already. Look at what comes next.', name=review.decider or 'Somebody else'
    )


async def _outline_step(work: Work, workflow: Workflow, approve: bool, comment: str) -> str:
    if not approve:
        _require_comment(comment)
        return 'outline.rejected'
    draft = await rows.current_outline(work.scope, workflow.id)
    assert draft is not None, 'a review of an outline has an outline'
    await materialise(work, workflow, draft)
    return 'outline.approved'


async def _content_step(
    work: Work, workflow: Workflow, approve: bool, comment: str, decisions: dict[UUID, BlockDecision]
) -> str:
    blocks = {block.id: block for block in await courses.blocks(work.scope, workflow.version_id)}
    if decisions.keys() - blocks.keys():
        raise InvalidInput('One of these blocks is not in this draft. Load the draft again.')
    for block_id, decision in decisions.items():
        if decision.approve:
            _approve(work, blocks[block_id])
        else:
            mark_sent_back(work, blocks[block_id], (decision.comment or comment).strip())
    for block in blocks.values():
        if block.id in decisions:
            continue
        if approve and block.review_state != courses.SENT_BACK:
            _approve(work, block)
        elif not approve and not decisions and block.review_state in (courses.WAITING, courses.REWRITTEN):
            mark_sent_back(work, block, comment.strip())
    sent_back = [block for block in blocks.values() if block.review_state == courses.SENT_BACK]
    for block in sent_back:
        _require_comment(block.comment)
    if sent_back:
        return 'content.rejected'
    if not approve:
        raise InvalidInput('Nothing is marked to be written again. Send at least one block back, or approve.')
    return 'content.approved'


def _approve(work: Work, block: Block) -> None:
    if block.approved_hash == block.content_hash:
        return
    block.review_state = courses.APPROVED
    block.approved_hash, block.approved_by = block.content_hash, work.viewer.user_id
    block.approver, block.approved_at = work.viewer.full_name, now()
    work.tx.add(block)


def _require_comment(comment: str) -> None:
    if not comment.strip():
        fault = 'Say what should change, so that the next draft can answer it.'
        raise InvalidInput(fault, fields={'comment': fault})

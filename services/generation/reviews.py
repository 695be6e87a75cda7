"""A decision: accepted once, bound to the hash of what was shown, and the beginning of the next phase."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.ai.ledger import person_did
from services.clock import now
from services.conversation.keeping import outline_sent_back
from services.durable import Durable
from services.errors import Conflict, InvalidInput, NotFound
from services.generation.blocks import mark_sent_back
from services.generation.materialise import materialise
from services.generation.state import advance, log
from services.generation.workflows import shown_hash_of
from services.notifications import notify
from services.reviewing.rules import (
    ApprovedByYou,
    Rules,
    approve_blocks,
    approve_review,
    deciding,
    require_place,
    rules_of,
    tallies,
)
from services.viewer import Viewer
from services.work import Gate, Work
from storage import courses
from storage import workflows as rows
from storage.ai_ledger import ACCEPTED, DECLINED
from storage.workflows import Review, Workflow

_ON_OUTLINES = {'outline.approved': ACCEPTED, 'outline.rejected': DECLINED}


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
    """`given` of `needed` people have approved; fewer: the review goes on waiting."""

    stage: str
    status: str
    given: int = 1
    needed: int = 1


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
        async with deciding(self._gate, viewer) as work:
            workflow = await work.get(Workflow, workflow_id, lock=True)
            rules = await rules_of(work, workflow.course_id)
            review = await _current(work, workflow, review_id, rules)
            place = require_place(work, rules, review)
            if shown_hash != await shown_hash_of(work, workflow):
                raise DraftChanged('This draft changed while you read it. Look at the difference, then decide.')
            if workflow.stage == 'outline':
                step, enough = _outline_step(approve, comment), None
            else:
                step, enough = await _content_step(work, workflow, rules, approve, comment, dict(blocks or {}))
            given = 0
            if step.endswith('approved'):
                given, is_new = await approve_review(work, review, shown_hash)
                if not (given >= rules.needed if enough is None else enough):
                    if not is_new:
                        raise ApprovedByYou()
                    await _say_one_of_two(work, workflow, rules, review, shown_hash, comment.strip())
                    return Decided(stage=workflow.stage, status=workflow.status, given=given, needed=rules.needed)
            if step == 'outline.approved':
                await _materialise(work, workflow)
            elif step == 'outline.rejected':
                await outline_sent_back(work, workflow, comment.strip())
            decision = {
                'decision': 'approve' if step.endswith('approved') else 'reject',
                'comment': comment.strip(),
                'decided_hash': shown_hash,
                'decided_by': work.viewer.user_id,
                'decider': work.viewer.full_name,
                'decided_at': now(),
                'deputy_for': place,
            }
            if not await rows.decide_once(work.scope, review.id, **decision):
                raise _over(review, work.viewer, rules)
            about = {'hash': shown_hash, 'review_id': str(review.id), **({'deputy_for': place} if place else {})}
            await advance(work, workflow, step, comment=comment.strip(), **about)
            work.record(step, workflow, after=about, because=comment.strip())
            if step in _ON_OUTLINES:
                person_did(work, _ON_OUTLINES[step], 'outline', shown_hash, workflow_id=workflow.id)
            work.changed(f'reviews:{work.scope.organization_id}')
            organization_id, run = work.scope.organization_id, workflow.run
            work.then(lambda: self._durable.start('workflow', organization_id, workflow_id, run))
            return Decided(stage=workflow.stage, status=workflow.status, given=given, needed=rules.needed)


async def _current(work: Work, workflow: Workflow, review_id: UUID, rules: Rules) -> Review:
    review = await work.get(Review, review_id)
    if review.workflow_id != workflow.id:
        raise NotFound()
    if review.status != 'waiting':
        raise _over(review, work.viewer, rules)
    return review


def _over(review: Review, viewer: Viewer, rules: Rules) -> ReviewIsOver:
    name = review.decider or 'Somebody else'
    if review.deputy_for and any(seat.user_id == viewer.user_id for seat in rules.seats):
        return ReviewIsOver(
            'The review was late, and {name} has decided it as the deputy of {reviewer}. Look at what comes next.',
            name=name,
            reviewer=review.deputy_for,
        )
    return ReviewIsOver('{name} has decided this already. Look at what comes next.', name=name)


async def _say_one_of_two(
    work: Work, workflow: Workflow, rules: Rules, review: Review, shown_hash: str, comment: str
) -> None:
    """The first of two yeses: nothing moves, and those whose yes is missing are told."""
    step = f'{workflow.stage}.approved_by_one'
    await log(work, workflow.id, step, comment=comment, hash=shown_hash, review_id=str(review.id))
    work.record(step, workflow, after={'hash': shown_hash}, because=comment)
    work.changed(f'workflow:{workflow.id}', f'reviews:{work.scope.organization_id}')
    await notify(
        work,
        {seat.user_id for seat in rules.seats} or {workflow.created_by},
        'One of two people has approved “{subject}”. It needs one more.',
        subject=workflow.title,
        path=f'/studio/{workflow.id}',
    )


def _outline_step(approve: bool, comment: str) -> str:
    if approve:
        return 'outline.approved'
    _require_comment(comment)
    return 'outline.rejected'


async def _materialise(work: Work, workflow: Workflow) -> None:
    draft = await rows.current_outline(work.scope, workflow.id)
    assert draft is not None, 'a review of an outline has an outline'
    await materialise(work, workflow, draft)


async def _content_step(
    work: Work, workflow: Workflow, rules: Rules, approve: bool, comment: str, decisions: dict[UUID, BlockDecision]
) -> tuple[str, bool | None]:
    """The step, and whether every block has the approvals that it needs; None where there is no block."""
    blocks = {block.id: block for block in await courses.blocks(work.scope, workflow.version_id)}
    if decisions.keys() - blocks.keys():
        raise InvalidInput('One of these blocks is not in this draft. Load the draft again.')
    wanted = []
    for block_id, decision in decisions.items():
        if decision.approve:
            wanted.append(blocks[block_id])
        else:
            await mark_sent_back(work, blocks[block_id], (decision.comment or comment).strip())
    for block in blocks.values():
        if block.id in decisions:
            continue
        if approve and block.review_state != courses.SENT_BACK:
            wanted.append(block)
        elif not approve and not decisions and block.review_state in (courses.WAITING, courses.REWRITTEN):
            await mark_sent_back(work, block, comment.strip())
    await approve_blocks(work, rules, wanted)
    sent_back = [block for block in blocks.values() if block.review_state == courses.SENT_BACK]
    for block in sent_back:
        _require_comment(block.comment)
    if sent_back:
        return 'content.rejected', False
    if not approve:
        raise InvalidInput('Nothing is marked to be written again. Send at least one block back, or approve.')
    await work.tx.flush()
    counted = await tallies(work, rules.needed, list(blocks.values()))
    return 'content.approved', all(one.enough for one in counted) if counted else None


def _require_comment(comment: str) -> None:
    if not comment.strip():
        fault = 'Say what should change, so that the next draft can answer it.'
        raise InvalidInput(fault, fields={'comment': fault})

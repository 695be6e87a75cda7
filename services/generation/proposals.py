"""What a block could say instead: nothing changes until a person accepts, and accepting can be undone.

Suggestions of people, blocks written again by instruction, answers of the chat and changed sources are all proposals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services import fields
from services.ai.ledger import person_did
from services.clock import now
from services.errors import Conflict, Forbidden, InvalidInput
from services.generation.blocks import BlockChanged, open_block, revise, say
from services.generation.content import checked_content
from services.generation.outward import inward
from services.hashing import content_hash
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import courses
from storage import proposals as rows
from storage.ai_ledger import ACCEPTED, DECLINED
from storage.blocks import clear_sources
from storage.courses import Block, BlockSource
from storage.proposals import Proposal
from storage.workflows import Workflow

_SOURCE_FIELDS = ('document_id', 'document_name', 'page', 'start', 'end', 'quote')


class ProposalDecided(Conflict):
    code = 'proposal_decided'


class NothingProposed(InvalidInput):
    code = 'nothing_proposed'


@dataclass(frozen=True, kw_only=True)
class ProposalView:
    """`stale`: the block says something else by now than when this was made."""

    id: UUID
    block_id: UUID
    kind: str
    type: str
    current: dict[str, Any]
    content: dict[str, Any]
    reason: str
    maker_id: UUID | None
    maker: str
    by_model: bool
    status: str
    stale: bool
    base_hash: str
    made_at: datetime
    decider: str
    decided_at: datetime | None
    answer: str


async def propose(
    work: Work,
    block: Block,
    content: dict[str, Any],
    *,
    kind: str,
    reason: str = '',
    model: str = '',
    sources: Sequence[dict[str, Any]] | None = None,
) -> Proposal:
    """Keeps a proposal for the block as it stands. `model` names the author where a model wrote it.

    `sources` take the place of the block's own when it is accepted: {document_id, document_name, page, start, end,
    quote}. Raises InvalidInput for what no block may say, NothingProposed where nothing would change."""
    checked = checked_content(block.type, content)
    if model:  # a person may set a link, a model only one that it was given
        known = ' '.join(str(source['quote']) for source in sources or ())
        checked = inward(checked, f'{block.content} {known}')
    fresh = content_hash(checked)
    if fresh == block.content_hash and sources is None:
        raise NothingProposed('This says what the block says already. Change something first.')
    person = work.person
    proposal = work.add(
        Proposal(
            block_id=block.id,
            version_id=block.version_id,
            kind=kind,
            base_hash=block.content_hash,
            content=checked,
            content_hash=fresh,
            sources=None if sources is None else [_as_json(source) for source in sources],
            reason=reason,
            maker_id=person.user_id if person else None,
            maker=model or (person.full_name if person else 'Coursewright'),
            by_model=bool(model),
        )
    )
    await work.tx.flush()
    await say(work, block, 'proposal.made', kind=kind, proposal_id=str(proposal.id))
    return proposal


async def apply(
    work: Work, proposal: Proposal, block: Block, shown_hash: str, *, by: tuple[UUID, str] | None = None
) -> None:
    """Gives the block the proposed words, which then wait for approval. The viewer is who accepts; `by` (id, name) is
    whoever asked for them, where the platform itself is at work."""
    if proposal.status != rows.OPEN:
        raise _decided(proposal)
    if block.content_hash != proposal.base_hash or shown_hash != proposal.base_hash:
        raise BlockChanged('This block changed since the proposal was made. Decline it, or ask for a new one.')
    before = {
        'content': block.content,
        'origin': block.origin,
        'human_share': block.human_share,
        'sources': [_as_json(vars(source)) for source in (await courses.sources(work.scope, [block.id]))[block.id]],
    }
    decision = {'status': rows.ACCEPTED, 'before': before, **_decided_by(work, by)}
    if not await rows.decide_proposal_once(work.scope, proposal.id, rows.OPEN, **decision):
        raise _decided(proposal)
    kept_ai = proposal.by_model and block.origin == courses.AI
    await revise(
        work,
        block,
        proposal.content,
        origin=courses.AI if kept_ai else courses.AI_HUMAN,
        author=proposal.maker,
        state=courses.WAITING,
        comment=proposal.reason,
        by_model=proposal.by_model,
    )
    if proposal.by_model and by is None:  # what is applied by itself nobody has accepted
        person_did(work, ACCEPTED, proposal.kind, proposal.content_hash, block_id=block.id)
    if proposal.sources is not None:
        await _replace_sources(work, block, proposal.sources)
    await say(work, block, 'proposal.accepted', kind=proposal.kind, proposal_id=str(proposal.id))


class ProposalService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def suggest(
        self, viewer: Viewer, block_id: UUID, shown_hash: str, content: dict[str, Any], *, reason: str = ''
    ) -> ProposalView:
        """Other words for a block, from whoever may write or approve drafts."""
        async with self._gate.writing(viewer, Permission.DRAFT_READ) as work:
            _require_voice(work.viewer)
            block = await open_block(work, block_id)
            if block.content_hash != shown_hash:
                raise BlockChanged('This block changed while you wrote. Look at the difference, then suggest again.')
            because = fields.text('reason', reason, limit=4000)
            proposal = await propose(work, block, content, kind=rows.SUGGESTION, reason=because)
            return _view(proposal, block)

    async def waiting(self, viewer: Viewer, workflow_id: UUID) -> list[ProposalView]:
        """Every open proposal of the course's draft, oldest first."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            blocks = {block.id: block for block in await courses.blocks(work.scope, workflow.version_id)}
            found = await rows.open_proposals(work.scope, workflow.version_id)
            return [_view(one, blocks[one.block_id]) for one in found if one.block_id in blocks]

    async def of_block(self, viewer: Viewer, block_id: UUID) -> list[ProposalView]:
        """All there were, the newest first."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            block = await work.get(Block, block_id)
            return [_view(one, block) for one in await rows.proposals_of_block(work.scope, block_id)]

    async def accept(self, viewer: Viewer, proposal_id: UUID, shown_hash: str) -> ProposalView:
        """The block says it from now on, and waits for approval. `shown_hash` is what the block said beside it."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            proposal = await work.get(Proposal, proposal_id, lock=True)
            block = await open_block(work, proposal.block_id)
            await apply(work, proposal, block, shown_hash)
            await work.tx.refresh(proposal)
            return _view(proposal, block)

    async def accept_all(self, viewer: Viewer, workflow_id: UUID, shown: Mapping[UUID, str]) -> list[ProposalView]:
        """Each that is open and still fits what was shown beside it (proposal id -> hash), all or none for a fault.

        Of two for one block the first is taken; the others stay open and no longer fit."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            workflow = await work.get(Workflow, workflow_id, lock=True)
            accepted = []
            for proposal in await rows.open_proposals(work.scope, workflow.version_id):
                if proposal.id not in shown:
                    continue
                block = await open_block(work, proposal.block_id)
                if block.content_hash == proposal.base_hash == shown[proposal.id]:
                    await apply(work, proposal, block, shown[proposal.id])
                    await work.tx.refresh(proposal)
                    accepted.append(_view(proposal, block))
            return accepted

    async def decline(self, viewer: Viewer, proposal_id: UUID, answer: str = '') -> ProposalView:
        """By whoever may write drafts, or by who made it. The block stays as it is."""
        async with self._gate.writing(viewer, Permission.DRAFT_READ) as work:
            _require_voice(work.viewer)
            proposal = await work.get(Proposal, proposal_id, lock=True)
            if proposal.maker_id != work.viewer.user_id:
                work.viewer.require(Permission.DRAFT_WRITE)
            block = await work.get(Block, proposal.block_id)
            decision = {
                'status': rows.DECLINED,
                'answer': fields.text('answer', answer, limit=4000),
                **_decided_by(work),
            }
            if not await rows.decide_proposal_once(work.scope, proposal.id, rows.OPEN, **decision):
                raise _decided(proposal)
            await work.tx.refresh(proposal)
            if proposal.by_model:
                person_did(work, DECLINED, proposal.kind, proposal.content_hash, block_id=block.id)
            await say(work, block, 'proposal.declined', kind=proposal.kind, proposal_id=str(proposal.id))
            return _view(proposal, block)

    async def undo(self, viewer: Viewer, proposal_id: UUID) -> ProposalView:
        """Gives the block back the words and sources it had; refused once it says something else again."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            proposal = await work.get(Proposal, proposal_id, lock=True)
            block = await open_block(work, proposal.block_id)
            if proposal.before is None or not await rows.decide_proposal_once(
                work.scope, proposal.id, rows.ACCEPTED, status=rows.UNDONE, **_decided_by(work)
            ):
                raise _decided(proposal)
            if block.content_hash != proposal.content_hash:
                raise BlockChanged('This block was changed after that. Look at its history to go back.')
            await revise(
                work,
                block,
                proposal.before['content'],
                origin=proposal.before['origin'],
                author=work.viewer.full_name,
                state=courses.WAITING,
            )
            # Whose words they are is what it was: going back is no writing.
            block.origin = proposal.before['origin']
            block.human_share = proposal.before.get('human_share', block.human_share)
            if proposal.sources is not None:
                await _replace_sources(work, block, proposal.before['sources'])
            await work.tx.refresh(proposal)
            await say(work, block, 'proposal.undone', kind=proposal.kind, proposal_id=str(proposal.id))
            return _view(proposal, block)


def _require_voice(viewer: Viewer) -> None:
    if not (viewer.may(Permission.DRAFT_WRITE) or viewer.may(Permission.DRAFT_APPROVE)):
        raise Forbidden()


async def _replace_sources(work: Work, block: Block, sources: Sequence[dict[str, Any]]) -> None:
    await clear_sources(work.scope, block.id)
    for place, source in enumerate(sources, 1):
        given = {**source, 'document_id': UUID(source['document_id'])}
        work.add(BlockSource(block_id=block.id, position=place, **given))


def _as_json(source: dict[str, Any]) -> dict[str, Any]:
    return {name: str(source[name]) if name == 'document_id' else source[name] for name in _SOURCE_FIELDS}


def _decided_by(work: Work, by: tuple[UUID, str] | None = None) -> dict[str, Any]:
    decided_by, decider = by or (work.viewer.user_id, work.viewer.full_name)
    return {'decided_by': decided_by, 'decider': decider, 'decided_at': now()}


def _decided(proposal: Proposal) -> ProposalDecided:
    return ProposalDecided(
        '{name} decided about this already. Look at the block as it is now.', name=proposal.decider or 'Somebody'
    )


def _view(proposal: Proposal, block: Block) -> ProposalView:
    return ProposalView(
        id=proposal.id,
        block_id=proposal.block_id,
        kind=proposal.kind,
        type=block.type,
        current=block.content,
        content=proposal.content,
        reason=proposal.reason,
        maker_id=proposal.maker_id,
        maker=proposal.maker,
        by_model=proposal.by_model,
        status=proposal.status,
        stale=proposal.status == rows.OPEN and proposal.base_hash != block.content_hash,
        base_hash=proposal.base_hash,
        made_at=proposal.created_at,
        decider=proposal.decider,
        decided_at=proposal.decided_at,
        answer=proposal.answer,
    )

"""The conversation as screens and programs see it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.work import Work
from storage import chat as rows
from storage import courses
from storage.chat import ChatCard, ChatMessage
from storage.courses import Block
from storage.proposals import Proposal
from storage.workflows import OutlineDraftRow, Workflow, current_outline


@dataclass(frozen=True, kw_only=True)
class CiteView:
    document_id: UUID
    document_name: str
    page: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, kw_only=True)
class CardView:
    """`kind` is block (a proposal: decide there), new_block or outline. `current` is what it would take the place of,
    None for a new block. `hash` is what was shown beside it; `stale`: that says something else by now."""

    id: UUID
    kind: str
    type: str
    where: str
    summary: str
    current: dict[str, Any] | None
    content: dict[str, Any]
    hash: str
    status: str
    stale: bool
    decider: str


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """`kind` is person or ai; `status` of an answer: waiting, writing, done, stopped or failed (then `error`)."""

    id: UUID
    seq: int
    kind: str
    author: str
    person_id: UUID | None
    text: str
    at: datetime
    status: str
    error: str
    by_model: bool
    cites: tuple[CiteView, ...]
    cards: tuple[CardView, ...]


async def message_views(work: Work, workflow: Workflow, found: Sequence[ChatMessage]) -> list[MessageView]:
    cards: dict[UUID, list[CardView]] = {message.id: [] for message in found}
    draft = await current_outline(work.scope, workflow.id)
    places = await _places(work, workflow)
    for card in await rows.cards_of(work.scope, list(cards)):
        cards[card.message_id].append(_card(card, places, draft))
    messages = {UUID(key): message.id for message in found for key in message.proposal_ids}
    proposals = await rows.proposals_among(work.scope, list(messages))
    blocks = {block.id: block for block in await courses.blocks(work.scope, workflow.version_id)} if proposals else {}
    for proposal in proposals:
        block = blocks.get(proposal.block_id)
        if block is not None:
            cards[messages[proposal.id]].append(_of_proposal(proposal, block, places))
    return [_message(message, cards[message.id]) for message in found]


async def _places(work: Work, workflow: Workflow) -> dict[UUID, str]:
    """Lesson id -> '1.2 Title'."""
    modules = {
        module.id: place for place, module in enumerate(await courses.modules(work.scope, workflow.version_id), 1)
    }
    numbers: Counter[UUID] = Counter()
    places = {}
    for lesson in await courses.lessons(work.scope, workflow.version_id):
        numbers[lesson.module_id] += 1
        places[lesson.id] = f'{modules[lesson.module_id]}.{numbers[lesson.module_id]} {lesson.title}'
    return places


def _card(card: ChatCard, places: dict[UUID, str], draft: OutlineDraftRow | None) -> CardView:
    is_outline = card.kind == rows.OUTLINE
    here = draft.content if draft else {}
    return CardView(
        id=card.id,
        kind=card.kind,
        type='outline' if is_outline else card.type,
        where='' if is_outline or card.lesson_id is None else places.get(card.lesson_id, ''),
        summary=card.summary,
        current=dict(card.before or here) if is_outline else None,
        content=dict(card.content),
        hash=card.base_hash,
        status=card.status,
        stale=is_outline and card.status == rows.OPEN and (draft is None or draft.content_hash != card.base_hash),
        decider=card.decider,
    )


def _of_proposal(proposal: Proposal, block: Block, places: dict[UUID, str]) -> CardView:
    before = proposal.before['content'] if proposal.before and proposal.status != rows.OPEN else block.content
    return CardView(
        id=proposal.id,
        kind='block',
        type=block.type,
        where=places.get(block.lesson_id, ''),
        summary=proposal.reason,
        current=dict(before),
        content=dict(proposal.content),
        hash=proposal.base_hash,
        status=proposal.status,
        stale=proposal.status == rows.OPEN and proposal.base_hash != block.content_hash,
        decider=proposal.decider,
    )


def _message(message: ChatMessage, cards: Sequence[CardView]) -> MessageView:
    return MessageView(
        id=message.id,
        seq=message.seq,
        kind=message.kind,
        author=message.author,
        person_id=message.person_id,
        text=message.text,
        at=message.created_at,
        status=message.status,
        error=message.error,
        by_model=message.by_model,
        cites=tuple(CiteView(**{**cite, 'document_id': UUID(cite['document_id'])}) for cite in message.cites),
        cards=tuple(cards),
    )

"""Cards of the conversation: an outline, or a block that would come into a lesson. Nothing happens until a person
accepts; changes to blocks that are there already are decided as proposals."""

from typing import Any
from uuid import UUID, uuid4

from services.clock import now
from services.errors import Conflict
from services.generation.blocks import BlockChanged, VersionIsPublished, revise, say
from services.generation.workflows import OutlineChanged, keep_outline
from services.work import Work
from storage import chat as rows
from storage import courses
from storage.chat import ChatCard
from storage.courses import Block, BlockSource, CourseVersion, Lesson
from storage.workflows import current_outline


class CardDecided(Conflict):
    code = 'proposal_decided'


async def accept_card(work: Work, card: ChatCard, shown_hash: str) -> None:
    if card.status != rows.OPEN:
        raise _decided(card)
    if card.kind == rows.OUTLINE:
        if shown_hash != card.base_hash:
            raise OutlineChanged()
        draft = await current_outline(work.scope, card.workflow_id)
        before = draft.content if draft else None
        result = await keep_outline(work, card.workflow_id, shown_hash, card.content)
    else:
        before, result = None, str((await _add_block(work, card)).id)
    await _decide(work, card, rows.OPEN, status=rows.ACCEPTED, before=before, result=result)


async def decline_card(work: Work, card: ChatCard) -> None:
    await _decide(work, card, rows.OPEN, status=rows.DECLINED)


async def undo_card(work: Work, card: ChatCard) -> None:
    """Refused once the outline, or the block, was changed after it."""
    if card.status != rows.ACCEPTED:
        raise _decided(card)
    if card.kind == rows.OUTLINE:
        await keep_outline(work, card.workflow_id, card.result, card.before)
    else:
        block = await work.get(Block, UUID(card.result), lock=True)
        if block.revision > 1:
            raise BlockChanged('This block was changed after that. Remove it in its lesson if it should go.')
        block.deleted_at = now()
        work.tx.add(block)
        await say(work, block, 'block.removed')
    await _decide(work, card, rows.ACCEPTED, status=rows.UNDONE)


async def _add_block(work: Work, card: ChatCard) -> Block:
    """At the end of its lesson; it waits for approval like every other."""
    assert card.lesson_id is not None, 'a new block has a lesson'
    lesson = await work.get(Lesson, card.lesson_id)
    version = await work.get(CourseVersion, lesson.version_id)
    if version.state != courses.DRAFT:
        raise VersionIsPublished('Version {number} is finished and stays as it is.', number=version.number)
    others = await courses.blocks(work.scope, lesson.version_id, lesson_id=lesson.id)
    block = Block(
        id=uuid4(),
        version_id=lesson.version_id,
        lesson_id=lesson.id,
        position=max((other.position for other in others), default=0) + 1,
        type=card.type,
        content={},
        content_hash='',
        revision=0,
    )
    await revise(work, block, card.content, origin=courses.AI, author=card.maker, state=courses.WAITING, by_model=True)
    for place, source in enumerate(card.sources, 1):
        given = {**source, 'document_id': UUID(source['document_id'])}
        work.add(BlockSource(block_id=block.id, position=place, **given))
    await say(work, block, 'block.added')
    return block


async def _decide(work: Work, card: ChatCard, was: str, **decision: Any) -> None:
    person = {'decided_by': work.viewer.user_id, 'decider': work.viewer.full_name, 'decided_at': now()}
    if not await rows.decide_card_once(work.scope, card.id, was, **decision, **person):
        raise _decided(card)
    await work.tx.refresh(card)


def _decided(card: ChatCard) -> CardDecided:
    return CardDecided(
        '{name} decided about this already. Look at the draft as it is now.', name=card.decider or 'Somebody'
    )

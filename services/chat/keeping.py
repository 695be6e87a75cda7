"""An answer is kept: what it cites is looked up on its page, and its changes become cards that wait for a person."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.chat.replies import BlockReply, NewBlockReply, OutlineReply, Reply
from services.errors import PlatformError
from services.generation import outward
from services.generation.blocks import open_block
from services.generation.content import checked_content
from services.generation.drafts import Citation
from services.generation.proposals import propose
from services.generation.quotes import find_quote
from services.work import Work
from storage import chat as rows
from storage import proposals
from storage.blocks import chunks_by_id
from storage.chat import ChatCard, ChatMessage
from storage.courses import Lesson
from storage.documents import DocumentChunk, documents_by_id, page


async def keep(work: Work, message: ChatMessage, reply: Reply) -> dict[str, Any]:
    """What the message says from now on; a change that cannot be proposed is left out, and the message says why."""
    quotes = Quotes(work, reply.passage_ids)
    cites = await quotes.found(reply.citations)
    ids, left_out = [], []
    for change in reply.changes:
        try:
            match change:
                case BlockReply():
                    ids.append(str(await _propose(work, reply, change, quotes)))
                case NewBlockReply():
                    await _offer_block(work, message, reply, change, quotes)
                case OutlineReply():
                    _offer_outline(work, message, reply, change)
        except PlatformError as refusal:
            left_out.append(str(refusal))
    say = '\n\n'.join([reply.say, *(f'One change was left out: {reason}' for reason in left_out)])
    return {'text': say, 'cites': cites, 'proposal_ids': ids, 'author': reply.model, 'by_model': reply.by_model}


class Quotes:
    """Word for word on their pages, or not at all."""

    def __init__(self, work: Work, passage_ids: Sequence[UUID]) -> None:
        self._work, self._ids = work, passage_ids
        self._chunks: dict[UUID, DocumentChunk] | None = None
        self._names: dict[UUID, str] = {}

    async def found(self, citations: Sequence[Citation]) -> list[dict[str, Any]]:
        found: dict[tuple[str, int, int, int], dict[str, Any]] = {}
        for citation in citations:
            source = await self._source(citation)
            if source is not None:
                found[source['document_id'], source['page'], source['start'], source['end']] = source
        return list(found.values())

    async def texts(self) -> str:
        return '\n'.join(chunk.text for chunk in (await self._read()).values())

    async def _source(self, citation: Citation) -> dict[str, Any] | None:
        chunks = await self._read()
        cited = self._ids[citation.passage - 1] if 1 <= citation.passage <= len(self._ids) else None
        for key in dict.fromkeys([cited, *self._ids]):  # authors miscount: then the pages of the others
            chunk = chunks.get(key) if key else None
            row = await page(self._work.scope, chunk.document_id, chunk.page) if chunk else None
            span = find_quote(row.text, citation.quote, near=(chunk.start, chunk.end)) if row and chunk else None
            if row and chunk and span:
                return {
                    'document_id': str(chunk.document_id),
                    'document_name': self._names[chunk.document_id],
                    'page': chunk.page,
                    'start': span[0],
                    'end': span[1],
                    'quote': row.text[span[0] : span[1]],
                }
        return None

    async def _read(self) -> dict[UUID, DocumentChunk]:
        if self._chunks is None:
            self._chunks = {chunk.id: chunk for chunk in await chunks_by_id(self._work.scope, self._ids)}
            owners = {chunk.document_id for chunk in self._chunks.values()}
            self._names = {row.id: row.name for row in await documents_by_id(self._work.scope, owners)}
        return self._chunks


async def _propose(work: Work, reply: Reply, change: BlockReply, quotes: Quotes) -> UUID:
    block = await open_block(work, change.block_id)
    if block.content_hash != change.base_hash:
        raise _Changed('The block changed while the answer was written. Ask again.')
    proposal = await propose(
        work,
        block,
        change.content,
        kind=proposals.CHAT,
        reason=change.reason,
        model=reply.model,
        sources=await quotes.found(change.citations),
    )
    return proposal.id


async def _offer_block(work: Work, message: ChatMessage, reply: Reply, change: NewBlockReply, quotes: Quotes) -> None:
    await work.get(Lesson, change.lesson_id)
    work.add(
        ChatCard(
            message_id=message.id,
            workflow_id=message.workflow_id,
            kind=rows.NEW_BLOCK,
            lesson_id=change.lesson_id,
            type=change.type,
            summary=change.reason,
            content=outward.inward(checked_content(change.type, change.content), await quotes.texts()),
            sources=await quotes.found(change.citations),
            maker=reply.model,
            by_model=True,
        )
    )


def _offer_outline(work: Work, message: ChatMessage, reply: Reply, change: OutlineReply) -> None:
    work.add(
        ChatCard(
            message_id=message.id,
            workflow_id=message.workflow_id,
            kind=rows.OUTLINE,
            summary=change.reason,
            base_hash=change.base_hash,
            content=change.outline,
            maker=reply.model,
            by_model=True,
        )
    )


class _Changed(PlatformError):
    code = 'draft_changed'

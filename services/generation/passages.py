"""Which passages an author gets to read."""

from collections.abc import Sequence
from uuid import UUID

from services.generation.authors.base import Passage
from storage.database import Scope
from storage.documents import DocumentChunk, chunks, documents_by_id

# What fits into a model's context with room for the answer: about 400 passages of 160 words.
_MOST_FOR_OUTLINE = 400


async def of_documents(scope: Scope, document_ids: Sequence[UUID]) -> list[Passage]:
    """Everything in these documents in reading order, thinned evenly where it is more than an author can take."""
    found = await chunks(scope, document_ids)
    names = {document.id: document.name for document in await documents_by_id(scope, document_ids)}
    return [_passage(chunk, names.get(chunk.document_id, '')) for chunk in _thinned(found)]


async def by_id(scope: Scope, document_ids: Sequence[UUID], chunk_ids: Sequence[UUID]) -> list[Passage]:
    """These passages, in the order of `chunk_ids`; what is gone is left out."""
    wanted = set(chunk_ids)
    names = {document.id: document.name for document in await documents_by_id(scope, document_ids)}
    found = {chunk.id: chunk for chunk in await chunks(scope, document_ids) if chunk.id in wanted}
    return [_passage(found[key], names.get(found[key].document_id, '')) for key in chunk_ids if key in found]


def _thinned(found: Sequence[DocumentChunk]) -> Sequence[DocumentChunk]:
    """The first passage of each section always stays: it says what the section is about."""
    if len(found) <= _MOST_FOR_OUTLINE:
        return found
    opening = {
        chunk.id
        for before, chunk in zip([None, *found], found, strict=False)
        if before is None or before.heading != chunk.heading
    }
    others = [chunk for chunk in found if chunk.id not in opening]
    room = max(_MOST_FOR_OUTLINE - len(opening), 0)
    kept = {others[place * len(others) // room].id for place in range(room)} if room and others else set()
    return [chunk for chunk in found if chunk.id in opening or chunk.id in kept][: _MOST_FOR_OUTLINE * 2]


def _passage(chunk: DocumentChunk, name: str) -> Passage:
    return Passage(
        id=chunk.id,
        document_id=chunk.document_id,
        document_name=name,
        page=chunk.page,
        start=chunk.start,
        end=chunk.end,
        text=chunk.text,
        heading=chunk.heading,
    )

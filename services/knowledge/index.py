"""What is found by meaning and by word: passages of documents, and lessons. One place owns vectors and embedder."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from uuid import UUID, uuid5

from services.knowledge.collections import COURSE_KNOWLEDGE, INTERACTIONS
from services.knowledge.embedding import Embedder, EmbedderUnavailable
from services.knowledge.language import sentences
from services.richtext import plain_text
from storage.courses import Block, Lesson
from storage.documents import Document, DocumentChunk
from storage.knowledge import PassageVote
from storage.vector_queries import SET_ASIDE
from storage.vectors import Hit, VectorRow, VectorStore

LESSONS, QUESTIONS = COURSE_KNOWLEDGE, INTERACTIONS
_LONGEST_QUERY = 2000


class Index:
    """Knows organisations, not people: whoever calls it has checked who may see what."""

    def __init__(self, vectors: VectorStore, embedder: Embedder) -> None:
        self._vectors = vectors
        self._embedder = embedder
        self._warming: set[asyncio.Future[None]] = set()

    def warm(self) -> None:
        """Loads the model in the background, before somebody waits for it."""
        task = asyncio.ensure_future(self._load())
        self._warming.add(task)
        task.add_done_callback(self._warming.discard)

    async def _load(self) -> None:
        with suppress(EmbedderUnavailable):  # whoever needs it will be told
            await self._embedder.embed(['ready'])

    async def search(
        self,
        organization_id: UUID,
        query: str,
        *,
        limit: int,
        collection: str | None = None,
        document_ids: Collection[UUID] | None = None,
        without: Collection[UUID] = (),
        vector: list[float] | None = None,
        pages_only: bool = False,
    ) -> list[Hit]:
        """Best first; `vector` is the query's, where it is known already.

        Passages of versions that were replaced are found only where their document is named.
        """
        text = query[:_LONGEST_QUERY]
        vector = vector or await self.vector_of(text)
        return await self._vectors.search(
            organization_id,
            text=text,
            vector=vector,
            limit=limit,
            collection=collection,
            document_ids=document_ids,
            without=without,
            pages_only=pages_only,
        )

    async def vector_of(self, query: str) -> list[float]:
        [vector] = await self._embedder.embed([query[:_LONGEST_QUERY]])
        return vector

    async def lessons(self, organization_id: UUID, query: str, lesson_ids: Collection[UUID]) -> list[UUID]:
        """Ids of the lessons, of these, that a query is about; best first."""
        if not lesson_ids or not query.strip():
            return []
        hits = await self.search(organization_id, query, limit=20, collection=LESSONS, document_ids=lesson_ids)
        return list(dict.fromkeys(hit.document_id for hit in hits))

    async def nearest(
        self, organization_id: UUID, text: str, document_ids: Sequence[UUID], *, limit: int
    ) -> list[UUID]:
        """Ids of the passages of these documents nearest to the text; for authors."""
        hits = await self.search(organization_id, text, limit=limit, document_ids=document_ids)
        return [hit.chunk_id for hit in hits]

    async def add_passages(self, document: Document, passages: Sequence[DocumentChunk]) -> None:
        """Doing it again changes nothing."""
        vectors = await self._embedder.embed([f'{passage.heading}\n{passage.text}'.strip() for passage in passages])
        await self._vectors.add(
            document.organization_id,
            [
                VectorRow(
                    chunk_id=passage.id,
                    document_id=document.id,
                    collection=document.collection if document.current else SET_ASIDE,
                    page=passage.page,
                    start=passage.start,
                    end=passage.end,
                    heading=passage.heading,
                    text=passage.text,
                    vector=vector,
                )
                for passage, vector in zip(passages, vectors, strict=True)
            ],
        )

    async def add_lesson(self, lesson: Lesson, blocks: Sequence[Block]) -> None:
        """Makes a finished lesson findable."""
        texts = [f'{lesson.title}. {_words(block)}' for block in blocks if block.type in ('text', 'slide')]
        pieces = [piece for text in texts for piece in _pieces(text)]
        vectors = await self._embedder.embed(pieces)
        await self._vectors.remove_document(lesson.organization_id, lesson.id)
        await self._vectors.add(
            lesson.organization_id,
            [
                VectorRow(
                    chunk_id=uuid5(lesson.id, str(place)),
                    document_id=lesson.id,
                    collection=LESSONS,
                    page=0,
                    start=0,
                    end=len(text),
                    heading=lesson.title,
                    text=text,
                    vector=vector,
                )
                for place, (text, vector) in enumerate(zip(pieces, vectors, strict=True))
            ],
        )

    async def add_question(self, vote: PassageVote) -> None:
        """Makes a question findable with the passage that helped."""
        text = f'{vote.query}\n{vote.text}'
        [vector] = await self._embedder.embed([text])
        row = VectorRow(
            chunk_id=vote.id,
            document_id=vote.id,
            collection=QUESTIONS,
            page=0,
            start=0,
            end=len(text),
            heading=vote.query,
            text=text,
            vector=vector,
        )
        await self._vectors.add(vote.organization_id, [row])

    async def forget_question(self, organization_id: UUID, vote_id: UUID) -> None:
        await self._vectors.remove_document(organization_id, vote_id)

    async def forget_organization(self, organization_id: UUID) -> None:
        """All that can be found of it, and the directory that holds it."""
        await self._vectors.remove_organization(organization_id)

    async def sort(self, document: Document) -> None:
        """Puts its passages where they belong: into its collection, or aside once a newer version took its place."""
        collection = document.collection if document.current else SET_ASIDE
        await self._vectors.set_collection(document.organization_id, document.id, collection)

    async def forget(self, document: Document) -> None:
        await self._vectors.remove_document(document.organization_id, document.id)


def _words(block: Block) -> str:
    if block.type == 'text':
        return plain_text(block.content['html'])
    return '. '.join([block.content['title'], *block.content['bullets']])


def _pieces(text: str, most: int = 900) -> Sequence[str]:
    """The text in pieces of whole sentences, of about `most` characters each."""
    pieces = ['']
    for start, end in sentences(text):
        if pieces[-1] and len(pieces[-1]) + end - start > most:
            pieces.append('')
        pieces[-1] = f'{pieces[-1]} {text[start:end]}'.strip()
    return [piece for piece in pieces if piece]

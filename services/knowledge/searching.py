"""Passages for a question: by meaning and by word, by what was learned, without what nobody should write from."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from services.clock import now
from services.errors import InvalidInput
from services.knowledge.collections import COURSE_KNOWLEDGE, INTERACTIONS, LAB_ASSISTANCE, check_collection
from services.knowledge.folders import within
from services.knowledge.index import Index
from services.knowledge.learning import LONGEST_QUESTION, hash_of, ranked
from services.knowledge.views import Found
from services.viewer import Permission, Viewer
from services.work import Gate
from storage import documents as documents
from storage import knowledge as rows
from storage.database import Scope
from storage.knowledge import KnowledgeQuery, PassageVote
from storage.lookup import findable_lessons
from storage.vectors import Hit

KEPT_QUERIES = timedelta(days=180)
_MOST = 200


class Searching:
    def __init__(self, gate: Gate, index: Index) -> None:
        self._gate = gate
        self._index = index

    async def search(
        self,
        viewer: Viewer,
        query: str,
        *,
        limit: int = 10,
        collection: str | None = None,
        document_ids: Collection[UUID] | None = None,
        folder_id: UUID | None = None,
        counted: bool = False,
    ) -> Sequence[Found]:
        """By meaning and by word, in the viewer's own organisation: newest versions of documents above the line.

        Documents that are named are searched whatever they are. `counted`: a person's question, for the figures.
        """
        if not query.strip():
            raise InvalidInput('Type what you are looking for.', fields={'query': 'Type what you are looking for.'})
        if collection is not None:
            check_collection(collection)
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            if folder_id is not None:
                inside = await documents.in_folders(work.scope, within(await rows.folders(work.scope), folder_id))
                document_ids = [key for key in inside if document_ids is None or key in document_ids]
            organization_id = work.scope.organization_id
        found = await self._found(organization_id, query, limit=limit, collection=collection, document_ids=document_ids)
        if counted:
            await self._count(viewer, query, collection or '', found)
        return found

    async def for_lab_hint(self, organization_id: UUID, question: str, *, limit: int = 4) -> Sequence[Found]:
        """What a hint in a lab may cite: documents of the collection for lab assistance, and no others.

        Knows organisations, not people: whoever calls it has checked who is asking.
        """
        return await self._found(organization_id, question, limit=limit, collection=LAB_ASSISTANCE, document_ids=None)

    async def _found(
        self,
        organization_id: UUID,
        query: str,
        *,
        limit: int,
        collection: str | None,
        document_ids: Collection[UUID] | None,
    ) -> list[Found]:
        async with self._gate.database.reading() as tx:
            scope = Scope(tx, organization_id)
            settings = await rows.settings_of(scope)
            votes = await rows.votes(scope) if settings.learns else []
            below = await rows.below_the_line(scope, settings.quality_line) if document_ids is None else ()
        vector = await self._index.vector_of(query)
        hits = await self._index.search(
            organization_id,
            query,
            vector=vector,
            limit=min(3 * limit, _MOST) if votes else limit,
            collection=collection,
            document_ids=document_ids,
            without=below,
            pages_only=collection not in (COURSE_KNOWLEDGE, INTERACTIONS),
        )
        async with self._gate.database.reading() as tx:
            scope = Scope(tx, organization_id)
            named = await _names(scope, hits, replaced_too=document_ids is not None)
            if collection == COURSE_KNOWLEDGE:
                lessons = await findable_lessons(scope, learner=None)
                named |= {lesson.lesson_id: lesson.lesson_title for lesson in lessons}
        answered = {vote.id: vote for vote in votes} if collection == INTERACTIONS else {}
        found = [
            _of_question(hit, answered[hit.document_id]) if hit.document_id in answered else _found(hit, named)
            for hit in ranked(hits, vector, votes)
            if hit.document_id in named or hit.document_id in answered
        ]
        return found[:limit]

    async def _count(self, viewer: Viewer, query: str, collection: str, found: Sequence[Found]) -> None:
        question = ' '.join(query.split())[:LONGEST_QUESTION]
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_READ) as work:
            work.add(
                KnowledgeQuery(
                    query=question,
                    query_hash=hash_of(question),
                    collection=collection,
                    results=len(found),
                    best=max((one.score for one in found), default=0.0),
                )
            )
            await rows.forget_queries(work.scope, before=now() - KEPT_QUERIES)


async def _names(scope: Scope, hits: Sequence[Hit], *, replaced_too: bool) -> dict[UUID, str]:
    owners = {hit.document_id for hit in hits}
    found = await documents.documents_by_id(scope, owners)
    return {document.id: document.name for document in found if document.current or replaced_too}


def _found(hit: Hit, named: dict[UUID, str]) -> Found:
    return Found(
        document_id=hit.document_id,
        document_name=named[hit.document_id],
        page=hit.page,
        start=hit.start,
        end=hit.end,
        heading=hit.heading,
        text=hit.text,
        score=hit.score,
        learned=hit.learned,
        kind='document' if hit.page else 'lesson',
    )


def _of_question(hit: Hit, vote: PassageVote) -> Found:
    """The passage that helped with a question which was asked before."""
    return Found(
        document_id=vote.document_id,
        document_name=vote.document_name,
        page=vote.page,
        start=vote.start,
        end=vote.end,
        heading=vote.query,
        text=vote.text,
        score=hit.score,
        learned=0.0,
        kind='question',
    )

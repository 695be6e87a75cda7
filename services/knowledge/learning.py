"""What thumbs teach: a passage that helped with a question comes first for a question like it, one that did not, last.

Nothing is trained: each thumb is a row that anybody may look at, and that counts until it is taken back.
"""

import hashlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services import fields
from services.clock import now
from services.errors import Conflict, Forbidden, InvalidInput, NotFound
from services.knowledge.index import Index
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import knowledge as rows
from storage.documents import Document
from storage.knowledge import PassageVote
from storage.vectors import Hit

ALIKE = 0.65
"""From this cosine on two questions are alike; the nearer, the more a thumb counts."""
LONGEST_QUESTION = 500


@dataclass(frozen=True, kw_only=True)
class VoteView:
    """`helpful` False is a thumb down; `own` says whether the viewer gave it."""

    id: UUID
    query: str
    helpful: bool
    voter: str
    own: bool
    document_id: UUID
    document_name: str
    page: int
    text: str
    created_at: datetime


class LearningService:
    def __init__(self, gate: Gate, index: Index) -> None:
        self._gate = gate
        self._index = index

    async def learn(
        self, viewer: Viewer, query: str, *, document_id: UUID, page: int, start: int, helpful: bool
    ) -> VoteView:
        """A thumb on the passage that begins there; the newest one of a person for a question counts."""
        question = fields.line('query', query, limit=LONGEST_QUESTION)
        if not question:
            raise InvalidInput('Say for which question.', fields={'query': 'Say for which question.'})
        current = await self._gate.check(viewer, Permission.KNOWLEDGE_READ)
        vector = await self._index.vector_of(question)
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_READ) as work:
            if not (await rows.settings_of(work.scope)).learns:
                raise Conflict('Learning from thumbs is switched off. An administrator can switch it on.')
            document = await work.get(Document, document_id)
            passage = await rows.passage_at(work.scope, document_id, page, start)
            if passage is None:
                raise NotFound()
            key, text_hash = hash_of(question), hash_of(passage.text)
            vote = await rows.vote_of(work.scope, current.user_id, key, text_hash) or work.add(
                PassageVote(
                    user_id=current.user_id,
                    voter=current.full_name,
                    document_id=document_id,
                    document_name=document.name,
                    page=page,
                    start=start,
                    end=passage.end,
                    text=passage.text,
                    text_hash=text_hash,
                    query=question,
                    query_hash=key,
                    query_vector=array('f', vector).tobytes(),
                    value=1,
                )
            )
            vote.value, vote.deleted_at = 1 if helpful else -1, None
            vote.document_id, vote.document_name, vote.page, vote.start = document_id, document.name, page, start
            work.tx.add(vote)
            await rows.mark_helped(work.scope, key, helped=helpful)
            work.record('passage.thumbed', document, after={'helpful': helpful, 'page': page})
            _say(work)
            view = _view(vote, current)
        await self._remember(vote)
        return view

    async def list(self, viewer: Viewer, *, limit: int = 50, offset: int = 0) -> Sequence[VoteView]:
        """Every thumb that counts, newest first."""
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            found = await rows.votes(work.scope, limit=limit, offset=offset)
            return [_view(vote, work.viewer) for vote in found]

    async def take_back(self, viewer: Viewer, vote_id: UUID) -> None:
        """One's own; whoever keeps the documents may take back anybody's. `restore` undoes it."""
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_READ) as work:
            vote = await work.get(PassageVote, vote_id)
            _require_own(work, vote)
            vote.deleted_at = now()
            work.tx.add(vote)
            work.record('passage.thumb_taken_back', vote)
            _say(work)
        await self._index.forget_question(vote.organization_id, vote.id)

    async def restore(self, viewer: Viewer, vote_id: UUID) -> VoteView:
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_READ) as work:
            vote = await work.removed(PassageVote, vote_id)
            _require_own(work, vote)
            vote.deleted_at = None
            work.tx.add(vote)
            work.record('passage.thumb_restored', vote)
            _say(work)
            view = _view(vote, work.viewer)
        await self._remember(vote)
        return view

    async def _remember(self, vote: PassageVote) -> None:
        """Questions that were answered well can be found themselves, in the collection of user interactions."""
        if vote.value > 0:
            await self._index.add_question(vote)
        else:
            await self._index.forget_question(vote.organization_id, vote.id)


def ranked(hits: Sequence[Hit], vector: Sequence[float], votes: Sequence[PassageVote]) -> list[Hit]:
    """The hits with what was learned in their score, best first.

    A thumb for the same question moves a passage 0.6 of the way that all thumbs together can move it: up by half of
    what is missing to 1, or down by half of what it has.
    """
    if not votes or not hits:
        return list(hits)
    import numpy as np

    questions = np.frombuffer(b''.join(vote.query_vector for vote in votes), dtype=np.float32)
    likeness = questions.reshape(len(votes), -1) @ np.asarray(vector, dtype=np.float32)
    effects: dict[str, float] = {}
    for vote, alike in zip(votes, likeness.tolist(), strict=True):
        if alike >= ALIKE:
            weight = 0.6 * min(1.0, (alike - ALIKE) / (1 - ALIKE) + 0.1)
            effects[vote.text_hash] = effects.get(vote.text_hash, 0.0) + vote.value * weight
    learned = [_moved(hit, effects.get(hash_of(hit.text), 0.0)) for hit in hits]
    return sorted(learned, key=lambda hit: hit.score, reverse=True)


def _moved(hit: Hit, effect: float) -> Hit:
    if not effect:
        return hit
    by = max(-1.0, min(1.0, effect)) / 2
    score = hit.score + by * (1 - hit.score if by > 0 else hit.score)
    return replace(hit, score=score, learned=score - hit.score)


def hash_of(text: str) -> str:
    """Of the words alone: spaces and capitals make no difference."""
    return hashlib.sha256(' '.join(text.lower().split()).encode('utf-8', 'replace')).hexdigest()


def _require_own(work: Work, vote: PassageVote) -> None:
    if vote.user_id != work.viewer.user_id and not work.viewer.may(Permission.KNOWLEDGE_WRITE):
        raise Forbidden('This thumb was given by somebody else. Whoever keeps the documents can take it back.')


def _say(work: Work) -> None:
    work.changed(f'learned:{work.scope.organization_id}')


def _view(vote: PassageVote, viewer: Viewer) -> VoteView:
    return VoteView(
        id=vote.id,
        query=vote.query,
        helpful=vote.value > 0,
        voter=vote.voter,
        own=vote.user_id == viewer.user_id,
        document_id=vote.document_id,
        document_name=vote.document_name,
        page=vote.page,
        text=vote.text,
        created_at=vote.created_at,
    )

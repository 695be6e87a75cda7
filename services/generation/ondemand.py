"""Drafts on request, outside a workflow: a syllabus, slides or questions on a topic, from the organisation's documents.

Nothing is stored: the answer is a draft for the person who asked.
"""

import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from services.ai.authors import About, Authors, Call
from services.errors import InvalidInput
from services.generation import outlines, passages
from services.generation.authors.base import Brief, Draft, Passage, Written
from services.generation.drafts import LessonPlan, OutlineDraft, QuestionDraft, SlideDraft
from services.generation.outlines import Outline
from services.generation.saving import content_of
from services.knowledge.index import Index
from services.limits import GENERATE
from services.viewer import Permission, Viewer
from services.work import Gate
from storage.documents import INDEXED, documents

_MOST_DOCUMENTS = 200
_FOR_SYLLABUS, _FOR_LESSON = 60, 16


class OnDemandService:
    def __init__(self, gate: Gate, authors: Authors, knowledge: Index) -> None:
        self._gate = gate
        self._authors = authors
        self._knowledge = knowledge

    async def syllabus(
        self, viewer: Viewer, *, topic: str, level: str, hours: float, document_ids: Sequence[UUID] = ()
    ) -> Outline:
        """Modules and lessons whose minutes add up to the hours asked for."""
        if not 0.25 <= hours <= 200:
            fault = 'Say how long learners have: from a quarter of an hour (0.25) to 200 hours.'
            raise InvalidInput(fault, fields={'hours': fault})
        brief = _brief(topic, level=level, hours=hours)
        sources = await self._sources(viewer, topic, document_ids, limit=_FOR_SYLLABUS)
        author, began = await self._authors.of(viewer.organization_id, _about(viewer, 'syllabus')), time.monotonic()
        written = await author.outline(brief, sources, previous=None, comment='', on_partial=_unwatched)
        await self._record(viewer, 'syllabus', written, began)
        return outlines.from_draft(written.draft, sources, None)

    async def slides(
        self, viewer: Viewer, *, topic: str, level: str = '', document_ids: Sequence[UUID] = ()
    ) -> list[dict[str, Any]]:
        """Slides with speaker notes: {title, bullets, notes}."""
        return [
            content_of(block)
            for block in await self._lesson(viewer, 'slides', topic, level, document_ids)
            if isinstance(block, SlideDraft)
        ]

    async def questions(
        self,
        viewer: Viewer,
        *,
        topic: str,
        level: str = '',
        kinds: Sequence[str] = (),
        document_ids: Sequence[UUID] = (),
    ) -> list[dict[str, Any]]:
        """Questions of the kinds asked for (all four if none is named), each with an explanation."""
        return [
            content_of(block)
            for block in await self._lesson(viewer, 'quiz', topic, level, document_ids)
            if isinstance(block, QuestionDraft) and (not kinds or block.kind in kinds)
        ]

    async def _lesson(
        self, viewer: Viewer, purpose: str, topic: str, level: str, document_ids: Sequence[UUID]
    ) -> Sequence[object]:
        sources = await self._sources(viewer, topic, document_ids, limit=_FOR_LESSON)
        brief = _brief(topic, level=level, hours=0.5)
        plan = LessonPlan(title=brief.title, objectives=[], minutes=30, passages=list(range(1, len(sources) + 1)))
        outline = OutlineDraft(title=brief.title, summary='', objectives=[], modules=[], answer='')
        author, began = await self._authors.of(viewer.organization_id, _about(viewer, purpose)), time.monotonic()
        written = await author.lesson(brief, outline, plan, sources, already_written=(), on_partial=_unwatched)
        await self._record(viewer, purpose, written, began)
        return written.draft.blocks

    async def _record(self, viewer: Viewer, purpose: str, written: Written[Draft], began: float) -> None:
        async with self._gate.writing(viewer) as work:
            await self._authors.record(
                work,
                Call(
                    once=uuid4().hex,
                    purpose=purpose,
                    provider=written.provider,
                    model=written.model,
                    prompt_version=written.prompt_version,
                    tokens=(written.input_tokens, written.output_tokens),
                    seconds=round(time.monotonic() - began, 2),
                    person_id=viewer.user_id,
                    call_id=written.call_id,
                ),
            )

    async def _sources(self, viewer: Viewer, topic: str, document_ids: Sequence[UUID], *, limit: int) -> list[Passage]:
        """The passages nearest to the topic, of these documents or of all there are, in reading order."""
        async with self._gate.reading(viewer, Permission.COURSE_WRITE) as work:
            await self._gate.limits.spend(GENERATE, str(work.viewer.user_id))
            found, _ = await documents(work.scope, limit=_MOST_DOCUMENTS)
            ready = [row.id for row in found if row.status == INDEXED and (not document_ids or row.id in document_ids)]
        if not ready:
            raise InvalidInput('There is no indexed document to write from. Add one first.')
        nearest = await self._knowledge.nearest(work.scope.organization_id, topic, ready, limit=limit)
        async with self._gate.reading(viewer, Permission.COURSE_WRITE) as work:
            chosen = await passages.by_id(work.scope, ready, nearest)
        return sorted(chosen, key=lambda passage: (str(passage.document_id), passage.page, passage.start))


def _about(viewer: Viewer, purpose: str) -> About:
    return About(purpose=purpose, person_id=viewer.user_id, person=viewer.full_name)


def _brief(topic: str, *, level: str, hours: float) -> Brief:
    if not topic.strip():
        raise InvalidInput('Say what it should be about.', fields={'topic': 'Say what it should be about.'})
    return Brief(title=topic.strip()[:200], purpose='', audience='', level=level, hours=hours, language='en')


def _unwatched(_partial: dict[str, object]) -> None:
    """Nobody watches a draft that is answered in one piece."""

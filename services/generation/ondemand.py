"""Drafts on request, answered in one piece: a syllabus, slides, questions or exercises on a topic.

Nothing is stored: the answer is a draft for the person who asked. services/generation/parts.py keeps them.
"""

import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from services.ai.authors import Authors, Call
from services.ai.calls import About
from services.generation.authors.base import Written
from services.generation.outlines import Outline
from services.generation.parts_writing import Asked, PartWriter
from services.knowledge.index import Index
from services.limits import GENERATE
from services.viewer import Permission, Viewer
from services.work import Gate


class OnDemandService:
    def __init__(self, gate: Gate, authors: Authors, knowledge: Index) -> None:
        self._gate = gate
        self._writer = PartWriter(gate, authors, knowledge)

    async def syllabus(
        self, viewer: Viewer, *, topic: str, level: str, hours: float, document_ids: Sequence[UUID] = ()
    ) -> Outline:
        """Modules and lessons whose minutes add up to the hours asked for."""
        asked = Asked(kind='syllabus', topic=topic, level=level, hours=hours, document_ids=tuple(document_ids))
        return Outline.model_validate((await self._write(viewer, asked))['outline'])

    async def slides(
        self, viewer: Viewer, *, topic: str, level: str = '', document_ids: Sequence[UUID] = ()
    ) -> list[dict[str, Any]]:
        """Slides with speaker notes: {title, bullets, notes, sources}."""
        return await self._blocks(
            viewer, Asked(kind='slides', topic=topic, level=level, document_ids=tuple(document_ids))
        )

    async def questions(
        self,
        viewer: Viewer,
        *,
        topic: str,
        level: str = '',
        kinds: Sequence[str] = (),
        count: int = 0,
        document_ids: Sequence[UUID] = (),
    ) -> list[dict[str, Any]]:
        """Questions of the kinds asked for (all four if none is named), each with an explanation and its sources."""
        asked = Asked(
            kind='quiz',
            topic=topic,
            level=level,
            kinds=tuple(kinds),  # type: ignore[arg-type]  # checked before anything is written
            count=count,
            document_ids=tuple(document_ids),
        )
        return await self._blocks(viewer, asked)

    async def labs(
        self, viewer: Viewer, *, topic: str, level: str = '', count: int = 1, document_ids: Sequence[UUID] = ()
    ) -> list[dict[str, Any]]:
        """Exercises with starter, solution and tests; AuthorCannot where the documents show no code."""
        return await self._blocks(
            viewer, Asked(kind='lab', topic=topic, level=level, count=count, document_ids=tuple(document_ids))
        )

    async def _blocks(self, viewer: Viewer, asked: Asked) -> list[dict[str, Any]]:
        found = (await self._write(viewer, asked))['blocks']
        return [{**block['content'], 'sources': block['sources']} for block in found]

    async def _write(self, viewer: Viewer, asked: Asked) -> dict[str, Any]:
        asked = asked.checked()
        async with self._gate.reading(viewer, Permission.COURSE_WRITE) as work:
            await self._gate.limits.spend(GENERATE, str(work.viewer.user_id))
            ready, organization_id = await self._writer.sources(work, asked)
        sources = await self._writer.passages(organization_id, asked, ready)
        about = About(purpose=asked.kind, person_id=viewer.user_id, person=viewer.full_name)
        began = time.monotonic()
        written, result = await self._writer.write(organization_id, asked, sources, about, _unwatched)
        await self._record(viewer, asked.kind, written, began)
        return result

    async def _record(self, viewer: Viewer, purpose: str, written: Written[Any], began: float) -> None:
        async with self._gate.writing(viewer) as work:
            await self._writer.authors.record(
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


def _unwatched(_partial: dict[str, object]) -> None:
    """Nobody watches a draft that is answered in one piece."""

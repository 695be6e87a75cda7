"""How one part is written: a syllabus, slides, questions or exercises on a topic, from the organisation's documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args
from uuid import UUID

from services import fields
from services.ai.authors import Authors
from services.ai.calls import About
from services.errors import InvalidInput
from services.generation import outlines, passages
from services.generation.authors.base import Brief, OnPartial, PartWanted, Passage, Written
from services.generation.drafts import LessonPlan, QuestionKind
from services.generation.saving import content_of, verified_sources
from services.knowledge.drafting import draftable
from services.knowledge.index import Index
from services.work import Gate, Work

PartKind = Literal['syllabus', 'slides', 'quiz', 'lab']
PART_KINDS: tuple[PartKind, ...] = get_args(PartKind)
QUESTION_KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
_MOST_DOCUMENTS, _MOST_BLOCKS = 200, 20
_FOR_SYLLABUS, _FOR_LESSON = 60, 16
_MOST_TOPIC, _MOST_LEVEL = 200, 60


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`hours` is for a syllabus, `kinds` for questions; `count` is how many slides, questions or exercises, 0: as fits.

    `document_ids`: all that are indexed, if none is named."""

    kind: PartKind
    topic: str
    level: str = ''
    hours: float = 1.0
    kinds: tuple[QuestionKind, ...] = ()
    count: int = 0
    language: str = 'en'
    document_ids: tuple[UUID, ...] = ()

    def checked(self) -> 'Asked':
        """As it may be written, or InvalidInput with what is wrong in each field."""
        topic = fields.line('topic', self.topic, limit=_MOST_TOPIC)
        faults = {}
        if not topic:
            faults['topic'] = 'Say what it should be about.'
        if self.kind not in PART_KINDS:
            faults['kind'] = f'Choose one of {", ".join(PART_KINDS)}.'
        if self.kind == 'syllabus' and not 0.25 <= self.hours <= 200:
            faults['hours'] = 'Say how long learners have: from a quarter of an hour (0.25) to 200 hours.'
        if not set(self.kinds) <= set(QUESTION_KINDS):
            faults['kinds'] = f'Questions are of these kinds: {", ".join(QUESTION_KINDS)}.'
        if not 0 <= self.count <= _MOST_BLOCKS:
            faults['count'] = f'Ask for at most {_MOST_BLOCKS} at once.'
        if faults:
            raise InvalidInput(' '.join(faults.values()), fields=faults)
        level = fields.line('level', self.level, limit=_MOST_LEVEL)
        return Asked(**{**vars(self), 'topic': topic, 'level': level, 'kinds': tuple(dict.fromkeys(self.kinds))})

    @property
    def brief(self) -> Brief:
        hours = self.hours if self.kind == 'syllabus' else 0.5
        return Brief(title=self.topic, purpose='', audience='', level=self.level, hours=hours, language=self.language)


class PartWriter:
    def __init__(self, gate: Gate, authors: Authors, index: Index) -> None:
        self._gate = gate
        self.authors = authors
        self._index = index

    async def sources(self, work_of: Work, asked: Asked) -> tuple[list[UUID], UUID]:
        """The documents that it is written from, and whose they are. Raises InvalidInput where there are none."""
        ready = await draftable(work_of.scope, named=asked.document_ids, most=_MOST_DOCUMENTS)
        if not ready:
            raise InvalidInput(
                'There is no indexed document to write from. Add one first.',
                fields={'document_ids': 'Choose at least one document that is indexed.'},
            )
        return ready, work_of.scope.organization_id

    async def passages(self, organization_id: UUID, asked: Asked, ready: Sequence[UUID]) -> list[Passage]:
        """Nearest to the topic, in reading order."""
        limit = _FOR_SYLLABUS if asked.kind == 'syllabus' else _FOR_LESSON
        nearest = await self._index.nearest(organization_id, asked.topic, ready, limit=limit)
        async with self._gate.platform(organization_id) as work:
            chosen = await passages.by_id(work.scope, ready, nearest)
        return sorted(chosen, key=lambda passage: (str(passage.document_id), passage.page, passage.start))

    async def write(
        self, organization_id: UUID, asked: Asked, sources: Sequence[Passage], about: About, on_partial: OnPartial
    ) -> tuple[Written[Any], dict[str, Any]]:
        """What the author wrote, and the same as it is kept: {outline} or {blocks: [{type, content, sources}]}."""
        author = await self.authors.of(organization_id, about)
        if asked.kind == 'syllabus':
            outlined = await author.outline(asked.brief, sources, previous=None, comment='', on_partial=on_partial)
            outline = outlines.from_draft(outlined.draft, sources, None)
            return outlined, {'outline': outline.model_dump(mode='json')}
        plan = LessonPlan(title=asked.topic, objectives=[], minutes=30, passages=list(range(1, len(sources) + 1)))
        wanted = PartWanted(kind=asked.kind, kinds=asked.kinds, count=asked.count)
        written = await author.part(asked.brief, plan, wanted, sources, already_written=(), on_partial=on_partial)
        ids = [passage.id for passage in sources]
        blocks = []
        async with self._gate.platform(organization_id) as work:
            for draft in written.draft.blocks:
                found = await verified_sources(work, None, draft, ids, workflow=None)
                cited = [{**source, 'document_id': str(source['document_id'])} for source in found]
                blocks.append({'type': draft.type, 'content': content_of(draft), 'sources': cited})
        return written, {'blocks': blocks}

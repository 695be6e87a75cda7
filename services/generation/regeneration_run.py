"""A regeneration as durable work: the author's answer is journalled, so that a killed process never pays twice."""

import asyncio
import time
from typing import Any
from uuid import UUID, uuid5

from services.ai.authors import Authors, Call
from services.ai.calls import About
from services.bus import Bus
from services.clock import now
from services.durable import step
from services.generation import passages
from services.generation.authors.base import Author, Brief, PartWanted, Passage, Written
from services.generation.blocks import open_block, revise, say
from services.generation.content import checked_content
from services.generation.drafts import BlockDraft, LessonDraft, LessonPlan
from services.generation.live import LiveDraft
from services.generation.phases.run import brief_of, usage_of
from services.generation.proposals import apply, propose
from services.generation.regeneration import tell
from services.generation.row_run import RowRun
from services.generation.saving import block_draft_of, content_of, drafts_of, verified_sources
from services.hashing import content_hash
from services.knowledge.index import Index
from services.viewer import Permission
from services.work import Gate, Work
from storage import courses, proposals
from storage import generated as rows
from storage.courses import Block, BlockSource, Course, CourseVersion, Lesson
from storage.generated import Regeneration
from storage.workflows import Workflow

_MOST_PASSAGES, _MOST_REMEMBERED, _NEAREST = 24, 60, 8
_AT_ONCE = 4  # calls of authors here; a lesson has twenty blocks
_PARTS = {'text': 'text', 'slide': 'slides', 'question': 'quiz', 'lab': 'lab'}


class RegenerationRun(RowRun[Regeneration]):
    table = Regeneration
    permission = Permission.DRAFT_WRITE

    def __init__(self, gate: Gate, bus: Bus, authors: Authors, index: Index) -> None:
        super().__init__(gate)
        self._bus = bus
        self._authors = authors
        self._index = index
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def _play(self, organization_id: UUID, row_id: UUID, run: int) -> None:
        async with self._room:
            written = await step('write', self._write, organization_id, row_id, run)
        await step('save', self._save, organization_id, row_id, run, written)

    async def _tell(self, work: Work, row: Regeneration) -> None:
        await tell(work, row)

    async def _write(self, organization_id: UUID, row_id: UUID, run: int) -> dict[str, Any]:
        async with self._gate.platform(organization_id) as work:
            row = await self._running(work, row_id, run)
            row.status = rows.RUNNING
            work.tx.add(row)
            lesson = await work.get(Lesson, row.lesson_id)
            workflow = await _workflow(work, row.version_id)
            brief = brief_of(workflow) if workflow else await _brief(work, row.version_id)
            block = None if row.block_id is None else await open_block(work, row.block_id)
            own = [] if block is None else (await courses.sources(work.scope, [block.id]))[block.id]
            others = [
                one for one in await courses.blocks(work.scope, row.version_id) if block is None or one.id != block.id
            ]
            documents = await _documents(work, workflow, others, own)
        plan, sources = await self._sources(organization_id, lesson, documents, own, row.instruction)
        about = About(
            purpose='regenerate' if block else f'new {row.type}',
            person_id=row.asked_by,
            person=row.asker,
            workflow_id=workflow.id if workflow else None,
            block_id=row.block_id,
        )
        author = await self._authors.of(organization_id, about)
        live = LiveDraft(self._bus, row.id)
        began = time.monotonic()
        already = drafts_of(others)[-_MOST_REMEMBERED:]
        if block is None:
            written = await self._new(author, brief, plan, row, sources, already, live)
        else:
            draft = block_draft_of(block, own, sources)
            written = await author.regenerate(
                brief, plan, draft, row.instruction, sources, already_written=already, on_partial=live.update
            )
        live.close()
        return {
            **usage_of(written, began),
            'call_id': str(written.call_id) if written.call_id else None,
            'draft': written.draft.model_dump(mode='json'),
            'answer': written.answer,
            'passages': [str(passage.id) for passage in sources],
        }

    async def _new(
        self,
        author: Author,
        brief: Brief,
        plan: LessonPlan,
        row: Regeneration,
        sources: list[Passage],
        already: list[BlockDraft],
        live: LiveDraft,
    ) -> Written[LessonDraft]:
        wanted = PartWanted(kind=_PARTS[row.type], count=1)  # type: ignore[arg-type]
        if row.instruction:
            plan = plan.model_copy(update={'objectives': [row.instruction, *plan.objectives]})
        return await author.part(brief, plan, wanted, sources, already_written=already, on_partial=live.update)

    async def _save(self, organization_id: UUID, row_id: UUID, run: int, written: dict[str, Any]) -> None:
        async with self._gate.platform(organization_id) as work:
            row = await self._running(work, row_id, run)
            workflow = await _workflow(work, row.version_id)
            draft = LessonDraft.model_validate(written['draft']).blocks[0]
            ids = [UUID(key) for key in written['passages']]
            if row.block_id is None:
                await self._add(work, row, draft, ids, workflow, written)
            else:
                await self._propose(work, row, draft, ids, workflow, written)
            row.answer, row.finished_at = written['answer'], now()
            work.tx.add(row)
            await self._authors.record(work, _call(row, workflow, written))
            await tell(work, row)

    async def _propose(
        self,
        work: Work,
        row: Regeneration,
        draft: BlockDraft,
        ids: list[UUID],
        workflow: Workflow | None,
        written: dict[str, Any],
    ) -> None:
        assert row.block_id is not None
        block = await open_block(work, row.block_id)
        content = checked_content(block.type, content_of(draft))
        if content_hash(content) in (row.base_hash, block.content_hash):
            row.status = rows.UNCHANGED
            return
        found = await verified_sources(work, block, draft, ids, workflow=workflow)
        proposal = await propose(
            work,
            block,
            content,
            kind=proposals.REGENERATION,
            reason=row.instruction,
            model=written['model'],
            sources=found,
        )
        proposal.maker_id, proposal.base_hash = row.asked_by, row.base_hash
        row.status, row.proposal_id = rows.READY, proposal.id
        work.tx.add(proposal)
        await work.tx.flush()
        if block.content_hash == row.base_hash:
            await apply(work, proposal, block, row.base_hash, by=(row.asked_by, row.asker))

    async def _add(
        self,
        work: Work,
        row: Regeneration,
        draft: BlockDraft,
        ids: list[UUID],
        workflow: Workflow | None,
        written: dict[str, Any],
    ) -> None:
        others = await courses.blocks(work.scope, row.version_id, lesson_id=row.lesson_id)
        block = Block(
            id=uuid5(row.id, 'block'),
            version_id=row.version_id,
            lesson_id=row.lesson_id,
            position=max((other.position for other in others), default=0) + 1,
            type=draft.type,
            content={},
            content_hash='',
            revision=0,
        )
        await add_drafted(work, block, draft, ids, workflow=workflow, author=written['model'], comment=row.instruction)
        row.status, row.block_id = rows.READY, block.id

    async def _sources(
        self,
        organization_id: UUID,
        lesson: Lesson,
        documents: list[UUID],
        own: list[BlockSource],
        instruction: str,
    ) -> tuple[LessonPlan, list[Passage]]:
        """The lesson's passages and the block's, then what a search for the instruction finds."""
        planned = [UUID(key) for key in lesson.passage_ids]
        aims = ' '.join([lesson.title, *lesson.objectives[:2], instruction])
        found = await self._index.nearest(organization_id, aims, documents, limit=_NEAREST) if documents else []
        async with self._gate.platform(organization_id) as work:
            cited = await rows.chunks_of_pages(work.scope, {(one.document_id, one.page) for one in own})
            of_block = [chunk.id for chunk in cited if any(_holds(chunk, one) for one in own)]
            chosen = list(dict.fromkeys([*of_block, *planned, *found]))[:_MOST_PASSAGES]
            known = list(dict.fromkeys([*documents, *(one.document_id for one in own)]))
            sources = await passages.by_id(work.scope, known, chosen)
        first = {*planned, *of_block}
        numbers = [number for number, passage in enumerate(sources, 1) if passage.id in first]
        plan = LessonPlan(
            title=lesson.title, objectives=lesson.objectives, minutes=max(lesson.minutes, 1), passages=numbers
        )
        return plan, sources


async def add_drafted(
    work: Work,
    block: Block,
    draft: BlockDraft,
    passage_ids: list[UUID],
    *,
    workflow: Workflow | None,
    author: str,
    comment: str = '',
) -> None:
    """A new block from a draft, with the sources that were found; it waits for approval."""
    content = checked_content(block.type, content_of(draft))
    await revise(
        work, block, content, origin=courses.AI, author=author, state=courses.WAITING, comment=comment, by_model=True
    )
    for place, source in enumerate(await verified_sources(work, block, draft, passage_ids, workflow=workflow), 1):
        work.add(BlockSource(block_id=block.id, position=place, **source))
    await say(work, block, 'block.added', actor=author)


def _holds(chunk: Any, source: BlockSource) -> bool:
    same_page = (chunk.document_id, chunk.page) == (source.document_id, source.page)
    return same_page and bool(chunk.start <= source.start < chunk.end)


async def _workflow(work: Work, version_id: UUID) -> Workflow | None:
    return (await work.tx.exec(work.scope.rows(Workflow).where(Workflow.version_id == version_id))).first()


async def _brief(work: Work, version_id: UUID) -> Brief:
    version = await work.get(CourseVersion, version_id)
    course = await work.get(Course, version.course_id)
    return Brief(
        title=version.title or course.title,
        purpose=course.summary,
        audience=course.audience,
        level=course.level,
        hours=1.0,
        language=course.language,
    )


async def _documents(work: Work, workflow: Workflow | None, blocks: list[Block], own: list[BlockSource]) -> list[UUID]:
    """What the course is written from: as the brief says, or else what its blocks cite."""
    if workflow is not None and workflow.document_ids:
        return [UUID(key) for key in workflow.document_ids]
    cited = await courses.sources(work.scope, [block.id for block in blocks])
    found = [source.document_id for some in cited.values() for source in some]
    return list(dict.fromkeys([*(source.document_id for source in own), *found]))


def _call(row: Regeneration, workflow: Workflow | None, written: dict[str, Any]) -> Call:
    return Call(
        once=f'regeneration:{row.id}:{row.run}',
        purpose='regenerate',
        provider=written['provider'],
        model=written['model'],
        prompt_version=written['prompt_version'],
        tokens=(written['tokens'][0], written['tokens'][1]),
        seconds=written['seconds'],
        workflow_id=workflow.id if workflow else None,
        person_id=row.asked_by,
        block_id=row.block_id,
        call_id=UUID(written['call_id']) if written['call_id'] else None,
    )

"""The lessons, one by one; and later only those blocks that were sent back."""

import time
from typing import Any
from uuid import UUID

from services.conversation.keeping import block_answered
from services.durable import step
from services.generation import outlines, passages
from services.generation.authors.base import Passage, Written
from services.generation.drafts import LessonDraft, LessonPlan, OutlineDraft
from services.generation.examples import taught
from services.generation.live import LiveDraft
from services.generation.outlines import Outline
from services.generation.phases.run import PhaseRun, brief_of, documents_of, usage_of
from services.generation.saving import block_draft_of, drafts_of, save_lesson, save_rewritten
from services.generation.state import log
from services.work import Work
from storage import courses, workflows
from storage.courses import Block, Lesson
from storage.workflows import Workflow

_MOST_PASSAGES, _ENOUGH_PASSAGES, _MOST_REMEMBERED = 24, 3, 60


class ContentPhase(PhaseRun):
    async def play(self) -> None:
        for number, lesson_id in enumerate(await step('plan lessons', self._lessons_to_write)):
            lesson_draft = await step(f'write lesson {number}', self._write_lesson, lesson_id)
            await step(f'save lesson {number}', self._save_lesson, lesson_id, lesson_draft)
        for number, block_id in enumerate(await step('plan blocks', self._blocks_to_rewrite)):
            block_draft = await step(f'rewrite block {number}', self._rewrite_block, block_id)
            await step(f'save block {number}', self._save_block, block_id, block_draft)
        await step('ask for review', self._ask_for_review)

    async def _lessons_to_write(self) -> list[str]:
        """Ids of the lessons that have no blocks yet, in course order."""
        async with self._tools.gate.platform(self._organization_id) as work:
            workflow = await self._workflow(work)
            written = {block.lesson_id for block in await courses.blocks(work.scope, workflow.version_id)}
            lessons = await courses.lessons(work.scope, workflow.version_id)
            return [str(lesson.id) for lesson in lessons if lesson.id not in written]

    async def _write_lesson(self, lesson_id: str) -> dict[str, Any]:
        async with self._tools.gate.platform(self._organization_id) as work:
            workflow = await self._workflow(work)
            lesson = await work.get(Lesson, UUID(lesson_id))
            workflow.activity = lesson_id
            work.tx.add(workflow)
            work.changed(f'workflow:{workflow.id}')
            brief = brief_of(workflow)
            outline = await self._approved_outline(work, workflow)
            earlier = drafts_of(await courses.blocks(work.scope, workflow.version_id))[-_MOST_REMEMBERED:]
        plan, sources = await self._sources(workflow, lesson)
        live = LiveDraft(self._tools.bus, self._workflow_id, lesson_id=lesson.id)
        author = await self._author(workflow, 'lesson')
        brief = await taught(self._tools.gate, self._organization_id, author, brief, plan)
        began = time.monotonic()
        written = await author.lesson(brief, outline, plan, sources, already_written=earlier, on_partial=live.update)
        live.close()
        return _written(written, began, sources)

    async def _save_lesson(self, lesson_id: str, written: dict[str, Any]) -> None:
        async with self._tools.gate.platform(self._organization_id) as work:
            workflow = await self._workflow(work)
            lesson = await work.get(Lesson, UUID(lesson_id))
            if await courses.blocks(work.scope, workflow.version_id, lesson_id=lesson.id):
                return
            draft = LessonDraft.model_validate(written['draft'])
            saved = await save_lesson(work, workflow, lesson, draft, _ids(written), author=written['model'])
            await self._log_call(work, workflow, written, lesson_id=lesson_id)
            lessons = await courses.lessons(work.scope, workflow.version_id)
            done = {block.lesson_id for block in await courses.blocks(work.scope, workflow.version_id)}
            workflow.progress = len(done) / len(lessons)
            workflow.activity = ''
            work.tx.add(workflow)
            await log(work, workflow.id, 'lesson.written', lesson_id=lesson_id, title=lesson.title, counts=saved)
            work.changed(f'workflow:{workflow.id}', f'course:{workflow.course_id}')

    async def _blocks_to_rewrite(self) -> list[str]:
        async with self._tools.gate.platform(self._organization_id) as work:
            workflow = await self._workflow(work)
            blocks = await courses.blocks(work.scope, workflow.version_id)
            return [str(block.id) for block in blocks if block.review_state == courses.SENT_BACK]

    async def _rewrite_block(self, block_id: str) -> dict[str, Any]:
        async with self._tools.gate.platform(self._organization_id) as work:
            workflow = await self._workflow(work)
            block = await work.get(Block, UUID(block_id))
            lesson = await work.get(Lesson, block.lesson_id)
            workflow.activity = str(lesson.id)
            work.tx.add(workflow)
            work.changed(f'workflow:{workflow.id}')
            own_sources = (await courses.sources(work.scope, [block.id]))[block.id]
            others = [other for other in await courses.blocks(work.scope, workflow.version_id) if other.id != block.id]
        plan, sources = await self._sources(workflow, lesson, also=block.comment)
        live = LiveDraft(self._tools.bus, self._workflow_id, lesson_id=lesson.id)
        author = await self._author(workflow, 'block', block_id=block.id)
        brief = await taught(self._tools.gate, self._organization_id, author, brief_of(workflow), plan)
        began = time.monotonic()
        written = await author.block(
            brief,
            plan,
            block_draft_of(block, own_sources, sources),
            block.comment,
            sources,
            already_written=drafts_of(others)[-_MOST_REMEMBERED:],
            on_partial=live.update,
        )
        live.close()
        return {**_written(written, began, sources), 'hash': block.content_hash}

    async def _save_block(self, block_id: str, written: dict[str, Any]) -> None:
        async with self._tools.gate.platform(self._organization_id) as work:
            workflow = await self._workflow(work)
            block = await work.get(Block, UUID(block_id), lock=True)
            if block.review_state != courses.SENT_BACK or block.content_hash != written['hash']:
                return  # saved before a crash, or a person was quicker: their words stand
            draft = LessonDraft.model_validate(written['draft']).blocks[0]
            saved = await save_rewritten(work, workflow, block, draft, _ids(written), author=written['model'])
            await block_answered(work, block, written['model'])
            await self._log_call(work, workflow, written, block_id=block_id)
            await log(work, workflow.id, 'block.rewritten', block_id=block_id, comment=block.comment, counts=saved)
            work.changed(f'workflow:{workflow.id}')

    async def _ask_for_review(self) -> None:
        async with self._tools.gate.platform(self._organization_id) as work:
            workflow = await self._workflow(work)
            await self._review(work, workflow, 'content.drafted')

    async def _approved_outline(self, work: Work, workflow: Workflow) -> OutlineDraft:
        draft = await workflows.current_outline(work.scope, workflow.id)
        assert draft is not None, 'content is written after an outline was approved'
        return outlines.to_draft(Outline.model_validate(draft.content), [])

    async def _sources(self, workflow: Workflow, lesson: Lesson, *, also: str = '') -> tuple[LessonPlan, list[Passage]]:
        """The planned passages first, in reading order; then what a search finds, where the plan says too little."""
        document_ids = documents_of(workflow)
        planned = [UUID(key) for key in lesson.passage_ids]
        found: list[UUID] = []
        if also or len(planned) < _ENOUGH_PASSAGES:
            aims = ' '.join([lesson.title, *lesson.objectives[:2], also]).strip()
            found = await self._tools.index.nearest(self._organization_id, aims, document_ids, limit=8)
        chosen = list(dict.fromkeys([*planned, *found]))[:_MOST_PASSAGES]
        async with self._tools.gate.platform(self._organization_id) as work:
            sources = await passages.by_id(work.scope, document_ids, chosen)
        numbers = [number for number, passage in enumerate(sources, 1) if passage.id in set(planned)]
        plan = LessonPlan(
            title=lesson.title, objectives=lesson.objectives, minutes=max(lesson.minutes, 1), passages=numbers
        )
        return plan, sources


def _written(written: Written[LessonDraft], began: float, sources: list[Passage]) -> dict[str, Any]:
    return {
        **usage_of(written, began),
        'draft': written.draft.model_dump(mode='json'),
        'passages': [str(passage.id) for passage in sources],
    }


def _ids(written: dict[str, Any]) -> list[UUID]:
    return [UUID(key) for key in written['passages']]

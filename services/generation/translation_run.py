"""A translation as durable work: the frame and every lesson are journalled, and the course is made in one act at the
end, so that nothing half-made is ever there."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4, uuid5

from services.ai.authors import Authors, Call
from services.ai.calls import About
from services.clock import now
from services.durable import step
from services.errors import Conflict
from services.generation.blocks import revise
from services.generation.content import checked_content
from services.generation.notices import ask_for_review
from services.generation.phases.run import usage_of
from services.generation.row_run import RowRun
from services.generation.state import CREATED, advance, log
from services.generation.translation import TRANSLATABLE, tell
from services.generation.translation_segments import texts_of, with_texts
from services.reviewing.reviewers import inherit
from services.viewer import Permission
from services.work import Gate, Work
from storage import courses
from storage import generated as rows
from storage.courses import Block, BlockSource, Course, CourseVersion, Lesson, Module
from storage.generated import TranslatedBlock, Translation
from storage.workflows import Workflow

_AT_ONCE = 60  # texts a call: what a model answers in a minute or two


class TranslationRun(RowRun[Translation]):
    table = Translation
    permission = Permission.COURSE_WRITE

    def __init__(self, gate: Gate, authors: Authors) -> None:
        super().__init__(gate)
        self._authors = authors

    async def _play(self, organization_id: UUID, row_id: UUID, run: int) -> None:
        plan = await step('plan', self._plan, organization_id, row_id, run)
        texts = _texts(plan)
        portions = [texts[place : place + _AT_ONCE] for place in range(0, len(texts), _AT_ONCE)]
        said: list[dict[str, Any]] = []
        for number, portion in enumerate(portions):
            said.append(await step(f'translate {number}', self._translate, organization_id, row_id, run, portion))
            await step(f'count {number}', self._count, organization_id, row_id, run, number + 1, len(portions))
        await step('make', self._make, organization_id, row_id, run, plan, said)

    async def _tell(self, work: Work, row: Translation) -> None:
        tell(work, row)

    async def _plan(self, organization_id: UUID, row_id: UUID, run: int) -> dict[str, Any]:
        """The version as it is now: what changes in it later is told on the translation, block by block."""
        async with self._gate.platform(organization_id) as work:
            row = await self._running(work, row_id, run)
            row.status = rows.RUNNING
            work.add(row)
            tell(work, row)
            frame, blocks = await _frame(work, row), await _ordered(work, row.version_id)
        kept = [
            {'id': str(block.id), 'hash': block.content_hash, 'type': block.type, 'content': block.content}
            for block in blocks
        ]
        return {'frame': frame, 'blocks': kept}

    async def _translate(self, organization_id: UUID, row_id: UUID, run: int, texts: list[str]) -> dict[str, Any]:
        async with self._gate.platform(organization_id) as work:
            row = await self._running(work, row_id, run)
            about = About(purpose='translate', person_id=row.asked_by, person=row.asker)
            language = f'{TRANSLATABLE[row.language]} ({row.language})'
        author = await self._authors.of(organization_id, about)
        began = time.monotonic()
        written = await author.translate(language, texts, on_partial=lambda _partial: None)
        call_id = str(written.call_id) if written.call_id else None
        return {**usage_of(written, began), 'texts': list(written.draft.texts), 'call_id': call_id}

    async def _count(self, organization_id: UUID, row_id: UUID, run: int, done: int, total: int) -> None:
        async with self._gate.platform(organization_id) as work:
            row = await self._running(work, row_id, run)
            row.progress = done / (total + 1)
            work.add(row)
            tell(work, row)

    async def _make(
        self, organization_id: UUID, row_id: UUID, run: int, plan: dict[str, Any], said: list[dict[str, Any]]
    ) -> None:
        async with self._gate.platform(organization_id) as work:
            row = await self._running(work, row_id, run)
            texts = iter([text for part in said for text in part['texts']])
            if await _frame(work, row) != plan['frame']:
                raise Conflict('The titles of the original changed while it was being translated. Try again.')
            workflow = await _course(work, row, plan, texts, author=said[-1]['model'])
            row.status, row.progress, row.finished_at = rows.READY, 1.0, now()
            row.target_course_id, row.target_version_id = workflow.course_id, workflow.version_id
            work.add(row)
            tell(work, row)
            for number, part in enumerate(said):
                await self._authors.record(work, _call(row, workflow, part, number))


async def _course(work: Work, row: Translation, plan: dict[str, Any], texts: Iterator[str], *, author: str) -> Workflow:
    """The new course with everything in it, under review. `texts` gives the frame's, then the blocks', in order."""
    original, version = await work.get(Course, row.course_id), await work.get(CourseVersion, row.version_id)

    def said(old: str) -> str:
        return str(next(texts)) if old.strip() else old

    title, summary = said(version.title or original.title)[:500], said(version.summary)
    course = work.add(
        Course(
            title=title, summary=summary, audience=original.audience, level=original.level, language=row.language,
            subject=original.subject, created_by=row.asked_by, updated_at=now(),
        )
    )  # fmt: skip
    await work.tx.flush()
    await inherit(work, original.id, course.id)
    target = work.add(CourseVersion(course_id=course.id, number='1.0', title=title, summary=summary))
    target.objectives = [said(one) for one in version.objectives]
    await work.tx.flush()
    lessons: dict[UUID, Lesson] = {}
    for module in await courses.modules(work.scope, version.id):
        copy = work.add(Module(id=uuid4(), version_id=target.id, position=module.position, title=said(module.title)))
        copy.objectives = [said(one) for one in module.objectives]
        await work.tx.flush()
        for lesson in [one for one in await courses.lessons(work.scope, version.id) if one.module_id == module.id]:
            lessons[lesson.id] = work.add(
                Lesson(
                    id=uuid4(), version_id=target.id, module_id=copy.id, position=lesson.position,
                    title=said(lesson.title), objectives=[said(one) for one in lesson.objectives],
                    minutes=lesson.minutes, passage_ids=lesson.passage_ids,
                )
            )  # fmt: skip
    await work.tx.flush()
    workflow = await _workflow(work, row, course, target)
    originals = {str(block.id): block for block in await _ordered(work, version.id)}
    sources = await courses.sources(work.scope, [block.id for block in originals.values()])
    for kept in plan['blocks']:
        own = [next(texts) for _ in texts_of(kept['type'], kept['content'])]
        old = originals.get(kept['id'])
        if old is not None:  # otherwise it was removed meanwhile
            content = with_texts(kept['type'], kept['content'], own)
            copy_of = await _block(work, row, old, content, lessons[old.lesson_id], sources[old.id], author=author)
            work.add(
                TranslatedBlock(translation_id=row.id, block_id=copy_of, original_id=old.id, original_hash=kept['hash'])
            )
    await advance(work, workflow, 'course.translated', actor=author, course_id=str(original.id), title=original.title)
    await ask_for_review(work, workflow, workflow.run)
    work.record('course.created', course, after={'title': title, 'translated_from': original.title})
    return workflow


async def _block(
    work: Work,
    row: Translation,
    old: Block,
    content: dict[str, Any],
    lesson: Lesson,
    sources: list[BlockSource],
    *,
    author: str,
) -> UUID:
    block = Block(
        id=uuid5(row.id, str(old.id)), version_id=lesson.version_id, lesson_id=lesson.id, position=old.position,
        type=old.type, content={}, content_hash='', revision=0,
    )  # fmt: skip
    content = checked_content(old.type, content)
    await revise(work, block, content, origin=courses.AI, author=author, state=courses.WAITING, by_model=True)
    for one in sources:
        work.add(
            BlockSource(
                block_id=block.id, position=one.position, document_id=one.document_id, document_name=one.document_name,
                page=one.page, start=one.start, end=one.end, quote=one.quote,
            )
        )  # fmt: skip
    return block.id


async def _workflow(work: Work, row: Translation, course: Course, version: CourseVersion) -> Workflow:
    """The making of the new course begins where its words are there: at their review."""
    statement = work.scope.rows(Workflow).where(Workflow.version_id == row.version_id)
    original = (await work.tx.exec(statement)).first()
    workflow = work.add(
        Workflow(
            course_id=course.id, version_id=version.id, created_by=row.asked_by, author_name=row.asker,
            title=version.title[:200], brief=original.brief if original else course.summary,
            audience=course.audience, level=course.level, hours=original.hours if original else 1.0,
            language=row.language, document_ids=list(original.document_ids) if original else [],
            provider=original.provider if original else 'offline', run_started_at=now(),
        )
    )  # fmt: skip
    await work.tx.flush()
    await log(work, workflow.id, CREATED, title=course.title, hours=workflow.hours)
    return workflow


def _texts(plan: dict[str, Any]) -> list[str]:
    """Everything to translate: the frame's texts, then those of the blocks."""
    return [
        *plan['frame'],
        *(text for block in plan['blocks'] for text in texts_of(block['type'], block['content'])),
    ]


async def _frame(work: Work, row: Translation) -> list[str]:
    """Titles, summary and objectives, in the order in which they are written down again."""
    course, version = await work.get(Course, row.course_id), await work.get(CourseVersion, row.version_id)
    texts = [version.title or course.title, version.summary, *version.objectives]
    lessons = await courses.lessons(work.scope, version.id)
    for module in await courses.modules(work.scope, version.id):
        texts += [module.title, *module.objectives]
        for lesson in lessons:
            if lesson.module_id == module.id:
                texts += [lesson.title, *lesson.objectives]
    return [text for text in texts if text.strip()]


async def _ordered(work: Work, version_id: UUID) -> list[Block]:
    """In course order."""
    places = {lesson.id: place for place, lesson in enumerate(await courses.lessons(work.scope, version_id))}
    blocks = [block for block in await courses.blocks(work.scope, version_id) if block.lesson_id in places]
    return sorted(blocks, key=lambda block: (places[block.lesson_id], block.position))


def _call(row: Translation, workflow: Workflow, part: dict[str, Any], number: int) -> Call:
    return Call(
        once=f'translation:{row.id}:{row.run}:{number}',
        purpose='translate',
        provider=part['provider'],
        model=part['model'],
        prompt_version=part['prompt_version'],
        tokens=(part['tokens'][0], part['tokens'][1]),
        seconds=part['seconds'],
        workflow_id=workflow.id,
        person_id=row.asked_by,
        call_id=UUID(part['call_id']) if part['call_id'] else None,
    )

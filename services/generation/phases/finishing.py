"""From approved lessons to a version that can be published, with copies to look at."""

from services.courses.assembly import assemble
from services.durable import step
from services.generation.notices import notify_reviewers
from services.generation.phases.run import PhaseRun
from services.generation.state import advance
from services.viewer import Permission
from storage import courses


class AssemblyPhase(PhaseRun):
    async def play(self) -> None:
        await step('index lessons', self._index_lessons)
        await step('assemble', self._assemble)

    async def _index_lessons(self) -> None:
        async with self._tools.gate.platform(self._organization_id) as work:
            workflow = await self._workflow(work)
            lessons = await courses.lessons(work.scope, workflow.version_id)
            blocks = await courses.blocks(work.scope, workflow.version_id)
        for lesson in lessons:
            own = [block for block in blocks if block.lesson_id == lesson.id]
            await self._tools.index.add_lesson(lesson, own)

    async def _assemble(self) -> None:
        async with self._tools.gate.platform(self._organization_id) as work:
            workflow = await self._workflow(work)
            await assemble(work, workflow.version_id)
            await advance(work, workflow, 'assembly.finished')
            next_run = workflow.run
            work.then(lambda: self._tools.begin(self._organization_id, self._workflow_id, next_run))


class ExportPhase(PhaseRun):
    async def play(self) -> None:
        await step('proof copies', self._proof_copies)
        await step('finish', self._finish)

    async def _proof_copies(self) -> None:
        async with self._tools.gate.platform(self._organization_id) as work:
            version_id = (await self._workflow(work)).version_id
        await self._tools.proof_copies(self._organization_id, version_id)

    async def _finish(self) -> None:
        async with self._tools.gate.platform(self._organization_id) as work:
            workflow = await self._workflow(work)
            await advance(work, workflow, 'export.finished')
            await notify_reviewers(
                work,
                '“{subject}” is ready to publish.',
                subject=workflow.title,
                path=f'/courses/{workflow.course_id}',
                also=workflow.created_by,
                permission=Permission.COURSE_PUBLISH,
            )

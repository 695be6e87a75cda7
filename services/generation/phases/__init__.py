"""The phases of a course's making as durable work. Each ends at a review or at the next phase; none waits for a person.

A model's answer is journalled by its own step, so a killed process never pays for it twice; saving it is another step,
which finds its own traces and does nothing the second time.
"""

from uuid import UUID

from services.durable import step
from services.generation.authors.base import AuthorError
from services.generation.phases.content import ContentPhase
from services.generation.phases.finishing import AssemblyPhase, ExportPhase
from services.generation.phases.outline import OutlinePhase
from services.generation.phases.run import PhaseRun, Stopped, Tools
from services.generation.resting import rest
from services.generation.starter import still_allowed
from services.generation.state import advance
from storage.workflows import Workflow

__all__ = ['Phases', 'Tools']

_PHASES: dict[str, type[PhaseRun]] = {
    'outline': OutlinePhase,
    'content': ContentPhase,
    'assembly': AssemblyPhase,
    'export': ExportPhase,
}


class Phases:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def run(self, organization_id: UUID, workflow_id: UUID, run: int) -> None:
        """Whatever phase the workflow is in. Registered as the durable work of kind `workflow`."""
        try:
            stage = await step('stage', self._stage, organization_id, workflow_id, run)
            await _PHASES[stage](self._tools, organization_id, workflow_id, run).play()
        except Stopped:
            return
        except AuthorError as error:
            if not error.passing:
                raise
            await self._rest(organization_id, workflow_id, run, error)

    async def failed(self, organization_id: UUID, workflow_id: UUID, run: int, reason: str) -> None:
        """Says in the row why the phase ended; what was written stays."""
        async with self._tools.gate.platform(organization_id) as work:
            workflow = await work.get(Workflow, workflow_id, lock=True)
            if (workflow.status, workflow.run) != ('running', run):
                return
            await advance(work, workflow, 'phase.failed', reason=reason)
            workflow.error = reason
            work.tx.add(workflow)

    async def still_allowed(self, organization_id: UUID, workflow_id: UUID, run: int) -> None:
        """StarterStopped where who began this run may not go on with it."""
        async with self._tools.gate.platform(organization_id) as work:
            await still_allowed(work, workflow_id, run)

    async def _rest(self, organization_id: UUID, workflow_id: UUID, run: int, error: AuthorError) -> None:
        """The run ends here and leaves its place to others; the next one is begun when it is time."""
        async with self._tools.gate.platform(organization_id) as work:
            workflow = await work.get(Workflow, workflow_id, lock=True)
            if (workflow.status, workflow.run) != ('running', run):
                return
            pause = await rest(work, workflow, error, self._tools.patience)
            next_run, seconds = workflow.run, pause.total_seconds()
            work.then(lambda: self._tools.begin_later(organization_id, workflow_id, next_run, seconds))

    async def _stage(self, organization_id: UUID, workflow_id: UUID, run: int) -> str:
        async with self._tools.gate.platform(organization_id) as work:
            workflow = await work.get(Workflow, workflow_id)
            if (workflow.status, workflow.run) != ('running', run):
                raise Stopped()
            if workflow.waits_until is not None:
                workflow.waits_until = None
                work.tx.add(workflow)
                work.changed(f'workflow:{workflow.id}')
            return workflow.stage

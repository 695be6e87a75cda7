"""In whose name a phase runs: whoever began it, by a brief, by a decision, or by starting it again."""

from uuid import UUID

from services.generation.state import CREATED
from services.members import standing
from services.viewer import Permission
from services.work import Work
from storage import workflows as rows
from storage.workflows import Workflow

# What begins a run, and what whoever did it has to be allowed to until the run ends.
_BEGINNINGS = {
    CREATED: Permission.COURSE_WRITE,
    'outline.rejected': Permission.DRAFT_APPROVE,
    'outline.approved': Permission.DRAFT_APPROVE,
    'content.rejected': Permission.DRAFT_APPROVE,
    'content.approved': Permission.DRAFT_APPROVE,
    'phase.restarted': Permission.DRAFT_WRITE,
}


async def require_starter(work: Work, workflow: Workflow) -> None:
    """Raises StarterStopped where who began the run may not go on, or the organisation is suspended."""
    beginning = await rows.latest_event(work.scope, workflow.id, tuple(_BEGINNINGS))
    if beginning is None or beginning.actor_id is None:
        await standing.require(work, workflow.created_by, Permission.COURSE_WRITE)
    else:
        await standing.require(work, beginning.actor_id, _BEGINNINGS[beginning.type])


async def still_allowed(work: Work, workflow_id: UUID, run: int) -> None:
    workflow = await work.get(Workflow, workflow_id)
    if (workflow.status, workflow.run) == ('running', run):
        await require_starter(work, workflow)

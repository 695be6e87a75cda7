"""The state machine of a course's making: one table of allowed steps, and the log that the state is folded from."""

from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from services.clock import now
from services.errors import Conflict
from services.work import Work
from storage.workflows import Workflow, WorkflowEvent, last_seq

State = tuple[str, str]  # stage, status

STAGES = ('outline', 'content', 'assembly', 'export', 'done')
# The model's provider is away: the next run of the same phase begins later.
WAITS = 'phase.waits'
_WORKING = ('outline', 'content', 'assembly', 'export')

TRANSITIONS: dict[tuple[str, State], State] = {
    ('outline.drafted', ('outline', 'running')): ('outline', 'awaiting_review'),
    ('outline.rejected', ('outline', 'awaiting_review')): ('outline', 'running'),
    ('outline.approved', ('outline', 'awaiting_review')): ('content', 'running'),
    ('content.drafted', ('content', 'running')): ('content', 'awaiting_review'),
    ('content.rejected', ('content', 'awaiting_review')): ('content', 'running'),
    ('content.approved', ('content', 'awaiting_review')): ('assembly', 'running'),
    ('assembly.finished', ('assembly', 'running')): ('export', 'running'),
    ('export.finished', ('export', 'running')): ('done', 'completed'),
    ('review.reopened', ('done', 'completed')): ('content', 'awaiting_review'),
    ('version.copied', ('outline', 'running')): ('content', 'awaiting_review'),
    ('course.translated', ('outline', 'running')): ('content', 'awaiting_review'),
    **{(WAITS, (stage, 'running')): (stage, 'running') for stage in _WORKING},
    **{('phase.failed', (stage, 'running')): (stage, 'failed') for stage in _WORKING},
    **{('phase.stopped', (stage, 'running')): (stage, 'cancelled') for stage in _WORKING},
    **{
        ('phase.restarted', (stage, ended)): (stage, 'running')
        for stage in _WORKING
        for ended in ('failed', 'cancelled')
    },
}
# No program takes these steps: each is a person's yes (services/generation/reviews.py) and has their name in the log.
APPROVALS = frozenset({'outline.approved', 'content.approved'})
CREATED = 'workflow.created'
BEGINNING: State = ('outline', 'running')


class StepNotAllowed(Conflict):
    code = 'step_not_allowed'


class _Logged(Protocol):
    type: str


def replay(events: Iterable[_Logged], *, since: State | None = None) -> State | None:
    """The state after these events, in order; None before the first. Events that move nothing are passed over."""
    state = since
    for event in events:
        if event.type == CREATED:
            state = BEGINNING
        elif state is not None:
            state = TRANSITIONS.get((event.type, state), state)
    return state


async def advance(work: Work, workflow: Workflow, step: str, *, actor: str = '', **payload: Any) -> None:
    """Takes one allowed step and logs it; a step into `running` counts a new run. Hold the row's lock."""
    assert step not in APPROVALS or (work.person is not None and not actor), 'only a person approves'
    target = TRANSITIONS.get((step, (workflow.stage, workflow.status)))
    if target is None:
        raise StepNotAllowed(
            'This is not possible while the {stage} stage is {status}. Look at the page again.',
            stage=workflow.stage,
            status=workflow.status.replace('_', ' '),
        )
    workflow.stage, workflow.status = target
    if workflow.status == 'running':
        workflow.run += 1
        workflow.run_started_at = now()
        workflow.error = None
        workflow.progress = 0.0
    workflow.activity = workflow.waits_for = ''
    workflow.waits_since = workflow.waits_until = None
    workflow.tries = 0
    work.tx.add(workflow)
    await log(work, workflow.id, step, actor=actor, **payload)
    work.changed(f'workflow:{workflow.id}', f'course:{workflow.course_id}', f'courses:{work.scope.organization_id}')


async def log(work: Work, workflow_id: UUID, event: str, *, actor: str = '', **payload: Any) -> None:
    """Adds to the workflow's history. `actor` is whoever wrote where it was not the viewer: an author's name."""
    viewer = work.person
    await work.tx.flush()
    work.add(
        WorkflowEvent(
            workflow_id=workflow_id,
            seq=await last_seq(work.scope, workflow_id) + 1,
            type=event,
            at=now(),
            actor_id=viewer.user_id if viewer and not actor else None,
            actor=actor or (viewer.full_name if viewer else 'Coursewright'),
            payload=payload,
        )
    )
    await work.tx.flush()

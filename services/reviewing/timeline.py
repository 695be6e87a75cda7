"""The history of a course's making, folded again: the state after each event, and whether it leads to what is kept."""

from uuid import UUID

from services.generation.state import replay
from services.reviewing.views import Replay, ReplayedEvent
from services.viewer import Permission, Viewer
from services.work import Gate
from storage import workflows as rows
from storage.workflows import Workflow


class TimelineService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def replay(self, viewer: Viewer, workflow_id: UUID) -> Replay:
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            found, state, before = [], None, None
            for event in await rows.events(work.scope, workflow_id):
                state = replay([event], since=state)
                found.append(
                    ReplayedEvent(
                        seq=event.seq,
                        type=event.type,
                        at=event.at,
                        actor=event.actor,
                        hash=str(event.payload.get('hash') or ''),
                        comment=str(event.payload.get('comment') or ''),
                        stage=state[0] if state else '',
                        status=state[1] if state else '',
                        moved=state != before,
                    )
                )
                before = state
            return Replay(
                events=tuple(found),
                stage=state[0] if state else '',
                status=state[1] if state else '',
                stored_stage=workflow.stage,
                stored_status=workflow.status,
            )

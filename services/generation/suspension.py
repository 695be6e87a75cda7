"""What runs for an organisation rests while it is suspended: stopped at its next step, and begun again afterwards."""

from functools import partial

from services.durable import Durable
from services.generation.state import advance
from services.work import Work
from storage import workflows as rows

_BECAUSE = 'organisation suspended'
_STOPPED, _RESTARTED = 'phase.stopped', 'phase.restarted'


class Suspension:
    def __init__(self, durable: Durable) -> None:
        self._durable = durable

    async def rest(self, work: Work) -> None:
        """Finished parts are kept, and no call to a model is made any more."""
        for workflow in await rows.in_status(work.scope, 'running'):
            await advance(work, workflow, _STOPPED, because=_BECAUSE)

    async def resume(self, work: Work) -> None:
        """Only what the suspension stopped: what people stopped stays as they left it."""
        organization_id = work.scope.organization_id
        for workflow in await rows.in_status(work.scope, 'cancelled'):
            history = await rows.events(work.scope, workflow.id)
            stop = next((event for event in reversed(history) if event.type in (_STOPPED, _RESTARTED)), None)
            if stop is not None and stop.payload.get('because') == _BECAUSE:
                await advance(work, workflow, _RESTARTED, because='organisation restored')
                work.then(partial(self._durable.start, 'workflow', organization_id, workflow.id, workflow.run))

"""A model's provider that is away does not end a course: its making rests, tells until when, and goes on by itself."""

import random
from dataclasses import dataclass
from datetime import timedelta

from services.clock import now
from services.generation.authors.base import AuthorError, AuthorUnavailable
from services.generation.state import WAITS, advance
from services.work import Work
from storage.workflows import Workflow


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Between two attempts, twice as long each time up to the longest; after `limit` in all, the phase has failed."""

    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(minutes=15)
    limit: timedelta = timedelta(hours=24)

    def pause(self, tries: int, *, at_least: float | None) -> timedelta:
        """With some jitter, so that what rests together does not come back together."""
        doubled = min(self.longest, self.first * 2.0 ** min(tries, 20))
        return max(doubled * random.uniform(1.0, 1.2), timedelta(seconds=at_least or 0.0))  # noqa: S311


async def rest(work: Work, workflow: Workflow, error: AuthorError, patience: Patience) -> timedelta:
    """Puts the next run off and gives by how much. Hold the row's lock; raises AuthorUnavailable out of patience."""
    at, progress = now(), workflow.progress
    since, tries = workflow.waits_since or at, workflow.tries
    if at - since >= patience.limit:
        raise AuthorUnavailable(
            'The model provider did not answer for {hours} hours. What is written stays. Start it again when the '
            'provider is back, or let another model write under Settings, AI.',
            hours=max(1, round(patience.limit.total_seconds() / 3600)),
        )
    pause = patience.pause(tries, at_least=error.retry_after)
    await advance(work, workflow, WAITS, reason=str(error), until=(at + pause).isoformat(timespec='seconds'))
    workflow.progress = progress
    workflow.waits_since, workflow.waits_until = since, at + pause
    workflow.waits_for, workflow.tries = str(error), tries + 1
    work.tx.add(workflow)
    return pause


def goes_on(workflow: Workflow) -> None:
    """A call was answered: the provider is there."""
    workflow.waits_since = workflow.waits_until = None
    workflow.waits_for, workflow.tries = '', 0

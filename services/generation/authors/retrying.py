"""The one place that decides whether a model call is made again, and when."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from services.generation.authors.base import AuthorError

Result = TypeVar('Result')
Sleep = Callable[[float], Awaitable[None]]

RETRIED_STATUSES = frozenset({408, 409, 429, 500, 502, 503, 504, 520, 522, 524, 529})
LONGEST_WAIT = 60.0
_FIRST_WAIT = 1.0
_log = logging.getLogger(__name__)


class Transient(Exception):
    """A failure that may pass; `error` is what is raised when it does not."""

    def __init__(self, error: AuthorError) -> None:
        super().__init__(str(error))
        self.error = error


async def with_retries(
    step: Callable[[], Awaitable[Result]], *, attempts: int = 4, sleep: Sleep = asyncio.sleep
) -> Result:
    """The whole step again after each `Transient` failure: a stream that tore cannot be continued.

    Waits as long as the provider asked (at most a minute), else exponentially longer with jitter.
    """
    for attempt in range(1, attempts + 1):
        try:
            return await step()
        except Transient as failure:
            _log.warning('A model call failed: %s', failure, extra={'attempt': attempt})
            if attempt == attempts:
                failure.error.passing = True
                raise failure.error from failure
            await sleep(_wait(attempt, failure.error.retry_after))
    raise AssertionError('attempts must be at least 1')


def _wait(attempt: int, retry_after: float | None) -> float:
    if retry_after is not None:
        return min(retry_after, LONGEST_WAIT)
    longer: float = min(LONGEST_WAIT, _FIRST_WAIT * 2.0 ** (attempt - 1))
    return longer * random.uniform(0.75, 1.25)  # noqa: S311


def retry_after(value: str | None) -> float | None:
    """Seconds from a Retry-After header, which holds seconds or a date."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None

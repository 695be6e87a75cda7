"""A provider that does not answer is left alone for a while, then asked by one call before all others."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.clock import now
from services.generation.authors.base import AuthorUnavailable

FAILURES_TO_OPEN = 3
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=10)
_PROBE_PATIENCE = timedelta(minutes=15)


class ProviderAway(AuthorUnavailable):
    """Not asked at all: it did not answer lately."""

    code = 'provider_away'

    def __init__(self, until: datetime) -> None:
        seconds = max(1.0, (until - now()).total_seconds())
        super().__init__(
            'The model provider does not answer. It is tried again in {minutes} min.',
            retry_after=seconds,
            minutes=max(1, round(seconds / 60)),
        )
        self.passing = True
        self.until = until


@dataclass(kw_only=True)
class Circuit:
    """Of one provider and key. Closed: everybody asks. Open until `until`: nobody. After that one asks, and decides."""

    failures: int = 0
    until: datetime | None = None
    _pause: timedelta = FIRST_PAUSE
    _probe_since: datetime | None = None

    def enter(self, at: datetime) -> bool:
        """Raises ProviderAway, or lets one more ask; True for the one on which it depends. It has to `leave`."""
        if self.until is None:
            return False
        if at < self.until:
            raise ProviderAway(self.until)
        if self._probe_since is not None and at < self._probe_since + _PROBE_PATIENCE:
            raise ProviderAway(at + FIRST_PAUSE)
        self._probe_since = at
        return True

    def leave(self) -> None:
        """The one that was to find out never asked, or did not live to tell."""
        self._probe_since = None

    def answered(self) -> None:
        self.failures, self.until, self._probe_since, self._pause = 0, None, None, FIRST_PAUSE

    def failed(self, at: datetime, *, retry_after: float | None = None, jitter: float | None = None) -> None:
        """The pause doubles with each probe that fails, up to the longest."""
        self.failures += 1
        probed, self._probe_since = self._probe_since is not None, None
        if self.failures < FAILURES_TO_OPEN and not probed:
            return
        if probed:
            self._pause = min(LONGEST_PAUSE, self._pause * 2)
        shaken = random.uniform(0.8, 1.2) if jitter is None else jitter  # noqa: S311
        self.until = at + max(self._pause * shaken, timedelta(seconds=min(retry_after or 0.0, 3600.0)))

    def try_now(self) -> None:
        """Somebody knows that it is back: the next call is the probe."""
        if self.until is not None:
            self.until, self._probe_since = now(), None


class Circuits:
    """Of this process, by key; `clock` is replaced in tests."""

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self.clock = clock
        self._all: dict[str, Circuit] = {}

    def of(self, key: str) -> Circuit:
        return self._all.setdefault(key, Circuit())

    def away(self) -> dict[str, datetime]:
        """Key -> when it is tried again, of every provider that is left alone now."""
        return {key: circuit.until for key, circuit in self._all.items() if circuit.until is not None}

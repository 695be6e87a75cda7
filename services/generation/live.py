"""The draft as it is being written, for whoever watches: a stream, not a record."""

import time
from typing import Any
from uuid import UUID

from services.bus import Bus

_SECONDS_BETWEEN = 0.15


class LiveDraft:
    """Sends a partial draft to `live:WORKFLOW` at most a few times a second; the last one is always sent by `close`."""

    def __init__(self, bus: Bus, workflow_id: UUID, *, lesson_id: UUID | None = None) -> None:
        self._bus = bus
        self._topic = f'live:{workflow_id}'
        self._lesson_id = str(lesson_id) if lesson_id else None
        self._sent_at = 0.0
        self._latest: dict[str, Any] | None = None

    def update(self, partial: dict[str, object]) -> None:
        """Called by an author on the event loop, as often as it likes."""
        self._latest = {'lesson_id': self._lesson_id, 'draft': partial}
        if time.monotonic() - self._sent_at >= _SECONDS_BETWEEN:
            self._send()

    def close(self) -> None:
        if self._latest is not None:
            self._send()

    def _send(self) -> None:
        self._sent_at = time.monotonic()
        payload, self._latest = self._latest, None
        self._bus.send_soon(self._topic, payload)

"""Who has a lesson open right now, on all replicas: said on the bus, remembered for a few seconds, stored nowhere.

Each window says every ten seconds that it is there, and goodbye when it closes. A replica that dies says nothing any
more, and its people are gone when the others next look.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from services.bus import Bus
from services.viewer import Permission, Viewer
from services.work import Gate
from storage.courses import Lesson

SIGN_SECONDS, GONE_SECONDS = 10.0, 25.0


@dataclass(frozen=True, kw_only=True)
class PersonHere:
    user_id: str
    name: str


class PresenceService:
    def __init__(self, gate: Gate, bus: Bus) -> None:
        self._gate, self._bus = gate, bus
        self._lessons: dict[UUID, _Room] = {}

    async def enter(self, viewer: Viewer, lesson_id: UUID, window: str, changed: Callable[[], None]) -> 'Visit':
        """`changed` is called whenever somebody comes or goes; the visit has to be left."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            await work.get(Lesson, lesson_id)
            person = PersonHere(user_id=str(work.viewer.user_id), name=work.viewer.full_name)
        room = self._lessons.get(lesson_id)
        if room is None:
            room = self._lessons[lesson_id] = _Room(self._bus, lesson_id)
        room.listeners[window] = changed
        await room.say(window, person, asks=True)
        return Visit(room, window, person, left=lambda: self._left(lesson_id))

    async def people(self, viewer: Viewer, lesson_id: UUID) -> list[PersonHere]:
        """Who is known to be there; complete on a replica where somebody has the lesson open."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            await work.get(Lesson, lesson_id)
        room = self._lessons.get(lesson_id)
        return room.people() if room is not None else []

    def _left(self, lesson_id: UUID) -> None:
        room = self._lessons.get(lesson_id)
        if room is not None and not room.listeners:
            room.close()
            del self._lessons[lesson_id]


class Visit:
    """One window at one lesson."""

    def __init__(self, room: '_Room', window: str, person: PersonHere, *, left: Callable[[], None]) -> None:
        self._room, self._window, self._person, self._left = room, window, person, left

    def people(self) -> list[PersonHere]:
        """By name; a person with two windows once."""
        return self._room.people()

    async def sign(self) -> None:
        await self._room.say(self._window, self._person)

    def away(self) -> None:
        """The window has gone silent; `sign` brings it back."""
        self._room.goodbye(self._window)

    def leave(self) -> None:
        self._room.listeners.pop(self._window, None)
        self._room.goodbye(self._window)
        self._left()


class _Room:
    def __init__(self, bus: Bus, lesson_id: UUID) -> None:
        self._bus, self._topic = bus, f'here:{lesson_id}'
        self._windows: dict[str, tuple[PersonHere, float]] = {}
        self.listeners: dict[str, Callable[[], None]] = {}
        self.close = bus.listen(self._topic, self._hear)

    def people(self) -> list[PersonHere]:
        fresh = time.monotonic() - GONE_SECONDS
        self._windows = {window: found for window, found in self._windows.items() if found[1] > fresh}
        return sorted({person for person, _ in self._windows.values()}, key=lambda one: (one.name, one.user_id))

    async def say(self, window: str, person: PersonHere, *, asks: bool = False) -> None:
        await self._bus.publish(self._topic, {'window': window, 'asks': asks, **asdict(person)})

    def goodbye(self, window: str) -> None:
        self._bus.send_soon(self._topic, {'window': window, 'gone': True})

    def _hear(self, said: Any) -> None:
        before = self.people()
        if said is None:  # the line was cut for a moment: whoever is there says so again
            self._answer()
        elif said.get('gone'):
            self._windows.pop(said['window'], None)
        else:
            person = PersonHere(user_id=said['user_id'], name=said['name'])
            self._windows[said['window']] = person, time.monotonic()
            if said['asks']:
                self._answer(but=said['window'])
        if self.people() != before:
            for changed in tuple(self.listeners.values()):
                changed()

    def _answer(self, but: str = '') -> None:
        """To a newcomer, from the replica where the others are."""
        for window in self.listeners:
            found = self._windows.get(window)
            if found is not None and window != but:
                said = {'window': window, 'asks': False, **asdict(found[0])}
                self._bus.send_soon(self._topic, said)

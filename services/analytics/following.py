"""Telling everybody who watches a course what changed: worked out once, handed out in one go.

Permission is looked at when somebody begins to follow, at once when any session or role changes, and every half minute
all the same; apart from the telling: asking the database for each of hundreds of watchers would make all of them wait.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from services.analytics.figures import CourseAnalytics
from services.bus import Bus
from services.errors import PlatformError
from services.viewer import Viewer

Hear = Callable[[CourseAnalytics], None]
Key = tuple[UUID, UUID]  # organisation, course
_CHECK_AFTER_SECONDS = 30.0
_AT_ONCE = 25


@dataclass(eq=False)
class _Follower:
    viewer: Viewer
    hear: Hear
    lost: Callable[[], None]
    checked_at: float


class _Course:
    """Those who follow one course, and whether they are being told right now."""

    def __init__(self) -> None:
        self.followers: list[_Follower] = []
        self.forget: list[Callable[[], None]] = []
        self.telling: asyncio.Task[None] | None = None
        self.again = False


class Followers:
    """`read(organisation, course)` gives the figures, `check(viewer)` refuses who may not see them any more."""

    def __init__(
        self,
        bus: Bus,
        *,
        read: Callable[[UUID, UUID], Awaitable[CourseAnalytics]],
        check: Callable[[Viewer], Awaitable[object]],
    ) -> None:
        self._bus, self._read, self._check = bus, read, check
        self._courses: defaultdict[Key, _Course] = defaultdict(_Course)
        bus.subscribe('sessions', self._doubt_everybody)

    def add(self, viewer: Viewer, course_id: UUID, hear: Hear, lost: Callable[[], None]) -> Callable[[], None]:
        """The answer ends it. Call it only for a viewer who has just been checked."""
        key = (viewer.organization_id, course_id)
        course = self._courses[key]
        if not course.forget:
            course.forget = [
                self._bus.subscribe(topic, lambda: self._changed(key))
                for topic in (f'progress:{course_id}', f'course:{course_id}')
            ]
        follower = _Follower(viewer, hear, lost, time.monotonic())
        course.followers.append(follower)
        return lambda: self._remove(key, follower)

    def _remove(self, key: Key, follower: _Follower) -> None:
        course = self._courses.get(key)
        if course is None or follower not in course.followers:
            return
        course.followers.remove(follower)
        if not course.followers:
            for forget in course.forget:
                forget()
            del self._courses[key]

    async def _doubt_everybody(self) -> None:
        for key, course in tuple(self._courses.items()):
            for follower in course.followers:
                follower.checked_at = float('-inf')
            await self._look_again(key, course)

    def _changed(self, key: Key) -> None:
        course = self._courses[key]
        if course.telling is not None and not course.telling.done():
            course.again = True
        else:
            course.telling = asyncio.create_task(self._tell(key, course))

    async def _tell(self, key: Key, course: _Course) -> None:
        while True:
            course.again = False
            try:
                figures = await self._read(*key)
            except PlatformError:
                for follower in tuple(course.followers):
                    self._remove(key, follower)
                    follower.lost()
                return
            for place, follower in enumerate(tuple(course.followers), 1):
                if follower in course.followers:
                    follower.hear(figures)
                if place % _AT_ONCE == 0:
                    await asyncio.sleep(0)  # what was handed out goes onto the wire before the rest is
            await self._look_again(key, course)
            if not course.again:
                return

    async def _look_again(self, key: Key, course: _Course) -> None:
        for follower in tuple(course.followers):
            if course.again:
                return
            if time.monotonic() - follower.checked_at < _CHECK_AFTER_SECONDS:
                continue
            try:
                await self._check(follower.viewer)
                follower.checked_at = time.monotonic()
            except PlatformError:
                self._remove(key, follower)
                follower.lost()

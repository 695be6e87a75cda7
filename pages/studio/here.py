"""Who else has the lesson open, live."""

from contextlib import suppress
from uuid import UUID, uuid4

from nicegui import ui

from components.live import when_deleted
from components.markup import markup
from components.presence import people_html
from pages.studio.part import Desk
from services.editing.presence import SIGN_SECONDS, Visit
from services.errors import PlatformError


class LessonPeople:
    """Shows the others; this window is shown to them from `at(lesson)` until it closes or goes silent."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._window = desk, uuid4().hex
        self._lesson: UUID | None = None
        self._visit: Visit | None = None
        self._faces = markup(tag='span').props('aria-live=polite')
        ui.timer(SIGN_SECONDS, self._sign, immediate=False)
        self._faces.client.on_disconnect(self._away)
        self._faces.client.on_connect(self._sign)
        when_deleted(self._faces, self._leave)

    async def at(self, lesson_id: UUID) -> None:
        if lesson_id == self._lesson:
            return
        self._leave()
        self._lesson = lesson_id
        with suppress(PlatformError):
            here = self._desk.services.editing.here
            self._visit = await here.enter(self._desk.viewer, lesson_id, self._window, self._show)
            self._show()

    def _show(self) -> None:
        if self._visit is not None and not self._faces.is_deleted:
            me = str(self._desk.viewer.user_id)
            self._faces.show(people_html([one.name for one in self._visit.people() if one.user_id != me]))

    async def _sign(self) -> None:
        if self._visit is not None:
            await self._visit.sign()

    def _away(self) -> None:
        if self._visit is not None:
            self._visit.away()

    def _leave(self) -> None:
        visit, self._visit, self._lesson = self._visit, None, None
        if visit is not None:
            visit.leave()

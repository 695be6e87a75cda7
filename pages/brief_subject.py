"""The subject of a new course, where the organisation has any: it says who reviews it."""

from nicegui import ui

from components.action import action
from components.field import select_field
from components.i18n import _
from components.live import refresh_later
from services.platform import Services
from services.viewer import Viewer


class SubjectChoice(ui.element):
    def __init__(self, viewer: Viewer, services: Services) -> None:
        super().__init__('div')
        self._viewer, self._services = viewer, services
        self._field: select_field | None = None
        self.set_visibility(False)
        refresh_later(self, self._load)

    @property
    def chosen(self) -> str:
        return str((self._field.value if self._field else '') or '')

    @action
    async def _load(self) -> None:
        names = [subject.name for subject in await self._services.review_settings.subjects(self._viewer)]
        if names and self._field is None:
            with self:
                self._field = select_field(_('Subject'), names, optional=True, help=_('Brings its reviewers with it.'))
            self.set_visibility(True)

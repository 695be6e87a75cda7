"""The model's provider is away: until when the course waits for it, and a way to try at once."""

from nicegui import ui

from components.action import action
from components.button import button_html
from components.i18n import _, clock_time, translated
from components.notice import notice, toast
from pages.studio.part import Desk
from services.viewer import Permission


class Waiting:
    """A notice above the part that writes; nothing where nothing waits."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._place = ui.element('div')
        self.show()

    def show(self) -> None:
        self._place.clear()
        workflow = self._desk.workflow
        if workflow.status != 'running' or workflow.waits_until is None:
            return
        may = self._desk.may(Permission.DRAFT_WRITE)
        words = _(
            '{reason} What is written stays; it goes on by itself. The next attempt is at {time}.',
            reason=translated(workflow.waits_for),
            time=clock_time(workflow.waits_until),
        )
        with self._place:
            notice(
                words,
                tone='warn',
                title=_('Waiting for the model.'),
                extra_html=button_html(_('Try now'), 'try', kind='link') if may else '',
                on_act=lambda act, of: self._try(),
            )

    @action
    async def _try(self) -> None:
        desk = self._desk
        desk.workflow = await desk.services.workflows.try_now(desk.viewer, desk.workflow.id)
        self.show()
        toast(_('Trying now.'))

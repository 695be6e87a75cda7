"""A phase that failed or was stopped: why, what is safe, and how to go on."""

from components.action import action
from components.button import button, link_button
from components.i18n import _, ngettext, translated
from components.layout import page
from components.live import refresh_later
from components.markup import markup
from components.notice import notice
from pages.studio.history import history_card
from pages.studio.part import Desk
from pages.wording import stage_name
from services.viewer import Permission


class Ended:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        workflow = desk.workflow
        desk.here()
        stopped = workflow.status == 'cancelled'
        stage = stage_name(workflow.stage)
        with page() as self._page:
            title = _('{stage} stopped', stage=stage) if stopped else _('{stage} could not be finished', stage=stage)
            with desk.header(title, desk.about()).actions:
                self._ready = button(
                    _('Read what is ready'), icon='rate_review', on_click=lambda: desk.read_ready(True)
                )
                self._ready.set_visibility(False)
                if desk.may(Permission.DRAFT_WRITE):
                    again = _('Go on writing') if stopped else _('Try again')
                    button(again, kind='primary', icon='refresh', on_click=self._restart)
                else:
                    link_button(_('To the course'), f'/courses/{workflow.course_id}')
            if stopped:
                notice(_('It was stopped on purpose. Going on writes only what is missing.'), tone='plain')
            else:
                why = translated(workflow.error) if workflow.error else _('The author did not answer.')
                notice(why, tone='bad', title=_('What went wrong.'))
            self._kept = markup(classes='cw-small-text')
            self._history = history_card(desk)
        refresh_later(self._page, self.refresh)

    def is_typed_into(self) -> bool:
        return False

    async def refresh(self) -> None:
        await self._history.refresh()
        if self._desk.workflow.stage != 'content':
            return
        modules = await self._desk.services.blocks.draft(self._desk.viewer, self._desk.workflow.id)
        ready = sum(bool(lesson.blocks) for module in modules for lesson in module.lessons)
        blocks = sum(len(lesson.blocks) for module in modules for lesson in module.lessons)
        self._ready.set_visibility(ready > 0)
        self._kept.set_visibility(blocks > 0)
        self._kept.show(ngettext('{n} block is written and saved.', '{n} blocks are written and saved.', blocks))

    @action
    async def _restart(self) -> None:
        await self._desk.services.workflows.restart(self._desk.viewer, self._desk.workflow.id)

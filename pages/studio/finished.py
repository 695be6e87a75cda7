"""After the approval: the course is assembled, proof copies are made, and then it is ready to publish."""

from nicegui import ui

from components.button import link_button
from components.card import card
from components.i18n import _, seconds
from components.layout import page
from components.live import refresh_later
from components.markup import escape, icon, markup
from components.status import status_html
from pages.studio.history import history_card
from pages.studio.part import Desk
from pages.wording import next_row_html
from services.clock import now

_ALL_DONE = 6


class Finished:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        done = desk.workflow.stage == 'done'
        desk.here(_('Ready to publish') if done else _('Assembly'))
        with page():
            title = _('Ready to publish') if done else _('Putting the course together')
            self._header = desk.header(title, desk.about())
            with self._header.actions:
                self._lead_on(_('Check and publish') if done else _('To the course'), primary=done)
            with card(_('Where it stands')):
                steps = markup(_steps_html(desk.workflow.stage), tag='ul', classes='cw-next')
                if done:
                    refresh_later(steps, self._look_whether_published)
                else:
                    self._time = markup(classes='cw-small-text')
                    ui.timer(1, self._tick)
            self._history = history_card(desk)

    def _lead_on(self, words: str, *, primary: bool) -> None:
        href = f'/courses/{self._desk.workflow.course_id}'
        link_button(words, href, icon='fact_check', kind='primary' if primary else 'plain')

    async def _look_whether_published(self) -> None:
        """Publishing happens on the page of the course, and nothing here changes by it but what is left to do."""
        desk = self._desk
        course = await desk.services.courses.get(desk.viewer, desk.workflow.course_id)
        if course.published_version_id != desk.workflow.version_id:
            return
        desk.here(_('Published'))
        self._header.say(_('Published'), subtitle=desk.about())
        self._header.reach(_ALL_DONE)
        self._header.actions.clear()
        with self._header.actions:
            self._lead_on(_('To the course'), primary=False)

    def is_typed_into(self) -> bool:
        return False

    async def refresh(self) -> None:
        await self._history.refresh()

    def _tick(self) -> None:
        passed = seconds((now() - self._desk.workflow.run_started_at).total_seconds())
        self._time.show(escape(_('{time} so far. You can leave, we tell you when it is done.', time=passed)))


def _steps_html(stage: str) -> str:
    steps = (
        ('assembly', _('Every approved block is put in its place'), _('and made findable for learners')),
        ('export', _('Proof copies are made'), _('web pages that open offline, and a PDF')),
        ('done', _('Version 1.0 can be checked and published'), _('nobody learns from it before you publish')),
    )
    order = [name for name, _title, _words in steps]
    at = order.index(stage)
    html = ''
    for place, (_name, title, words) in enumerate(steps):
        if place < at or stage == 'done':
            mark = f'<span class="cw-ok">{icon("check_circle")}</span>'
        elif place == at:
            mark = status_html('working', word=False)
        else:
            mark = f'<span class="cw-ink3">{icon("radio_button_unchecked")}</span>'
        html += next_row_html(mark, title, words)
    return html

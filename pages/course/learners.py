"""Who learns the course, how far they are, and taking them out with a way back."""

from uuid import UUID

from nicegui import ui

from components.action import action
from components.avatar import avatar_html
from components.button import button, icon_button_html
from components.card import card
from components.data_table import Column, Page, Request, data_table
from components.empty_state import empty_state
from components.i18n import _, ngettext, percent, when_html
from components.live import live
from components.markup import escape, markup
from components.notice import toast
from pages.course.enrolling import enrol_dialog
from pages.course_figures import share_html
from services.analytics.figures import StudentFigures
from services.platform import Services
from services.viewer import Permission, Viewer


class learners_card(ui.element):
    def __init__(self, viewer: Viewer, services: Services, course_id: UUID, title: str) -> None:
        super().__init__('div')
        self._viewer, self._services, self._course_id, self._title = viewer, services, course_id, title
        with self, card(_('Learners'), padded=False) as box:
            with box.aside:
                self._count = markup(tag='span', classes='cw-small-text')
            self._table = data_table(
                label=_('Learners'),
                columns=[
                    Column(name='name', title=_('Name'), kind='html', sortable=True, lead=True),
                    Column(name='progress', title=_('Progress'), kind='html', sortable=True, keep=True),
                    Column(name='seen', title=_('Last seen'), kind='html', sortable=True),
                    Column(name='remove', title='', kind='html'),
                ],
                fetch=self._fetch,
                on_row_act=self._act,
                empty=self._build_empty,
            )
        live(self, services.bus, f'progress:{course_id}', self._table.refresh)

    async def _fetch(self, request: Request) -> Page:
        figures = await self._services.analytics.course(self._viewer, self._course_id)
        order = {
            'name': lambda one: one.name.casefold(),
            'progress': lambda one: one.progress,
            'seen': lambda one: one.last_seen.timestamp() if one.last_seen else 0.0,
        }
        found = sorted(figures.students, key=order.get(request.sort, order['name']), reverse=request.descending)
        self._count.show(escape(ngettext('{n} learner', '{n} learners', len(found))) if found else '')
        rows = [_row(one) for one in found[request.offset :][: request.size]]
        return Page(rows=rows, total=len(found))

    @action
    async def _act(self, act: str, of: str) -> None:
        if act != 'remove':
            return
        viewer, services, course_id, user_id = self._viewer, self._services, self._course_id, UUID(of)
        await services.enrollments.remove(viewer, course_id, user_id)

        @action
        async def take_back() -> None:
            await services.enrollments.enroll(viewer, course_id, user_id=user_id)

        toast(_('Taken out of the course. What they did is kept.'), undo=take_back)

    def _build_empty(self) -> None:
        with empty_state(_('Nobody is enrolled yet'), _('Choose people, or paste a list of e-mails.'), art=False):
            button(_('Enrol students'), icon='person_add', on_click=self._enrol)

    @action
    async def _enrol(self) -> None:
        self._viewer.require(Permission.ENROLL)
        await enrol_dialog(self._viewer, self._services, self._course_id)


def _row(student: StudentFigures) -> dict[str, str]:
    label = _('{name}: {share} done', name=student.name, share=percent(student.progress))
    return {
        'id': str(student.user_id),
        'label': student.name,
        'name': (
            f'<span class="cw-who">{avatar_html(student.name)}<span class="cw-two"><b>{escape(student.name)}</b>'
            f'<small>{escape(student.email)}</small></span></span>'
        ),
        'progress': share_html(student.progress, label),
        'seen': when_html(student.last_seen, none=_('not yet')),
        'remove': icon_button_html(
            'person_remove', _('Take {name} out', name=student.name), 'remove', str(student.user_id)
        ),
    }

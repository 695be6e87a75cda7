"""All courses: found, filtered, opened, thrown away and taken back."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import link_button
from components.card import card
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, ngettext, number
from components.layout import line, page
from components.live import live, refresh_later
from components.markup import attributes, escape, icon, markup
from components.notice import toast
from components.page_header import page_header
from components.search_field import choice_chips, filter_chip, search_field
from components.skeleton import skeleton
from pages.course_rows import course_row_html, delete_html, my_course_row_html, restore_html
from pages.guarded import id_in
from services.courses import CourseSummary
from services.platform import Services
from services.viewer import Permission, Viewer

PAGE_SIZE = 20
_BIN = 'deleted'


def index(
    viewer: Viewer,
    services: Services,
    q: str = '',
    status: str = '',
    sort: str = '',
    mine: str = '',
    page: str = '1',
) -> None:
    here(_('Courses'), nav='/courses')
    if viewer.may(Permission.COURSE_READ):
        _CourseList(viewer, services, q=q, status=status, sort=sort, mine=bool(mine), place=page).build()
    else:
        _LearnerList(viewer, services, q=q).build()


class _CourseList:
    def __init__(
        self, viewer: Viewer, services: Services, *, q: str, status: str, sort: str, mine: bool, place: str
    ) -> None:
        self._viewer, self._services = viewer, services
        self._words = q
        self._status = status if status in _statuses(viewer) else None
        self._sort = sort if sort in _orders() else 'newest'
        self._mine = mine
        self._page = int(place) if place.isdecimal() and 0 < int(place) < 100_000 else 1
        self._may_write = viewer.may(Permission.COURSE_WRITE)

    def build(self) -> None:
        with page() as whole:
            self._header = page_header(_('Courses'))
            if self._may_write:
                with self._header.actions:
                    link_button(_('Draft a part'), '/parts', icon='auto_awesome')
                    link_button(_('New course'), '/courses/new', kind='primary', icon='add')
            with line('close'):
                search_field(_('Title or instructor'), value=self._words, on_change=self._searched)
                filter_chip(_('State'), _statuses(self._viewer), value=self._status, on_change=self._filtered)
                # 'newest' is what no choice means
                orders = {order: words for order, words in _orders().items() if order != 'newest'}
                chosen = None if self._sort == 'newest' else self._sort
                filter_chip(_('Order'), orders, value=chosen, on_change=self._sorted)
                if self._may_write:
                    choice_chips(
                        {'all': _('All'), 'mine': _('Mine')},
                        value='mine' if self._mine else 'all',
                        on_change=self._whose,
                        label=_('Whose courses'),
                    )
                self._count = markup(tag='span', classes='cw-small-text cw-push').props('role=status')
            self._box = ui.element('div')
            with self._box:
                skeleton(6)
        live(whole, self._services.bus, f'courses:{self._viewer.organization_id}', self._refresh)
        refresh_later(whole, self._refresh)

    async def _searched(self, words: str) -> None:
        self._words = words
        await self._changed()

    async def _filtered(self, status: str | None) -> None:
        self._status = status
        await self._changed()

    async def _sorted(self, order: str | None) -> None:
        self._sort = order or 'newest'
        await self._changed()

    async def _whose(self, whose: str) -> None:
        self._mine = whose == 'mine'
        await self._changed()

    async def _changed(self, place: int = 1) -> None:
        self._page = place
        chosen = {
            'q': self._words,
            'status': self._status,
            'sort': '' if self._sort == 'newest' else self._sort,
            'mine': '1' if self._mine else '',
            'page': str(place) if place > 1 else '',
        }
        query = urlencode({name: value for name, value in chosen.items() if value})
        ui.navigate.history.replace(f'/courses?{query}' if query else '/courses')
        await self._refresh()

    @action
    async def _refresh(self) -> None:
        found, total = await self._found()
        filtered = bool(self._words or self._status or self._mine)
        self._count.show(escape(ngettext('{n} course', '{n} courses', total)) if total else '')
        self._box.clear()
        with self._box:
            if found:
                with card(label=_('Courses'), padded=False):
                    rows = ''.join(course_row_html(course, acts=self._acts_html(course)) for course in found)
                    markup(rows + _pager_html(self._page, total), on_act=self._act)
            elif self._status == _BIN:
                sentence = _('Deleted courses wait here until you restore them.')
                empty_state(_('The recycle bin is empty'), sentence, art=False)
            elif filtered:
                empty_state(_('No course matches'), _('Try fewer words, or another state.'), art=False)
            else:
                self._build_first()

    async def _found(self) -> tuple[Sequence[CourseSummary], int]:
        if self._status == _BIN:
            words = self._words.casefold()
            found = await self._services.courses.recycle_bin(self._viewer)
            found = [one for one in found if words in f'{one.title} {one.instructor}'.casefold()]
            return found[(self._page - 1) * PAGE_SIZE :][:PAGE_SIZE], len(found)
        return await self._services.courses.list(
            self._viewer,
            search=self._words,
            status=self._status,  # type: ignore[arg-type]
            mine=self._mine,
            order=self._sort,  # type: ignore[arg-type]
            limit=PAGE_SIZE,
            offset=(self._page - 1) * PAGE_SIZE,
        )

    def _build_first(self) -> None:
        sentence = _('A course is drafted from your documents, and every sentence of it points back to its page.')
        with empty_state(_('No courses yet'), sentence, dashed=True):
            if self._may_write:
                link_button(_('New course'), '/courses/new', kind='primary', icon='add')

    def _acts_html(self, course: CourseSummary) -> str:
        if not self._may_write:
            return ''
        return restore_html(course) if course.deleted_at else delete_html(course)

    @action
    async def _act(self, act: str, of: str) -> None:
        if act == 'page' and of.isdecimal():
            await self._changed(max(1, int(of)))
        elif act == 'delete':
            await self._delete(id_in(of))
        elif act == 'restore':
            restored = await self._services.courses.restore(self._viewer, id_in(of))
            toast(_('“{title}” is back.', title=restored.title))

    async def _delete(self, course_id: UUID) -> None:
        course = await self._services.courses.get(self._viewer, course_id)
        await self._services.courses.delete(self._viewer, course_id)

        @action
        async def take_back() -> None:
            await self._services.courses.restore(self._viewer, course_id)

        toast(_('“{title}” is in the recycle bin.', title=course.title), undo=take_back)


class _LearnerList:
    def __init__(self, viewer: Viewer, services: Services, *, q: str) -> None:
        self._viewer, self._services, self._words = viewer, services, q

    def build(self) -> None:
        with page() as whole:
            page_header(_('My courses'))
            with line():
                search_field(_('Title or instructor'), value=self._words, on_change=self._searched)
            self._box = ui.element('div')
            with self._box:
                skeleton(6)
        live(whole, self._services.bus, f'user:{self._viewer.user_id}', self._refresh)
        refresh_later(whole, self._refresh)

    async def _searched(self, words: str) -> None:
        self._words = words
        ui.navigate.history.replace(f'/courses?{urlencode({"q": words})}' if words else '/courses')
        await self._refresh()

    @action
    async def _refresh(self) -> None:
        if not self._viewer.may(Permission.LEARN):
            found = []
        else:
            found = list(await self._services.enrollments.my_courses(self._viewer))
        words = self._words.casefold()
        shown = [course for course in found if words in f'{course.title} {course.instructor}'.casefold()]
        self._box.clear()
        with self._box:
            if shown:
                with card(label=_('My courses'), padded=False):
                    markup(''.join(my_course_row_html(course) for course in shown))
            elif found:
                empty_state(_('No course matches'), _('Try fewer words.'), art=False)
            else:
                empty_state(_('No courses yet'), _('You will find a course here as soon as somebody enrols you.'))


def _statuses(viewer: Viewer) -> dict[str, str]:
    known = {'draft': _('In the making'), 'assembled': _('Ready to publish'), 'published': _('Published')}
    return known | ({_BIN: _('Recycle bin')} if viewer.may(Permission.COURSE_WRITE) else {})


def _orders() -> dict[str, str]:
    return {'newest': _('Newest first'), 'oldest': _('Oldest first'), 'updated': _('Last changed'), 'title': _('Title')}


def _pager_html(place: int, total: int) -> str:
    last = max(1, -(-total // PAGE_SIZE))
    if last == 1:
        return ''

    def arrow(symbol: str, label: str, to: int) -> str:
        given = attributes(
            type='button', class_='cw-btn cw-icon-btn cw-small', data_act='page', data_of=str(to), aria_label=label,
            disabled=not 1 <= to <= last,
        )  # fmt: skip
        return f'<button{given}>{icon(symbol, "cw-flips")}</button>'

    words = _('{page} of {total}', page=number(place), total=number(last))
    return (
        f'<nav class="cw-pager cw-list-pager" aria-label="{escape(_("Pages"))}">'
        f'<span class="cw-push">{escape(words)}</span>{arrow("chevron_left", _("Previous page"), place - 1)}'
        f'{arrow("chevron_right", _("Next page"), place + 1)}</nav>'
    )

"""Reviews: what waits for me, what waits for others, what I decided; read and approved from here."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button, button_html, icon_button_html, link_button
from components.card import card, list_row_html
from components.dialog import dialog
from components.empty_state import empty_state
from components.field import select_field
from components.frame import here
from components.i18n import _, age, ngettext, number, when_html
from components.layout import line, page
from components.live import live, refresh_later
from components.markup import escape, markup
from components.notice import toast
from components.page_header import page_header
from components.search_field import choice_chips, filter_chip
from components.skeleton import skeleton
from components.status import status_html
from pages.guarded import id_in
from pages.review_panel import ReviewPanel
from pages.studio.standing import count_words, due_words
from pages.wording import stage_name
from services.platform import Services
from services.reviewing.lists import ORDERS
from services.reviewing.views import DecidedRow, ReviewRow
from services.viewer import Permission, Viewer

_PATH, _SIZE, _REMEMBERED = '/reviews', 20, 30
_DECIDED = 'decided'


def index(
    viewer: Viewer,
    services: Services,
    show: str = '',
    course: str = '',
    stage: str = '',
    sort: str = '',
    page: str = '1',
) -> None:
    here(_('Reviews'), nav=_PATH)
    _Dashboard(viewer, services, show=show, course=course, stage=stage, sort=sort, place=page).build()


class _Dashboard:
    def __init__(
        self, viewer: Viewer, services: Services, *, show: str, course: str, stage: str, sort: str, place: str
    ) -> None:
        self._viewer, self._services = viewer, services
        self._show = show if show in ('others', _DECIDED) else 'me'
        self._course = course or None
        self._stage = stage if stage in ('outline', 'content') else None
        self._sort = sort if sort in ORDERS else 'oldest'
        self._page = int(place) if place.isdecimal() and 0 < int(place) < 10_000 else 1
        self._rows: dict[str, ReviewRow] = {}

    def build(self) -> None:
        with page() as whole:
            self._header = page_header(_('Reviews'), subtitle=_('What waits for a decision'))
            with self._header.actions:
                button(_('My deputy'), icon='person', on_click=action(self._choose_deputy))
            with line('close'):
                shown = {'me': _('For me'), 'others': _('For others'), _DECIDED: _('Decided by me')}
                choice_chips(shown, value=self._show, on_change=self._choose, label=_('Whose reviews'))
                self._filters = ui.element('span').classes('cw-line cw-close')
            self._box = ui.element('div')
            with self._box:
                skeleton(5)
        live(whole, self._services.bus, f'reviews:{self._viewer.organization_id}', self._refresh)
        refresh_later(whole, self._start)

    async def _start(self) -> None:
        courses = {str(key): title for key, title in (await self._services.review_lists.courses(self._viewer)).items()}
        orders = {'newest': _('Newest first'), 'due': _('Due first'), 'course': _('By course')}
        with self._filters:
            if courses or self._course:
                known = {**({self._course: _('a course without a review')} if self._course else {}), **courses}
                filter_chip(_('Course'), known, value=self._course, on_change=lambda value: self._filter(course=value))
            stages = {stage: stage_name(stage) for stage in ('outline', 'content')}
            filter_chip(_('Stage'), stages, value=self._stage, on_change=lambda value: self._filter(stage=value))
            chosen = None if self._sort == 'oldest' else self._sort
            filter_chip(_('Order'), orders, value=chosen, on_change=lambda value: self._filter(sort=value or 'oldest'))
        self._filters.set_visibility(self._show != _DECIDED)
        await self._refresh()

    async def _choose(self, show: str) -> None:
        self._show = show
        self._filters.set_visibility(show != _DECIDED)
        await self._changed()

    async def _filter(self, **chosen: str | None) -> None:
        for name, value in chosen.items():
            setattr(self, f'_{name}', value)
        await self._changed()

    async def _changed(self, place: int = 1) -> None:
        self._page = place
        chosen = {
            'show': '' if self._show == 'me' else self._show,
            'course': self._course or '',
            'stage': self._stage or '',
            'sort': '' if self._sort == 'oldest' else self._sort,
            'page': str(place) if place > 1 else '',
        }
        query = urlencode({name: value for name, value in chosen.items() if value})
        ui.navigate.history.replace(f'{_PATH}?{query}' if query else _PATH)
        await self._refresh()

    @action
    async def _refresh(self) -> None:
        mine = await self._services.review_lists.count(self._viewer)
        self._header.say(_title(mine), subtitle=_('What waits for a decision'))
        if self._show == _DECIDED:
            found = await self._services.review_lists.decided(self._viewer, limit=_REMEMBERED)
            self._box.clear()
            with self._box:
                _decided(found)
            return
        rows, total = await self._services.review_lists.list(
            self._viewer,
            waiting_for='others' if self._show == 'others' else 'me',
            course_id=_uuid(self._course),
            stage=self._stage or '',
            order=self._sort,
            limit=_SIZE,
            offset=(self._page - 1) * _SIZE,
        )
        self._rows = {str(row.id): row for row in rows}
        self._box.clear()
        with self._box:
            if rows:
                title = _('Waiting for me') if self._show == 'me' else _('Waiting for others')
                with card(title, note=number(total), padded=False):
                    html = ''.join(_row(row, first=place == 0) for place, row in enumerate(rows))
                    markup(html + _pager_html(self._page, total), on_act=self._act)
            elif self._course or self._stage:
                empty_state(_('No review matches'), _('Try another course or stage.'), art=False)
            else:
                self._nothing()

    async def _act(self, act: str, of: str) -> None:
        if act == 'page' and of.isdecimal():
            await self._changed(max(1, int(of)))
        elif act == 'read' and of in self._rows:
            await self._read(self._rows[of])

    @action
    async def _read(self, row: ReviewRow) -> None:
        await ReviewPanel(self._viewer, self._services, row).open()

    async def _choose_deputy(self) -> None:
        await _deputy_dialog(self._viewer, self._services)

    def _nothing(self) -> None:
        if self._show == 'others':
            empty_state(_('Nothing waits for others'), _('What somebody else has to decide stands here.'), art=False)
            return
        with empty_state(
            _('All is decided'),
            _('Outlines and lessons come here when their draft is written. You are told when one does.'),
            dashed=True,
        ):
            if self._viewer.may(Permission.COURSE_WRITE):
                link_button(_('New course'), '/courses/new', kind='primary', icon='add')


def _title(count: int) -> str:
    if count == 0:
        return _('Nothing waits for you')
    return ngettext('{n} draft waits for you', '{n} drafts wait for you', count)


def _row(row: ReviewRow, *, first: bool) -> str:
    outline = row.stage == 'outline'
    said = [stage_name(row.stage), _('answers the comments on the draft before') if row.answers_comments else '']
    said.append(_('started by {name}', name=row.started_by))
    if row.standing.who_may and not row.mine:
        said.append(_('decided by {names}', names=', '.join(row.standing.who_may)))
    standing = row.standing
    count = count_words(standing, row.stage) if standing.needed > 1 else _can(row)
    lines = [escape(due_words(standing)), escape(count)]
    if standing.late:
        lines[0] = status_html('late', due_words(standing))
    state, approvals = lines if standing.due_at is not None else (lines[1], '')
    words = _('Read and approve') if row.mine else _('Read')
    read = button_html(
        words, 'read', str(row.id), icon='rate_review', kind='primary' if first and row.mine else 'plain'
    )
    return list_row_html(
        row.title,
        second=', '.join(filter(None, said)),
        icon_name='account_tree' if outline else 'rate_review',
        meta=(state, approvals),
        late=(escape(_('since {age}', age=age(row.since))), when_html(row.since)),
        href=f'/studio/{row.workflow_id}',
        emphasized=first and row.mine,
        after_html=f'<span class="cw-row-read">{read}</span>',
    )


def _can(row: ReviewRow) -> str:
    """What the viewer can do about it."""
    if row.standing.has_approved:
        return _('you have approved')
    if row.standing.deputy_for and row.standing.may_decide:
        return _('you are the deputy')
    return _('yours to decide') if row.standing.may_decide else _('you can comment')


def _decided(found: Sequence[DecidedRow]) -> None:
    if not found:
        empty_state(_('You have decided nothing yet'), _('What you approve or send back is kept here.'), art=False)
        return
    words = {
        'approve': ('approved', _('Approved')),
        'reject': ('sent_back', _('Sent back')),
        'waiting': ('waiting', _('Approved by you, waits for another')),
    }
    with card(_('Decided by me'), padded=False):
        html = ''.join(
            list_row_html(
                row.title,
                second=f'{stage_name(row.stage)}, {row.hash[:12]}' if row.hash else stage_name(row.stage),
                icon_name='account_tree' if row.stage == 'outline' else 'rate_review',
                meta=(status_html(*words[row.decision]), ''),
                late=(when_html(row.at), ''),
                href=f'/studio/{row.workflow_id}',
            )
            for row in found
        )
        markup(html)


async def _deputy_dialog(viewer: Viewer, services: Services) -> None:
    kept = await services.reviewers.deputy(viewer)
    people = {str(one.id): one.name for one in await services.reviewers.candidates(viewer) if one.id != viewer.user_id}
    sentence = _('When a review of yours is late, your deputy is told and may decide in your place. So may you.')
    asked = dialog(_('My deputy'), sentence)
    with asked.body:
        chosen = select_field(
            _('Deputy'),
            people,
            value=str(kept.id) if kept and str(kept.id) in people else None,
            optional=True,
            search=True,
        )

    @action(fields={'deputy_id': chosen})
    async def save() -> None:
        kept = await services.reviewers.set_deputy(viewer, UUID(chosen.value) if chosen.value else None)
        asked.submit(True)
        toast(_('{name} is your deputy now.', name=kept.name) if kept else _('You have no deputy now.'))

    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(_('Save'), kind='primary', on_click=save)
    await asked.answer()


def _pager_html(place: int, total: int) -> str:
    last = max(1, -(-total // _SIZE))
    if last == 1:
        return ''
    words = _('{page} of {total}', page=number(place), total=number(last))
    back = icon_button_html('chevron_left', _('Previous page'), 'page', str(max(1, place - 1)))
    on = icon_button_html('chevron_right', _('Next page'), 'page', str(min(last, place + 1)))
    return (
        f'<nav class="cw-pager cw-list-pager" aria-label="{escape(_("Pages"))}">'
        f'<span class="cw-push">{escape(words)}</span>{back}{on}</nav>'
    )


def _uuid(text: str | None) -> UUID | None:
    return id_in(text) if text else None

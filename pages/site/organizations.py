"""Every organisation of the installation: found, made, changed, suspended, deleted, brought back."""

from urllib.parse import urlencode

from nicegui import ui

from components.action import action
from components.avatar import avatar_html
from components.button import button, icon_button_html
from components.data_table import Column, Page, Request, data_table
from components.dialog import ask_comment
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, ngettext, short_day, when_html
from components.layout import line, page
from components.live import live
from components.markup import escape, markup
from components.notice import toast
from components.page_header import page_header
from components.search_field import filter_chip, search_field
from components.status import status_html
from pages.areas import area_links
from pages.guarded import id_in
from pages.site.organization_forms import change_dialog, create_dialog, delete_dialog
from services.organizations import OrganizationView
from services.platform import Services
from services.viewer import Viewer

_PATH = '/site'


def index(viewer: Viewer, services: Services, q: str = '', status: str = '') -> None:
    here(_('Installation'), nav=_PATH)
    _Organizations(viewer, services, q, status)


class _Organizations:
    def __init__(self, viewer: Viewer, services: Services, words: str, status: str) -> None:
        self._viewer, self._services, self._words = viewer, services, words
        self._status = status if status in _statuses() else None
        with page(dense=True) as whole:
            header = page_header(_('Organisations'), subtitle=_('Who has a place on this installation'))
            with header.actions:
                button(_('New organisation'), kind='primary', icon='add_business', on_click=self._create)
            area_links(viewer, 'site', _PATH)
            with line('close'):
                search_field(_('Name or contact e-mail'), value=words, on_change=self._searched)
                filter_chip(_('State'), _statuses(), value=self._status, on_change=self._filtered)
                self._count = markup(tag='span', classes='cw-small-text cw-push').props('role=status')
            self._table = data_table(
                label=_('Organisations'),
                columns=[
                    Column(name='name', title=_('Name'), kind='html', sortable=True, lead=True),
                    Column(name='contact', title=_('Contact'), kind='html'),
                    Column(name='members', title=_('Members'), kind='number'),
                    Column(name='courses', title=_('Courses'), kind='number'),
                    Column(name='created', title=_('Since'), kind='html', sortable=True),
                    Column(name='status', title=_('State'), kind='html', keep=True),
                    Column(name='acts', title='', kind='html', keep=True),
                ],
                request=Request(size=25, sort='created', descending=True),
                fetch=self._fetch,
                on_row_act=self._act,
                empty=self._build_nothing,
            )
        live(whole, services.bus, 'organizations', self._table.refresh)

    async def _fetch(self, request: Request) -> Page:
        found, total = await self._services.organizations.list(
            self._viewer,
            search=self._words,
            status=self._status or '',
            order=request.sort,
            descending=request.descending,
            limit=request.size,
            offset=request.offset,
        )
        self._count.show(escape(ngettext('{n} organisation', '{n} organisations', total)) if total else '')
        return Page(rows=[_row(one, own=one.id == self._viewer.organization_id) for one in found], total=total)

    async def _searched(self, words: str) -> None:
        self._words = words
        await self._look_again()

    async def _filtered(self, status: str | None) -> None:
        self._status = status
        await self._look_again()

    async def _look_again(self) -> None:
        chosen = {'q': self._words, 'status': self._status or ''}
        query = urlencode({name: value for name, value in chosen.items() if value})
        ui.navigate.history.replace(f'{_PATH}?{query}' if query else _PATH)
        await self._table.refresh(first_page=True)

    def _build_nothing(self) -> None:
        empty_state(_('No organisation matches'), _('Try fewer words, or another state.'), art=False)

    @action
    async def _create(self) -> None:
        await create_dialog(self._viewer, self._services)

    @action
    async def _act(self, act: str, of: str) -> None:
        organization = await self._services.organizations.get(self._viewer, id_in(of))
        match act:
            case 'change':
                await change_dialog(self._viewer, self._services, organization)
            case 'suspend':
                await self._suspend(organization)
            case 'restore':
                await self._restore(organization)
            case 'delete':
                if await delete_dialog(self._viewer, self._services, organization):
                    self._told(
                        _('{name} is deleted. It can be restored for 30 days.', name=organization.name), organization
                    )

    async def _suspend(self, organization: OrganizationView) -> None:
        because = await ask_comment(
            _('Suspend {name}?', name=organization.name),
            _('Its people are shut out at once and what runs for it stops at its next step. Nothing is lost.'),
            do=_('Suspend'),
            label=_('Reason, for the audit trail'),
            required=False,
            kind='final',
        )
        if because is None:
            return
        await self._services.organizations.suspend(self._viewer, organization.id, because=because)
        self._told(_('{name} is suspended.', name=organization.name), organization)

    async def _restore(self, organization: OrganizationView) -> None:
        await self._services.organizations.restore(self._viewer, organization.id)
        toast(_('{name} is back.', name=organization.name))

    def _told(self, sentence: str, organization: OrganizationView) -> None:
        @action
        async def take_back() -> None:
            await self._restore(organization)

        toast(sentence, undo=take_back)


def _row(one: OrganizationView, *, own: bool) -> dict[str, object]:
    second = one.slug if not own else _('{slug}, you are signed in here', slug=one.slug)
    name = (
        f'<span class="cw-who">{avatar_html(one.name, square=True)}<span class="cw-two"><b>{escape(one.name)}</b>'
        f'<small>{escape(second)}</small></span></span>'
    )
    contact = ''
    if one.contact_email or one.phone:
        first, after = (one.contact_email, one.phone) if one.contact_email else (one.phone, '')
        contact = (
            f'<span class="cw-two"><span class="cw-cut">{escape(first)}</span><small>{escape(after)}</small></span>'
        )
    return {
        'id': str(one.id),
        'label': one.name,
        'name': name,
        'contact': contact,
        'members': one.members,
        'courses': one.courses,
        'created': when_html(one.created_at),
        'status': _status_html(one),
        'acts': f'<span class="cw-line cw-close cw-nowrap">{_acts_html(one, own=own)}</span>',
    }


def _status_html(one: OrganizationView) -> str:
    if one.status == 'deleted' and one.restorable_until is not None:
        return status_html('deleted', _('Deleted, until {day}', day=short_day(one.restorable_until)))
    return status_html(one.status)


def _acts_html(one: OrganizationView, *, own: bool) -> str:
    key = str(one.id)
    change = icon_button_html('edit', _('Change {name}', name=one.name), 'change', key)
    restore = icon_button_html('restart_alt', _('Restore {name}', name=one.name), 'restore', key)
    suspend = icon_button_html('block', _('Suspend {name}', name=one.name), 'suspend', key)
    delete = icon_button_html('delete', _('Delete {name}', name=one.name), 'delete', key)
    if own:
        return change
    return {'active': change + suspend + delete, 'suspended': change + restore + delete, 'deleted': restore}[one.status]


def _statuses() -> dict[str, str]:
    return {'active': _('Active'), 'suspended': _('Suspended'), 'deleted': _('Deleted')}

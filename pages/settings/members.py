"""Members: everybody of the organisation, found and filtered; roles, groups, suspending and removing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from nicegui import ui

from components.action import action
from components.avatar import avatar_html
from components.button import button, icon_button_html, link_button
from components.data_table import BulkAct, Column, Page, Request, data_table
from components.dialog import dialog
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, ngettext, when_html
from components.layout import line, page
from components.live import live
from components.markup import escape, markup
from components.notice import toast
from components.page_header import page_header
from components.search_field import filter_chip, search_field
from pages.areas import area_links
from pages.settings.member_forms import groups_dialog, invite_dialog, roles_dialog, sure_to_delete
from pages.settings.member_words import all_roles, listed, review_roles, shown_teaching_roles, state_html, states
from services.members.views import GroupView, MemberView
from services.platform import Services
from services.viewer import Viewer

PATH = '/settings/members'
_SORTS = ('name', 'email', 'since', 'status')


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """As it stands in the address of the page."""

    q: str = ''
    role: str = ''
    group: str = ''
    status: str = ''


async def index(
    viewer: Viewer, services: Services, q: str = '', role: str = '', group: str = '', status: str = ''
) -> None:
    here((_('Settings'), '/settings'), _('Members'), nav='/settings')
    groups = await services.groups.list(viewer)
    chosen = Chosen(
        q=q,
        role=role if role in all_roles() else '',
        group=group if group in {str(one.id) for one in groups} else '',
        status=status if status in states() else '',
    )
    with page(dense=True):
        _Members(viewer, services, groups, chosen).build()


class _Members:
    def __init__(self, viewer: Viewer, services: Services, groups: Sequence[GroupView], chosen: Chosen) -> None:
        self._viewer, self._services, self._groups, self._chosen = viewer, services, groups, chosen
        self._shown: dict[str, MemberView] = {}

    def build(self) -> None:
        self._header = page_header(_('Members'), subtitle=self._viewer.organization_name)
        with self._header.actions:
            link_button(_('Import CSV'), f'{PATH}/import', icon='upload_file')
            button(_('Add people'), kind='primary', icon='person_add', on_click=self._invite)
        area_links(self._viewer, 'settings', PATH)
        with line('close'):
            search_field(_('Name, e-mail or group'), value=self._chosen.q, on_change=partial(self._choose_one, 'q'))
            for name, label, options in (
                ('role', _('Role'), {str(role): words for role, words in all_roles().items()}),
                ('group', _('Group'), {str(one.id): one.name for one in self._groups}),
                ('status', _('Status'), states()),
            ):
                if options:
                    value = getattr(self._chosen, name) or None
                    filter_chip(label, options, value=value, on_change=partial(self._choose_one, name))
            export = f'/api/v1/organizations/{self._viewer.organization_id}/members/export'
            self._count = markup(tag='span', classes='cw-small-text cw-push').props('role=status')
            link_button(_('Export'), export, icon='download', kind='quiet', small=True, download=True)
        self._table = data_table(
            label=_('Members'),
            columns=[
                Column(name='name', title=_('Name'), kind='html', sortable=True, lead=True),
                Column(name='teaching', title=_('Teaching role'), kind='html'),
                Column(name='review', title=_('Review role'), kind='html'),
                Column(name='groups', title=_('Groups')),
                Column(name='seen', title=_('Last seen'), kind='html'),
                Column(name='status', title=_('Status'), kind='html', sortable=True, keep=True),
                Column(name='more', title='', kind='html', keep=True),
            ],
            fetch=self._fetch,
            request=Request(size=25),
            bulk=[
                BulkAct(act='roles', words=_('Set roles'), icon='badge'),
                BulkAct(act='groups', words=_('Add to group'), icon='group_add'),
                BulkAct(act='suspend', words=_('Suspend'), icon='block', danger=True),
            ],
            on_bulk=self._bulk,
            on_row_act=self._row_act,
            empty=lambda: empty_state(_('Nobody matches'), _('Try fewer words, or fewer filters.'), art=False),
        )
        live(self._table, self._services.bus, f'members:{self._viewer.organization_id}', self._table.refresh)

    async def _choose_one(self, name: str, value: str | None) -> None:
        self._chosen = replace(self._chosen, **{name: value or ''})
        query = urlencode({name: value for name, value in vars(self._chosen).items() if value})
        ui.navigate.history.replace(f'{PATH}?{query}' if query else PATH)
        await self._table.refresh(first_page=True)

    async def _fetch(self, request: Request) -> Page:
        found, total = await self._services.members.list(
            self._viewer,
            search=self._chosen.q.strip()[:200],
            role=self._chosen.role,
            group_id=UUID(self._chosen.group) if self._chosen.group else None,
            status=self._chosen.status,
            sort=request.sort if request.sort in _SORTS else 'name',
            descending=request.descending,
            limit=request.size,
            offset=request.offset,
        )
        counts = await self._services.members.counts(self._viewer)
        people = ngettext('{n} person', '{n} people', counts.members)
        invited = ngettext('{n} invitation open', '{n} invitations open', counts.invited)
        self._header.say(_('Members'), subtitle=f'{self._viewer.organization_name}, {people}, {invited}')
        filtered = any(vars(self._chosen).values())
        self._count.show(escape(ngettext('{n} matches', '{n} match', total)) if filtered and total else '')
        self._shown = {str(one.id): one for one in found}
        return Page(rows=[_row(one) for one in found], total=total)

    @action
    async def _invite(self) -> None:
        await invite_dialog(self._viewer, self._services)

    @action
    async def _bulk(self, act: str, ids: list[str]) -> None:
        people = [self._shown[key] for key in ids if key in self._shown and self._shown[key].status == 'active']
        if not people:
            toast(_('Choose people who are active. Invitations are changed under Invitations.'))
        elif act == 'roles':
            if await roles_dialog(self._viewer, self._services, people):
                toast(ngettext('{n} person has new roles.', '{n} people have new roles.', len(people)))
        elif act == 'groups':
            await groups_dialog(self._viewer, self._services, people)
        elif act == 'suspend':
            await self._suspend(people)

    async def _row_act(self, act: str, of: str) -> None:
        person = self._shown.get(of)
        if act == 'more' and person is not None:
            await _Card(self._viewer, self._services, person, self).open()

    @action
    async def _suspend(self, people: Sequence[MemberView]) -> None:
        for person in people:
            await self._services.members.suspend(self._viewer, person.id)

        @action
        async def undo() -> None:
            for person in people:
                await self._services.members.take_back(self._viewer, person.id)

        toast(ngettext('{n} person is suspended.', '{n} people are suspended.', len(people)), undo=undo)

    async def suspend(self, person: MemberView) -> None:
        await self._suspend([person])

    @action
    async def remove(self, person: MemberView) -> None:
        await self._services.members.remove(self._viewer, person.id)

        @action
        async def undo() -> None:
            await self._services.members.take_back(self._viewer, person.id)

        toast(_('{name} is no longer a member. Their work stays.', name=person.name), undo=undo)

    @action
    async def take_back(self, person: MemberView) -> None:
        await self._services.members.take_back(self._viewer, person.id)
        toast(_('{name} is back, with the roles they had.', name=person.name))

    @action
    async def delete(self, person: MemberView) -> None:
        if await sure_to_delete(person):
            await self._services.people.delete(self._viewer, person.id)
            toast(_('The account of {name} is deleted.', name=person.name))

    @action
    async def restore(self, person: MemberView) -> None:
        await self._services.people.restore(self._viewer, person.id)
        toast(_('{name} is back, with the roles they had.', name=person.name))

    @action
    async def resend(self, person: MemberView) -> None:
        await self._services.invitations.resend(self._viewer, person.id)
        toast(_('The invitation to {email} is on its way again.', email=person.email))

    @action
    async def revoke(self, person: MemberView) -> None:
        await self._services.invitations.revoke(self._viewer, person.id)
        toast(_('The invitation to {email} is taken back.', email=person.email))


class _Card:
    """One person, and what can be done about them."""

    def __init__(self, viewer: Viewer, services: Services, person: MemberView, members: _Members) -> None:
        self._viewer, self._services, self._person, self._members = viewer, services, person, members

    async def open(self) -> None:
        person, members = self._person, self._members
        asked = dialog(person.name or person.email, person.email if person.name else '')
        ways = {
            'active': [
                (_('Change roles'), 'badge', self._roles, False),
                (_('Change groups'), 'group_add', self._groups, False),
                (_('Suspend'), 'block', members.suspend, True),
                (_('Remove from the organisation'), 'person_remove', members.remove, True),
                (_('Delete account'), 'delete', members.delete, True),
            ],
            'suspended': [(_('Take the suspension back'), 'undo', members.take_back, False)],
            'deleted': [(_('Restore account'), 'restore_from_trash', members.restore, False)],
            'invited': [
                (_('Send the invitation again'), 'forward_to_inbox', members.resend, False),
                (_('Take the invitation back'), 'cancel', members.revoke, True),
            ],
        }
        with asked.body:
            facts = [listed(person.roles, shown_teaching_roles() | all_roles()), ', '.join(person.groups)]
            markup(state_html(person.status) + ''.join(f'<p>{escape(fact)}</p>' for fact in facts if fact))
            with ui.element('div').classes('cw-stack cw-close'):
                for words, symbol, _act, danger in ways[person.status]:
                    button(
                        words,
                        icon=symbol,
                        kind='danger' if danger else 'plain',
                        block=True,
                        on_click=lambda _event, chosen=_act: asked.submit(chosen),
                    )
        with asked.foot:
            button(_('Close'), on_click=lambda: asked.submit(None))
        chosen = await asked.answer()
        if callable(chosen):
            await chosen(person)

    @action
    async def _roles(self, person: MemberView) -> None:
        if await roles_dialog(self._viewer, self._services, [person]):
            toast(_('{name} has new roles.', name=person.name))

    @action
    async def _groups(self, person: MemberView) -> None:
        await groups_dialog(self._viewer, self._services, [person])


def _row(person: MemberView) -> dict[str, str]:
    none = f'<span class="cw-ink3">{escape(_("none"))}</span>'
    name = person.name or person.email
    second = f'<small class="cw-cut">{escape(person.email)}</small>' if person.name else ''
    invited = person.status == 'invited'
    seen = escape(_('not yet')) if invited else when_html(person.last_seen, none=_('not yet'))
    return {
        'id': str(person.id),
        'label': name,
        'name': (
            f'<span class="cw-who">{avatar_html(name)}'
            f'<span class="cw-two"><b class="cw-cut">{escape(name)}</b>{second}</span></span>'
        ),
        'teaching': escape(listed(person.roles, shown_teaching_roles())) or none,
        'review': escape(listed(person.roles, review_roles())) or none,
        'groups': ', '.join(person.groups),
        'seen': seen,
        'status': state_html(person.status),
        'more': icon_button_html('more_vert', _('What to do about {name}', name=name), 'more', str(person.id)),
    }

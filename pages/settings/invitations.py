"""Invitations: who was invited and has not come yet, and links for whoever has them."""

from nicegui import ui

from components.action import action
from components.button import button, icon_button_html
from components.card import card, list_row_html
from components.dialog import dialog
from components.empty_state import empty_state
from components.field import number_field
from components.frame import here
from components.i18n import _, ngettext, when_html
from components.layout import line, page
from components.live import live, refresh_later
from components.markup import escape, markup
from components.notice import toast
from components.page_header import page_header
from components.search_field import choice_chips
from components.skeleton import skeleton
from components.status import status_html
from components.told_once import told_once
from pages.areas import area_links
from pages.guarded import id_in
from pages.settings.member_forms import group_field, ids_of, role_fields
from pages.settings.member_words import all_roles, listed
from services.members.inviting import DAYS, LONGEST_DAYS, MOST_USES, InvitationView
from services.platform import Services
from services.viewer import Viewer

PATH = '/settings/invitations'


class _Invitations:
    def __init__(self, viewer: Viewer, services: Services) -> None:
        self._viewer, self._services, self._closed = viewer, services, False
        self._shown: dict[str, InvitationView] = {}

    def build(self) -> None:
        header = page_header(_('Invitations'), subtitle=_('Who was invited and has not come yet'))
        with header.actions:
            button(_('Make a link'), kind='primary', icon='add_link', on_click=self._make_link)
        area_links(self._viewer, 'settings', PATH)
        with line('close'):
            choice_chips(
                {'open': _('Open'), 'all': _('All')}, value='open', on_change=self._choose, label=_('Which invitations')
            )
        with ui.element('div') as self._body:
            skeleton(4)
        live(self._body, self._services.bus, f'invitations:{self._viewer.organization_id}', self._refresh)
        live(self._body, self._services.bus, f'members:{self._viewer.organization_id}', self._refresh)
        refresh_later(self._body, self._refresh)

    async def _choose(self, which: str) -> None:
        self._closed = which == 'all'
        await self._refresh()

    async def _refresh(self) -> None:
        found = await self._services.invitations.list(self._viewer, closed=self._closed)
        self._shown = {str(one.id): one for one in found}
        self._body.clear()
        with self._body:
            if found:
                with card(label=_('Invitations'), padded=False):
                    markup(''.join(map(_row_html, found[:200])), on_act=self._act)
                if len(found) > 200:
                    markup(escape(_('The newest 200 are shown. The list of members finds the others.')), tag='p')
            else:
                sentence = _('Add people by their addresses under Members, or make a link that you can pass on.')
                with empty_state(_('No invitation is open'), sentence, dashed=True):
                    button(_('Make a link'), icon='add_link', on_click=self._make_link)

    @action
    async def _act(self, act: str, of: str) -> None:
        invitation = self._shown.get(of)
        if invitation is None:
            return
        if act == 'revoke':
            await self._services.invitations.revoke(self._viewer, id_in(of))
            toast(_('The invitation is taken back. Its link leads nowhere now.'))
        elif act == 'resend':
            made = await self._services.invitations.resend(self._viewer, id_in(of))
            if invitation.email:
                toast(_('The invitation to {email} is on its way again.', email=invitation.email))
            else:
                await _show_link(made.link)

    @action
    async def _make_link(self) -> None:
        groups = await self._services.groups.list(self._viewer)
        asked = dialog(_('A link for whoever has it'), _('Administrators are invited by their address, under Members.'))
        with asked.body:
            roles = role_fields()
            uses = number_field(_('How many people'), value=1, minimum=1, maximum=MOST_USES)
            days = number_field(_('For how long'), value=DAYS, minimum=1, maximum=LONGEST_DAYS, unit=_('days'))
            chosen = group_field(groups) if groups else None

        @action(fields={'uses': uses, 'days': days, 'roles': roles.teaching})
        async def submit() -> None:
            made = await self._services.invitations.make_link(
                self._viewer,
                roles.value,
                uses=int(uses.value or 0),
                days=int(days.value or 0),
                group_ids=ids_of(chosen) if chosen else (),
            )
            asked.submit(made.link)

        with asked.foot:
            button(_('Cancel'), on_click=lambda: asked.submit(None))
            button(_('Make the link'), kind='primary', on_click=submit)
        link = await asked.answer()
        if isinstance(link, str):
            await _show_link(link)


def index(viewer: Viewer, services: Services) -> None:
    here((_('Settings'), '/settings'), _('Invitations'), nav='/settings')
    with page(dense=True):
        _Invitations(viewer, services).build()


async def _show_link(link: str) -> None:
    shown = dialog(_('The link is ready'), _('Copy it now. Only its fingerprint is kept, so it cannot be shown again.'))
    with shown.body:
        told_once([link], label=_('Link'))
    with shown.foot:
        button(_('Close'), kind='primary', on_click=lambda: shown.submit(None))
    await shown.answer()


def _row_html(invitation: InvitationView) -> str:
    words = [listed(invitation.roles, all_roles()), ', '.join(invitation.groups)]
    words.append(_('invited by {name}', name=invitation.invited_by))
    key = str(invitation.id)
    name = invitation.email or _('a link')
    tools = ''
    if invitation.state in ('open', 'expired'):
        again = _('Send again to {name}', name=name) if invitation.email else _('Make this link anew')
        tools = icon_button_html('forward_to_inbox' if invitation.email else 'autorenew', again, 'resend', key)
        tools += icon_button_html('cancel', _('Take back the invitation to {name}', name=name), 'revoke', key)
    left = ngettext('for {n} more person', 'for {n} more people', invitation.uses_left)
    return list_row_html(
        invitation.email or _('Link for whoever has it'),
        second=' · '.join(word for word in words if word),
        meta=(_state_html(invitation.state), '' if invitation.email else escape(left)),
        late=(f'{escape(_("until"))} {when_html(invitation.expires_at)}', ''),
        after_html=f'<span class="cw-line cw-close cw-row-tools">{tools}</span>',
    )


def _state_html(state: str) -> str:
    known = {
        'open': ('invited', _('Open')),
        'used': ('completed', _('Used')),
        'expired': ('late', _('Expired')),
        'revoked': ('suspended', _('Taken back')),
    }
    return status_html(*known[state])

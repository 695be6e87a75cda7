"""A person's own company sign-ins: connect one, or take it away again."""

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from nicegui import ui

from components.action import action
from components.card import card, list_row_html
from components.dialog import confirm
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, when_html
from components.layout import page
from components.live import live, refresh_later
from components.markup import escape, markup
from components.notice import toast
from components.page_header import page_header
from components.skeleton import skeleton
from pages.areas import area_links
from services.platform import Services
from services.sign_on.connected import Connection
from services.viewer import Viewer

PATH = '/account/company-sign-in'


def connected(viewer: Viewer, services: Services) -> None:
    here(_('Company sign-in'), nav='/account')
    with page(narrow=True):
        page_header(
            _('Company sign-in'),
            subtitle=_('Sign in through {name} instead of with your password', name=viewer.organization_name),
        )
        area_links(viewer, 'account', PATH)
        with ui.element('div') as body:
            skeleton(3)

    async def refresh() -> None:
        found = await services.connected_sign_ons.all(viewer)
        body.clear()
        with body:
            if found:
                _list(viewer, services, found)
            else:
                empty_state(
                    _('There is no company sign-in here'),
                    _(
                        'Once an administrator of {name} sets one up, you connect it here.',
                        name=viewer.organization_name,
                    ),
                    art=False,
                )

    live(body, services.bus, f'user:{viewer.user_id}', refresh)
    live(body, services.bus, f'identity_providers:{viewer.organization_id}', refresh)
    refresh_later(body, refresh)


def _list(viewer: Viewer, services: Services, found: Sequence[Connection]) -> None:
    known = {str(connection.provider_id): connection for connection in found}

    @action
    async def act(what: str, of: str) -> None:
        if of in known:
            await (_connect if what == 'connect' else _disconnect)(viewer, services, known[of])

    with card(_('Sign-ins of {name}', name=viewer.organization_name), padded=False):
        markup(''.join(_row(connection) for connection in found), on_act=act)


async def _connect(viewer: Viewer, services: Services, connection: Connection) -> None:
    ticket = await services.sign_on.ticket(viewer, connection.provider_id)
    address = f'/auth/oidc/{connection.provider_id}/start?{urlencode({"next": PATH, "connect": ticket})}'
    ui.run_javascript(f'location.assign({json.dumps(address)})')  # no screen of ours, so not through the sub pages


async def _disconnect(viewer: Viewer, services: Services, connection: Connection) -> None:
    if connection.id is not None and await confirm(
        _('Disconnect {name}?', name=connection.name),
        _('You then sign in with your password. You can connect it again at any time.'),
        do=_('Disconnect'),
    ):
        await services.connected_sign_ons.disconnect(viewer, connection.id)
        toast(_('{name} is disconnected.', name=connection.name))


def _row(connection: Connection) -> str:
    if connection.id is None:
        second = _('Not connected')
    elif connection.is_enabled:
        second = _('Connected')
    else:
        second = _('Connected, switched off by an administrator')
    used = connection.last_used_at
    return list_row_html(
        connection.name,
        second=second,
        icon_name='corporate_fare',
        late=(escape(_('last used')), when_html(used)) if used else None,
        action=_('Disconnect') if connection.id else _('Connect'),
        act='disconnect' if connection.id else 'connect',
        of=str(connection.provider_id),
        emphasized=connection.id is None,
    )

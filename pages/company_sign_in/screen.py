"""Settings, sign-in: the identity providers of the organisation, who gets in through them, and as what."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from components.button import button
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _
from components.layout import page, stack
from components.live import live, refresh_later
from components.notice import notice
from components.page_header import page_header
from components.skeleton import skeleton
from pages.areas import area_links
from pages.company_sign_in.form import provider_dialog
from pages.company_sign_in.provider import provider_card
from services.platform import Services
from services.sign_on.providers import Entrance, ProviderView
from services.viewer import Viewer

PATH = '/settings/sign-in'


def index(viewer: Viewer, services: Services) -> None:
    here((_('Settings'), '/settings'), _('Company sign-in'), nav='/settings')

    async def add() -> None:
        await provider_dialog(viewer, services)

    with page():
        header = page_header(
            _('Company sign-in'),
            subtitle=_('People of {name} sign in as they do at work', name=viewer.organization_name),
        )
        area_links(viewer, 'settings', PATH)
        with ui.element('div') as body:
            skeleton(5)

    async def refresh() -> None:
        found = await services.identity_providers.all(viewer)
        entrance = await services.identity_providers.entrance(viewer)
        header.actions.clear()
        body.clear()
        if found:
            with header.actions:
                button(_('Add a sign-in'), kind='primary', icon='add', on_click=add)
        with body:
            _draw(viewer, services, found, entrance, add)

    live(body, services.bus, f'identity_providers:{viewer.organization_id}', refresh)
    refresh_later(body, refresh)


def _draw(
    viewer: Viewer, services: Services, found: Sequence[ProviderView], entrance: Entrance, add: Callable[[], Any]
) -> None:
    if not found:
        with empty_state(
            _('One password less for everybody'),
            _(
                'Connect the identity provider of your organisation (OpenID Connect: Entra ID, Google Workspace, '
                'Okta, Keycloak and others). People sign in with the account they have, and leave with it too.'
            ),
            dashed=True,
        ):
            button(_('Add a sign-in'), kind='primary', icon='add', on_click=add)
        return
    with stack():
        for provider in found:
            provider_card(viewer, services, provider, entrance)
        notice(
            _(
                'Administrators who have a password can always sign in with it, also when a provider is down or set '
                'up wrongly. Keep at least one such account, with a second factor.'
            ),
            tone='plain',
            title=_('The way in that always works.'),
        )

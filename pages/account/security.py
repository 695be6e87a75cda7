"""What keeps the account one's own: the password, the second factor, the devices, and what happened."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button
from components.card import card, list_row_html
from components.dialog import dialog
from components.frame import here
from components.i18n import _, day, when, when_html
from components.layout import page, stack
from components.live import live, refresh_later
from components.markup import attributes, escape, icon, markup
from components.notice import notice, toast
from components.page_header import page_header
from components.skeleton import skeleton
from components.status import status_html
from pages.account.anchored import anchored
from pages.account.second_factor import second_factor_card
from pages.account.wording import activity_words, device_words
from pages.areas import area_links
from services.accounts.devices import Device
from services.accounts.profile import Activity, Profile
from services.platform import Services
from services.viewer import Viewer

Draw = Callable[[Viewer, Services, ui.element, ui.element], Awaitable[None]]


async def index(viewer: Viewer, services: Services) -> None:
    here((_('Account'), '/account'), _('Security'))
    profile = await services.account.profile.get(viewer)
    with page(narrow=True):
        page_header(_('Security'), subtitle=_('What keeps this account yours'))
        if not viewer.owes_second_factor:
            area_links(viewer, 'account', '/account/security')
        with stack():
            if viewer.owes_second_factor:
                notice(
                    _(
                        '{name} asks everybody for a second factor. Set it up, and everything opens.',
                        name=viewer.organization_name,
                    ),
                    tone='warn',
                )
                await second_factor_card(viewer, services)
                return
            _password(profile)
            await second_factor_card(viewer, services)
            _live_card(viewer, services, _('Devices'), _devices)
            _live_card(viewer, services, _('What happened lately'), _activity)


def _password(profile: Profile) -> None:
    with card(_('Password')):
        if not profile.has_password:
            markup(escape(_('You sign in through your organisation and have no password here.')), tag='p')
            return
        changed = profile.password_changed_at
        since = (
            _('Changed on {day}. Changing it signs out every other device.', day=day(changed))
            if changed
            else _('Changing it signs out every other device.')
        )
        markup(escape(since), tag='p')
        # a form, not a link: it leaves the screens for a page whose answer may set the cookie
        markup(
            f'<form{attributes(method="get", action="/auth/password")}>'
            '<input type="hidden" name="next" value="/account/security">'
            f'<button class="cw-btn cw-plain" type="submit">{icon("lock_reset")}'
            f'<span>{escape(_("Change the password"))}</span></button></form>'
        )


def _live_card(viewer: Viewer, services: Services, title: str, draw: Draw) -> None:
    with card(title, padded=False) as box:
        body = ui.element('div')
        with body:
            skeleton(3)

    async def refresh() -> None:
        await draw(viewer, services, body, box)

    live(body, services.bus, f'account:{viewer.user_id}', refresh)
    refresh_later(body, refresh)


async def _devices(viewer: Viewer, services: Services, body: ui.element, box: ui.element) -> None:
    found = await services.account.devices.list(viewer)
    known = {str(device.id) for device in found}

    @action
    async def end(_act: str, of: str) -> None:
        if of in known:
            await services.account.devices.end(viewer, UUID(of))
            toast(_('Signed out there.'))

    body.clear()
    with body:
        markup(''.join(map(_device_row, found)), on_act=anchored(box, end))
        if len(found) > 1:
            with ui.element('div').classes('cw-card-foot'):
                button(
                    _('Sign out all other devices'),
                    kind='danger',
                    icon='logout',
                    on_click=anchored(box, action(lambda: _end_others(viewer, services))),
                )


def _device_row(device: Device) -> str:
    here = _('This device') if device.is_this else ''
    seen = status_html('approved', _('In use')) if device.is_this else when_html(device.last_seen)
    return list_row_html(
        device_words(device),
        second=' · '.join(part for part in (here, device.organization, device.address) if part),
        icon_name='smartphone'
        if device.system in ('iPhone', 'Android')
        else 'terminal'
        if device.kind == 'program'
        else 'computer',
        meta=(
            seen,
            f'{escape(_("signed in"))}: {when_html(device.first_seen)}',
        ),
        action='' if device.is_this else _('Sign out'),
        act='end',
        of=str(device.id),
        emphasized=device.is_this,
    )


async def _end_others(viewer: Viewer, services: Services) -> None:
    tokens = await services.account.tokens.list(viewer)
    asked = dialog(_('Sign out all other devices?'), _('Whoever is at one of them has to sign in again.'))
    with asked.body:
        also = ui.checkbox(_('Revoke my API tokens too'), value=False)
        also.set_visibility(bool(tokens))
    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(False)).props('autofocus')
        button(_('Sign out'), kind='final', on_click=lambda: asked.submit(True))
    if await asked.answer() is True:
        await services.account.devices.end_others(viewer, tokens=bool(tokens) and bool(also.value))
        toast(_('Signed out everywhere but here.'))


async def _activity(viewer: Viewer, services: Services, body: ui.element, _box: ui.element) -> None:
    found = await services.account.profile.activity(viewer, limit=20)
    body.clear()
    with body:
        if found:
            markup(''.join(map(_activity_row, found)))
        else:
            markup(escape(_('Nothing yet.')), classes='cw-card-foot cw-small-text')


def _activity_row(one: Activity) -> str:
    return list_row_html(
        activity_words(one),
        second=' · '.join(part for part in (when(one.at), one.detail, one.address) if part),
        icon_name='check' if one.allowed else 'gpp_maybe',
        meta=None if one.allowed else (status_html('look_again', _('Refused')), ''),
    )

"""API tokens: what programs sign in with, each with its own scopes and its own end."""

from uuid import UUID

from nicegui import ui

from components.action import HasError, action
from components.button import button, icon_button_html
from components.card import card, list_row_html
from components.check_list import check_list
from components.dialog import confirm, dialog
from components.empty_state import empty_state
from components.field import required, select_field, text_field
from components.frame import here
from components.i18n import _, day, listing, ngettext, when_html
from components.layout import page
from components.live import live, refresh_later
from components.markup import escape, markup
from components.notice import notice, toast
from components.page_header import page_header
from components.skeleton import skeleton
from components.status import status_html
from components.told_once import told_once
from pages.account.anchored import anchored
from pages.account.wording import scope_words
from pages.areas import area_links
from services.accounts.tokens import DAYS, Token, grantable
from services.platform import Services
from services.viewer import Viewer

_LIVES = (7, 30, DAYS, 180, 365)


def index(viewer: Viewer, services: Services) -> None:
    here((_('Account'), '/account'), _('API tokens'))
    with page(narrow=True) as place:
        make = anchored(place, action(lambda: _make(viewer, services)))
        header = page_header(
            _('API tokens'),
            subtitle=_('For scripts and programs that work in your name, in {name}.', name=viewer.organization_name),
        )
        with header.actions:
            button(_('New token'), kind='primary', icon='add', on_click=make)
        area_links(viewer, 'account', '/account/tokens')
        with ui.element('div') as body:
            skeleton(3)

    async def refresh() -> None:
        found = {str(token.id): token for token in await services.account.tokens.list(viewer)}

        @action
        async def revoke(_act: str, of: str) -> None:
            if of in found:
                await _revoke(viewer, services, found[of])

        body.clear()
        with body:
            if not found:
                with empty_state(
                    _('No tokens yet'),
                    _('A token lets a program use the API without your password, and only for what you choose.'),
                    dashed=True,
                ):
                    button(_('New token'), icon='add', on_click=make)
                return
            with card(_('Your tokens'), padded=False):
                markup(''.join(map(_row, found.values())), on_act=anchored(place, revoke))

    live(body, services.bus, f'account:{viewer.user_id}', refresh)
    refresh_later(body, refresh)


def _row(token: Token) -> str:
    words = scope_words()
    may = listing([words[scope][0] if scope in words else scope for scope in token.scopes])
    used = when_html(token.last_used_at, none=_('not used yet'))
    until = _('Expired') if token.expired else _('until {day}', day=day(token.expires_at))
    state = status_html('late', _('Expired')) if token.expired else status_html('active')
    return list_row_html(
        token.name,
        second=f'{until} · {may} · {token.organization} · cwt_…{token.hint}',
        icon_name='key',
        meta=(state, f'{escape(_("last used"))}: {used}'),
        after_html=icon_button_html('delete', _('Revoke {name}', name=token.name), 'revoke', str(token.id)),
    )


async def _revoke(viewer: Viewer, services: Services, token: Token) -> None:
    sentence = _('What uses it is refused from now on. This cannot be taken back; a new token takes a minute.')
    if await confirm(_('Revoke {name}?', name=token.name), sentence, do=_('Revoke'), kind='final'):
        await services.account.tokens.revoke(viewer, UUID(str(token.id)))
        toast(_('Revoked.'))


async def _make(viewer: Viewer, services: Services) -> None:
    words = scope_words()
    asked = dialog(_('New token'), _('It can never do more than you can yourself.'), wide=True)
    with asked.body:
        name = text_field(
            _('Name'), placeholder=_('Nightly import'), limit=80, help=_('After the program that will use it.'),
            check=required(_('Name the token after the program that will use it.')),
        )  # fmt: skip
        name.control.props('autofocus')
        lives = {days: ngettext('{n} day', '{n} days', days) for days in _LIVES}
        days = select_field(_('Works for'), lives, value=DAYS)
        scopes = check_list(_('It may'), {scope: words[scope] for scope in grantable(viewer)})

    async def create() -> None:
        if not all([name.check(), scopes.check()]):
            return
        made = await services.account.tokens.make(
            viewer, str(name.value or ''), scopes.value, days=int(days.value or DAYS)
        )
        asked.submit(made)

    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        fields: dict[str, HasError] = {'name': name, 'days': days, 'scopes': scopes}
        button(_('Make the token'), kind='primary', on_click=action(fields=fields)(create))
    made = await asked.answer()
    if made is not None:
        await _tell(made.secret)  # type: ignore[attr-defined]


async def _tell(secret: str) -> None:
    shown = dialog(_('Your new token'), wide=True)
    with shown.body:
        notice(_('This is the only time that it is shown. Put it where the program finds it and nobody else.'))
        told_once([secret], label=_('API token'))
        markup(escape(_('Programs send it with each request:')) + ' <code>Authorization: Bearer cwt_…</code>', tag='p')
    with shown.foot:
        button(_('I have kept it'), kind='primary', on_click=lambda: shown.submit(True))
    await shown.answer()

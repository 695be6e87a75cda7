"""One provider as a card: what is set up, what a check finds, and what can be done about it."""

from collections.abc import Sequence

from nicegui import ui

from components.action import action
from components.button import button, icon_button
from components.card import card
from components.dialog import confirm
from components.i18n import _, ngettext, translated
from components.layout import line, stack
from components.markup import escape, markup
from components.menu import MenuEntry, menu_button
from components.notice import toast
from components.status import pill_html, status_html
from pages.company_sign_in.form import provider_dialog
from pages.company_sign_in.words import role_names
from services.platform import Services
from services.sign_on.checking import Finding
from services.sign_on.providers import Entrance, ProviderView
from services.viewer import Viewer

_STATES = {'ok': 'passed', 'warn': 'look_again', 'bad': 'blocks'}


def provider_card(viewer: Viewer, services: Services, provider: ProviderView, entrance: Entrance) -> None:
    state = pill_html('active', _('On')) if provider.is_enabled else pill_html('suspended', _('Off'))
    with card(provider.name, aside_html=state, label=provider.name), stack('tight'):
        markup(_facts(provider, entrance), tag='dl', classes='cw-facts')
        _to_copy(_('Redirect URI, to be entered at the provider'), provider.redirect_uri)
        if provider.is_enabled:
            _to_copy(_('Sign-in page of your organisation, to give to people'), entrance.url)
        found = ui.element('div').props('role=status')
        with line():
            _acts(viewer, services, provider, found)


def _acts(viewer: Viewer, services: Services, provider: ProviderView, found: ui.element) -> None:
    providers = services.identity_providers

    @action
    async def check() -> None:
        findings = await providers.check(viewer, provider.id)
        found.clear()
        with found:
            show_findings(findings)

    @action
    async def switch_on() -> None:
        await providers.enable(viewer, provider.id)
        toast(_('{name} is on. Try it: open the sign-in page in a private window.', name=provider.name))

    @action
    async def switch_off() -> None:
        if await confirm(
            _('Switch {name} off?', name=provider.name),
            _('Whoever came in through it is signed out now. People with a password sign in with that.'),
            do=_('Switch off'),
            kind='danger',
        ):
            await providers.disable(viewer, provider.id)

    async def change() -> None:
        await provider_dialog(viewer, services, provider)

    @action
    async def remove() -> None:
        if await confirm(
            _('Remove {name}?', name=provider.name),
            _(
                'Whoever came in through it is signed out now. People keep their accounts and their roles; who has no '
                'password asks for one on the sign-in page. To bring it back, you set it up again.'
            ),
            do=_('Remove'),
            kind='final',
        ):
            await providers.remove(viewer, provider.id)
            toast(_('{name} is removed.', name=provider.name))

    button(_('Check'), icon='fact_check', on_click=check)
    button(_('Change'), icon='edit', on_click=change)
    if provider.is_enabled:
        button(_('Switch off'), icon='block', on_click=switch_off)
    else:
        button(_('Switch on'), icon='power_settings_new', kind='emph', on_click=switch_on)
    menu_button(
        [MenuEntry(text=_('Remove'), icon='delete', danger=True, on_click=remove)],
        label=_('More about {name}', name=provider.name),
    )


def show_findings(findings: Sequence[Finding]) -> None:
    rows = ''.join(
        f'<li>{status_html(_STATES[found.level], translated(found.message, **found.params))}</li>' for found in findings
    )
    markup(rows, tag='ul', classes='cw-checked')


def _facts(provider: ProviderView, entrance: Entrance) -> str:
    facts = [
        (_('Issuer'), escape(provider.issuer)),
        (_('Client id'), escape(provider.client_id)),
        (_('Client secret'), escape(_('stored, nobody can read it') if provider.has_secret else _('none'))),
        (_('Newcomers'), escape(_newcomers(provider))),
        (_('Roles'), _roles(provider)),
        (_('Connected'), escape(ngettext('{n} person', '{n} people', provider.people))),
        (_('Offered to'), escape(_offered(provider, entrance))),
    ]
    return ''.join(f'<dt>{escape(name)}</dt><dd>{value}</dd>' for name, value in facts)


def _newcomers(provider: ProviderView) -> str:
    if provider.creates_accounts:
        return _('get an account when they first sign in')
    return _('need an account here first, and connect it')


def _roles(provider: ProviderView) -> str:
    lines = []
    if provider.default_roles:
        lines.append(escape(_('everybody: {roles}', roles=role_names(provider.default_roles))))
    for value, roles in provider.role_map.items():
        words = _('{claim} is {value}: {roles}', claim=provider.role_claim, value=value, roles=role_names(roles))
        lines.append(escape(words))
    return '<br>'.join(lines) or escape(_('none: nobody new can come in'))


def _offered(provider: ProviderView, entrance: Entrance) -> str:
    if not provider.offered_by_domain:
        return _('who opens the sign-in page of your organisation')
    if not entrance.email_domains:
        return _('who opens the sign-in page of your organisation; name your e-mail domains in the policy for more')
    domains = ', '.join(entrance.email_domains)
    return _('also whoever types an address of {domains}', domains=domains)


def _to_copy(label: str, text: str) -> None:
    def copy() -> None:
        ui.clipboard.write(text)
        toast(_('Copied.'))

    with ui.element('div').classes('cw-copy'):
        markup(f'<small>{escape(label)}</small><code>{escape(text)}</code>', classes='cw-two')
        icon_button('content_copy', _('Copy: {what}', what=label), on_click=copy)

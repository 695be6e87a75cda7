"""Setting up a provider, or changing one."""

from dataclasses import dataclass
from typing import Any

from nicegui import ui

from components.action import action
from components.button import button, icon_button
from components.dialog import dialog
from components.field import required, select_field, text_field
from components.i18n import _
from components.layout import line, stack
from components.markup import escape, markup
from components.notice import toast
from components.switch_field import switch_field
from pages.company_sign_in.words import role_choices
from services.platform import Services
from services.sign_on.providers import ProviderDraft, ProviderView
from services.viewer import Viewer


async def provider_dialog(viewer: Viewer, services: Services, seen: ProviderView | None = None) -> None:
    """Saves before it closes: what cannot be kept is said beside its field, and nothing typed is lost."""
    asked = dialog(_('Change {name}', name=seen.name) if seen else _('Add a company sign-in'), wide=True)
    with asked.body:
        form = _Form(seen)

    @action(fields=form.fields)
    async def save() -> None:
        if not form.check():
            return
        if seen is None:
            await services.identity_providers.add(viewer, form.draft())
            toast(_('Saved. Enter the redirect URI at the provider, then check it and switch it on.'))
        else:
            await services.identity_providers.change(viewer, seen.id, form.draft())
            toast(_('Saved.'))
        asked.submit(True)

    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(_('Save'), kind='primary', on_click=save)
    await asked.answer()


class _Form:
    def __init__(self, seen: ProviderView | None) -> None:
        self._seen = seen
        was = seen.draft() if seen else ProviderDraft(name='', issuer='', client_id='', default_roles=['student'])
        self.name = text_field(
            _('Name'),
            value=was.name,
            help=_('Stands on the button: “Sign in with …”.'),
            check=required(_('Name it as people know it.')),
            limit=60,
        )
        self.issuer = text_field(
            _('Issuer'),
            value=was.issuer,
            kind='url',
            placeholder='https://login.company.com',
            help=_('The address of the provider, exactly as it stands in its discovery document.'),
            check=required(_('Enter the address that the provider calls its issuer.')),
        )
        self.client_id = text_field(
            _('Client id'), value=was.client_id, check=required(_('Enter the client id that the provider gave you.'))
        )
        self.client_secret = text_field(
            _('Client secret'),
            kind='password',
            autocomplete='off',
            optional=True,
            placeholder=_('stored; leave empty to keep it') if seen and seen.has_secret else '',
            help=_('Kept encrypted. Nobody can read it again.'),
        )
        self.creates_accounts = switch_field(
            _('Make accounts for newcomers'),
            value=was.creates_accounts,
            help=_('With an e-mail address that the provider confirms, of your e-mail domains where you name some.'),
        )
        self.offered_by_domain = switch_field(
            _('Offer it by e-mail domain'),
            value=was.offered_by_domain,
            help=_('Whoever types an address of your domains on the common sign-in page sees this sign-in.'),
        )
        self.default_roles = select_field(
            _('Roles for everybody'), role_choices(), value=list(was.default_roles), multiple=True, optional=True
        )
        self.role_claim = text_field(
            _('Claim that roles are taken from'),
            value=was.role_claim,
            placeholder='groups',
            optional=True,
            help=_('Looked at whenever somebody signs in: what the provider gives no longer is taken away here.'),
        )
        self.role_map = _RoleMap(was.role_map)

    @property
    def fields(self) -> dict[str, Any]:
        names = ('name', 'issuer', 'client_id', 'client_secret', 'default_roles', 'role_claim', 'role_map')
        return {name: getattr(self, name) for name in names}

    def check(self) -> bool:
        faulty = [field for field in (self.name, self.issuer, self.client_id) if not field.check()]
        return not faulty

    def draft(self) -> ProviderDraft:
        secret = str(self.client_secret.value or '').strip()
        return ProviderDraft(
            name=self.name.value or '',
            issuer=(self.issuer.value or '').strip(),
            client_id=self.client_id.value or '',
            client_secret=secret or (None if self._seen else ''),
            creates_accounts=self.creates_accounts.value,
            offered_by_domain=self.offered_by_domain.value,
            role_claim=self.role_claim.value or '',
            role_map=self.role_map.value,
            default_roles=list(self.default_roles.value or []),
        )


@dataclass
class _Entry:
    box: ui.element
    value: text_field
    roles: select_field


class _RoleMap:
    """Values of the claim and what they give, a row each."""

    def __init__(self, role_map: dict[str, list[str]]) -> None:
        self._entries: list[_Entry] = []
        self._error: str | None = None
        with stack('close'):
            self._rows = stack('close')
            self._fault = markup(classes='cw-fault').props('role=alert')
            with line():
                button(_('Map a value to roles'), icon='add', small=True, on_click=lambda: self._add('', []))
        for value, roles in role_map.items():
            self._add(value, roles)

    @property
    def value(self) -> dict[str, list[str]]:
        """Rows that are empty throughout are passed over."""
        found: dict[str, list[str]] = {}
        for entry in self._entries:
            value, roles = str(entry.value.value or '').strip(), list(entry.roles.value or [])
            if value or roles:
                found[value] = sorted({*found.get(value, []), *roles})
        return found

    @property
    def error(self) -> str | None:
        return self._error

    @error.setter
    def error(self, sentence: str | None) -> None:
        self._error = sentence
        self._fault.show(escape(sentence or ''))

    def _add(self, value: str, roles: list[str]) -> None:
        with self._rows, ui.element('div').classes('cw-map-row') as box:
            entry = _Entry(
                box,
                text_field(_('Value'), value=value, placeholder=_('teachers')),
                select_field(_('Roles'), role_choices(), value=list(roles), multiple=True),
            )
            icon_button('delete', _('Take this row away'), on_click=lambda: self._remove(entry))
        self._entries.append(entry)

    def _remove(self, entry: _Entry) -> None:
        self._entries.remove(entry)
        entry.box.delete()

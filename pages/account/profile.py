"""Who one is, and how one sees the platform; one's data, and the way out."""

from nicegui import ui

from components.action import action
from components.button import button
from components.card import card, list_row_html
from components.dialog import dialog
from components.field import required, select_field, text_field
from components.frame import here
from components.i18n import _, languages, listing
from components.layout import line, page, stack
from components.markup import attributes, escape, icon, markup
from components.notice import notice, toast
from components.page_header import page_header
from pages.account.wording import role_words
from pages.areas import area_links
from services.accounts.profile import Profile, time_zones
from services.platform import Services
from services.viewer import Viewer


async def index(viewer: Viewer, services: Services) -> None:
    here(_('Account'))
    profile = await services.account.profile.get(viewer)
    with page(narrow=True):
        page_header(_('Your account'), subtitle=profile.email)
        area_links(viewer, 'account', '/account')
        with stack():
            _Form(viewer, services, profile)
            _organizations(profile)
            _data()
            _way_out(viewer, services, profile)


class _Form:
    def __init__(self, viewer: Viewer, services: Services, profile: Profile) -> None:
        self._viewer, self._services, self._profile = viewer, services, profile
        themes = {'auto': _('As the system'), 'light': _('Light'), 'dark': _('Dark')}
        zones = {zone: zone.replace('_', ' ') for zone in time_zones()}
        with card(_('Profile')):
            self._name = text_field(
                _('Full name'), value=profile.full_name, limit=120, autocomplete='name',
                help=_('Others see it beside what you do.'), check=required(_('Enter a name.')),
            ).on_enter(self._save)  # fmt: skip
            with ui.element('div').classes('cw-fields'):
                self._locale = select_field(
                    _('Language'), languages(), value=profile.locale if profile.locale in languages() else 'en',
                    help=_('Also how dates and numbers are written.'),
                )  # fmt: skip
                self._theme = select_field(_('Appearance'), themes, value=profile.theme)
            self._zone = select_field(
                _('Time zone'), zones, value=profile.time_zone if profile.time_zone in zones else 'UTC', search=True,
                help=_('All times on all pages are those of this place.'),
            )  # fmt: skip
            with line():
                button(_('Save'), kind='primary', on_click=self._save)
                button(_('Use the time zone of this browser'), kind='quiet', icon='schedule', on_click=self._local)

    async def _save(self) -> None:
        if not self._name.check():
            self._name.focus()
            return
        fields = {'full_name': self._name, 'locale': self._locale, 'theme': self._theme, 'time_zone': self._zone}
        await action(fields=fields)(self._update)()

    async def _update(self) -> None:
        await self._services.account.profile.update(
            self._viewer,
            full_name=str(self._name.value or ''),
            locale=str(self._locale.value or 'en'),
            theme=str(self._theme.value or 'auto'),
            time_zone=str(self._zone.value or 'UTC'),
        )
        ui.navigate.reload()  # the frame says the name, and every time is another one

    async def _local(self) -> None:
        zone = await ui.run_javascript('Intl.DateTimeFormat().resolvedOptions().timeZone', timeout=5)
        if zone in time_zones():
            self._zone.value = zone
        else:
            toast(_('This browser does not say where it is. Choose the place from the list.'))


def _organizations(profile: Profile) -> None:
    words = role_words()
    rows = ''.join(
        list_row_html(
            place.name,
            second=listing([words.get(role, role) for role in place.roles]),
            icon_name='domain' if place.is_active else 'block',
            meta=None if place.is_active else (escape(_('Suspended')), escape(_('Ask its administrator.'))),
        )
        for place in profile.organizations
    )
    with card(_('Where you belong'), padded=False):
        markup(rows)


def _data() -> None:
    with card(_('Your data')):
        markup(
            escape(
                _(
                    'A ZIP file with everything that the platform knows about you, in all your organisations: '
                    'profile, devices, courses with every answer, and what you did.'
                )
            ),
            tag='p',
        )
        # a plain form: the file comes as the answer to it, and rests nowhere
        form = attributes(method='post', action='/api/v1/auth/me/copy')
        markup(
            f'<form{form}><button class="cw-btn cw-plain" type="submit">{icon("download")}'
            f'<span>{escape(_("Download my data"))}</span></button></form>'
        )


def _way_out(viewer: Viewer, services: Services, profile: Profile) -> None:
    with card(_('Erase the account')):
        markup(
            escape(
                _(
                    'You are signed out everywhere and cannot come back. Your name disappears from lists and results; '
                    'it stays in the audit trail and in approvals, as the record of who decided.'
                )
            ),
            tag='p',
        )
        with line():
            button(
                _('Erase my account'),
                kind='danger',
                icon='person_remove',
                on_click=action(lambda: _ask_to_erase(viewer, services, profile)),
            )


async def _ask_to_erase(viewer: Viewer, services: Services, profile: Profile) -> None:
    asked = dialog(_('Erase your account?'))
    with asked.body:
        notice(_('This cannot be taken back, not even by an administrator.'), tone='bad')
        email = text_field(_('Type {email}', email=profile.email), autocomplete='off')
        email.control.props('autofocus')
        password = text_field(_('Password'), kind='password', autocomplete='current-password')
        password.set_visibility(profile.has_password)

    async def erase() -> None:
        await services.account.erasing.erase(viewer, password=str(password.value or ''), email=str(email.value or ''))
        asked.submit(True)
        ui.navigate.to('/sign-in')

    with asked.foot:
        button(_('Keep it'), on_click=lambda: asked.submit(False))
        button(_('Erase for good'), kind='final', on_click=action(fields={'email': email, 'password': password})(erase))
    await asked.answer()

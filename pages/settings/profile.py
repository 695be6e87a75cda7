"""The organisation's own profile: what it is called, how to reach it, and how its pages look."""

from components.action import action
from components.button import button
from components.card import card
from components.field import field, required, text_area, text_field
from components.frame import here
from components.i18n import _
from components.layout import columns, line, page, stack
from components.notice import toast
from components.page_header import page_header
from pages.areas import area_links
from pages.settings.look import look_card
from services.organizations import OrganizationView
from services.platform import Services
from services.viewer import Viewer

_PATH = '/settings'


async def index(viewer: Viewer, services: Services) -> None:
    here(_('Settings'), nav=_PATH)
    organization = await services.organizations.get(viewer, viewer.organization_id)
    look = await services.looks.get(viewer, viewer.organization_id)
    with page(dense=True):
        header = page_header(_('Profile'), subtitle=organization.name)
        area_links(viewer, 'settings', _PATH)
        with columns('even'):
            with stack():
                _profile_card(viewer, services, organization, header)
            with stack():
                look_card(viewer, services, look)


def _profile_card(viewer: Viewer, services: Services, organization: OrganizationView, header: page_header) -> None:
    with card(_('Who you are')):
        fields: dict[str, field] = {
            'name': text_field(
                _('Name'),
                value=organization.name,
                limit=120,
                check=required(_('Give the organisation a name.')),
                help=_('Stands on every page and in every mail.'),
            ),
            'address': text_area(_('Address'), value=organization.address, optional=True, limit=500),
            'contact_email': text_field(
                _('Contact e-mail'), value=organization.contact_email, kind='email', optional=True, limit=254
            ),
            'phone': text_field(_('Phone'), value=organization.phone, kind='tel', optional=True, limit=60),
        }

        @action(fields=fields)
        async def save() -> None:
            typed = {name: str(one.value or '') for name, one in fields.items()}
            saved = await services.organizations.update(viewer, viewer.organization_id, **typed)
            for name, one in fields.items():
                one.value = getattr(saved, name)
            header.say(_('Profile'), subtitle=saved.name)
            toast(_('The profile is saved.'))

        for name in ('name', 'contact_email', 'phone'):
            fields[name].on_enter(save)
        with line('close'):
            button(_('Save profile'), kind='primary', on_click=save)

"""The organisation's own part of the security log."""

from components.frame import here
from components.i18n import _
from components.layout import page
from components.page_header import page_header
from pages.areas import area_links
from pages.security_log import Filters, security_log
from services.platform import Services
from services.viewer import Viewer

_PATH = '/settings/security'


def index(
    viewer: Viewer,
    services: Services,
    kind: str = '',
    outcome: str = '',
    email: str = '',
    address: str = '',
    within: str = '',
) -> None:
    here((_('Settings'), '/settings'), _('Security log'), nav='/settings')
    with page(dense=True):
        page_header(
            _('Security log'), subtitle=_('What happened at the doors of {name}', name=viewer.organization_name)
        )
        area_links(viewer, 'settings', _PATH)
        chosen = Filters(kind=kind, outcome=outcome, email=email, address=address, within=within)
        security_log(viewer, services, _PATH, chosen)

"""The security log of the whole installation."""

from components.frame import here
from components.i18n import _
from components.layout import page
from components.page_header import page_header
from pages.areas import area_links
from pages.security_log import Filters, security_log
from services.platform import Services
from services.viewer import Viewer

_PATH = '/site/security'


async def index(
    viewer: Viewer,
    services: Services,
    kind: str = '',
    outcome: str = '',
    email: str = '',
    address: str = '',
    organization: str = '',
    within: str = '',
) -> None:
    here((_('Installation'), '/site'), _('Security log'), nav='/site')
    with page(dense=True):
        page_header(_('Security log'), subtitle=_('What happened at the doors of every organisation'))
        area_links(viewer, 'site', _PATH)
        chosen = Filters(
            kind=kind, outcome=outcome, email=email, address=address, organization=organization, within=within
        )
        security_log(
            viewer,
            services,
            _PATH,
            chosen,
            organizations=await services.security_events.organizations(viewer),
        )

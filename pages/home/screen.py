from components.button import link_button
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, long_day
from components.layout import page
from components.page_header import page_header
from pages.home.desk import desk
from pages.home.learning import learner_home
from pages.home.operating import operator_home
from services.clock import now
from services.platform import Services
from services.viewer import Permission, Viewer


def index(viewer: Viewer, services: Services) -> None:
    """By role: the desk of those who make courses, the shelf of those who learn, the installation's state."""
    here(_('Home'), nav='/')
    if viewer.may(Permission.COURSE_READ):
        desk(viewer, services)
    elif viewer.may(Permission.LEARN):
        learner_home(viewer, services)
    elif viewer.may(Permission.SITE_OPERATE):
        operator_home(viewer, services)
    else:
        _nothing_yet(viewer)


def _nothing_yet(viewer: Viewer) -> None:
    with page(narrow=True):
        page_header(_('All is quiet'), eyebrow=long_day(now()))
        with empty_state(
            _('There is nothing for you here yet'),
            _('Ask an administrator of {name} to give you a role.', name=viewer.organization_name),
        ):
            link_button(_('Your account'), '/account')

from components.card import card
from components.frame import here
from components.i18n import _, long_day
from components.layout import page
from components.markup import escape, markup
from components.page_header import page_header
from pages.home.desk import desk
from pages.home.learning import learner_home
from services.clock import now
from services.platform import Services
from services.viewer import Permission, Viewer


def index(viewer: Viewer, services: Services) -> None:
    """By role: the desk of those who make courses, the shelf of those who learn."""
    here(_('Home'), nav='/')
    if viewer.may(Permission.COURSE_READ):
        desk(viewer, services)
    elif viewer.may(Permission.LEARN):
        learner_home(viewer, services)
    else:
        _operator_home(viewer)


def _operator_home(viewer: Viewer) -> None:
    with page(narrow=True):
        page_header(_('All is quiet'), eyebrow=long_day(now()))
        with card(_('What you can do here')):
            text = _(
                'You look after the installation. Courses and people belong to the organisations; to see theirs, ask '
                'an administrator of {name} to give you a role there.',
                name=viewer.organization_name,
            )
            markup(escape(text), tag='p')

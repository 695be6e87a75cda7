"""Who reviews the course, how many it takes, and until when."""

from uuid import UUID

from components.action import action
from components.button import button
from components.card import card
from components.i18n import _
from components.markup import markup
from pages.reviewers import open_reviewers, rules_html
from services.platform import Services
from services.viewer import Permission, Viewer


async def reviewers_card(viewer: Viewer, services: Services, course_id: UUID) -> None:
    view = await services.reviewers.get(viewer, course_id)
    with card(_('Reviewers')) as box:
        markup(rules_html(view))
    if viewer.may(Permission.COURSE_WRITE):
        with box.aside:
            button(_('Change'), small=True, on_click=action(lambda: open_reviewers(viewer, services, course_id)))

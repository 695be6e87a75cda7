"""Reviews: everything of the organisation that waits for a decision, the oldest first."""

from nicegui import ui

from components.button import link_button
from components.card import card, list_row_html
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, age, ngettext, when_html
from components.layout import page
from components.live import live, refresh_later
from components.markup import escape, markup
from components.page_header import page_header
from components.skeleton import skeleton
from pages.wording import stage_name
from services.generation.views import WaitingReview
from services.platform import Services
from services.viewer import Permission, Viewer


def index(viewer: Viewer, services: Services) -> None:
    here(_('Reviews'), nav='/reviews')
    with page():
        header = page_header(_('Reviews'), subtitle=_('What waits for your decision, oldest first'))
        with ui.element('div') as body:
            skeleton(5)

    async def refresh() -> None:
        waiting = await services.workflows.waiting(viewer)
        header.say(_title(len(waiting)), subtitle=_('What waits for a decision, oldest first'))
        body.clear()
        with body:
            if waiting:
                with card(_('Waiting for review'), padded=False):
                    markup(''.join(_row(place, review) for place, review in enumerate(waiting)))
            else:
                _nothing(viewer)

    live(body, services.bus, f'reviews:{viewer.organization_id}', refresh)
    refresh_later(body, refresh)


def _title(count: int) -> str:
    if count == 0:
        return _('Nothing waits for review')
    return ngettext('{n} draft waits for you', '{n} drafts wait for you', count)


def _row(place: int, review: WaitingReview) -> str:
    outline = review.stage == 'outline'
    second = _('answers the comments on the draft before') if review.answers_comments else _('first draft')
    return list_row_html(
        review.title,
        second=_('started by {name}', name=review.started_by),
        icon_name='account_tree' if outline else 'rate_review',
        meta=(escape(stage_name(review.stage)), escape(second)),
        late=(escape(_('since {age}', age=age(review.since))), when_html(review.since)),
        href=f'/studio/{review.workflow_id}',
        action=_('Review'),
        emphasized=place == 0,
    )


def _nothing(viewer: Viewer) -> None:
    with empty_state(
        _('All is decided'),
        _('Outlines and lessons come here when their draft is written. You are told when one does.'),
        dashed=True,
    ):
        if viewer.may(Permission.COURSE_WRITE):
            link_button(_('New course'), '/courses/new', kind='primary', icon='add')

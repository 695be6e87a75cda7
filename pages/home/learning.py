"""What a learner comes back to: the next lesson, and the courses they are in."""

from collections.abc import Sequence

from nicegui import ui

from components.action import action
from components.button import link_button_html
from components.card import card
from components.empty_state import empty_state
from components.i18n import _, duration, long_day, ngettext
from components.layout import page, stack
from components.live import live, refresh_later
from components.markup import attributes, escape, markup
from components.page_header import page_header
from components.skeleton import skeleton
from pages.course_rows import my_course_row_html, my_ruler_html
from services.clock import now
from services.enrollments import MyCourse
from services.platform import Services
from services.viewer import Viewer


def learner_home(viewer: Viewer, services: Services) -> None:
    with page() as whole:
        header = page_header(_('Welcome'), eyebrow=long_day(now()))
        with ui.element('div') as box:
            skeleton(5)

    @action
    async def refresh() -> None:
        mine = await services.enrollments.my_courses(viewer)
        header.say(_title(mine), eyebrow=long_day(now()))
        box.clear()
        with box:
            _shelf(mine)

    live(whole, services.bus, f'user:{viewer.user_id}', refresh)
    refresh_later(whole, refresh)


def continue_card(course: MyCourse) -> None:
    """The next lesson of a course, one click away."""
    words = _('Continue') if course.progress else _('Begin')
    path = f'/learn/{course.course_id}'
    left = _('about {time} left', time=duration(course.minutes_left))
    with card(words, note=course.title, padded=False):
        markup(
            f'<div class="cw-continue"><h3><a{attributes(href=path)}>{escape(course.next_lesson)}</a></h3>'
            f'{my_ruler_html(course)}'
            f'<div class="cw-line"><p>{escape(left)}</p><span class="cw-push">'
            f'{link_button_html(words, path, kind="primary", icon="arrow_forward")}</span></div></div>'
        )


def _shelf(mine: Sequence[MyCourse]) -> None:
    if not mine:
        empty_state(_('No courses yet'), _('You will find a course here as soon as somebody enrols you.'), dashed=True)
        return
    with stack():
        upcoming = next((course for course in mine if course.completed_at is None), None)
        if upcoming is not None:
            continue_card(upcoming)
        with card(_('My courses'), padded=False):
            markup(''.join(my_course_row_html(course) for course in mine))


def _title(mine: Sequence[MyCourse]) -> str:
    going = sum(course.completed_at is None for course in mine)
    if not mine:
        return _('Welcome to Coursewright')
    if not going:
        return _('Everything is done')
    return ngettext('One course to go on with', '{n} courses to go on with', going)

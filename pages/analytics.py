"""Every published course with its figures: the way to each dashboard."""

from components.action import action
from components.data_table import Column, Page, Request, data_table
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, number, percent, when_html
from components.layout import line, page
from components.live import live
from components.markup import escape
from components.page_header import page_header
from components.search_field import search_field
from pages.course_figures import share_html
from services.analytics.figures import CourseAnalytics
from services.platform import Services
from services.viewer import Viewer


def index(viewer: Viewer, services: Services) -> None:
    here(_('Analytics'), nav='/analytics')
    words = ''

    async def fetch(request: Request) -> Page:
        order = 'title' if request.sort == 'title' else 'updated'
        found, total = await services.courses.list(
            viewer,
            search=words,
            status='published',
            order=order,  # type: ignore[arg-type]
            limit=request.size,
            offset=request.offset,
        )
        rows = [_row(await services.analytics.course(viewer, course.id)) for course in found]
        return Page(rows=rows, total=total)

    @action
    async def searched(typed: str) -> None:
        nonlocal words
        words = typed
        await table.refresh(first_page=True)

    with page() as whole:
        page_header(_('Analytics'), subtitle=_('Published courses, last changed first'))
        with line():
            search_field(_('Title or instructor'), on_change=searched)
        table = data_table(
            label=_('Courses'),
            columns=[
                Column(name='title', title=_('Course'), sortable=True, lead=True),
                Column(name='enrolled', title=_('Enrolled'), kind='number'),
                Column(name='completion', title=_('Completion'), kind='html', keep=True),
                Column(name='score', title=_('Average score'), kind='html'),
                Column(name='changed', title=_('Last act'), kind='html'),
            ],
            fetch=fetch,
            empty=_nothing,
        )
    live(whole, services.bus, f'courses:{viewer.organization_id}', table.refresh)


def _row(figures: CourseAnalytics) -> dict[str, object]:
    label = _('{title}: {share} completed', title=figures.title, share=percent(figures.completion_rate))
    return {
        'id': figures.course_id,
        'title': figures.title,
        'href': f'/analytics/{figures.course_id}',
        'enrolled': figures.enrolled,
        'completion': share_html(figures.completion_rate, label),
        'score': escape('–' if figures.average_score is None else number(100 * figures.average_score, 0)),
        'changed': when_html(figures.changed_at, none=_('none yet')),
    }


def _nothing() -> None:
    sentence = _('Publish a course and enrol learners: what they do shows here as it happens.')
    empty_state(_('No published course yet'), sentence, dashed=True)

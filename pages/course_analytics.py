"""How a course is doing, live: figures at once, charts and tables a moment later."""

import asyncio

from nicegui import background_tasks, context, ui

from components.button import button, link_button
from components.card import card
from components.chart import histogram, line_chart
from components.data_table import Column, Page, Request, data_table
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _
from components.layout import columns, page
from components.live import when_deleted
from components.markup import escape, markup
from components.page_header import page_header
from components.search_field import search_field
from components.shared import drawn_once
from components.skeleton import skeleton
from pages.course_figures import (
    changed_html,
    numbers_html,
    progress_series,
    progress_unit,
    questions_html,
    student_row,
    students_found,
)
from pages.guarded import guarded, id_in
from pages.missing import nothing_here
from services.analytics.figures import CourseAnalytics
from services.platform import Services
from services.viewer import Viewer

_QUESTIONS = 6
# Charts and tables wait, so that many acts make one redraw; and not all dashboards draw in the same moment.
_PAUSE_SECONDS, _SPREAD_SECONDS = 0.4, 0.8


@guarded
async def index(viewer: Viewer, services: Services, course_id: str) -> None:
    here((_('Analytics'), '/analytics'), _('Course'), nav='/analytics')
    frame = context.slot.parent
    with page() as whole:
        waiting = skeleton(8)
        figures = await services.analytics.course(viewer, id_in(course_id))
        waiting.delete()
        here((_('Analytics'), '/analytics'), figures.title, nav='/analytics')
        board = _Dashboard(figures)

    def lost() -> None:
        frame.clear()
        with frame:
            nothing_here()

    when_deleted(whole, await services.analytics.follow(viewer, figures.course_id, board.hear, lost))
    board.hear(await services.analytics.course(viewer, figures.course_id))


class _Dashboard:
    """Only what changed is sent: the figures are one element, drawn once for everybody who watches."""

    def __init__(self, figures: CourseAnalytics) -> None:
        self._figures, self._shown = figures, figures
        self._words, self._all_questions, self._as_tables = '', False, False
        self._redraw_due = False
        self._build_header()
        self._numbers = markup(drawn_once(figures, 'figures', numbers_html))
        with columns('even').classes('cw-close-columns'):
            self._build_charts()
        with columns('even').classes('cw-close-columns'):
            self._build_students()
            self._build_questions()
        ui.run_javascript("""
            const words = (at, w) => {
                const s = Math.max(0, Math.round((Date.now() - Date.parse(at)) / 1000));
                return s < 2 ? w.now : s < 60 ? w.s.replace('#', s) : s < 3600 ? w.min.replace('#', Math.floor(s / 60))
                    : s < 172800 ? w.h.replace('#', Math.floor(s / 3600)) : w.d.replace('#', Math.floor(s / 86400));
            };
            const tick = () => {
                const shown = document.querySelector('.cw-since'), at = document.querySelector('[data-changed]');
                if (!shown) return clearInterval(window.cwSince);
                if (at && at.dataset.changed) shown.textContent = words(at.dataset.changed, shown.dataset);
            };
            clearInterval(window.cwSince); window.cwSince = setInterval(tick, 1000); setTimeout(tick, 50);
        """)

    def hear(self, figures: CourseAnalytics) -> None:
        """What changed, as soon as it did; charts and tables follow within about a second, once for many changes."""
        if figures is self._figures or self._numbers.is_deleted:
            return
        self._figures = figures
        with self._numbers:
            self._numbers.show(drawn_once(figures, 'figures', numbers_html))
        if not self._redraw_due:
            self._redraw_due = True
            pause = _PAUSE_SECONDS + _SPREAD_SECONDS * (self._numbers.client.created % 1)
            asyncio.get_running_loop().call_later(pause, lambda: background_tasks.create(self._redraw()))

    def _build_header(self) -> None:
        figures = self._figures
        version = escape(_('Version {number}', number=figures.version)) if figures.version else ''
        with page_header(figures.title, subtitle_html=f'<span>{version}</span>{changed_html()}').actions:
            link_button(_('Course'), f'/courses/{figures.course_id}', icon='book_2')
            self._toggle = button(_('As tables'), icon='table_rows', on_click=self._turn)
            self._toggle.props('aria-pressed=false')

    def _build_charts(self) -> None:
        figures, unit = self._figures, progress_unit(self._figures)
        with card(_('Completion over time'), note=_('% of the lessons, by {unit}', unit=unit)):
            label = _('Mean progress of everybody enrolled, by {unit}, in percent', unit=unit)
            self._progress = line_chart(progress_series(figures), label=label, unit=' %')
        limit = round(100 * figures.pass_mark)
        with card(_('Scores'), note=_('learners; hatched: below the pass mark')):
            self._scores = histogram(
                figures.histogram,
                label=_('Number of learners by score, in steps of ten'),
                limit=limit,
                limit_words=_('pass mark {limit}', limit=limit),
            )

    def _build_students(self) -> None:
        with card(_('Learners'), padded=False):
            with ui.element('div').classes('cw-pad'):
                search_field(_('Name or e-mail'), on_change=self._searched)
            self._students = data_table(
                label=_('Learners'),
                columns=[
                    Column(name='name', title=_('Name'), kind='html', sortable=True, lead=True),
                    Column(name='progress', title=_('Progress'), kind='html', sortable=True, keep=True),
                    Column(name='score', title=_('Score'), kind='number', sortable=True),
                    Column(name='attempts', title=_('Tries'), kind='number', sortable=True),
                    Column(name='seen', title=_('Last seen'), kind='html', sortable=True),
                ],
                fetch=self._fetch,
                empty=self._nobody,
            )

    def _build_questions(self) -> None:
        count = len(self._figures.questions)
        with card(_('Questions'), note=_('weakest first'), padded=False) as box:
            if count > _QUESTIONS:
                with box.aside:
                    self._more = button(_('All {n}', n=count), kind='link', on_click=self._show_all)
            self._questions = markup(self._questions_html(), classes='cw-scroll').props('role=region tabindex=0')
            self._questions.props['aria-label'] = _('Questions')

    def _questions_html(self) -> str:
        return questions_html(self._figures, most=None if self._all_questions else _QUESTIONS)

    async def _fetch(self, request: Request) -> Page:
        found = students_found(self._figures, self._words, request.sort, descending=request.descending)
        rows = [drawn_once(one, 'row', student_row) for one in found[request.offset :][: request.size]]
        return Page(rows=rows, total=len(found))

    async def _searched(self, words: str) -> None:
        self._words = words
        await self._students.refresh(first_page=True)

    def _turn(self) -> None:
        self._as_tables = not self._as_tables
        self._toggle.text = _('As charts') if self._as_tables else _('As tables')
        self._toggle.props(f'aria-pressed={str(self._as_tables).lower()}')
        for chart in (self._progress, self._scores):
            chart.show_table(self._as_tables)

    def _show_all(self) -> None:
        self._all_questions = not self._all_questions
        count = len(self._figures.questions)
        self._more.text = _('The weakest') if self._all_questions else _('All {n}', n=count)
        self._questions.show(self._questions_html())

    async def _redraw(self) -> None:
        self._redraw_due = False
        if self._numbers.is_deleted:
            return
        before, figures = self._shown, self._figures
        self._shown = figures
        with self._numbers:
            if before.days != figures.days:
                self._progress.update_series(progress_series(figures))
            if before.histogram != figures.histogram:
                self._scores.update_counts(figures.histogram)
            if before.questions != figures.questions:
                self._questions.show(self._questions_html())
            if before.students != figures.students:
                await self._students.refresh()

    def _nobody(self) -> None:
        if self._words:
            empty_state(_('Nobody of this name'), _('Try fewer letters.'), art=False)
        else:
            empty_state(_('Nobody is enrolled yet'), _('Enrol people on the page of the course.'), art=False)

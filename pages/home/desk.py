"""The desk: what waits for a decision, the courses, what is being written right now, and what happened."""

from dataclasses import dataclass
from datetime import datetime

from nicegui import ui

from components.action import action
from components.button import link_button
from components.card import card, list_row_html
from components.empty_state import empty_state
from components.i18n import _, long_day, ngettext, translated, when_html
from components.layout import columns, page, stack
from components.live import live, refresh_later
from components.markup import attributes, escape, markup
from components.page_header import page_header
from components.skeleton import skeleton
from components.status import status_html
from pages.course_rows import course_row_html
from pages.home.learning import continue_card
from pages.home.writing import writing_cards
from pages.wording import stage_name
from services.clock import now
from services.platform import Services
from services.viewer import Permission, Viewer

_ROWS, _COURSES, _EVENTS = 8, 5, 6


@dataclass(frozen=True, kw_only=True)
class _Task:
    title: str
    second: str
    icon: str
    stage: str
    detail: str
    since: datetime
    href: str
    action: str


class desk:
    def __init__(self, viewer: Viewer, services: Services) -> None:
        self._viewer, self._services = viewer, services
        with page() as self._page:
            self._header = page_header(_('Good to see you'), eyebrow=long_day(now()))
            if viewer.may(Permission.COURSE_WRITE):
                with self._header.actions:
                    link_button(_('New course'), '/courses/new', kind='primary', icon='add')
            self._first_visit = ui.element('div')
            with columns('side') as self._columns:
                with stack():
                    self._waiting, self._courses = ui.element('div'), ui.element('div')
                    with self._waiting:
                        skeleton(5)
                with stack():
                    self._learning = ui.element('div')
                    writing_cards(viewer, services)
                    self._events = ui.element('div')
        organization = viewer.organization_id
        live(self._page, services.bus, f'courses:{organization}', self._refresh)
        live(self._waiting, services.bus, f'reviews:{organization}', self._show_tasks)
        live(self._events, services.bus, f'user:{viewer.user_id}', self._show_events)
        refresh_later(self._page, self._refresh)

    @action
    async def _refresh(self) -> None:
        total = await self._show_courses()
        self._columns.set_visibility(total > 0)
        self._first_visit.clear()
        if not total:
            self._header.say(_('Welcome to Coursewright'), eyebrow=long_day(now()))
            with self._first_visit:
                _first_visit(may_write=self._viewer.may(Permission.COURSE_WRITE))
            return
        await self._show_tasks()
        await self._show_events()
        await self._show_learning()

    async def _show_tasks(self) -> None:
        tasks = await self._tasks()
        self._header.say(_title(len(tasks)), eyebrow=long_day(now()))
        self._waiting.clear()
        if not tasks:
            return
        link = (_('All reviews'), '/reviews') if self._viewer.may(Permission.DRAFT_APPROVE) else None
        with self._waiting, card(_('Waiting for you'), note=_('oldest first'), link=link, padded=False):
            rows = (_task_html(task, first=place == 0) for place, task in enumerate(tasks[:_ROWS]))
            markup(''.join(rows))

    async def _tasks(self) -> list[_Task]:
        viewer, services = self._viewer, self._services
        tasks: list[_Task] = []
        if viewer.may(Permission.DRAFT_APPROVE):
            for review in (await services.review_lists.list(viewer))[0]:
                is_outline = review.stage == 'outline'
                detail = _('answers your comments') if review.answers_comments else _('first draft')
                tasks.append(
                    _Task(
                        title=_('Outline') if is_outline else _('Content of the lessons'),
                        second=review.title,
                        icon='account_tree' if is_outline else 'rate_review',
                        stage=stage_name(review.stage),
                        detail=detail,
                        since=review.since,
                        href=f'/studio/{review.workflow_id}',
                        action=_('Review'),
                    )
                )
        if viewer.may(Permission.COURSE_PUBLISH):
            ready, _total = await services.courses.list(viewer, status='assembled', order='oldest', limit=_ROWS)
            for course in ready:
                tasks.append(
                    _Task(
                        title=_('Ready to publish'),
                        second=course.title,
                        icon='checklist',
                        stage=_('Publish check'),
                        detail=_('version {number}', number=course.version or '1.0'),
                        since=course.updated_at or course.created_at,
                        href=f'/courses/{course.id}',
                        action=_('Publish'),
                    )
                )
        if viewer.may(Permission.DRAFT_WRITE):
            for workflow in (await services.workflows.list(viewer, limit=20))[0]:
                if workflow.status == 'failed':
                    tasks.append(
                        _Task(
                            title=_('Writing came to a halt'),
                            second=workflow.title,
                            icon='error',
                            stage=stage_name(workflow.stage),
                            detail=_('what is written is safe'),
                            since=workflow.run_started_at,
                            href=f'/studio/{workflow.id}',
                            action=_('Mend'),
                        )
                    )
        return sorted(tasks, key=lambda task: task.since)

    async def _show_courses(self) -> int:
        viewer, services = self._viewer, self._services
        found, total = await services.courses.list(viewer, order='updated', limit=_COURSES)
        rows = ''
        for course in found:
            watched = course.status == 'published' and viewer.may(Permission.ANALYTICS_READ)
            rows += course_row_html(course, await services.analytics.course(viewer, course.id) if watched else None)
        self._courses.clear()
        if found:
            link = (ngettext('The course', 'All {n} courses', total), '/courses')
            with self._courses, card(_('Your courses'), link=link, padded=False):
                markup(rows)
        return total

    async def _show_events(self) -> None:
        found = await self._services.notifications.list(self._viewer, limit=_EVENTS)
        self._events.clear()
        if not found:
            return
        with self._events, card(_('As it happens'), aside_html=status_html('live')):
            markup(
                ''.join(
                    f'<li{attributes(class_=None if event.read else "cw-fresh")}>{when_html(event.at, short=True)}'
                    f'<span><a{attributes(class_="cw-plainlink", href=event.path)}>'
                    f'{escape(translated(event.text, subject=event.subject))}</a></span></li>'
                    for event in found
                ),
                tag='ol',
                classes='cw-feed',
            )

    async def _show_learning(self) -> None:
        if not self._viewer.may(Permission.LEARN):
            return
        mine = [one for one in await self._services.enrollments.my_courses(self._viewer) if not one.completed_at]
        self._learning.clear()
        if mine:
            with self._learning:
                continue_card(mine[0])


def _title(tasks: int) -> str:
    words = {
        1: _('One thing needs you'), 2: _('Two things need you'), 3: _('Three things need you'),
        4: _('Four things need you'), 5: _('Five things need you'), 6: _('Six things need you'),
        7: _('Seven things need you'), 8: _('Eight things need you'), 9: _('Nine things need you'),
    }  # fmt: skip
    if not tasks:
        return _('Nothing needs you')
    return words.get(tasks) or ngettext('{n} thing needs you', '{n} things need you', tasks)


def _task_html(task: _Task, *, first: bool) -> str:
    return list_row_html(
        task.title,
        second=task.second,
        icon_name=task.icon,
        meta=(escape(task.stage), escape(task.detail)),
        late=(when_html(task.since, short=True), ''),
        href=task.href,
        action=task.action,
        emphasized=first,
    )


def _first_visit(*, may_write: bool) -> None:
    with stack():
        sentence = _(
            'A handbook, a policy, a set of slides. We read it page by page, and every sentence of a course will point '
            'back to the page it came from.'
        )
        with empty_state(_('Start with one document'), sentence, dashed=True):
            if may_write:
                link_button(_('Add documents'), '/knowledge', kind='plain', icon='upload_file')
        steps = (
            (_('You bring documents'), _('They stay in your organisation. Nobody else can search them.')),
            (_('A draft is written'), _('Outline first. Nothing goes further until you approve it.')),
            (_('People approve, learners learn'), _('Block by block, with the source beside each one.')),
        )
        markup(
            ''.join(
                f'<li><span>{place}</span><div><b>{escape(title)}</b>'
                f'<p class="cw-small-text">{escape(words)}</p></div></li>'
                for place, (title, words) in enumerate(steps, 1)
            ),
            tag='ol',
            classes='cw-steps',
        )

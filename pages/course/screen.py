from collections.abc import Callable
from uuid import UUID

from nicegui import context, ui

from components.action import action
from components.button import button, link_button
from components.dialog import confirm, dialog
from components.field import required, text_area, text_field
from components.frame import here
from components.i18n import _, duration, ngettext
from components.layout import columns, page, stack
from components.live import live
from components.markup import escape
from components.menu import MenuEntry, menu_button
from components.notice import toast
from components.page_header import page_header
from components.skeleton import skeleton
from components.status import pill_html
from pages.course.changes import SourceChanges
from pages.course.check import check_card, passed_card, ready_card
from pages.course.contents import contents_card
from pages.course.enrolling import enrol_dialog
from pages.course.exports import exports_card
from pages.course.facts import about_card, versions_card
from pages.course.glossary import glossary_card
from pages.course.learners import learners_card
from pages.course.reviewing import reviewers_card
from pages.course.translating import translations_card
from pages.guarded import guarded, id_in
from pages.missing import nothing_here
from pages.wording import stage_number
from services.courses import CourseView, PublishBlocked, PublishCheck
from services.errors import NotFound
from services.generation.views import WorkflowView
from services.platform import Services
from services.viewer import Permission, Viewer


@guarded
async def index(viewer: Viewer, services: Services, course_id: str) -> None:
    here((_('Courses'), '/courses'), _('Course'), nav='/courses')
    frame = context.slot.parent
    with page() as whole:
        waiting = skeleton(8)
        screen = _Course(viewer, services, id_in(course_id), gone=lambda: _gone(frame))
        await screen.load()
        waiting.delete()
        await screen.build()
    live(whole, services.bus, f'course:{course_id}', screen.look_again)


def _gone(frame: ui.element) -> None:
    frame.clear()
    with frame:
        nothing_here()


class _Course:
    def __init__(self, viewer: Viewer, services: Services, course_id: UUID, *, gone: Callable[[], None]) -> None:
        self._viewer, self._services, self._course_id, self._gone = viewer, services, course_id, gone
        self._leaving = False
        self._changes = SourceChanges(viewer, services, course_id)
        self._course: CourseView
        self._workflow: WorkflowView | None = None
        self._check: PublishCheck | None = None

    async def load(self) -> None:
        self._course = await self._services.courses.get(self._viewer, self._course_id)
        if self._viewer.may(Permission.DRAFT_READ):
            self._workflow = await self._services.workflows.of_course(self._viewer, self._course_id)
        self._check = None
        await self._changes.load()
        if self._is_in_the_making:
            self._check = await self._services.courses.check(self._viewer, self._course_id)

    async def build(self) -> None:
        """What depends on the state stands in boxes of its own, so that a change redraws no more than it must."""
        self._head = ui.element('div')
        self._dialogs = ui.element('div')  # a dialog must outlive the button that opened it: the head is drawn anew
        with columns('side'):
            with stack():
                self._findings, self._learners = ui.element('div'), ui.element('div')
                self._contents = ui.element('div')
            with stack():
                self._side = ui.element('div').classes('cw-stack')
                self._exports = ui.element('div')
                self._versions = ui.element('div')
        await self._draw()

    @action
    async def look_again(self) -> None:
        if self._leaving:
            return
        try:
            await self.load()
        except NotFound:
            self._gone()
            return
        await self._draw()

    @property
    def _is_in_the_making(self) -> bool:
        version = self._course.version
        return version is not None and version.state != 'published'

    async def _draw(self) -> None:
        course, viewer, services = self._course, self._viewer, self._services
        here((_('Courses'), '/courses'), course.title, nav='/courses')
        for box in (self._head, self._findings, self._contents, self._side):
            box.clear()
        with self._head:
            self._build_header()
        with self._findings:
            if self._check is not None and self._is_reviewed:
                check_card(self._check)
            self._changes.draw(course, self._studio_path, self._dialogs)
        with self._contents:
            contents_card(course, self._studio_path)
        with self._side:
            if self._check is not None:
                ready_card(self._check)
                passed_card(self._check)
            about_card(course)
            if self._workflow is not None:
                await reviewers_card(viewer, services, course.id)
                await glossary_card(viewer, services, course.id)
                await translations_card(viewer, services, course)
        await self._draw_once()
        if hasattr(self, '_export_list'):
            await self._export_list.refresh()
        self._versions.clear()
        with self._versions:
            versions_card(await services.courses.versions(viewer, course.id))

    async def _draw_once(self) -> None:
        """Cards that keep themselves current are made when they are first needed."""
        course, viewer = self._course, self._viewer
        if course.published_version_id and viewer.may(Permission.ENROLL) and not hasattr(self, '_learner_list'):
            with self._learners:
                self._learner_list = learners_card(viewer, self._services, course.id, course.title)
        assembled = course.version is not None and course.version.state != 'draft'
        if (assembled or course.published_version_id) and not hasattr(self, '_export_list'):
            with self._exports:
                self._export_list = exports_card(viewer, self._services, course.id)

    def _build_header(self) -> None:
        course, viewer = self._course, self._viewer
        going = self._workflow is not None and self._workflow.stage != 'done'
        stage = None
        if self._is_in_the_making:
            stage = stage_number(self._workflow.stage) if self._workflow else 3
        header = page_header(course.title, subtitle_html=self._subtitle_html(), stage=stage)
        with header.actions:
            if viewer.may(Permission.COURSE_WRITE):
                menu_button(
                    [
                        MenuEntry(text=_('Title and summary'), icon='edit', on_click=self._edit),
                        MenuEntry(text=_('Delete'), icon='delete', danger=True, separated=True, on_click=self._delete),
                    ],
                    label=_('More'),
                )
            if course.lessons:
                link_button(_('Sources'), f'/courses/{course.id}/sources', icon='format_quote')
            if self._is_in_the_making and course.lessons:
                link_button(_('Publish check'), f'/courses/{course.id}/check', icon='fact_check')
            if course.published_version_id and viewer.may(Permission.ANALYTICS_READ):
                link_button(_('Analytics'), f'/analytics/{course.id}', icon='monitoring')
            if course.lessons:
                link_button(_('Preview'), f'/learn/{course.id}', icon='visibility')
            if going and self._workflow is not None:
                kind_of_link = 'plain' if self._publish_is_primary else 'primary'
                studio = self._studio_path
                link_button(_('Open in the studio'), studio, kind=kind_of_link, icon='rate_review')  # type: ignore[arg-type]
            if self._publish_is_primary:
                self._build_publish()
            elif course.published_version_id and viewer.may(Permission.ENROLL):
                button(_('Enrol students'), kind='primary', icon='person_add', on_click=self._enrol)

    @property
    def _is_reviewed(self) -> bool:
        return self._course.version is not None and self._course.version.state == 'assembled'

    @property
    def _publish_is_primary(self) -> bool:
        may = self._viewer.may(Permission.COURSE_PUBLISH)
        return may and self._check is not None and self._is_reviewed

    def _build_publish(self) -> None:
        assert self._check is not None
        words = _('Publish {version}', version=self._check.version or '')
        blocking = len(self._check.blocking)
        if blocking:
            because = ngettext('{n} finding blocks publishing.', '{n} findings block publishing.', blocking)
            button(words, kind='primary', locked=because)
        else:
            button(words, kind='primary', icon='publish', on_click=self._publish)

    def _subtitle_html(self) -> str:
        course = self._course
        state = {'published': 'published', 'assembled': 'look_again', 'draft': 'in_review'}[course.status]
        words = {'published': None, 'assembled': _('Ready to publish'), 'draft': None}[course.status]
        shown = pill_html(state, words) if course.status != 'assembled' else pill_html('passed', words)
        parts = [_('version {number}', number=course.version.number)] if course.version else []
        if course.lessons:
            parts.append(ngettext('{n} lesson', '{n} lessons', len(course.lessons)))
            parts.append(duration(course.minutes))
        parts.append(_('by {name}', name=course.instructor))
        return f'{shown}<span>{escape(", ".join(parts))}</span>'

    @property
    def _studio_path(self) -> str:
        return f'/studio/{self._workflow.id}' if self._workflow else ''

    @action
    async def _publish(self) -> None:
        assert self._check is not None
        number = self._check.version or ''
        sentence = _(
            'Learners can then be enrolled. What is published stays as it is: the next change makes a new version.'
        )
        with self._dialogs:
            agreed = await confirm(_('Publish version {number}?', number=number), sentence, do=_('Publish'))
        if not agreed:
            return
        try:
            published = await self._services.courses.publish(self._viewer, self._course_id)
        except PublishBlocked:
            await self.look_again()
            raise
        toast(_('Version {number} is published.', number=published.number))

    @action
    async def _enrol(self) -> None:
        with self._dialogs:
            await enrol_dialog(self._viewer, self._services, self._course_id)

    @action
    async def _edit(self) -> None:
        with self._dialogs:
            await self._edit_words()

    async def _edit_words(self) -> None:
        course = self._course
        with dialog(_('Title and summary')) as asked:
            title = text_field(_('Title'), value=course.title, check=required(_('A course needs a title.')), limit=200)
            summary = text_area(_('Summary'), value=course.summary, optional=True, rows=4)
            audience = text_field(_('For whom'), value=course.audience, optional=True)
            level = text_field(_('Level'), value=course.level, optional=True)

        @action(fields={'title': title, 'summary': summary, 'audience': audience, 'level': level})
        async def save() -> None:
            await self._services.courses.update(
                self._viewer,
                course.id,
                title=title.value,
                summary=summary.value,
                audience=audience.value,
                level=level.value,
            )
            asked.submit(True)

        title.on_enter(save)
        with asked.foot:
            button(_('Cancel'), on_click=lambda: asked.submit(False))
            button(_('Save'), kind='primary', on_click=save)
        await asked.answer()

    @action
    async def _delete(self) -> None:
        viewer, services, course = self._viewer, self._services, self._course
        self._leaving = True
        await services.courses.delete(viewer, course.id)
        client = context.client
        with client.layout:
            ui.navigate.to('/courses')

            @action
            async def take_back() -> None:
                await services.courses.restore(viewer, course.id)
                ui.navigate.to(f'/courses/{course.id}')

            toast(_('“{title}” is in the recycle bin.', title=course.title), undo=take_back)

"""The publish check as a screen of its own: look, mend, check again, publish; also while the lessons are reviewed."""

from time import monotonic
from uuid import UUID

from nicegui import context, ui

from components.action import action
from components.button import button
from components.dialog import confirm, dialog
from components.field import required, text_area, text_field
from components.frame import here
from components.i18n import _, clock_time, ngettext, number
from components.layout import columns, page, stack
from components.live import live
from components.markup import escape, markup
from components.notice import notice, toast
from components.page_header import page_header
from components.skeleton import skeleton
from pages.course.check import check_card, passed_card, ready_card
from pages.guarded import guarded, id_in
from services.clock import now
from services.courses import CourseView, Finding, PublishCheck
from services.courses.publishing import NEVER_OVER
from services.platform import Services
from services.viewer import Permission, Viewer


@guarded
async def index(viewer: Viewer, services: Services, course_id: str, lesson: str = '', block: str = '') -> None:
    del (
        lesson,
        block,
    )  # of links from findings about an assembled version, which cannot be changed before it is reopened
    here((_('Courses'), '/courses'), _('Publish check'), nav='/courses')
    with page() as whole:
        waiting = skeleton(8)
        screen = _Checking(viewer, services, id_in(course_id))
        await screen.load()
        waiting.delete()
        screen.build()
    live(whole, services.bus, f'course:{course_id}', screen.look_again)


class _Checking:
    def __init__(self, viewer: Viewer, services: Services, course_id: UUID) -> None:
        self._viewer, self._services, self._course_id = viewer, services, course_id
        self._course: CourseView
        self._check: PublishCheck
        self._took = 0.0

    async def load(self) -> None:
        began = monotonic()
        self._course = await self._services.courses.get(self._viewer, self._course_id)
        self._check = await self._services.courses.check(self._viewer, self._course_id)
        self._took = monotonic() - began

    def build(self) -> None:
        self._head, self._dialogs = ui.element('div'), ui.element('div')
        with columns('side'):
            with stack():
                self._notice = ui.element('div')
                self._findings = ui.element('div')
            with stack():
                self._side = ui.element('div').classes('cw-stack')
        self._draw()

    @action
    async def look_again(self) -> None:
        await self.load()
        self._draw()

    def _draw(self) -> None:
        course, check = self._course, self._check
        here((_('Courses'), '/courses'), (course.title, f'/courses/{course.id}'), _('Publish check'), nav='/courses')
        for box in (self._head, self._notice, self._findings, self._side):
            box.clear()
        with self._head:
            self._build_header()
        with self._notice:
            self._say_where_to_mend()
        with self._findings:
            check_card(check, on_act=self._fix, fixable=self._may_change)
        with self._side:
            ready_card(check)
            self._build_override()
            passed_card(check)

    @property
    def _state(self) -> str:
        return self._course.version.state if self._course.version else ''

    @property
    def _may_change(self) -> bool:
        return self._state == 'draft' and self._viewer.may(Permission.DRAFT_WRITE)

    def _build_header(self) -> None:
        course, check = self._course, self._check
        when = _('checked {time} in {n} s', time=clock_time(now()), n=number(max(self._took, 0.1), 1))
        parts = [course.title, _('version {number}', number=check.version), when] if check.version else [course.title]
        with page_header(_('Publish check'), subtitle=', '.join(parts)).actions:
            button(_('Check again'), icon='refresh', on_click=self._again)
            if self._state == 'assembled' and self._viewer.may(Permission.COURSE_WRITE) and check.findings:
                button(_('Back into review'), icon='undo', on_click=self._reopen)
            if self._state == 'assembled' and self._viewer.may(Permission.COURSE_PUBLISH):
                self._build_publish()

    def _build_publish(self) -> None:
        words = _('Publish {version}', version=self._check.version or '')
        blocking = len(self._check.blocking)
        if blocking:
            because = ngettext('{n} finding blocks publishing.', '{n} findings block publishing.', blocking)
            button(words, kind='primary', locked=because)
        else:
            button(words, kind='primary', icon='publish', on_click=self._publish)

    def _say_where_to_mend(self) -> None:
        if self._state == 'draft':
            notice(_('The lessons are under review: what you mend here waits for approval again.'))
        elif self._state == 'assembled' and self._check.findings and self._viewer.may(Permission.COURSE_WRITE):
            notice(_('The review is over. Take the version back into review to change a block; approvals stay.'))
        elif self._state == 'published':
            notice(_('This version is published and stays as it is. The next version can take up what was found.'))

    def _build_override(self) -> None:
        blocking = self._check.blocking
        never = any(finding.code in NEVER_OVER for finding in blocking)
        if self._state != 'assembled' or not blocking or never:
            return
        words = _('Administrators may publish over a finding with a reason. The reason stands in the audit trail.')
        with ui.element('div').classes('cw-card cw-card-body'):
            markup(escape(words), tag='p', classes='cw-small-text')
            if self._viewer.may(Permission.PUBLISH_OVERRIDE) and self._viewer.may(Permission.COURSE_PUBLISH):
                button(_('Publish with a reason…'), kind='link', on_click=self._override)

    @action
    async def _again(self) -> None:
        asking = await self._services.keeping.links.ask(self._viewer, self._course_id)
        await self.load()
        self._draw()
        toast(_('Checked. Links are being asked; this page shows when they answer.') if asking else _('Checked.'))

    @action
    async def _publish(self) -> None:
        version = self._check.version or ''
        sentence = _('What is published stays as it is: the next change makes a new version.')
        with self._dialogs:
            agreed = await confirm(_('Publish version {number}?', number=version), sentence, do=_('Publish'))
        if agreed:
            await self._services.courses.publish(self._viewer, self._course_id)
            ui.navigate.to(f'/courses/{self._course_id}')

    @action
    async def _override(self) -> None:
        with self._dialogs:
            title = _('Publish over what was found?')
            count = len(self._check.blocking)
            said = ngettext('{n} finding stays as it is.', '{n} findings stay as they are.', count)
            asked = dialog(title, said + ' ' + _('The course shows your reason and your name.'))
            with asked:
                reason = text_area(_('Reason'), check=required(_('Say why this may be published.')), rows=3)

        @action(fields={'override_reason': reason})
        async def publish() -> None:
            await self._services.courses.publish(self._viewer, self._course_id, override_reason=str(reason.value or ''))
            asked.submit(True)

        with asked.foot:
            button(_('Cancel'), on_click=lambda: asked.submit(False))
            button(_('Publish'), kind='final', on_click=publish)
        if await asked.answer():
            ui.navigate.to(f'/courses/{self._course_id}')

    @action
    async def _reopen(self) -> None:
        await self._services.courses.reopen(self._viewer, self._course_id)
        toast(_('The version is in review again. What is approved stays so.'))
        await self.look_again()

    @action
    async def _fix(self, fix: str, of: str) -> None:
        finding = next((one for one in self._check.findings if (one.fix, str(one.block_id)) == (fix, of)), None)
        if finding is None or finding.block_id is None:
            return
        act = {
            'own_words': self._own_words,
            'headings': self._headings,
            'alt_text': self._alt_text,
            'remove': self._remove,
        }[fix]
        await act(finding, finding.block_id)
        await self.look_again()

    def _hash(self, block_id: UUID) -> str:
        return next(b.content_hash for lesson in self._course.lessons for b in lesson.blocks if b.id == block_id)

    async def _own_words(self, finding: Finding, block_id: UUID) -> None:
        mending, viewer = self._services.keeping.mending, self._viewer
        sentence = _('You stand for them yourself: they need no source, and readers see that they are yours.')
        with self._dialogs:
            if not await confirm(_('Are these your own words?'), sentence, do=_('They are mine')):
                return
        await mending.own_words(viewer, block_id, self._hash(block_id), list(finding.about))
        self._undoable(_('Marked as your own words.'), lambda: mending.no_longer_own(viewer, block_id))

    async def _headings(self, _finding: Finding, block_id: UUID) -> None:
        mended = await self._services.keeping.mending.order_headings(self._viewer, block_id, self._hash(block_id))
        self._put_back_later(_('The headings are in order. The block waits for approval.'), block_id, mended.hash)

    async def _alt_text(self, _finding: Finding, block_id: UUID) -> None:
        mending, viewer, shown = self._services.keeping.mending, self._viewer, self._hash(block_id)
        with self._dialogs:
            asked = dialog(_('Describe the image'), _('What does it show to whoever cannot see it?'))
            with asked:
                words = text_field(_('Alternative text'), check=required(_('Say what the image shows.')), limit=300)

        @action(fields={'alt': words})
        async def save() -> None:
            asked.submit((await mending.describe_images(viewer, block_id, shown, str(words.value or ''))).hash)

        words.on_enter(save)
        with asked.foot:
            button(_('Cancel'), on_click=lambda: asked.submit(None))
            button(_('Save'), kind='primary', on_click=save)
        mended = await asked.answer()
        if mended:
            self._put_back_later(_('The image is described. The block waits for approval.'), block_id, str(mended))

    async def _remove(self, _finding: Finding, block_id: UUID) -> None:
        blocks, viewer = self._services.blocks, self._viewer
        await blocks.remove(viewer, block_id)
        self._undoable(_('The question is removed.'), lambda: blocks.restore(viewer, block_id))

    def _put_back_later(self, words: str, block_id: UUID, shown: str) -> None:
        mending, viewer = self._services.keeping.mending, self._viewer
        self._undoable(words, lambda: mending.put_back(viewer, block_id, shown))

    def _undoable(self, words: str, undo: object) -> None:
        with context.client.layout:
            toast(words, undo=action(undo))  # type: ignore[call-overload]

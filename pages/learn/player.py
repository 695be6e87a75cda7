"""One lesson on the whole screen: outline left, text in the middle, its sources in the margin, the way on below."""

from uuid import UUID

from nicegui import context, ui

from components.action import action
from components.button import button, icon_button, link_button
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, duration
from components.keyboard import shortcuts
from components.layout import page
from components.markup import attributes, escape, icon, markup
from components.notice import notice
from components.page_header import page_header
from components.player_frame import player_frame
from components.skeleton import skeleton
from pages.guarded import guarded, id_in
from pages.learn.finish import finish_page
from pages.learn.outline import lesson_path, outline_items, progress_words, segments
from pages.learn.quiz import quiz_card
from pages.learn.reading import reading_column
from pages.learn.sources import Notes, show_source
from services.courses import SourceView
from services.enrollments import LessonPage, OutlineView
from services.errors import NotFound
from services.platform import Services
from services.viewer import Permission, Viewer

_TEXT_SIZE = """() => { const sizes = ['', 'large', 'larger'], root = document.documentElement;
    const next = sizes[(sizes.indexOf(root.dataset.reading || '') + 1) % 3]; root.dataset.reading = next;
    try { localStorage.setItem('cw-reading', next); } catch {} }"""


@guarded
async def index(viewer: Viewer, services: Services, course_id: str) -> None:
    """Goes on where the learner left; shows what was achieved once everything is done."""
    here(_('Learn'), mode='player')
    waiting = skeleton(6)
    outline = await services.enrollments.learn(viewer, id_in(course_id))
    waiting.delete()
    if outline.completed_at is not None:
        finish_page(outline)
    elif outline.continue_at is None:
        _nothing_to_learn(outline)
    else:
        shown = await services.enrollments.lesson(viewer, outline.continue_at)
        ui.navigate.history.replace(lesson_path(outline.course_id, outline.continue_at))
        await _player(viewer, services, outline, shown).build()


@guarded
async def lesson(viewer: Viewer, services: Services, course_id: str, lesson_id: str) -> None:
    here(_('Learn'), mode='player')
    waiting = skeleton(6)
    outline = await services.enrollments.learn(viewer, id_in(course_id))
    shown = await services.enrollments.lesson(viewer, id_in(lesson_id))
    if shown.lesson.id not in {one.id for one in outline.lessons}:
        raise NotFound()
    waiting.delete()
    await _player(viewer, services, outline, shown).build()


class _player:
    """An open lesson. `build` draws it; the rest is what its buttons do."""

    def __init__(self, viewer: Viewer, services: Services, outline: OutlineView, shown: LessonPage) -> None:
        self._viewer, self._services = viewer, services
        self._outline, self._shown, self._lesson = outline, shown, shown.lesson

    async def build(self) -> None:
        here(self._outline.title, self._lesson.title, mode='player')
        notes = Notes(self._lesson.blocks)
        self._frame = player_frame(
            title=self._outline.title,
            back=f'/courses/{self._outline.course_id}' if self._may_edit else '/courses',
            segments=segments(self._outline, self._lesson.id),
            progress=progress_words(self._outline),
            person=self._viewer.full_name,
            outline=outline_items(self._outline, self._lesson.id),
        )
        with self._frame.tools:
            icon_button('format_size', _('Text size')).on('click', js_handler=_TEXT_SIZE)
        with self._frame.content:
            await self._build_content(notes)
        with self._frame.margin:
            markup(notes.margin_html(), classes='cw-source-notes', on_act=lambda act, of: self._open_source(notes, of))
        with self._frame.foot:
            self._build_foot()
        self._listen_to_keys()
        # The place to go on is kept once a browser shows the lesson: asking for its address alone changes nothing.
        ui.timer(0, self._visit, once=True)
        # notes stand beside the words they belong to, where there is a margin; the chosen text size is the browser's
        ui.run_javascript("""
            document.documentElement.dataset.reading = localStorage.getItem('cw-reading') || '';
            const text = document.querySelector('.cw-player-text'), box = document.querySelector('.cw-source-notes');
            const place = () => {
                if (!box) return;
                const top = box.getBoundingClientRect().top; let from = 0;
                for (const note of box.children) {
                    const mark = text.querySelector(`a[href="#${note.id}"]`);
                    const wanted = mark && innerWidth >= 1024 ? mark.getBoundingClientRect().top - top : from;
                    const gap = from ? 12 : 0;
                    const start = Math.max(wanted, from + gap);
                    note.style.marginBlockStart = `${start - from}px`;
                    from = start + note.offsetHeight;
                }
            };
            if (text) { new ResizeObserver(place).observe(text); document.fonts.ready.then(place); place(); }
        """)

    @property
    def _may_edit(self) -> bool:
        return self._viewer.may(Permission.COURSE_READ)

    async def _build_content(self, notes: Notes) -> None:
        if self._shown.preview:
            link = f'<a href="/courses/{self._outline.course_id}">{escape(_("Back to the course"))}</a>'
            notice(_('This is what learners see. Nothing you do here is kept.'), title=_('Preview.'), extra_html=link)
        page_header(self._lesson.title, eyebrow=_('Lesson {number}', number=self._lesson.number))
        if not self._lesson.blocks:
            empty_state(_('This lesson has no content yet'), art=False)
        reading_column(self._lesson.blocks, notes, lambda key: self._open_source(notes, key))
        if self._lesson.quiz is not None and self._lesson.quiz.question_ids:
            quiz = await self._services.quizzes.get(self._viewer, self._lesson.quiz.id)
            quiz_card(
                self._viewer, self._services, quiz, open_quotes=self._open_quotes, on_handed_in=self._look_again
            )  # fmt: skip

    def _build_foot(self) -> None:
        shown, outline = self._shown, self._outline
        if shown.previous_id:
            words = f'{icon("arrow_back", "cw-flips")}<span class="cw-wide-only">{escape(shown.previous_title)}</span>'
            href = lesson_path(outline.course_id, shown.previous_id)
            label = _('Previous lesson: {title}', title=shown.previous_title)
            given = attributes(class_='cw-btn cw-quiet', href=href, aria_label=label)
            markup(f'<a{given}>{words}</a>', tag='span')
        following = next((one for one in outline.lessons if one.id == shown.next_id), None)
        if following is not None:
            next_words = _('Next: {title}, {time}', title=following.title, time=duration(following.minutes))
        else:
            next_words = _('This is the last lesson.')
        markup(escape(next_words), tag='span', classes='cw-push')
        if shown.preview or shown.done:
            if shown.done:
                button(_('Not done yet'), kind='quiet', on_click=self._reopen).classes('cw-wide-only')
            if shown.next_id or shown.done:
                words = _('Go on') if shown.next_id else _('See the result')
                href = lesson_path(outline.course_id, shown.next_id)
                link_button(words, href, kind='primary', icon='arrow_forward').classes('cw-grow')
        else:
            words = _('Mark done and go on') if shown.next_id else _('Mark done and finish')
            button(words, kind='primary', icon_end='arrow_forward', on_click=self._complete).classes('cw-grow')

    @action
    async def _visit(self) -> None:
        await self._services.enrollments.open_lesson(self._viewer, self._lesson.id)

    @action
    async def _complete(self) -> None:
        await self._services.enrollments.complete(self._viewer, self._lesson.id)
        ui.navigate.to(lesson_path(self._outline.course_id, self._shown.next_id))

    @action
    async def _reopen(self) -> None:
        await self._services.enrollments.uncomplete(self._viewer, self._lesson.id)
        await context.client.sub_pages_router.refresh()

    @action
    async def _look_again(self) -> None:
        self._outline = await self._services.enrollments.learn(self._viewer, self._outline.course_id)
        self._frame.show_outline(outline_items(self._outline, self._lesson.id))
        self._frame.show_progress(segments(self._outline, self._lesson.id), progress_words(self._outline))

    @action
    async def _open_source(self, notes: Notes, key: str) -> None:
        await show_source(self._viewer, self._services, self._lesson.id, notes.of(key))

    @action
    async def _open_quotes(self, quotes: list[SourceView]) -> None:
        await show_source(self._viewer, self._services, self._lesson.id, quotes)

    def _listen_to_keys(self) -> None:
        def go(lesson_id: UUID | None) -> None:
            if lesson_id is not None:
                ui.navigate.to(lesson_path(self._outline.course_id, lesson_id))

        following, previous = self._shown.next_id, self._shown.previous_id
        shortcuts(
            {
                'j': lambda: go(following),
                'k': lambda: go(previous),
                'ArrowRight': lambda: go(following),
                'ArrowLeft': lambda: go(previous),
            }
        )


def _nothing_to_learn(outline: OutlineView) -> None:
    here(outline.title)
    with page(), empty_state(_('This course has no lessons yet'), _('Come back once it has been written.')):
        link_button(_('Back to my courses'), '/courses', kind='primary')

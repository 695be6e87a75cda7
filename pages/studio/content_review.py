"""The lessons under review: lessons left, blocks with their marks, the source right, the decision below."""

from urllib.parse import urlencode
from uuid import UUID

from nicegui import ui

from components.button import icon_button
from components.frame import here
from components.i18n import _
from components.live import refresh_later
from components.markup import markup
from components.menu import MenuEntry, menu_button
from components.notice import notice
from components.on_screen import reader_watch
from components.page_header import page_header
from components.panes import review_panes
from components.skeleton import skeleton
from pages.reviewers import open_reviewers
from pages.studio import unsaved
from pages.studio.block_card import BlockCard
from pages.studio.block_tools import margins_of
from pages.studio.chat import chat_button
from pages.studio.content_acts import ContentActs
from pages.studio.content_filter import ContentFilter
from pages.studio.content_lists import lessons_html, marks_of, progress_html, subtitle
from pages.studio.here import LessonPeople
from pages.studio.history import open_history
from pages.studio.new_block import NewBlock
from pages.studio.part import Desk
from pages.studio.reading_marks import ReadingMarks
from pages.studio.review_dock import ReviewDock
from pages.studio.source_pane import SourcePane
from pages.studio.standing import standing_line
from pages.studio.thumb_bar import ThumbBar
from services.conversation.threads import may_speak
from services.generation.block_views import BlockView, LessonView
from services.generation.reading import DraftView
from services.viewer import Permission


class ContentReview:
    """What is shown and which block is current; what people do to it is in ContentActs."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.draft: DraftView | None = None
        self.lesson: LessonView | None = None
        self.cards: dict[object, BlockCard] = {}
        self.current: BlockCard | None = None
        self._margins: dict[UUID, str] = {}
        self.resumed: set[UUID] = set()
        self.marks = ReadingMarks(desk)
        self._wanted_block: UUID | None = None
        self._acts = ContentActs(self)
        with review_panes() as self.panes:
            with self.panes.left:
                self._lessons = markup(classes='cw-lessons', on_act=self._open_lesson)
                self._progress = markup(classes='cw-foot')
            with self.panes.main:
                self._build_main()
            with self.panes.side:
                self._source = SourcePane(desk, lambda place: self.current.mark_quote(place) if self.current else None)
            with self.panes.foot:
                self._thumbs = ThumbBar(desk, self._acts)
                self._dock = ReviewDock(desk, self._acts)
        desk.here()
        here(*desk.crumbs, _('Content'), nav='/reviews', mode='work')
        self._acts.listen_to_keys()
        refresh_later(self.panes, self.refresh)

    def _build_main(self) -> None:
        with page_header(_('Lessons for review')) as self._header, self._header.actions:
            self._people = LessonPeople(self.desk)
            with ui.element('span').classes('cw-line cw-close cw-only-narrow'):
                icon_button('chevron_left', _('Lesson before'), on_click=lambda: self.step_lesson(-1))
                icon_button('chevron_right', _('Next lesson'), on_click=lambda: self.step_lesson(1))
            chat_button(self.desk)
            menu_button(
                [
                    MenuEntry(text=_('Changes inline'), icon='difference', on_click=lambda: self.look_at('inline')),
                    MenuEntry(text=_('Side by side'), icon='vertical_split', on_click=lambda: self.look_at('side')),
                    MenuEntry(text=_('As it will read'), icon='article', on_click=lambda: self.look_at('read')),
                    MenuEntry(
                        text=_('What happened'),
                        icon='history',
                        separated=True,
                        on_click=lambda: open_history(self.desk),
                    ),
                    MenuEntry(text=_('Keys'), icon='keyboard', on_click=self._acts.show_keys),
                    MenuEntry(
                        text=_('Reviewers'),
                        icon='group',
                        on_click=lambda: open_reviewers(
                            self.desk.viewer, self.desk.services, self.desk.workflow.course_id
                        ),
                    ),
                    *self._running_entries(),
                ],
                text=_('View'),
            )
        self._filter = ContentFilter(self)
        self._standing = standing_line(self.desk)
        self._notice = ui.element('div')
        self.watch = reader_watch(
            on_seen=self.marks.were_shown, on_comment=self._acts.comment_on if may_speak(self.desk.viewer) else None
        )
        self._blocks = ui.element('div').classes('cw-blocks')
        with self._blocks:
            skeleton(6)
        self.new = NewBlock(self.desk, self.lesson_id) if self.desk.may(Permission.DRAFT_WRITE) else None

    def _running_entries(self) -> list[MenuEntry]:
        if not self.desk.reading_early:
            return []
        return [MenuEntry(text=_('Watch the writing'), icon='edit_note', on_click=lambda: self.desk.read_ready(False))]

    def is_typed_into(self) -> bool:
        return any(card.editing or card.talking for card in self.cards.values()) or (
            self.new is not None and self.new.editing
        )

    def lesson_id(self) -> object:
        return self.lesson.id if self.lesson else None

    async def refresh(self) -> None:
        self.draft = await self.desk.services.reading.draft(self.desk.viewer, self.desk.workflow.id)
        self.desk.threads = await self.desk.services.threads.of_workflow(self.desk.viewer, self.desk.workflow.id)
        await self.marks.load(self.all_blocks)
        self._margins = await margins_of(self.desk)
        self._begin_at_thread()
        lessons = self.all_lessons
        if not lessons:
            return
        wanted = self.desk.lesson
        self.lesson = next((one for one in lessons if str(one.id) == wanted), None) or _first_open(lessons)
        self.desk.lesson = str(self.lesson.id)
        await self._show()
        await unsaved.resume(self)

    async def open_conversation(self) -> None:
        await self._filter.open_conversation()

    def _begin_at_thread(self) -> None:
        """A notification leads to a thread: its block's lesson is opened."""
        sought, self.desk.block = self.desk.block, ''
        self._wanted_block = next((one.id for one in self.all_blocks if str(one.id) == sought), self._wanted_block)
        wanted, self.desk.thread = self.desk.thread, ''
        thread = next((one for one in self.desk.threads if str(one.id) == wanted), None)
        if thread is not None and thread.lesson_id is not None:
            self.desk.lesson = str(thread.lesson_id)
            self._wanted_block = thread.block_id

    @property
    def all_lessons(self) -> list[LessonView]:
        return [lesson for module in self.draft.modules for lesson in module.lessons] if self.draft else []

    @property
    def all_blocks(self) -> list[BlockView]:
        return [block for lesson in self.all_lessons for block in lesson.blocks]

    async def open_lesson(self, lesson: LessonView) -> None:
        if self.current is not None:
            self.current.set_current(False)
        self.desk.lesson, self.lesson, self.current = str(lesson.id), lesson, None
        self._note_address()
        await self._show()
        await unsaved.resume(self)
        ui.run_javascript('document.querySelector(".cw-pane-main")?.scrollTo(0, 0); scrollTo(0, 0)')

    async def go_to_block(self, block_id: UUID) -> None:
        """Its lesson, and it lifted; whatever the filter hides is shown again."""
        lesson = next((one for one in self.all_lessons if any(block.id == block_id for block in one.blocks)), None)
        if lesson is None:
            return
        if not any(self._filter.shows(block) for block in lesson.blocks if block.id == block_id):
            self.desk.show = ''
        self._wanted_block = block_id
        if self.lesson is None or lesson.id != self.lesson.id:
            await self.open_lesson(lesson)
        else:
            await self._show()

    async def step_lesson(self, step: int) -> None:
        lessons = self.all_lessons
        place = next((n for n, one in enumerate(lessons) if self.lesson and one.id == self.lesson.id), 0) + step
        if 0 <= place < len(lessons):
            await self.open_lesson(lessons[place])

    async def look_at(self, changes: str) -> None:
        """How changes are shown: inline, side by side, or not at all."""
        self.desk.changes = changes
        self._note_address()
        await self._show()

    async def only(self, show: str) -> None:
        """Which blocks are shown: '' for all of them, changed, threads."""
        self.desk.show = show
        self._note_address()
        await self._show()

    def _note_address(self) -> None:
        desk = self.desk
        told = {'lesson': desk.lesson, 'show': desk.show, 'changes': '' if desk.changes == 'inline' else desk.changes}
        ui.navigate.history.replace(f'/studio/{desk.workflow.id}?{urlencode({k: v for k, v in told.items() if v})}')

    async def make_current(self, card: BlockCard | None, *, scroll: bool = False) -> None:
        if self.current is not None and self.current is not card:
            self.current.set_current(False)
        self.current = card
        if card is not None:
            card.set_current(True, scroll=scroll)
        self._thumbs.show(card)
        await self._source.show(card.view if card else None, self.draft.modules if self.draft else ())

    def open_source(self) -> None:
        self.panes.open_side()
        ui.run_javascript(
            'setTimeout(() => document.querySelector(".cw-open mark")?.scrollIntoView({block: "center"}), 80)'
        )

    async def _open_lesson(self, act: str, of: str) -> None:
        lesson = next((one for one in self.all_lessons if str(one.id) == of), None)
        if lesson is not None:
            await self.open_lesson(lesson)

    async def _show(self) -> None:
        assert self.draft is not None
        assert self.lesson is not None
        lesson = self.lesson
        here(*self.desk.crumbs, _('Lesson {number}', number=lesson.number), nav='/reviews', mode='work')
        marks = {one.id: marks_of(one, self.marks, self.desk.threads) for one in self.all_lessons}
        self._lessons.show(lessons_html(self.draft.modules, lesson, self.desk.workflow.activity, marks))
        self._filter.show()
        self._progress.show(progress_html(self.all_lessons))
        self._header.say(lesson.title, subtitle_html=subtitle(lesson, marks[lesson.id]))
        self._show_cards(lesson)
        self._say_if_empty(lesson)
        wanted, self._wanted_block = self.cards.get(self._wanted_block), None
        if wanted is not None:
            await self.make_current(wanted, scroll=True)
        elif self.current is None or self.current.view.id not in self.cards or not self.current.frame.visible:
            shown = [card for card in self.cards.values() if self._filter.shows(card.view)]
            first = next((card for card in shown if card.view.state != 'approved'), None)
            self.current = None
            await self.make_current(first or next(iter(shown), None))
        else:
            await self.make_current(self.current)
        self._standing.show()
        self._dock.show(lesson, [card.view for card in self.cards.values()], self.all_blocks)
        await self._people.at(lesson.id)

    def _show_cards(self, lesson: LessonView) -> None:
        """Only what changed is drawn anew; cards keep their place, their editor and their focus."""
        wanted = {block.id: block for block in lesson.blocks}
        if not self.cards:
            self._blocks.clear()
        for key in [
            key for key, card in self.cards.items() if key not in wanted and not (card.editing or card.talking)
        ]:
            self.cards.pop(key).frame.delete()
        for place, block in enumerate(lesson.blocks):
            card = self.cards.get(block.id)
            if card is None:
                with self._blocks:
                    card = BlockCard(self.desk, block, on_act=self._acts.act, before=self.marks.before(block))
                self.cards[block.id] = card
                card.frame.move(target_index=place)
            else:
                card.show(block, before=self.marks.before(block))
            card.show_margin(self._margins.get(block.id, ''))
            card.frame.set_visibility(self._filter.shows(block) or card.editing or card.talking)
        self.cards = {key: self.cards[key] for key in [*wanted, *(key for key in self.cards if key not in wanted)]}

    def _say_if_empty(self, lesson: LessonView) -> None:
        self._notice.clear()
        if not lesson.blocks:
            with self._notice:
                running = self.desk.workflow.status == 'running'
                words = (
                    _('This lesson is not written yet.')
                    if running
                    else _('This lesson has no blocks. Add a text below.')
                )
                notice(words, tone='plain')
        elif all(block.origin != 'human' and not block.sources for block in lesson.blocks):
            with self._notice:
                notice(_('No block of this lesson has a source. Read it with care.'), tone='warn')


def _first_open(lessons: list[LessonView]) -> LessonView:
    """Where a reviewer begins: the first lesson with something to decide."""
    written = [lesson for lesson in lessons if lesson.blocks]
    return next((lesson for lesson in written if lesson.approved < len(lesson.blocks)), (written or lessons)[0])

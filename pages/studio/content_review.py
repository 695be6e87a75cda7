"""The lessons under review: lessons left, blocks with their marks, the source right, the decision below."""

from uuid import UUID

from nicegui import ui

from components.button import icon_button
from components.frame import here
from components.i18n import _
from components.live import refresh_later
from components.markup import markup
from components.menu import MenuEntry, menu_button
from components.notice import notice
from components.page_header import page_header
from components.panes import review_panes
from components.skeleton import skeleton
from pages.studio import unsaved
from pages.studio.block_card import BlockCard
from pages.studio.block_tools import margins_of
from pages.studio.chat import chat_button
from pages.studio.content_acts import ContentActs
from pages.studio.content_lists import lessons_html, progress_html, subtitle
from pages.studio.here import LessonPeople
from pages.studio.history import open_history
from pages.studio.new_block import NewBlock
from pages.studio.part import Desk
from pages.studio.review_dock import ReviewDock
from pages.studio.source_pane import SourcePane
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
        self._inline = True
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
                    MenuEntry(text=_('Changes inline'), icon='difference', on_click=lambda: self.look_at_changes(True)),
                    MenuEntry(text=_('As it will read'), icon='article', on_click=lambda: self.look_at_changes(False)),
                    MenuEntry(
                        text=_('What happened'),
                        icon='history',
                        separated=True,
                        on_click=lambda: open_history(self.desk),
                    ),
                    *self._running_entries(),
                ],
                text=_('View'),
            )
        self._notice = ui.element('div')
        self._blocks = ui.element('div').classes('cw-blocks')
        with self._blocks:
            skeleton(6)
        self.new = NewBlock(self.desk, self.lesson_id) if self.desk.may(Permission.DRAFT_WRITE) else None

    def _running_entries(self) -> list[MenuEntry]:
        if not self.desk.reading_early:
            return []
        return [MenuEntry(text=_('Watch the writing'), icon='edit_note', on_click=lambda: self.desk.read_ready(False))]

    def is_typed_into(self) -> bool:
        return any(card.editing for card in self.cards.values()) or (self.new is not None and self.new.editing)

    def lesson_id(self) -> object:
        return self.lesson.id if self.lesson else None

    async def refresh(self) -> None:
        self.draft = await self.desk.services.reading.draft(self.desk.viewer, self.desk.workflow.id)
        self._margins = await margins_of(self.desk)
        lessons = self.all_lessons
        if not lessons:
            return
        wanted = self.desk.lesson
        self.lesson = next((one for one in lessons if str(one.id) == wanted), None) or _first_open(lessons)
        self.desk.lesson = str(self.lesson.id)
        await self._show()
        await unsaved.resume(self)

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
        ui.navigate.history.replace(f'/studio/{self.desk.workflow.id}?lesson={lesson.id}')
        await self._show()
        await unsaved.resume(self)
        ui.run_javascript('document.querySelector(".cw-pane-main")?.scrollTo(0, 0); scrollTo(0, 0)')

    async def step_lesson(self, step: int) -> None:
        lessons = self.all_lessons
        place = next((n for n, one in enumerate(lessons) if self.lesson and one.id == self.lesson.id), 0) + step
        if 0 <= place < len(lessons):
            await self.open_lesson(lessons[place])

    async def look_at_changes(self, inline: bool) -> None:
        self._inline = inline
        await self._show()

    async def make_current(self, card: BlockCard | None, *, scroll: bool = False) -> None:
        if self.current is not None and self.current is not card:
            self.current.set_current(False)
        self.current = card
        if card is not None:
            card.set_current(True, scroll=scroll)
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
        self._lessons.show(lessons_html(self.draft.modules, lesson, self.desk.workflow.activity))
        self._progress.show(progress_html(self.all_lessons))
        self._header.say(lesson.title, subtitle_html=subtitle(lesson))
        self._show_cards(lesson)
        self._say_if_empty(lesson)
        if self.current is None or self.current.view.id not in self.cards:
            first = next((card for card in self.cards.values() if card.view.state != 'approved'), None)
            self.current = None
            await self.make_current(first or next(iter(self.cards.values()), None))
        else:
            await self.make_current(self.current)
        self._dock.show(lesson, [card.view for card in self.cards.values()], self.all_blocks)
        await self._people.at(lesson.id)

    def _show_cards(self, lesson: LessonView) -> None:
        """Only what changed is drawn anew; cards keep their place, their editor and their focus."""
        wanted = {block.id: block for block in lesson.blocks}
        if not self.cards:
            self._blocks.clear()
        for key in [key for key, card in self.cards.items() if key not in wanted and not card.editing]:
            self.cards.pop(key).frame.delete()
        for place, block in enumerate(lesson.blocks):
            card = self.cards.get(block.id)
            if card is None:
                with self._blocks:
                    card = BlockCard(self.desk, block, on_act=self._acts.act, inline=self._inline)
                self.cards[block.id] = card
                card.frame.move(target_index=place)
            else:
                card.show(block, inline=self._inline)
            card.show_margin(self._margins.get(block.id, ''))
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

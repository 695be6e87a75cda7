"""Where a block's words come from: the page, the quoted span marked, and what else stands behind the block."""

from collections.abc import Callable, Iterator, Sequence

from nicegui import ui

from components.action import action
from components.i18n import _, clock_time, number
from components.markup import attributes, escape, icon, markup
from components.panes import pager_html
from components.source_page import quote_found_html, source_head_html, source_page
from pages.studio.part import Desk
from services.courses.views import SourceView
from services.generation.block_views import BlockView, LessonView, ModuleView, SourcePageView


class SourcePane:
    """Fills the side of the review; `show(block)` turns to its first source, clicks turn further (`on_turn`)."""

    def __init__(self, desk: Desk, on_turn: Callable[[int], None]) -> None:
        self._desk, self._on_turn = desk, on_turn
        self._block: BlockView | None = None
        self._place = 0
        self._modules: Sequence[ModuleView] = ()
        self._pages: dict[tuple[str, int], SourcePageView] = {}
        self._head = markup(on_act=self._turn)
        self._paper: source_page | None = None
        self._sheet = ui.element('div').classes('cw-paper')
        self._below = markup(classes='cw-stack cw-tight', on_act=self._turn)

    async def show(self, block: BlockView | None, modules: Sequence[ModuleView]) -> None:
        self._modules = modules
        same = block is not None and self._block is not None and block.id == self._block.id
        if same and block is not None and self._block is not None and block.sources == self._block.sources:
            self._block = block
            return
        self._block, self._place = block, 0
        await self._show()

    @action
    async def _turn(self, act: str, of: str) -> None:
        sources = self._block.sources if self._block else ()
        if act == 'source' and of in ('previous', 'next'):
            self._place += 1 if of == 'next' else -1
        elif of.isdecimal():
            self._place = int(of)
        self._place = min(max(self._place, 0), max(len(sources) - 1, 0))
        self._on_turn(self._place)
        await self._show()

    async def _show(self) -> None:
        block = self._block
        if block is None or not block.sources:
            self._head.show(f'<p class="cw-label">{escape(_("Source"))}</p>')
            self._below.show(f'<p class="cw-small-text">{escape(_without_source(block))}</p>')
            if self._paper is not None:
                self._paper.set_visibility(False)
            return
        source, place = block.sources[self._place], self._place
        page = await self._page(source)
        if block is not self._block or place != self._place:
            return  # somebody has moved on while the page was read
        heading = _('Page {n} of {total}', n=page.page, total=page.pages)
        pager = pager_html(place + 1, len(block.sources)) if len(block.sources) > 1 else ''
        self._head.show(source_head_html(page.document_name, heading, pager=pager))
        spans = [(source.start, source.end)]
        if self._paper is None:
            with self._sheet:
                self._paper = source_page(page.text, document=page.document_name, page=page.page, spans=spans)
        else:
            self._paper.set_visibility(True)
            self._paper.turn_to(page.text, document=page.document_name, page=page.page, spans=spans)
        self._below.show(self._below_html(block, source, page))

    async def _page(self, source: SourceView) -> SourcePageView:
        key = (str(source.document_id), source.page)
        if key not in self._pages:
            blocks = self._desk.services.blocks
            self._pages[key] = await blocks.source_page(self._desk.viewer, source.document_id, source.page)
        return self._pages[key]

    def _below_html(self, block: BlockView, source: SourceView, page: SourcePageView) -> str:
        found = page.text[source.start : source.end] == source.quote
        detail = _('Characters {start} to {end}.', start=number(source.start + 1), end=number(source.end))
        others = list(self._also_cited(block, source))
        if others:
            detail += ' ' + _('Also cited by {blocks}.', blocks=', '.join(others[:4]))
        html = quote_found_html(found, detail)
        rows = ''
        for place, other in enumerate(block.sources):
            if place == self._place:
                continue
            given = attributes(type='button', class_='cw-also', data_act='place', data_of=str(place))
            quote = f'“{other.quote[:40]}{"…" if len(other.quote) > 40 else ""}”'
            name = _('{document}, p. {page}', document=other.document_name, page=other.page)
            rows += (
                f'<li><button{given}>{icon("description", "cw-i-s")}<span class="cw-cut">{escape(name)}</span>'
                f'<small class="cw-cut">{escape(quote)}</small></button></li>'
            )
        if block.approver and block.approved_at:
            words = _('Approved by {name}, {time}', name=block.approver, time=clock_time(block.approved_at))
            rows += f'<li class="cw-also">{icon("check_circle", "cw-i-s")}<span>{escape(words)}</span></li>'
        if rows:
            html += f'<hr><p class="cw-label">{escape(_("Also behind this block"))}</p><ul>{rows}</ul>'
        return html

    def _also_cited(self, block: BlockView, source: SourceView) -> Iterator[str]:
        for lesson, place, other in _numbered(self._modules):
            if other.id != block.id and any(_overlap(source, one) for one in other.sources):
                yield _('block {n} of {lesson}', n=place, lesson=lesson.number)


def _numbered(modules: Sequence[ModuleView]) -> Iterator[tuple[LessonView, int, BlockView]]:
    for module in modules:
        for lesson in module.lessons:
            for place, block in enumerate(lesson.blocks, 1):
                yield lesson, place, block


def _overlap(one: SourceView, other: SourceView) -> bool:
    same_page = (one.document_id, one.page) == (other.document_id, other.page)
    return same_page and one.start < other.end and other.start < one.end


def _without_source(block: BlockView | None) -> str:
    if block is None:
        return _('Choose a block to see the page it comes from.')
    if block.origin == 'human':
        return _('A person wrote this block. It quotes no page.')
    return _('No quote of this block was found on its page word for word. Read it with care.')

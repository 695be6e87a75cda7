"""One block under review: its words or their difference, what was said about it, what can be done, and its editor."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from components.avatar import avatar_html
from components.block_frame import block_frame, kind_words
from components.button import button_html
from components.diff_view import diff_html
from components.i18n import _
from components.markup import attributes, escape, icon, markup
from components.menu import MenuEntry, menu_button
from pages.studio.block_tools import ACTS, TOOLS, Tool
from pages.studio.block_writing import BlockWriting
from pages.studio.drafted import as_text, content_html
from pages.studio.part import Desk
from services.generation.block_views import BlockView
from services.viewer import Permission

Act = Callable[['BlockCard', str], Awaitable[None] | None]


class BlockCard:
    """`view` is what is shown: decisions bind to its hash. An open editor is never touched by what others do."""

    def __init__(self, desk: Desk, view: BlockView, *, on_act: Act, inline: bool) -> None:
        self._desk, self.view, self._on_act, self._inline = desk, view, on_act, inline
        self.writing: BlockWriting | None = None
        self._current, self._quoted = False, 0
        self.frame = block_frame(
            kind=kind_words(view.type, str(view.content.get('kind', ''))), origin=view.origin,
            sources=len(view.sources), state=view.state, on_focus=lambda: on_act(self, 'focus'),
            on_sources=lambda: on_act(self, 'sources'),
        )  # fmt: skip
        self.frame.props['tabindex'] = '-1'
        with self.frame:
            self._words = markup(classes='cw-block-words')
            self._place = ui.element('div')
            self._said = markup(classes='cw-said')
            self._margin = markup(classes='cw-said', on_act=self._act_in_margin)
        with self.frame.actions:
            self._buttons = markup(classes='cw-line cw-close', on_act=self._act)
            self._more = ui.element('span')
        self._draw()

    @property
    def editing(self) -> bool:
        return self.writing is not None

    def show(self, view: BlockView, *, inline: bool) -> None:
        if (view, inline) == (self.view, self._inline):
            return
        self.view, self._inline = view, inline
        if self.writing is not None:
            self.writing.changed(view)
        else:
            self._draw()

    def show_margin(self, html: str) -> None:
        """Safe HTML under the block: what pages.studio.block_tools found for it."""
        self._margin.show(html)

    def set_current(self, current: bool, *, scroll: bool = False) -> None:
        self._current, self._quoted = current, 0
        self.frame.set_current(current, scroll=scroll)
        self._words.show(self._words_html())
        self._show_buttons()

    def mark_quote(self, place: int) -> None:
        """Marks the words that the shown source stands behind."""
        self._quoted = place
        self._words.show(self._words_html())

    async def open_editor(self, *, focus: bool = True) -> None:
        if self.writing is not None:
            return
        self._words.set_visibility(False)
        with self._place:
            self.writing = BlockWriting(self._desk, self.view, done=self._written)
        self._show_buttons()
        await self.writing.open(focus=focus)

    async def _written(self, saved: BlockView | None) -> None:
        self.view = saved or self.view
        self.writing = None
        self._place.clear()
        self._words.set_visibility(True)
        self._draw()
        told = self._on_act(self, 'closed')
        if told is not None:
            await told

    def _draw(self) -> None:
        view = self.view
        self.frame.set_state(view.state, origin=view.origin, sources=len(view.sources))
        self._words.show(self._words_html())
        self._said.show(self._said_html())
        self._show_buttons()

    def _words_html(self) -> str:
        view = self.view
        if self._inline and view.previous is not None and view.state in ('rewritten', 'waiting'):
            return diff_html(as_text(view.type, view.previous), as_text(view.type, view.content))
        quotes = [source.quote if place == self._quoted else '' for place, source in enumerate(view.sources)]
        return content_html(view.type, view.content, quotes if self._current else ())

    def _said_html(self) -> str:
        view = self.view
        if not view.comment or view.state not in ('sent_back', 'rewritten'):
            return ''
        answered = f' <small>{escape(_("answered by this draft"))}</small>' if view.state == 'rewritten' else ''
        return (
            f'<div class="cw-reply"><div class="cw-comment">{avatar_html(view.commented_by)}'
            f'<p><b class="cw-name">{escape(view.commented_by)}</b>{answered}</p>'
            f'<div>{escape(view.comment)}</div></div></div>'
        )

    def _show_buttons(self) -> None:
        self._buttons.set_visibility(self._current and not self.editing)
        if self._current and not self.editing:
            self._buttons.show(self._buttons_html())
        self._show_menu()

    def _show_menu(self) -> None:
        self._more.clear()
        tools = [tool for tool in TOOLS if tool.offered(self._desk, self.view)]
        if tools and self._current and not self.editing:
            with self._more:
                menu_button([self._entry(tool) for tool in tools], label=_('More for this block'), small=True)

    def _entry(self, tool: Tool) -> MenuEntry:
        return MenuEntry(text=tool.text(), icon=tool.icon, on_click=lambda: tool.run(self._desk, self, ''))

    def _buttons_html(self) -> str:
        view, html = self.view, ''
        if self._desk.may(Permission.DRAFT_APPROVE):
            if view.state != 'approved':
                html += _key_button(_('Approve'), 'approve', 'A', 'check', primary=True)
            if view.state != 'sent_back':
                html += button_html(_('Send back'), 'send_back', icon='undo')
            if view.state in ('approved', 'sent_back'):
                html += button_html(_('Take back'), 'withdraw', icon='history', kind='quiet')
        if self._desk.may(Permission.DRAFT_WRITE):
            html += button_html(_('Edit'), 'edit', icon='edit')
        if view.sources:
            page = _('p. {page}', page=view.sources[0].page)
            html += f'<span class="cw-only-narrow">{button_html(page, "sources", icon="menu_book")}</span>'
        if view.revision > 1:
            html += button_html(_('History'), 'history', icon='history', kind='quiet')
        if self._desk.may(Permission.DRAFT_WRITE):
            html += button_html(_('Remove'), 'remove', icon='delete', kind='quiet')
        return html

    def _act_in_margin(self, act: str, of: str) -> Any:
        return ACTS[act](self._desk, self, of) if act in ACTS else None

    def _act(self, act: str, of: str) -> Any:
        return self._on_act(self, act)


def _key_button(text: str, act: str, key: str, symbol: str, *, primary: bool) -> str:
    given = attributes(
        type='button', class_=f'cw-btn cw-small {"cw-primary" if primary else "cw-plain"}', data_act=act, data_of='',
        aria_keyshortcuts=key,
    )  # fmt: skip
    return (
        f'<button{given}>{icon(symbol)}<span>{escape(text)}</span><kbd aria-hidden="true">{escape(key)}</kbd></button>'
    )

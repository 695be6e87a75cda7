"""One block under review: its words or their difference, what was said about it, what can be done, and its editor."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui

from components.avatar import avatar_html
from components.block_frame import block_frame, kind_words
from components.button import button_html
from components.diff_view import rows_html
from components.i18n import _, when
from components.markup import attributes, escape, icon, markup
from components.menu import MenuEntry, menu_button
from components.prose import mark_quotes
from components.side_by_side import side_by_side_html
from pages.studio.block_tools import ACTS, TOOLS, Tool
from pages.studio.block_writing import BlockWriting
from pages.studio.drafted import content_html
from pages.studio.part import Desk
from pages.studio.standing import approvals_html
from pages.studio.suggesting import BlockSuggesting
from pages.studio.talking import Send, composer
from services.conversation.differences import differences
from services.conversation.threads import may_speak
from services.conversation.views import Seen
from services.generation.block_views import BlockView
from services.viewer import Permission

Act = Callable[['BlockCard', str], Awaitable[None] | None]


class BlockCard:
    """`view` is what is shown: decisions bind to its hash. An open editor is never touched by what others do.

    `before` is what the viewer saw of it last, where it says something else now."""

    def __init__(self, desk: Desk, view: BlockView, *, on_act: Act, before: Seen | None) -> None:
        self._desk, self.view, self._on_act, self._before = desk, view, on_act, before
        self._drawn: tuple[object, ...] = ()
        self.writing: BlockWriting | BlockSuggesting | None = None
        self.saved: BlockView | None = None  # what the viewer wrote last
        self.talking = False
        self._current, self._quoted = False, 0
        self.frame = block_frame(
            kind=kind_words(view.type, str(view.content.get('kind', ''))), origin=view.origin,
            sources=len(view.sources), state=view.state, on_focus=lambda: on_act(self, 'focus'),
            on_sources=lambda: on_act(self, 'sources'),
        )  # fmt: skip
        self.frame.props['tabindex'] = '-1'
        self.frame.props['data-part'] = str(view.id)
        with self.frame:
            self._words = markup(classes='cw-block-words')
            self._words.props['data-words'] = str(view.id)
            self._place = ui.element('div')
            self._said = markup(classes='cw-said')
            self._margin = markup(classes='cw-said', on_act=self._act_in_margin)
            self._talk = ui.element('div')
        with self.frame.actions:
            self._buttons = markup(classes='cw-line cw-close', on_act=self._act)
            self._more = ui.element('span')
        self._draw()

    @property
    def editing(self) -> bool:
        return self.writing is not None

    def show(self, view: BlockView, *, before: Seen | None) -> None:
        self.view, self._before = view, before
        if self._drawn == self._what_is_drawn():
            return
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

    async def open_suggestion(self) -> None:
        """Other words for the block, for others to accept."""
        if self.writing is None:
            self._words.set_visibility(False)
            with self._place:
                self.writing = BlockSuggesting(self._desk, self.view, done=lambda: self._written(None))
            self._show_buttons()

    def compose(self, label: str, *, do: str, send: Send, value: str = '', key: str = '') -> None:
        """A place to write in under the block: a comment, a reply."""
        self.talking = True
        self._talk.clear()
        with self._talk:
            composer(self._desk, label, do=do, send=send, value=value, key=key, done=self._said_it)

    def _said_it(self) -> None:
        self.talking = False
        self._talk.clear()

    async def _written(self, saved: BlockView | None) -> None:
        self.view, self.saved = saved or self.view, saved
        self.writing = None
        self._place.clear()
        self._words.set_visibility(True)
        self._draw()
        told = self._on_act(self, 'closed')
        if told is not None:
            await told

    def _what_is_drawn(self) -> tuple[object, ...]:
        return self.view, self._before, self._desk.changes, self._noted()

    def _noted(self) -> tuple[str, ...]:
        """The words of this block that open threads are about."""
        threads = [one for one in self._desk.threads if one.block_id == self.view.id and one.open and one.anchored]
        return tuple(one.quote for one in threads if one.quote)

    def _draw(self) -> None:
        view = self.view
        self._drawn = self._what_is_drawn()
        self.frame.props['data-shown'] = view.hash
        self.frame.update()
        self.frame.set_state(view.state, origin=view.origin, sources=len(view.sources))
        self._words.show(self._words_html())
        self._said.show(self._said_html())
        self._show_buttons()

    def _words_html(self) -> str:
        view, seen = self.view, self._before
        before = seen.content if seen else view.previous if view.state in ('rewritten', 'waiting') else None
        if before is not None and self._desk.changes != 'read':
            rows = differences(view.type, before, view.content)
            if self._desk.changes == 'side':
                label = _('What you saw {when}', when=when(seen.at)) if seen else _('Before')
                return side_by_side_html(rows, before=label)
            return rows_html(rows)
        quotes = [source.quote if place == self._quoted else '' for place, source in enumerate(view.sources)]
        html = content_html(view.type, view.content, quotes if self._current else ())
        noted = self._noted()
        lifted = self._current and any(quotes)  # its sources are marked then, and marks do not nest
        return mark_quotes(html, noted, classes='cw-noted') if noted and not lifted else html

    def _said_html(self) -> str:
        """Who has approved, where it takes two; and the comment of a sending back from before there were threads."""
        view = self.view
        given = approvals_html(view)
        told = any(
            message.text == view.comment
            for one in self._desk.threads
            if one.block_id == view.id
            for message in one.messages
        )
        if not view.comment or told or view.state not in ('sent_back', 'rewritten'):
            return given
        answered = f' <small>{escape(_("answered by this draft"))}</small>' if view.state == 'rewritten' else ''
        return given + (
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
        if self._desk.may_decide:
            mine = view.state in ('waiting', 'rewritten') and not view.is_open_to(self._desk.viewer.user_id)
            if view.state != 'approved' and not mine:
                html += _wide(_key_button(_('Approve'), 'approve', 'A', 'check', primary=True))
            if view.state != 'sent_back':
                html += _wide(button_html(_('Send back'), 'send_back', icon='undo'))
            if view.state in ('approved', 'sent_back') or mine:
                html += button_html(_('Take back'), 'withdraw', icon='history', kind='quiet')
        if self._desk.may(Permission.DRAFT_WRITE):
            html += button_html(_('Edit'), 'edit', icon='edit')
        if may_speak(self._desk.viewer):
            html += _wide(button_html(_('Comment'), 'comment', icon='chat_bubble', kind='quiet'))
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


def _wide(html: str) -> str:
    """Where there is no bar for the thumb."""
    return f'<span class="cw-wide-only">{html}</span>'


def _key_button(text: str, act: str, key: str, symbol: str, *, primary: bool) -> str:
    given = attributes(
        type='button', class_=f'cw-btn cw-small {"cw-primary" if primary else "cw-plain"}', data_act=act, data_of='',
        aria_keyshortcuts=key,
    )  # fmt: skip
    return (
        f'<button{given}>{icon(symbol)}<span>{escape(text)}</span><kbd aria-hidden="true">{escape(key)}</kbd></button>'
    )

"""A block under review: its mark in the margin, a rule, what it is and where it comes from, its state at the right."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from components.i18n import _, ngettext
from components.layout import boxed
from components.markup import escape, icon, markup
from components.origin import origin_html
from components.status import status_html, words


class block_frame(boxed):
    """`with block_frame(kind='Text', origin='ai', sources=2, state='waiting'): prose(…)`

    `.actions` holds the buttons, shown while the block is current. `on_focus()` when it is clicked,
    `on_sources()` when its number of sources is.
    """

    def __init__(
        self, *, kind: str, origin: str, sources: int = 0, state: str = 'waiting', current: bool = False,
        on_focus: Callable[[], Any] | None = None, on_sources: Callable[[], Any] | None = None, note: str = '',
    ) -> None:  # fmt: skip
        super().__init__('div')
        self.classes('cw-block')
        self.props['role'] = 'group'
        self._kind, self._origin, self._sources, self._state, self._note = kind, origin, sources, state, note
        self._on_sources = on_sources
        with self.default_slot:
            self._mark = markup(classes='cw-mark').props('aria-hidden=true')
            self._words = markup(classes='cw-block-head', on_act=lambda act, of: on_sources() if on_sources else None)
            self.body = ui.element('div').classes('cw-block-body')
            self.actions = ui.element('div').classes('cw-block-foot')
        if on_focus is not None:
            self.on('click', lambda: on_focus(), [], throttle=0.2)
        self._draw()
        self.set_current(current)

    def set_state(self, state: str, *, origin: str | None = None, sources: int | None = None) -> None:
        self._state = state
        self._origin = origin or self._origin
        self._sources = self._sources if sources is None else sources
        self._draw()

    def set_current(self, current: bool, *, scroll: bool = False) -> None:
        """Lift the block, or lay it down; with `scroll` bring it into view."""
        self.classes(add='cw-current' if current else '', remove='' if current else 'cw-current')
        if current:
            self.props['aria-current'] = 'true'
            if scroll:
                self.client.run_javascript(f'getHtmlElement({self.id})?.scrollIntoView({{block: "nearest"}})')
        else:
            self.props.pop('aria-current', None)

    def _draw(self) -> None:
        self.props['aria-label'] = f'{self._kind}, {words(self._state)[2]}'
        self._mark.show(status_html(self._state, word=False))
        self._words.show(block_head_html(
            kind=self._kind, origin=self._origin, sources=self._sources, state=self._state,
            clickable=self._on_sources is not None, note=self._note,
        ))  # fmt: skip


def block_head_html(
    *, kind: str, origin: str, sources: int = 0, state: str = '', clickable: bool = False, note: str = ''
) -> str:
    """'Text ◇ AI 2 sources … Approved' as a line."""
    count = f'{icon("link", "cw-i-xs")}<span>{escape(ngettext("{n} source", "{n} sources", sources))}</span>'
    if clickable and sources:
        link = f'<button type="button" data-act="sources">{count}</button>'
    else:
        link = f'<span class="cw-tree-count">{count}</span>'
    parts = f'<b>{escape(kind)}</b>{origin_html(origin)}' + (link if sources else '')
    if note:
        parts += f'<span>{escape(note)}</span>'
    return parts + (_state_word(state) if state else '')


def _state_word(state: str) -> str:
    _symbol, tone, word = words(state)
    return f'<span class="cw-status cw-{tone}">{escape(word)}</span>'


def kind_words(block_type: str, question_kind: str = '') -> str:
    """What a block is called on screen: 'Text', 'Slide', 'Quiz, single choice'."""
    if block_type == 'question':
        kinds = {
            'single': _('Quiz, single choice'), 'multiple': _('Quiz, several right'),
            'true_false': _('Quiz, true or false'),
            'short': _('Quiz, short answer'),
        }  # fmt: skip
        return kinds.get(question_kind, _('Quiz'))
    return {'text': _('Text'), 'slide': _('Slide'), 'lab': _('Lab exercise')}.get(block_type, block_type)

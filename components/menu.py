"""A button that opens a menu of further things to do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from components.button import Kind, button, icon_button
from components.i18n import _
from components.markup import escape, icon, markup


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """`separated` draws a line above it; `danger` paints it red."""

    text: str
    on_click: Callable[..., Any]
    icon: str = ''
    danger: bool = False
    separated: bool = False


class menu_button(ui.element):
    """`menu_button([MenuEntry(text='Rename', on_click=rename)])` is the three dots; with `text` it is a button with
    an arrow."""

    def __init__(
        self, entries: Sequence[MenuEntry], *, text: str = '', icon: str = 'more_vert', label: str = '',
        kind: Kind = 'plain',
        small: bool = False,
    ) -> None:  # fmt: skip
        super().__init__('span')
        with self:
            if text:
                opener: ui.button = button(text, kind=kind, small=small, icon_end='expand_more')
            else:
                opener = icon_button(icon, label or _('More'), small=small)
            opener.props('aria-haspopup=menu')
            with opener, ui.menu().props('transition-duration=150'):
                for entry in entries:
                    _draw(entry)


def _draw(entry: MenuEntry) -> None:
    if entry.separated:
        ui.separator()
    item = ui.menu_item(on_click=entry.on_click).props('role=menuitem')  # Quasar's is listitem, which no menu may hold
    if entry.danger:
        item.classes('cw-bad')
    with item:
        symbol = icon(entry.icon) if entry.icon else ''
        markup(f'{symbol}<span>{escape(entry.text)}</span>', tag='span', classes='cw-line cw-close')

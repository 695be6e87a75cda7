"""Search and filters above a list; both belong in the URL, so the page writes them there in `on_change`."""

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui

from components.i18n import _
from components.markup import attributes, escape, icon, markup


class search_field(ui.input):
    """`search_field('Name, e-mail or group', on_change=lambda words: …)`, called when typing has paused."""

    def __init__(self, placeholder: str, *, value: str = '', on_change: Callable[[str], Any]) -> None:
        super().__init__(value=value, placeholder=placeholder, on_change=lambda event: on_change(event.value or ''))
        self.props('outlined dense debounce=250 type=search clearable clear-icon=sym_o_close').classes(
            'cw-search-field'
        )
        self._props['aria-label'] = placeholder
        with self.add_slot('prepend'):
            markup(icon('search'), tag='span').classes('cw-ink2')


class filter_chip(ui.button):
    """`filter_chip('Role', {'student': 'Student', …}, value=None, on_change=…)`: a chip with a menu; chosen, it can be
    taken back with its cross. The callback gets the chosen value or None."""

    def __init__(
        self, name: str, options: Mapping[Any, str], *, value: Any = None, on_change: Callable[[Any], Any]
    ) -> None:
        super().__init__('', color=None)
        self.props('unelevated no-caps :ripple=false aria-haspopup=menu').classes('cw-chip')
        self._name, self._options, self._on_change, self.chosen = name, options, on_change, value
        with self:
            self._words = markup(tag='span', classes='cw-line cw-close')
            with ui.menu().props('auto-close transition-duration=150'):
                self._items = {
                    key: ui.menu_item(words, on_click=lambda key=key: self.choose(key)).props('role=menuitemradio')
                    for key, words in {None: _('Any'), **options}.items()
                }
        self._draw()

    def choose(self, value: Any) -> Any:
        self.chosen = value
        self._draw()
        return self._on_change(value)

    def _draw(self) -> None:
        on = self.chosen is not None and self.chosen in self._options
        words = f'{self._name}: {self._options[self.chosen]}' if on else self._name
        self._words.show(f'<span>{escape(words)}</span>{icon("expand_more")}')
        self.classes(add='cw-on' if on else '', remove='' if on else 'cw-on')
        for key, item in self._items.items():
            item.props['aria-checked'] = 'true' if key == (self.chosen if on else None) else 'false'


class choice_chips(markup):
    """Few choices side by side, one of them on: `choice_chips({'all': 'All', 'mine': 'Mine'}, value='all',
    on_change=…)`."""

    def __init__(
        self, options: Mapping[str, str], *, value: str, on_change: Callable[[str], Any], label: str = ''
    ) -> None:
        self._options, self._on_change, self.chosen = options, on_change, value
        super().__init__(self._html(), classes='cw-line cw-close', on_act=self._choose)
        self.props('role=group')
        self._props['aria-label'] = label or _('Show')

    def _choose(self, act: str, of: str) -> Any:
        if of not in self._options:
            return None
        self.chosen = of
        self.show(self._html())
        return self._on_change(of)

    def _html(self) -> str:
        def chip(key: str, words: str) -> str:
            pressed = 'true' if key == self.chosen else 'false'
            given = attributes(type='button', class_='cw-chip', data_act='choose', data_of=key, aria_pressed=pressed)
            return f'<button{given}>{escape(words)}</button>'

        return ''.join(chip(key, words) for key, words in self._options.items())

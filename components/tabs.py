"""Tabs within a page."""

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui


class tabs(ui.element):
    """`t = tabs({'comments': 'Comments 3', 'sources': 'Sources'}, value='comments')`, then `with t.panel('sources'): …`

    `on_change(name)` hears the choice; `.rename('comments', 'Comments 4')` changes a label.
    """

    def __init__(self, labels: Mapping[str, str], *, value: str, on_change: Callable[[str], Any] | None = None) -> None:
        super().__init__('div')
        with self:
            listen = (lambda event: on_change(event.value)) if on_change else None
            self._bar = ui.tabs(on_change=listen)
            self._bar.props('no-caps align=left inline-label dense narrow-indicator :ripple=false').classes('cw-tabs')
            with self._bar:
                self._tabs = {
                    name: ui.tab(name, label=words).props('no-caps :ripple=false') for name, words in labels.items()
                }
            self._panels = ui.tab_panels(self._bar, value=self._tabs[value], animated=False, keep_alive=False)

    @property
    def value(self) -> str:
        return str(self._bar.value)

    @value.setter
    def value(self, name: str) -> None:
        self._bar.value = name

    def panel(self, name: str) -> ui.tab_panel:
        with self._panels:
            return ui.tab_panel(name)

    def rename(self, name: str, words: str) -> None:
        self._tabs[name].props['label'] = words

"""Several of some, each with a sentence of what it means."""

from collections.abc import Mapping, Sequence

from nicegui import ui

from components.i18n import _
from components.markup import escape, markup


class check_list(ui.element):
    """`check_list('It may', {'learn': ('Learn', 'Open lessons and hand in answers.')})`; `.value` is what is ticked."""

    def __init__(self, label: str, options: Mapping[str, tuple[str, str]], *, value: Sequence[str] = ()) -> None:
        super().__init__('div')
        self.classes('cw-field')
        self.props['role'] = 'group'
        self.props['aria-label'] = label
        self._error = ''
        with self:
            markup(escape(label), classes='cw-name')
            with ui.element('div').classes('cw-ticks'):
                self._boxes = {name: self._box(words, help, name in value) for name, (words, help) in options.items()}
            self._fault = markup(classes='cw-fault').props('role=alert')

    @property
    def value(self) -> list[str]:
        return [name for name, box in self._boxes.items() if box.value]

    @property
    def error(self) -> str | None:
        return self._error or None

    @error.setter
    def error(self, sentence: str | None) -> None:
        self._error = sentence or ''
        self._fault.show(escape(self._error))

    def check(self) -> bool:
        self.error = None if self.value else _('Choose at least one.')
        return bool(self.value)

    def _box(self, words: str, help: str, on: bool) -> ui.checkbox:
        with ui.element('div').classes('cw-tick'):
            box = ui.checkbox(words, value=on, on_change=lambda: setattr(self, 'error', None))
            if help:
                box.props['aria-describedby'] = markup(escape(help), classes='cw-help').html_id
        return box

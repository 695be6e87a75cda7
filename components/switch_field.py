"""A switch: on or off at once, said by its position and its word."""

from collections.abc import Callable
from typing import Any

from components.i18n import _
from components.markup import attributes, escape, markup


def switch_html(label: str, on: bool, act: str, of: str = '') -> str:
    """A switch inside markup: a click calls the markup's `on_act(act, of)`; it moves when it is drawn again."""
    given = attributes(
        type='button', role='switch', class_='cw-switch', aria_checked=str(on).lower(), aria_label=label,
        data_act=act, data_of=of,
    )  # fmt: skip
    word = escape(_('On') if on else _('Off'))
    return f'<button{given}><span class="cw-switch-track"></span><span aria-hidden="true">{word}</span></button>'


class switch_field(markup):
    """A switch of a form, with its name and what it does; `.value` says where it stands."""

    error: str | None = None

    def __init__(
        self, label: str, *, value: bool = False, help: str = '', on_change: Callable[[bool], Any] | None = None
    ) -> None:
        self._label, self._help, self._on_change, self.value = label, help, on_change, value
        super().__init__(self._html(), classes='cw-switch-field', on_act=self._flip)

    def _flip(self, act: str, of: str) -> Any:
        self.value = not self.value
        self.show(self._html())
        return self._on_change(self.value) if self._on_change else None

    def _html(self) -> str:
        told = f'<small>{escape(self._help)}</small>' if self._help else ''
        return (
            f'<span class="cw-two"><b>{escape(self._label)}</b>{told}</span>'
            f'{switch_html(self._label, self.value, "flip")}'
        )

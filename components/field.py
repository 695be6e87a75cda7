"""Fields: own label above, help below it, the error beside the field, and nothing typed is lost.

All take `label`, `value`, `help`, `optional`, `error` and two callbacks: `on_change(value)` at once, and
`keep(value)`, called when typing has paused, to keep a draft on the server (the field then says 'Kept').
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from nicegui import ui

from components.i18n import _
from components.markup import escape, icon, markup

Check = Callable[[Any], str | None]
Keep = Callable[[Any], Awaitable[None] | None]

PAUSE = 1.0  # seconds without a key before a draft is kept


class field(ui.element):
    """What every field shares. `.value` is the value, `.error` the sentence beside it, `.check()` runs the
    validation."""

    control: Any

    def __init__(self, label: str, *, help: str = '', optional: bool = False, label_end_html: str = '') -> None:
        super().__init__('div')
        self.classes('cw-field')
        self._label = label
        with self:
            note = f' <small>{escape(_("optional"))}</small>' if optional else ''
            self._title = markup(f'{escape(label)}{note}{label_end_html}', tag='label')
            if help:
                self._help = markup(escape(help), classes='cw-help')
            self._saved: markup | None = None

    @property
    def value(self) -> Any:
        return self.control.value

    @value.setter
    def value(self, value: Any) -> None:
        self.control.value = value

    @property
    def error(self) -> str | None:
        return str(self.control.error) if self.control.error else None

    @error.setter
    def error(self, sentence: str | None) -> None:
        self.control.error = sentence

    def check(self) -> bool:
        """Validate now; True if there is nothing to mend."""
        return bool(self.control.validate())

    def focus(self) -> None:
        self.control.run_method('focus')

    def on_enter(self, submit: Callable[..., Any]) -> 'field':
        """Enter in this field submits."""
        self.control.on('keydown.enter', submit)
        return self

    def _adopt(
        self, control: Any, *, check: Check | None, keep: Keep | None, on_change: Callable[[Any], Any] | None,
        error: str | None = None,
    ) -> None:  # fmt: skip
        self.control = control
        control.props(f'outlined dense hide-bottom-space for=f{self.id}')
        self._title.props(f'for=f{self.id}')
        if hasattr(self, '_help'):
            control.props(f'aria-describedby={self._help.html_id}')
        if check is not None:
            control.without_auto_validation()
            control.on('blur', lambda: control.validate())
        if error:
            control.error = error
        if on_change is not None:
            control.on_value_change(lambda event: on_change(event.value))
        if keep is not None:
            self._keep(keep)

    def _keep(self, keep: Keep) -> None:
        with self:
            self._saved = markup('', classes='cw-saved').props('role=status')
            pause = ui.timer(PAUSE, lambda: self._kept(keep), active=False, immediate=False)
        self._pause = pause

        def restart() -> None:
            pause.deactivate()
            pause.activate()

        self.control.on_value_change(restart)

    async def _kept(self, keep: Keep) -> None:
        self._pause.deactivate()
        result = keep(self.value)
        if isinstance(result, Awaitable):
            await result
        if self._saved is not None and not self.is_deleted:
            self._saved.show(f'{icon("cloud_done", "cw-i-xs")} {escape(_("Kept"))}')


class text_field(field):
    """One line. `kind` is an input type ('email', 'url', 'text'); `autocomplete` e.g. 'email'."""

    def __init__(
        self, label: str, *, value: str = '', help: str = '', placeholder: str = '', optional: bool = False,
        check: Check | None = None, error: str | None = None, keep: Keep | None = None,
        on_change: Callable[[str], Any] | None = None, kind: str = 'text', limit: int | None = None,
        autocomplete: str | None = None, label_end_html: str = '',
    ) -> None:  # fmt: skip
        super().__init__(label, help=help, optional=optional, label_end_html=label_end_html)
        with self:
            control = ui.input(value=value, placeholder=placeholder, validation=check)
        control.props(f'type={kind}')
        if limit:
            control.props(f'maxlength={limit}')
        if autocomplete:
            control.props(f'autocomplete={autocomplete}')
        self._adopt(control, check=check, keep=keep, on_change=on_change, error=error)


class text_area(field):
    """Several lines; grows with its content from `rows`."""

    def __init__(
        self, label: str, *, value: str = '', help: str = '', placeholder: str = '', optional: bool = False,
        rows: int = 3, check: Check | None = None, error: str | None = None, keep: Keep | None = None,
        on_change: Callable[[str], Any] | None = None, limit: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__(label, help=help, optional=optional)
        with self:
            control = ui.textarea(value=value, placeholder=placeholder, validation=check)
        control.props(f'autogrow input-style="min-height:{rows * 1.375 + 1:g}rem"')
        if limit:
            control.props(f'maxlength={limit}')
        self._adopt(control, check=check, keep=keep, on_change=on_change, error=error)


class number_field(field):
    """A number with its unit ('min', 'h', '%') at the end. The browser's limits are hints: check again in the
    service."""

    def __init__(
        self, label: str, *, value: float | None = None, help: str = '', optional: bool = False, unit: str = '',
        minimum: float | None = None, maximum: float | None = None, step: float = 1, check: Check | None = None,
        error: str | None = None, keep: Keep | None = None, on_change: Callable[[float | None], Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(label, help=help, optional=optional)
        with self:
            control = ui.number(value=value, min=minimum, max=maximum, step=step, validation=check, suffix=unit or None)
        self._adopt(control, check=check, keep=keep, on_change=on_change, error=error)


class select_field(field):
    """One of some, or with `multiple` several; `options` is {value: words} or a list. With `search` one can type."""

    def __init__(
        self, label: str, options: Mapping[Any, str] | Sequence[Any], *, value: Any = None, help: str = '',
        optional: bool = False, multiple: bool = False, search: bool = False, check: Check | None = None,
        error: str | None = None, keep: Keep | None = None, on_change: Callable[[Any], Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(label, help=help, optional=optional)
        offered: dict[Any, str] | list[Any] = dict(options) if isinstance(options, Mapping) else list(options)
        with self:
            control = ui.select(
                offered, value=value, multiple=multiple, with_input=search, validation=check, clearable=optional
            )
        control.props('dropdown-icon=sym_o_expand_more options-dense' + (' use-chips' if multiple else ''))
        control._props['aria-label'] = label
        self._adopt(control, check=check, keep=keep, on_change=on_change, error=error)


def required(sentence: str = '') -> Check:
    """`text_field('Title', check=required('A course needs a title.'))`"""
    return lambda value: None if str(value or '').strip() else (sentence or _('This cannot be empty.'))

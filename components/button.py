"""Buttons: one primary a page, the others paper with a hairline."""

from collections.abc import Callable
from typing import Any, Literal

from nicegui import ui

from components.markup import attributes, escape, icon, markup

Kind = Literal['primary', 'plain', 'quiet', 'danger', 'final', 'link', 'emph']
_CLASSES = {
    'primary': 'cw-primary', 'plain': 'cw-plain', 'quiet': 'cw-quiet', 'danger': 'cw-danger', 'final': 'cw-final',
    'link': 'cw-link', 'emph': 'cw-plain cw-emph',
}  # fmt: skip


class button(ui.button):
    """A verb first, the icon left. `kind='final'` is the filled red of a dialog's last step, and only there."""

    def __init__(
        self,
        text: str,
        *,
        kind: Kind = 'plain',
        icon: str | None = None,
        on_click: Callable[..., Any] | None = None,
        small: bool = False,
        kbd: str | None = None,
        locked: str | None = None,
        block: bool = False,
        icon_end: str | None = None,
    ) -> None:
        super().__init__(text, icon=_symbol(icon), color=None, on_click=on_click)
        self._icon = _symbol(icon)
        self.props('unelevated no-caps no-wrap :ripple=false').classes(f'cw-btn {_CLASSES[kind]}')
        if small:
            self.classes('cw-small')
        if block:
            self.classes('cw-block')
        if icon_end:
            self.props(f'icon-right={_symbol(icon_end)}')
        if kbd:
            self.props(f'aria-keyshortcuts="{kbd}"')
            with self:
                markup(escape(kbd), tag='kbd').props('aria-hidden=true')
        if locked:
            self.lock(locked)

    def lock(self, because: str) -> None:
        """Show a lock, refuse clicks, and say on hover what unlocks it; say it in a sentence nearby too."""
        self.disable()
        self._props.pop('disable', None)  # Quasar would fade it beyond reading, and take it out of the keyboard's reach
        self._props['aria-disabled'] = 'true'
        self._props['icon'] = 'sym_o_lock'
        self._props['title'] = because
        self._props['aria-description'] = because

    def unlock(self) -> None:
        self.enable()
        for prop in ('title', 'aria-description', 'aria-disabled'):
            self._props.pop(prop, None)
        if self._icon:
            self._props['icon'] = self._icon
        else:
            self._props.pop('icon', None)


class icon_button(ui.button):
    """A button that is an icon; the label is what a screen reader says and what hovering shows."""

    def __init__(
        self, icon: str, label: str, *, on_click: Callable[..., Any] | None = None, small: bool = False
    ) -> None:
        super().__init__(icon=_symbol(icon), color=None, on_click=on_click)
        self.props('unelevated no-caps :ripple=false').classes('cw-btn cw-icon-btn')
        self._props['aria-label'] = label
        self._props['title'] = label
        if small:
            self.classes('cw-small')


class link_button(markup):
    """Looks like a button, is a link: for going somewhere. Costs less than a button."""

    def __init__(
        self, text: str, href: str, *, kind: Kind = 'plain', icon: str | None = None, small: bool = False,
        download: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(link_button_html(text, href, kind=kind, icon=icon, small=small, download=download), tag='span')


def link_button_html(
    text: str, href: str, *, kind: Kind = 'plain', icon: str | None = None, small: bool = False, download: bool = False
) -> str:
    symbol = _icon_html(icon)
    classes = f'cw-btn {_CLASSES[kind]}' + (' cw-small' if small else '')
    return f'<a{attributes(class_=classes, href=href, download=download)}>{symbol}<span>{escape(text)}</span></a>'


def button_html(
    text: str, act: str, of: str = '', *, kind: Kind = 'plain', icon: str | None = None, small: bool = True,
    label: str | None = None, disabled: bool = False, pressed: bool | None = None,
) -> str:  # fmt: skip
    """A button inside markup: a click calls the markup's `on_act(act, of)`."""
    classes = f'cw-btn {_CLASSES[kind]}' + (' cw-small' if small else '')
    state = None if pressed is None else str(pressed).lower()
    given = attributes(
        type='button',
        class_=classes,
        data_act=act,
        data_of=of,
        aria_label=label,
        aria_disabled='true' if disabled else None,
        aria_pressed=state,
    )
    return f'<button{given}>{_icon_html(icon)}<span>{escape(text)}</span></button>'


def icon_button_html(icon: str, label: str, act: str, of: str = '', *, disabled: bool = False) -> str:
    """An icon button inside markup."""
    given = attributes(
        type='button', class_='cw-btn cw-icon-btn cw-small', data_act=act, data_of=of, aria_label=label, title=label,
        aria_disabled='true' if disabled else None,
    )  # fmt: skip
    return f'<button{given}>{_icon_html(icon)}</button>'


def _symbol(name: str | None) -> str | None:
    return f'sym_o_{name.removeprefix("sym_o_")}' if name else None


def _icon_html(name: str | None) -> str:
    return icon(name) if name else ''

"""The smallest part: one element of safe HTML. Most components are one of these, because each element of the page
costs the server some fifty objects."""

from collections.abc import Callable
from html import escape as escape
from typing import Any

from nicegui import events, ui

from services.links import safe_link

Act = Callable[[str, str], Any]

# After the server has drawn the part anew, the focus goes back to the control that was used.
_DELEGATE = """(event) => {
    const part = event.target.closest('[data-act]'), root = event.currentTarget;
    if (!part || part.disabled || part.getAttribute('aria-disabled') === 'true') return;
    if (part.tagName === 'A') event.preventDefault();
    event.stopPropagation();
    const act = part.dataset.act, of = part.dataset.of || '';
    const watch = new MutationObserver(() => {
        watch.disconnect();
        if (document.activeElement && document.activeElement !== document.body) return;
        const again = [...root.querySelectorAll('[data-act]')].find(
            (one) => one.dataset.act === act && (one.dataset.of || '') === of);
        again?.focus({preventScroll: true});
    });
    watch.observe(root, {childList: true});
    setTimeout(() => watch.disconnect(), 5000);
    emit([act, of]);
}"""

_ADDRESSES = frozenset({'href', 'src', 'action', 'formaction', 'poster'})


class markup(ui.html):
    """Safe HTML in one element. Clicks on parts with `data-act="approve" data-of="ID"` call `on_act('approve', 'ID')`.

    The content must be built with `escape` (or sanitised before, as `prose` does); the browser sanitises it once more.
    """

    def __init__(self, content: str = '', *, tag: str = 'div', classes: str = '', on_act: Act | None = None) -> None:
        super().__init__(content, sanitize=True, tag=tag)
        if classes:
            self.classes(classes)
        if on_act is not None:
            self.on('click', lambda event: _call(on_act, event), js_handler=_DELEGATE)

    def show(self, content: str) -> None:
        """Replace the content."""
        if content != self.content:
            self.set_content(content)


def icon(name: str, classes: str = '', *, turning: bool = False) -> str:
    """HTML of a Material Symbol ('home', or 'sym_o_home'), 20 px; add 'cw-i-s' for 17 px or 'cw-i-xs' for 16."""
    moving = ' cw-turns' if turning else ''
    return f'<i class="cw-i{moving} {classes}" aria-hidden="true">{escape(name.removeprefix("sym_o_"))}</i>'


def attributes(**values: str | bool | None) -> str:
    """HTML attributes, escaped; None and False leave the attribute out; `data_act` becomes `data-act`.

    An address that may lead astray (`javascript:`, another site in disguise) becomes one that leads nowhere."""
    written = ''
    for name, value in values.items():
        if value is None or value is False:
            continue
        name = name.rstrip('_').replace('_', '-')
        if name in _ADDRESSES and isinstance(value, str):
            value = safe_link(value)
        written += f' {name}' if value is True else f' {name}="{escape(value)}"'
    return written


def _call(on_act: Act, event: events.GenericEventArguments) -> Any:
    # what arrives was sent by a browser: two strings, or nothing happens
    match event.args:
        case [str(act), str(of)]:
            return on_act(act, of)
        case _:
            return None

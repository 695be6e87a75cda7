"""Keys for the main job of a screen. They rest while somebody types, in dialogs, and with Ctrl, Alt or Meta held."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui import events, ui


class shortcuts(ui.element):
    """`shortcuts({'j': next_block, 'k': previous_block, 'a': approve})`; the keys are lower case or 'Enter',
    'Escape', '/'."""

    def __init__(self, keys: Mapping[str, Callable[[], Any]]) -> None:
        super().__init__('span')
        self.classes('cw-sr').props('aria-hidden=true')
        self._keys = dict(keys)
        self.on('key', self._press, js_handler='(event) => emit(event.detail)')
        self.on('vnodeMounted', js_handler=_LISTEN % (self.id, list(self._keys)))

    async def _press(self, event: events.GenericEventArguments) -> None:
        handler = self._keys.get(event.args) if isinstance(event.args, str) else None
        if handler is None:
            return
        result = handler()
        if isinstance(result, Awaitable):
            await result


_LISTEN = """() => {
    const id = %d, keys = %s, element = getHtmlElement(id);
    const listen = (event) => {
        if (!document.contains(element)) return document.removeEventListener('keydown', listen);
        if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.defaultPrevented) return;
        if (event.target.closest('input, textarea, select, [contenteditable=true], .q-dialog, .q-menu')) return;
        if (event.key === 'Enter' && event.target.closest('button, a')) return;
        const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
        if (!keys.includes(key)) return;
        event.preventDefault();
        element.dispatchEvent(new CustomEvent('key', {detail: key}));
    };
    document.addEventListener('keydown', listen);
}"""

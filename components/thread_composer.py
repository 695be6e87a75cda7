"""Writing a comment: plain words, colleagues named with @, Ctrl+Enter sends, Escape gives up."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from nicegui import ui

from components.button import button
from components.field import text_area
from components.i18n import _
from components.markup import attributes, escape, markup

Names = Callable[[], Awaitable[Sequence[str]]]
_NAMING = re.compile(r'(?:^|\s)@([^@\n]{0,40})$')
_MOST = 6


class thread_composer(ui.element):
    """`send(words)` gives whether it was taken; then the composer calls `done()`, as it does when somebody gives up.

    `keep(words)` hears every change, so that nothing typed is lost when the page goes."""

    def __init__(
        self,
        label: str,
        *,
        do: str,
        send: Callable[[str], Awaitable[bool]],
        names: Names,
        done: Callable[[], Any] | None = None,
        keep: Callable[[str], Any] | None = None,
        value: str = '',
        focus: bool = True,
    ) -> None:
        super().__init__('div')
        self.classes('cw-stack cw-tight cw-composer')
        self._send, self._names, self._done, self._keep, self._sending = send, names, done, keep, False
        with self:
            self.field = text_area(label, value=value, rows=2, on_change=self._changed, placeholder=_(
                'Say it to the point; @ names a colleague'))  # fmt: skip
            self.field.control.on('keydown.ctrl.enter', self._go).on('keydown.meta.enter', self._go)
            if done is not None:
                self.field.control.on('keydown.esc', lambda: self._give_up())
            if focus:
                self.field.control.props('autofocus')
            self._offers = markup(classes='cw-offers', on_act=self._name)
            with ui.element('div').classes('cw-line cw-close'):
                button(do, kind='primary', small=True, on_click=self._go)
                if done is not None:
                    button(_('Cancel'), small=True, on_click=self._give_up)
                button('@', kind='quiet', small=True, on_click=self._ask_who).props['aria-label'] = _(
                    'Name a colleague'
                )

    @property
    def value(self) -> str:
        return str(self.field.value or '').strip()

    def clear_words(self) -> None:
        self.field.value = ''

    async def _changed(self, value: str | None) -> None:
        words = str(value or '')
        if self._keep is not None:
            self._keep(words)
        naming = _NAMING.search(words)
        if naming is None:
            self._offers.show('')
            return
        begun = naming[1].casefold()
        fitting = [name for name in await self._names() if name.casefold().startswith(begun)]
        fitting = [name for name in fitting if name.casefold() != begun.strip()]
        if not self.is_deleted:
            self._offers.show(''.join(_offer(name) for name in fitting[:_MOST]))

    def _ask_who(self) -> None:
        words = str(self.field.value or '')
        self.field.value = f'{words}{"" if not words or words[-1].isspace() else " "}@'
        self.field.focus()

    def _name(self, act: str, of: str) -> None:
        words = str(self.field.value or '')
        naming = _NAMING.search(words)
        start = naming.start(1) if naming else len(words)
        self.field.value = f'{words[:start]}{of} '
        self.field.focus()

    async def _go(self) -> None:
        if self._sending:
            return
        if not self.value:
            self.field.error = _('Write something first.')
            return
        self._sending = True
        try:
            taken = await self._send(self.value)
        finally:
            self._sending = False
        if taken:
            self._give_up()

    def _give_up(self) -> None:
        if self._keep is not None:
            self._keep('')
        if self._done is not None:
            self._done()
        elif not self.is_deleted:
            self.clear_words()


def _offer(name: str) -> str:
    given = attributes(type='button', class_='cw-chip', data_act='name', data_of=name)
    return f'<button{given}>{escape(name)}</button>'

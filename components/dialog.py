"""Dialogs: a question before what cannot be taken back, or a few words with a decision."""

from typing import Self

from nicegui import ui

from components.button import Kind, button
from components.field import text_area
from components.i18n import _
from components.layout import boxed
from components.markup import escape, markup


class dialog(boxed):
    """`with dialog('Add a web page') as d: …; with d.foot: button('Add', on_click=lambda: d.submit(True))`, then
    `await d`.

    Awaiting shows it and gives what was submitted, None if it was closed. It deletes itself afterwards.
    """

    def __init__(self, title: str, sentence: str = '', *, wide: bool = False) -> None:
        self._dialog = ui.dialog().props('transition-duration=200')
        with self._dialog:
            super().__init__('div')
        self.classes('cw-dialog nicegui-card' + (' cw-wide' if wide else ''))
        self.props['role'] = 'document'
        with self.default_slot:
            heading = markup(
                f'<h2>{escape(title)}</h2>' + (f'<p class="cw-ink2">{escape(sentence)}</p>' if sentence else '')
            )
            self.body = ui.element('div').classes('cw-stack cw-tight')
            self.foot = ui.element('div').classes('cw-dialog-foot')
        self._dialog.props['aria-labelledby'] = heading.html_id

    def open(self) -> Self:
        self._dialog.open()
        return self

    def close(self) -> None:
        self._dialog.close()

    def submit(self, result: object) -> None:
        self._dialog.submit(result)

    async def answer(self) -> object:
        """Show it and wait; None if it was closed without an answer."""
        self._dialog.open()
        try:
            return await self._dialog
        finally:
            if not self._dialog.is_deleted:
                self._dialog.delete()


async def confirm(title: str, sentence: str = '', *, do: str, kind: Kind = 'primary', keep: str = '') -> bool:
    """`if await confirm('Send the outline back?', do='Send back'): …`; `kind='final'` for what destroys."""
    asked = dialog(title, sentence)
    with asked.foot:
        button(keep or _('Cancel'), on_click=lambda: asked.submit(False)).props('autofocus')
        button(do, kind=kind, on_click=lambda: asked.submit(True))
    return await asked.answer() is True


async def ask_comment(
    title: str, sentence: str = '', *, do: str, placeholder: str = '', label: str = '', required: bool = True,
    value: str = '',
    kind: Kind = 'primary',
) -> str | None:  # fmt: skip
    """A decision with words: the comment, or None if the person thought better of it. '' only if not required."""
    asked = dialog(title, sentence)

    def decide() -> None:
        words = str(comment.value or '').strip()
        if required and not words:
            comment.error = _('Say what should change. The next draft answers it.')
            return
        asked.submit(words)

    with asked.body:
        comment = text_area(label or _('Comment'), placeholder=placeholder, value=value, optional=not required)
        comment.control.props('autofocus').on('keydown.ctrl.enter', decide)
    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(do, kind=kind, on_click=decide)
    answer = await asked.answer()
    return answer if isinstance(answer, str) else None

"""A paragraph of one's own at the end of a lesson."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button
from components.i18n import _
from components.notice import toast
from pages.studio.block_form import TextForm
from pages.studio.drafting_block import DraftingBlock
from pages.studio.part import Desk
from pages.studio.unsaved import kept_at
from services.errors import NotFound


class NewBlock:
    """A button that becomes an editor; `lesson_id()` says where the text goes."""

    def __init__(self, desk: Desk, lesson_id: Callable[[], Any]) -> None:
        self._desk, self._lesson_id = desk, lesson_id
        self._form: TextForm | None = None
        self._target: UUID | None = None
        self._box = ui.element('div').classes('cw-new-block')
        with ui.element('div').classes('cw-new-block'):
            DraftingBlock(desk, lesson_id)
        self._show_button()

    @property
    def editing(self) -> bool:
        return self._form is not None

    def _show_button(self) -> None:
        self._form = None
        self._box.clear()
        with self._box:
            button(_('Add a text'), icon='add', kind='quiet', on_click=lambda: self.open())

    async def open(self, *, focus: bool = True) -> None:
        target = self._lesson_id()
        if target is None or self._form is not None:
            return
        self._target, content = target, {'html': ''}
        with suppress(NotFound):
            content = (await self._desk.services.editing.unsaved.get(self._desk.viewer, target)).content
        self._box.clear()
        with self._box, ui.element('div').classes('cw-stack cw-tight cw-editing'):
            place = kept_at(self._desk, target, noun='lessons')
            self._form = TextForm(content, place, save=self._save, label=_('New text'), focus=focus)
            with ui.element('div').classes('cw-line cw-close'):
                button(_('Add to the lesson'), kind='primary', icon='check', small=True, on_click=self._save)
                button(_('Discard'), kind='quiet', small=True, on_click=self._discard)

    @action
    async def _save(self) -> None:
        if self._form is None or self._target is None:
            return
        form, target = self._form, self._target
        typed = await form.finish()
        try:
            await self._desk.services.blocks.add_text(self._desk.viewer, target, typed['html'])
        finally:
            form.go_on()
        await self._forget(form, target)

    @action
    async def _discard(self) -> None:
        if self._form is None or self._target is None:
            return
        form, target = self._form, self._target
        typed = await form.finish()

        async def take_back() -> None:
            await self._desk.services.editing.unsaved.keep(self._desk.viewer, target, '', typed)
            await self.open()

        if typed['html']:
            toast(_('What you typed is discarded.'), undo=action(take_back))
        await self._forget(form, target)

    async def _forget(self, form: TextForm, target: UUID) -> None:
        await form.forget()
        await self._desk.services.editing.unsaved.discard(self._desk.viewer, target)
        self._show_button()

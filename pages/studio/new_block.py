"""A paragraph of one's own at the end of a lesson."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button
from components.i18n import _
from components.rich_editor import rich_editor
from pages.studio.block_form import PICTURES_URL
from pages.studio.part import Desk
from services.richtext import sanitise


class NewBlock:
    """A button that becomes an editor; `lesson_id()` says where the text goes."""

    def __init__(self, desk: Desk, lesson_id: Callable[[], Any]) -> None:
        self._desk, self._lesson_id = desk, lesson_id
        self._editor: rich_editor | None = None
        self._target: UUID | None = None
        self._box = ui.element('div').classes('cw-new-block')
        self._show_button()

    @property
    def editing(self) -> bool:
        return self._editor is not None

    def _show_button(self) -> None:
        self._editor = None
        self._box.clear()
        with self._box:
            button(_('Add a text'), icon='add', kind='quiet', on_click=self._open)

    def _open(self) -> None:
        self._target = self._lesson_id()
        if self._target is None:
            return
        self._box.clear()
        with self._box, ui.element('div').classes('cw-stack cw-tight cw-editing'):
            self._editor = rich_editor('', sanitise=sanitise, images=PICTURES_URL, label=_('New text'))
            with ui.element('div').classes('cw-line cw-close'):
                button(_('Add to the lesson'), kind='primary', icon='check', small=True, on_click=self._save)
                button(_('Cancel'), small=True, on_click=self._show_button)

    @action
    async def _save(self) -> None:
        if self._editor is None or self._target is None:
            return
        await self._desk.services.blocks.add_text(self._desk.viewer, self._target, self._editor.value)
        self._show_button()

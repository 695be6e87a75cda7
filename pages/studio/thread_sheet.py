"""Threads in a box of their own: those of one block, as a phone shows them, or all of the draft."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from nicegui import ui

from components.button import button
from components.dialog import dialog
from components.i18n import _
from components.live import live
from components.markup import escape, markup
from components.tabs import tabs
from components.thread_view import GO
from pages.studio.drafted import opening
from pages.studio.part import Desk
from pages.studio.talking import DOINGS, Send, composer, threads_html
from services.conversation.threads import may_speak
from services.conversation.views import ThreadView
from services.generation.block_views import BlockView

Go = Callable[[ThreadView], Awaitable[None]]


async def open_block_sheet(desk: Desk, view: BlockView) -> None:
    """The block's threads, and a place to begin another."""

    async def send(words: str) -> None:
        await desk.services.threads.begin(desk.viewer, desk.workflow.id, words, block_id=view.id)

    with dialog(_('Comments'), opening(view.type, view.content), wide=True) as box:
        sheet = _Sheet(desk, lambda thread: thread.block_id == view.id, begin=send, key=str(view.id))
    _close_button(box)
    box.classes('cw-sheet')
    box.open()
    await sheet.refresh()


async def open_all_threads(desk: Desk, *, places: Callable[[ThreadView], str], go: Go) -> None:
    """Every thread of the draft, open ones first; a click on its place goes there. A comment here is on the draft."""

    async def send(words: str) -> None:
        await desk.services.threads.begin(desk.viewer, desk.workflow.id, words)

    async def leave(thread: ThreadView) -> None:
        box.close()
        await go(thread)

    with dialog(_('All comments'), _('Comments here are about the whole draft.'), wide=True) as box:
        chosen = tabs({'open': _('Open'), 'resolved': _('Resolved')}, value='open')
        sheets = []
        key = f'draft {desk.workflow.id}'
        with chosen.panel('open'):
            sheets.append(_Sheet(desk, lambda thread: thread.open, begin=send, key=key, places=places, go=leave))
        with chosen.panel('resolved'):
            sheets.append(_Sheet(desk, lambda thread: not thread.open, begin=None, key=key, places=places, go=leave))
    _close_button(box)
    box.classes('cw-sheet')
    box.open()
    for sheet in sheets:
        await sheet.refresh()


def _close_button(box: dialog) -> None:
    with box.foot:
        button(_('Close'), on_click=box.close)


class _Sheet:
    def __init__(
        self,
        desk: Desk,
        wanted: Callable[[ThreadView], bool],
        *,
        begin: Send | None,
        key: str,
        places: Callable[[ThreadView], str] | None = None,
        go: Go | None = None,
    ) -> None:
        self._desk, self._wanted, self._begin, self._key = desk, wanted, begin, key
        self._places, self._go = places, go
        with ui.element('div').classes('cw-stack cw-tight') as self._box:
            self._list = markup(classes='cw-threads cw-tall cw-stack', on_act=self._act).props('tabindex=0 role=region')
            self._list.props['aria-label'] = _('Threads')
            self._foot = ui.element('div')
        self._offer()
        live(self._box, desk.services.bus, f'workflow:{desk.workflow.id}', self.refresh)

    async def refresh(self) -> None:
        desk = self._desk
        desk.threads = await desk.services.threads.of_workflow(desk.viewer, desk.workflow.id)
        shown = [thread for thread in desk.threads if self._wanted(thread)]
        places: dict[UUID, str] = {one.id: self._places(one) for one in shown} if self._places else {}
        nothing = f'<p class="cw-small-text">{escape(_("Nobody has said anything here yet."))}</p>'
        self._list.show(threads_html(desk, shown, places) or nothing)

    def compose(self, label: str, *, do: str, send: Send, value: str = '', key: str = '') -> None:
        self._foot.clear()
        with self._foot:
            composer(self._desk, label, do=do, send=send, value=value, key=key, done=self._offer)

    def _offer(self) -> None:
        self._foot.clear()
        if self._begin is not None and may_speak(self._desk.viewer):
            with self._foot:
                label, begin = _('New comment'), self._begin
                composer(self._desk, label, do=_('Comment'), send=begin, key=self._key, done=None, focus=False)

    async def _act(self, act: str, of: str) -> Any:
        if act == GO and self._go is not None:
            thread = next((one for one in self._desk.threads if str(one.id) == of), None)
            return await self._go(thread) if thread is not None else None
        return await DOINGS[act](self._desk, self, of) if act in DOINGS else None

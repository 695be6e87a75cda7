"""Another block for the lesson, drafted from its documents: what kind, what about, and how far it is."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from components.action import action
from components.button import button, button_html
from components.dialog import dialog
from components.field import text_field
from components.i18n import _
from components.live import live, refresh_later
from components.markup import markup
from components.menu import MenuEntry, menu_button
from components.notice import notice_html
from components.status import status_html
from pages.studio.part import Desk
from pages.studio.regenerating import watch
from services.generation.regeneration import RegenerationView


class DraftingBlock:
    """A menu of types and, below it, what is being written; `lesson_id()` says for which lesson."""

    def __init__(self, desk: Desk, lesson_id: Callable[[], Any]) -> None:
        self._desk, self._lesson_id = desk, lesson_id
        menu_button(
            [
                MenuEntry(text=_('Text'), icon='article', on_click=lambda: self._ask('text')),
                MenuEntry(text=_('Slide'), icon='slideshow', on_click=lambda: self._ask('slide')),
                MenuEntry(text=_('Question'), icon='quiz', on_click=lambda: self._ask('question')),
                MenuEntry(text=_('Lab exercise'), icon='terminal', on_click=lambda: self._ask('lab')),
            ],
            text=_('Draft from the documents'),
            kind='quiet',
        )
        self._state = markup(classes='cw-stack cw-tight', on_act=self._act)
        live(self._state, desk.services.bus, f'workflow:{desk.workflow.id}', self.refresh)
        refresh_later(self._state, self.refresh)

    async def refresh(self) -> None:
        found = await self._desk.services.regenerations.waiting(self._desk.viewer, self._desk.workflow.id)
        self._state.show(''.join(_html(one) for one in found if one.block_id is None))
        for one in found:
            if one.block_id is None and one.is_running:
                watch(self._desk, one)

    def _ask(self, type: str) -> None:
        lesson_id = self._lesson_id()
        if lesson_id is None:
            return
        with dialog(_('Draft another block'), _('It comes at the end of the lesson and waits for approval.')) as box:
            about = text_field(_('What about'), optional=True, limit=300, help=_('Nothing: whatever is still missing'))

        @action
        async def begin() -> None:
            watch(self._desk, await self._desk.services.regenerations.add(
                self._desk.viewer, lesson_id, type, str(about.value or '')
            ))  # fmt: skip
            box.close()

        about.on_enter(begin)
        with box.foot:
            button(_('Cancel'), on_click=box.close)
            button(_('Draft it'), kind='primary', icon='auto_awesome', on_click=begin)
        box.open()
        about.focus()

    @action
    async def _act(self, act: str, of: str) -> None:
        again = self._desk.services.regenerations
        if act == 'retry':
            watch(self._desk, await again.again(self._desk.viewer, UUID(of)))
        elif act == 'seen':
            await again.dismiss(self._desk.viewer, UUID(of))


def _html(one: RegenerationView) -> str:
    what = {'text': _('A text'), 'slide': _('A slide'), 'question': _('A question'), 'lab': _('A lab exercise')}
    if one.is_running:
        words = f'<p class="cw-unfinished cw-small-text" id="again-{one.id}"></p>'
        return f'<div>{status_html("working", _("{what} is being written", what=what[one.type]))}{words}</div>'
    retry = button_html(_('Try again'), 'retry', str(one.id), icon='refresh') + ' ' if one.status == 'failed' else ''
    choices = (
        f'<span class="cw-line cw-close">{retry}{button_html(_("Dismiss"), "seen", str(one.id), kind="quiet")}</span>'
    )
    title = _('{what} was not written.', what=what[one.type])
    return notice_html(one.error or one.answer, tone='warn', title=title, extra_html=choices)

"""Other words for a block, suggested: the block itself stays as it is until somebody accepts."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from nicegui import ui

from components.action import sentence
from components.button import button
from components.field import text_area
from components.i18n import _
from components.markup import markup
from components.notice import notice_html, toast
from pages.studio.block_form import block_form
from pages.studio.part import Desk
from services.conversation.threads import may_speak
from services.errors import PlatformError
from services.generation.block_views import BlockView

if TYPE_CHECKING:
    from pages.studio.block_card import BlockCard

Done = Callable[[], Awaitable[None]]


class BlockSuggesting:
    """Made where the block's words stand, beside `BlockWriting`; `done` hears that it is over."""

    def __init__(self, desk: Desk, view: BlockView, *, done: Done) -> None:
        self._desk, self.view, self._base_hash, self._done = desk, view, view.hash, done
        with ui.element('div').classes('cw-stack cw-tight cw-editing cw-suggesting'):
            self._notice = markup()
            words = _('You suggest other words. The block stays as it is until an editor accepts them.')
            self._notice.show(notice_html(words, tone='info'))
            self._form = block_form(view.type, view.content, lambda: None, None, save=self.send)
            self._reason = text_area(_('Why'), rows=1, optional=True, placeholder=_('So that others can judge it'))
            with ui.element('div').classes('cw-line cw-close'):
                button(_('Suggest'), kind='primary', icon='rate_review', small=True, on_click=self.send)
                button(_('Cancel'), small=True, on_click=self._done)

    def changed(self, view: BlockView) -> None:
        """Somebody changed the block meanwhile: the suggestion would be for words that are gone."""
        if view.hash != self.view.hash:
            self.view = view
            words = _(
                'This block changed while you wrote. Your words are still here; read it again before you send them.'
            )
            self._notice.show(notice_html(words, tone='warn'))
            self._base_hash = view.hash

    async def send(self) -> None:
        desk = self._desk
        try:
            content = await self._form.finish()
            reason = str(self._reason.value or '')
            await desk.services.proposals.suggest(desk.viewer, self.view.id, self._base_hash, content, reason=reason)
        except PlatformError as error:
            self._notice.show(notice_html(sentence(error), tone='bad'))
            self._form.go_on()
        else:
            toast(_('Suggested. It stands under the block.'))
            await self._done()


def offered(desk: Desk, _view: BlockView) -> bool:
    return may_speak(desk.viewer)


async def run(_desk: Desk, card: 'BlockCard', _of: str) -> None:
    await card.open_suggestion()

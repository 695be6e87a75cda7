"""On a phone: what is done to the block that is lifted, large and at the foot, where the thumb is."""

from typing import TYPE_CHECKING

from components.button import button_html
from components.i18n import _, ngettext
from components.markup import markup
from pages.studio.part import Desk
from pages.studio.thread_sheet import open_block_sheet
from services.conversation.threads import may_speak

if TYPE_CHECKING:
    from pages.studio.block_card import BlockCard
    from pages.studio.content_acts import ContentActs


class ThumbBar:
    def __init__(self, desk: Desk, acts: 'ContentActs') -> None:
        self._desk, self._acts = desk, acts
        self._card: BlockCard | None = None
        self._bar = markup(classes='cw-thumbs', on_act=self._act).props('role=toolbar')
        self._bar.props['aria-label'] = _('The block before you')

    def show(self, card: 'BlockCard | None') -> None:
        self._card, html = card, ''
        if card is None or card.editing:
            self._bar.show('')
            return
        if self._desk.may_decide:
            mine = card.view.state != 'sent_back' and not card.view.is_open_to(self._desk.viewer.user_id)
            if mine:
                html += button_html(_('Take back'), 'withdraw', icon='history', small=False)
            else:
                html += button_html(_('Approve'), 'approve', kind='primary', icon='check', small=False)
            if card.view.state != 'sent_back':
                html += button_html(_('Send back'), 'send_back', icon='undo', small=False)
        said = sum(one.open for one in self._desk.threads if one.block_id == card.view.id)
        if may_speak(self._desk.viewer) or said:
            words = _('Comment {n}', n=said) if said else _('Comment')
            label = ngettext('{n} open thread; comment', '{n} open threads; comment', said) if said else None
            html += button_html(words, 'talk', icon='chat_bubble', small=False, label=label)
        self._bar.show(html)

    async def _act(self, act: str, of: str) -> None:
        if self._card is None:
            return
        if act == 'talk':
            await open_block_sheet(self._desk, self._card.view)
        else:
            await self._acts.act(self._card, act)

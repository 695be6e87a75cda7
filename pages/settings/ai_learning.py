"""What drafts learn from: approved blocks as examples, each of which can be taken out, or all switched off."""

from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button_html
from components.card import card
from components.data_table import Column, Page, Request, data_table
from components.empty_state import empty_state
from components.i18n import _, when_html
from components.markup import escape, icon
from components.notice import toast
from components.switch_field import switch_field
from services.ai.learning import LearnedView
from services.platform import Services
from services.viewer import Viewer


def learning_card(viewer: Viewer, services: Services, *, enabled: bool) -> None:
    learning = services.ai_desk.learning

    @action
    async def switch(on: bool) -> None:
        await learning.switch(viewer, enabled=on)
        toast(_('Drafts learn from what is approved.') if on else _('Drafts do not learn from approvals any more.'))

    async def fetch(request: Request) -> Page:
        found, total = await learning.learned(viewer, limit=request.size, offset=request.offset)
        return Page(rows=[_row(one) for one in found], total=total)

    @action
    async def turn(act: str, of: str) -> None:
        block_id = UUID(of)
        if act == 'forget':
            await learning.forget(viewer, block_id)
            toast(_('No draft learns from this any more.'), undo=lambda: take_back(block_id))
        else:
            await learning.remember(viewer, block_id)
        await table.refresh()

    async def take_back(block_id: UUID) -> None:
        await learning.remember(viewer, block_id)
        await table.refresh()

    with card(_('House style'), note=_('approved blocks, shown to models as examples'), padded=False):
        with ui.element('div').classes('cw-pad'):
            switch_field(
                _('Learn from approvals'),
                value=enabled,
                help=_(
                    'A few approved blocks most like the lesson go with each draft; they never leave you otherwise.'
                ),
                on_change=switch,
            )
        table = data_table(
            label=_('House style'),
            columns=[
                Column(name='block', title=_('Block'), kind='html', lead=True, keep=True),
                Column(name='approved', title=_('Approved'), kind='html'),
                Column(name='learned', title=_('Learned from'), kind='html', keep=True),
            ],
            fetch=fetch,
            on_row_act=turn,
            empty=lambda: empty_state(
                _('Nothing was approved yet'),
                _('What reviewers approve teaches later drafts how you write.'),
                art=False,
            ),
        )


def _row(one: LearnedView) -> dict[str, object]:
    where = f'{one.course}, {one.lesson}'
    act, label = ('remember', _('Learn from it')) if one.forgotten else ('forget', _('Take out'))
    mark = '' if one.forgotten else icon('school', 'cw-i-s')
    who = f'<small>{escape(one.approver)}</small>' if one.approver else ''
    return {
        'id': str(one.block_id),
        'block': f'<span class="cw-two"><span>{escape(one.excerpt)}</span><small>{escape(where)}</small></span>',
        'approved': f'<span class="cw-two"><span>{when_html(one.approved_at)}</span>{who}</span>',
        'learned': f'{mark}{button_html(label, act, str(one.block_id), kind="link")}',
    }

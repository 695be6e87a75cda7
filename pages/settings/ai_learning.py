"""What drafts learn from: approved blocks as examples, each of which can be taken out, or all switched off."""

from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button_html
from components.card import card
from components.data_table import Column, Page, Request, data_table
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, when_html
from components.layout import page
from components.markup import escape
from components.notice import toast
from components.page_header import page_header
from components.status import status_html
from components.switch_field import switch_field
from pages.areas import area_links
from services.ai.learning import LearnedView
from services.platform import Services
from services.viewer import Viewer


async def index(viewer: Viewer, services: Services) -> None:
    here((_('Settings'), '/settings'), (_('AI'), '/settings/ai'), _('House style'), nav='/settings')
    with page(dense=True):
        page_header(_('House style'), subtitle=_('What people approved shows later drafts how you write'))
        area_links(viewer, 'settings', '/settings/ai')
        learning_card(viewer, services, enabled=(await services.ai.get(viewer)).learns)


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

    with card(_('Approved blocks'), note=_('shown to models as examples'), padded=False):
        with ui.element('div').classes('cw-pad'):
            switch_field(
                _('Learn from approvals'),
                value=enabled,
                help=_('The few approved blocks that are most like a lesson go to the model with it, as examples.'),
                on_change=switch,
            )
        table = data_table(
            label=_('Approved blocks'),
            columns=[
                Column(name='block', title=_('Block'), kind='html', lead=True, keep=True),
                Column(name='approved', title=_('Approved'), kind='html'),
                Column(name='learned', title=_('Learned from'), kind='html'),
                Column(name='act', title='', kind='html', keep=True),
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
    used = status_html('off', _('no')) if one.forgotten else status_html('allowed', _('yes'))
    who = f'<small>{escape(one.approver)}</small>' if one.approver else ''
    return {
        'id': str(one.block_id),
        'block': f'<span class="cw-two"><span>{escape(one.excerpt)}</span><small>{escape(where)}</small></span>',
        'approved': f'<span class="cw-two"><span>{when_html(one.approved_at)}</span>{who}</span>',
        'learned': used,
        'act': button_html(label, act, str(one.block_id), kind='link'),
    }

"""Proposals under their block: who proposes what, the difference, what is said about it, and the decision."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from components.action import action
from components.avatar import avatar_html
from components.button import button_html
from components.diff_view import rows_html
from components.i18n import _, ngettext, when_html
from components.markup import escape, icon
from components.notice import toast
from components.side_by_side import side_by_side_html
from pages.studio.part import Desk
from pages.studio.talking import begin, threads_html
from services.conversation.differences import differences
from services.conversation.threads import may_speak
from services.generation.proposals import ProposalView
from services.viewer import Permission

if TYPE_CHECKING:
    from pages.studio.block_card import BlockCard

_ACCEPT, _DECLINE, _DISCUSS = 'proposal:accept', 'proposal:decline', 'proposal:discuss'


async def load(desk: Desk) -> Mapping[UUID, str]:
    desk.proposals = await desk.services.proposals.waiting(desk.viewer, desk.workflow.id)
    desk.discussed = frozenset(proposal.id for proposal in desk.proposals)
    found: dict[UUID, str] = {}
    for proposal in desk.proposals:
        found[proposal.block_id] = found.get(proposal.block_id, '') + _html(desk, proposal)
    return found


async def first(desk: Desk, card: 'BlockCard', act: str) -> None:
    """By key: accepts or declines the oldest proposal for the block."""
    proposal = next((one for one in desk.proposals if one.block_id == card.view.id), None)
    if proposal is not None:
        await ACTS[f'proposal:{act}'](desk, card, _of(proposal))


async def accept_all(desk: Desk, proposals: list[ProposalView]) -> None:
    """Everything that was shown and still fits, with one way back."""
    shown = {proposal.id: proposal.base_hash for proposal in proposals}
    accepted = await desk.services.proposals.accept_all(desk.viewer, desk.workflow.id, shown)

    async def take_back() -> None:
        for one in reversed(accepted):
            await desk.services.proposals.undo(desk.viewer, one.id)

    words = ngettext('{n} suggestion accepted.', '{n} suggestions accepted.', len(accepted))
    toast(words, undo=action(take_back))


def _html(desk: Desk, proposal: ProposalView) -> str:
    sign = icon('auto_awesome', 'cw-i-s') if proposal.by_model else avatar_html(proposal.maker)
    told = f'{escape(_words(proposal))}, {when_html(proposal.made_at)}'
    head = f'{sign}<p><b class="cw-name">{escape(proposal.maker)}</b> <small>{told}</small></p>'
    reason = f'<div class="cw-said-text">{escape(proposal.reason)}</div>' if proposal.reason else ''
    rows = differences(proposal.type, proposal.current, proposal.content)
    if desk.changes == 'side':
        changes = side_by_side_html(rows, before=_('Now'), after=_('Proposed'))
    else:
        changes = rows_html(rows)
    talk = threads_html(desk, [one for one in desk.threads if one.proposal_id == proposal.id])
    return (
        f'<div class="cw-reply cw-proposal"><div class="cw-comment">{head}{reason}</div>{changes}'
        f'<p class="cw-line cw-close">{_choices(desk, proposal)}</p><div class="cw-threads">{talk}</div></div>'
    )


def _words(proposal: ProposalView) -> str:
    return {
        'suggestion': _('suggests other words'),
        'regeneration': _('wrote this block again'),
        'chat': _('proposes a change from the chat'),
        'source': _('proposes what the new version of the source says'),
    }[proposal.kind]


def _choices(desk: Desk, proposal: ProposalView) -> str:
    html, of = '', _of(proposal)
    may_write = desk.may(Permission.DRAFT_WRITE)
    if proposal.stale:
        html += f'<span>{escape(_("The block changed since; this no longer fits."))}</span> '
    elif may_write:
        html += button_html(_('Accept'), _ACCEPT, of, icon='check') + ' '
    if may_write or proposal.maker_id == desk.viewer.user_id:
        html += button_html(_('Decline') if may_write else _('Withdraw'), _DECLINE, of, kind='quiet') + ' '
    if may_speak(desk.viewer):
        html += button_html(_('Discuss'), _DISCUSS, of, icon='chat_bubble', kind='quiet')
    return html


def _of(proposal: ProposalView) -> str:
    return f'{proposal.id} {proposal.base_hash}'


@action
async def _accept(desk: Desk, _card: 'BlockCard', of: str) -> None:
    key, _space, shown = of.partition(' ')
    proposals, viewer = desk.services.proposals, desk.viewer
    accepted = await proposals.accept(viewer, UUID(key), shown)
    words = _('The block says this now. It waits for approval.')
    toast(words, undo=action(lambda: proposals.undo(viewer, accepted.id)))


@action
async def _decline(desk: Desk, _card: 'BlockCard', of: str) -> None:
    await desk.services.proposals.decline(desk.viewer, UUID(of.partition(' ')[0]))
    toast(_('Declined. The block stays as it is.'))


async def _discuss(desk: Desk, card: 'BlockCard', of: str) -> None:
    begin(desk, card, block_id=card.view.id, proposal_id=UUID(of.partition(' ')[0]))


ACTS: dict[str, Callable[[Desk, 'BlockCard', str], Awaitable[None]]] = {
    _ACCEPT: _accept,
    _DECLINE: _decline,
    _DISCUSS: _discuss,
}

"""Proposals under their block: who proposes what, the difference, and the decision."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from components.action import action
from components.avatar import avatar_html
from components.button import button_html
from components.diff_view import diff_html
from components.i18n import _
from components.markup import escape, icon
from components.notice import toast
from pages.studio.drafted import as_text
from pages.studio.part import Desk
from services.generation.proposals import ProposalView
from services.viewer import Permission

if TYPE_CHECKING:
    from pages.studio.block_card import BlockCard

_ACCEPT, _DECLINE = 'proposal:accept', 'proposal:decline'


async def load(desk: Desk) -> Mapping[UUID, str]:
    found: dict[UUID, str] = {}
    for proposal in await desk.services.proposals.waiting(desk.viewer, desk.workflow.id):
        found[proposal.block_id] = found.get(proposal.block_id, '') + _html(desk, proposal)
    return found


def _html(desk: Desk, proposal: ProposalView) -> str:
    sign = icon('auto_awesome', 'cw-i-s') if proposal.by_model else avatar_html(proposal.maker)
    head = f'{sign}<p><b class="cw-name">{escape(proposal.maker)}</b> <small>{escape(_words(proposal))}</small></p>'
    reason = f'<div>{escape(proposal.reason)}</div>' if proposal.reason else ''
    changes = diff_html(as_text(proposal.type, proposal.current), as_text(proposal.type, proposal.content))
    return (
        f'<div class="cw-reply cw-proposal"><div class="cw-comment">{head}{reason}</div>{changes}'
        f'<p class="cw-line cw-close">{_choices(desk, proposal)}</p></div>'
    )


def _words(proposal: ProposalView) -> str:
    return {
        'suggestion': _('suggests other words'),
        'regeneration': _('wrote this block again'),
        'chat': _('proposes a change from the chat'),
        'source': _('proposes what the new version of the source says'),
    }[proposal.kind]


def _choices(desk: Desk, proposal: ProposalView) -> str:
    html, of = '', f'{proposal.id} {proposal.base_hash}'
    may_write = desk.may(Permission.DRAFT_WRITE)
    if proposal.stale:
        html += f'<span>{escape(_("The block changed since; this no longer fits."))}</span> '
    elif may_write:
        html += button_html(_('Accept'), _ACCEPT, of, icon='check') + ' '
    if may_write or proposal.maker_id == desk.viewer.user_id:
        html += button_html(_('Decline'), _DECLINE, of, kind='quiet')
    return html


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


ACTS: dict[str, Callable[[Desk, 'BlockCard', str], Awaitable[None]]] = {_ACCEPT: _accept, _DECLINE: _decline}

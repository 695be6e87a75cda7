"""The keys of the review, for whoever asks with '?'."""

from collections.abc import Sequence

from components.dialog import dialog
from components.i18n import _
from components.markup import escape, markup
from pages.studio.part import Desk
from services.conversation.threads import may_speak
from services.viewer import Permission

Keys = Sequence[tuple[str, str]]


def keys_of(desk: Desk) -> Sequence[tuple[str, Keys]]:
    """What the viewer can do by keyboard: heading, then (keys, what they do)."""
    moving: list[tuple[str, str]] = [
        ('J', _('next block')),
        ('K', _('block before')),
        ('N', _('next change since you looked')),
        ('P', _('change before')),
        ('T', _('next open thread')),
        ('V', _('changes inline, side by side, as it will read')),
        ('D', _('all comments')),
        ('I', _('talk about the draft, with people and the AI')),
    ]
    deciding: list[tuple[str, str]] = []
    if desk.may(Permission.DRAFT_APPROVE):
        deciding += [('A', _('approve')), ('R', _('send back')), ('W', _('next waiting block'))]
    if desk.may(Permission.DRAFT_WRITE):
        deciding += [('E', _('edit')), ('Y', _('accept the suggestion')), ('X', _('decline the suggestion'))]
    if may_speak(desk.viewer):
        deciding += [('C', _('comment on the block, or on the words you selected')), ('S', _('suggest a change'))]
    writing = [('Ctrl Enter', _('send what you wrote')), ('Esc', _('close without sending'))]
    groups = [(_('Move'), moving), (_('Do'), deciding), (_('While you write'), writing)]
    return [(heading, keys) for heading, keys in groups if keys]


def open_keys(desk: Desk) -> None:
    html = ''
    for heading, keys in keys_of(desk):
        lines = ''.join(
            f'<dt>{"".join(f"<kbd>{escape(key)}</kbd>" for key in pressed.split())}</dt><dd>{escape(does)}</dd>'
            for pressed, does in keys
        )
        html += f'<section><h3 class="cw-label">{escape(heading)}</h3><dl class="cw-key-list">{lines}</dl></section>'
    with dialog(_('Keys'), _('They rest while you type.')) as box:
        markup(html, classes='cw-stack')
    box.open()

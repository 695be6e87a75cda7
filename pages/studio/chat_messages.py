"""What was said, as safe HTML: words, the pages they rest on, and the cards that wait for a decision."""

from collections.abc import Sequence

from components.avatar import avatar_html
from components.button import button_html
from components.diff_view import diff_html
from components.i18n import _, when_html
from components.markup import attributes, escape, icon
from components.status import status_html
from pages.studio.drafted import as_text
from pages.studio.outline_rows import changes_html
from services.chat.views import CardView, CiteView, MessageView
from services.generation.outlines import Outline

ONGOING = ('waiting', 'writing')


def messages_html(messages: Sequence[MessageView], *, may_ask: bool, may_write: bool) -> str:
    items = ''.join(
        f'<li class="{"cw-chat-ai" if one.kind == "ai" else ""}">{message_html(one, may_ask, may_write)}</li>'
        for one in messages
    )
    return f'<ol>{items}</ol>'


def message_html(message: MessageView, may_ask: bool, may_write: bool, *, words: str = '') -> str:
    """`words` are what has come so far of an answer that is being written."""
    is_ai = message.kind == 'ai'
    sign = icon('auto_awesome', 'cw-i-s') if is_ai else avatar_html(message.author)
    name = _('AI') if is_ai else message.author
    by = f' <small>{escape(message.author)}</small>' if is_ai and message.status == 'done' else ''
    html = f'<p class="cw-chat-who">{sign}<b>{escape(name)}</b>{by} <small>{when_html(message.at)}</small></p>'
    said = words or message.text
    if said:
        html += f'<div class="cw-chat-words">{escape(said)}</div>'
    if message.cites:
        html += f'<p class="cw-chat-cites">{"".join(_cite_html(message, n) for n in range(len(message.cites)))}</p>'
    html += ''.join(_card_html(card, may_write) for card in message.cards)
    return html + _state_html(message, may_ask, begun=bool(said))


def cite_of(messages: Sequence[MessageView], of: str) -> CiteView | None:
    """The page that a chip means."""
    seq, _colon, place = of.partition(':')
    message = next((one for one in messages if str(one.seq) == seq), None)
    if message is None or not place.isdecimal() or int(place) >= len(message.cites):
        return None
    return message.cites[int(place)]


def _cite_html(message: MessageView, place: int) -> str:
    cite = message.cites[place]
    given = attributes(
        type='button', class_='cw-chip', data_act='cite', data_of=f'{message.seq}:{place}', title=cite.quote[:200]
    )
    name = _('{document}, p. {page}', document=cite.document_name, page=cite.page)
    return f'<button{given}>{icon("menu_book", "cw-i-xs")} {escape(name)}</button>'


def _state_html(message: MessageView, may_ask: bool, *, begun: bool) -> str:
    again = button_html(_('Try again'), 'again', str(message.id), icon='refresh') if may_ask else ''
    if message.status in ONGOING:
        words = _('writing') if begun else _('thinking')
        stop = button_html(_('Stop'), 'stop', str(message.id), icon='stop_circle') if may_ask else ''
        return f'<p class="cw-line cw-close">{status_html("working", words)} {stop}</p>'
    if message.status == 'failed':
        return f'<p class="cw-chat-words">{status_html("failed", message.error)}</p><p>{again}</p>'
    if message.status == 'stopped':
        return f'<p class="cw-line cw-close"><small>{escape(_("Stopped"))}</small> {again}</p>'
    return ''


def _card_html(card: CardView, may_write: bool) -> str:
    if card.type == 'outline':
        title, changes = _('The outline would change'), _outline_changes(card)
    elif card.kind == 'new_block':
        title = _('New in lesson {lesson}: {kind}', lesson=card.where, kind=_kind(card.type))
        changes = diff_html('', as_text(card.type, card.content))
    else:
        title = _('Lesson {lesson}: {kind}', lesson=card.where, kind=_kind(card.type))
        changes = diff_html(as_text(card.type, card.current or {}), as_text(card.type, card.content))
    return (
        f'<section class="cw-chat-card" aria-label="{escape(title)}"><p>{escape(title)}</p>{changes}'
        f'<p class="cw-line cw-close">{_choices(card, may_write)}</p></section>'
    )


def _kind(type: str) -> str:
    return {'text': _('text'), 'slide': _('slide'), 'question': _('question')}.get(type, type)


def _outline_changes(card: CardView) -> str:
    return changes_html(Outline.model_validate(card.current), Outline.model_validate(card.content))


def _choices(card: CardView, may_write: bool) -> str:
    of = f'{card.kind} {card.id} {card.hash}'
    if card.status == 'open':
        if not may_write:
            return f'<small>{escape(_("Waits for somebody who may write."))}</small>'
        decline = button_html(_('Decline'), 'decline', of, kind='quiet')
        if card.stale:
            return f'<small>{escape(_("It changed since; ask again."))}</small> {decline}'
        return f'{button_html(_("Accept"), "accept", of, kind="primary", icon="check")} {decline}'
    words = {
        'accepted': _('Accepted by {name}', name=card.decider),
        'declined': _('Declined by {name}', name=card.decider),
        'undone': _('Taken back by {name}', name=card.decider),
    }[card.status]
    undo = button_html(_('Undo'), 'undo', of, kind='quiet') if may_write and card.status == 'accepted' else ''
    return f'<small>{escape(words)}</small> {undo}'

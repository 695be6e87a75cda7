"""Threads as they are read: the words they are about, who said what and when, and what can be done."""

import re
from collections.abc import Sequence
from uuid import UUID

from components.avatar import avatar_html
from components.button import button_html
from components.i18n import _, ngettext, when_html
from components.markup import attributes, escape, icon
from services.conversation.views import MessageView, ThreadView

REPLY, RESOLVE, REOPEN, GO = 'thread:reply', 'thread:resolve', 'thread:reopen', 'thread:go'
EDIT, DELETE, EARLIER, SHEET = 'message:edit', 'message:delete', 'message:earlier', 'thread:sheet'


def threads_html(
    threads: Sequence[ThreadView], *, me: UUID, may_speak: bool, places: dict[UUID, str], goes: bool = True
) -> str:
    """Open ones in full, resolved ones folded. `places` says where a thread is, for a list of threads of all blocks:
    a click on it calls `on_act('thread:go', thread id)`, if it `goes` there."""
    return ''.join(
        thread_html(one, me=me, may_speak=may_speak, place=places.get(one.id, ''), goes=goes) for one in threads
    )


def thread_html(thread: ThreadView, *, me: UUID, may_speak: bool, place: str = '', goes: bool = True) -> str:
    said = ''.join(_message(thread, one, me=me, may_speak=may_speak) for one in thread.messages if _shown(thread, one))
    where = ''
    if place:
        given = attributes(type='button', class_='cw-link cw-thread-place', data_act=GO, data_of=str(thread.id))
        where = (
            f'<button{given}>{escape(place)}</button>'
            if thread.there and goes
            else (f'<span class="cw-thread-place">{escape(place)}</span>')
        )
    body = f'{where}{_quote(thread)}{said}{_choices(thread, may_speak)}'
    name = attributes(role='group', aria_label=_('Thread begun by {name}', name=thread.messages[0].author))
    if thread.open:
        return f'<div class="cw-thread-box"{name}>{body}</div>'
    words = next((one.text for one in thread.messages if one.text), '')
    cut = words if len(words) <= 60 else f'{words[:60]} …'
    head = (
        f'<span class="cw-status cw-ok">{icon("check_circle", "cw-i-s")}<span>{escape(_("Resolved"))}</span></span>'
        f'<span class="cw-cut">{escape(cut)}</span>'
    )
    return (
        f'<details class="cw-thread-box cw-thread-done"{name}><summary class="cw-line cw-close">{head}</summary>'
        f'{body}</details>'
    )


def open_chip_html(open_ones: int, all_of_them: int, of: str) -> str:
    """On a phone the threads of a block are a button, which opens them as a sheet."""
    words = (
        ngettext('{n} open thread', '{n} open threads', open_ones)
        if open_ones
        else ngettext('{n} resolved thread', '{n} resolved threads', all_of_them)
    )
    return f'<span class="cw-thread-chip">{button_html(words, SHEET, of, icon="chat_bubble")}</span>'


def text_html(text: str, names: Sequence[str]) -> str:
    """Plain text with its line breaks; who is named in it stands out."""
    html = escape(text)
    for name in sorted(set(names), key=len, reverse=True):
        html = re.sub(f'@{re.escape(escape(name))}', lambda found: f'<b class="cw-mention">{found[0]}</b>', html,
                      flags=re.IGNORECASE)  # fmt: skip
    return html


def _shown(thread: ThreadView, message: MessageView) -> bool:
    return not message.withdrawn or message is thread.messages[0]


def _quote(thread: ThreadView) -> str:
    if not thread.quote:
        return ''
    if thread.anchored:
        return f'<p class="cw-thread-quote"><q>{escape(thread.quote)}</q></p>'
    words = escape(_('on earlier words:'))
    return f'<p class="cw-thread-quote cw-earlier">{words} <q>{escape(thread.quote)}</q></p>'


def _message(thread: ThreadView, message: MessageView, *, me: UUID, may_speak: bool) -> str:
    if message.withdrawn:
        words = _('{name} deleted this comment.', name=message.author)
        return f'<div class="cw-comment cw-withdrawn"><span></span><p>{escape(words)}</p></div>'
    if message.kind == 'answer':
        return _answer(message)
    about = escape(_('sent it back')) + ' ' if message.kind == 'sent_back' else ''
    edited = ''
    if message.edited_at is not None:
        given = attributes(type='button', class_='cw-link', data_act=EARLIER, data_of=str(message.id))
        edited = f' <button{given}>{escape(_("edited"))}</button>'
    mine = ''
    if may_speak and message.author_id == me:
        own = _small(_('Edit'), EDIT, message.id) + _small(_('Delete'), DELETE, message.id)
        mine = f'<span class="cw-own">{own}</span>'
    return (
        f'<div class="cw-comment">{avatar_html(message.author)}<p><b class="cw-name">{escape(message.author)}</b> '
        f'<small>{about}{when_html(message.at)}{edited}</small>{mine}</p>'
        f'<div class="cw-said-text">{text_html(message.text, message.mentions)}</div></div>'
    )


def _answer(message: MessageView) -> str:
    words = message.text or _('Written again; the changes are marked above.')
    sign = f'<span class="cw-avatar cw-ground-plain" aria-hidden="true">{icon("edit_note", "cw-i-s")}</span>'
    return (
        f'<div class="cw-comment cw-draft-answer">{sign}<p><b class="cw-name">{escape(_("Next draft"))}</b> '
        f'<small>{escape(message.author)}, {when_html(message.at)}</small></p>'
        f'<div class="cw-said-text">{escape(words)}</div></div>'
    )


def _choices(thread: ThreadView, may_speak: bool) -> str:
    if not may_speak:
        return ''
    of = str(thread.id)
    settle = (
        button_html(_('Resolve'), RESOLVE, of, icon='check')
        if thread.open
        else button_html(_('Open again'), REOPEN, of, icon='history')
    )
    return f'<p class="cw-line cw-close cw-thread-acts">{button_html(_("Reply"), REPLY, of, kind="quiet")}{settle}</p>'


def _small(words: str, act: str, of: UUID) -> str:
    return (
        f'<button{attributes(type="button", class_="cw-link", data_act=act, data_of=str(of))}>{escape(words)}</button>'
    )

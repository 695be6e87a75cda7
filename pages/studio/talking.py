"""What people do in threads, wherever these are shown: under a block, in the sheet of a phone, beside the outline."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from nicegui import app as site

from components import thread_view
from components.action import action
from components.dialog import dialog
from components.i18n import _, when_html
from components.markup import escape, markup
from components.notice import toast, warn
from components.thread_composer import thread_composer
from pages.studio.part import Desk
from services.conversation.threads import may_speak
from services.conversation.views import MessageView, ThreadView

Send = Callable[[str], Awaitable[object]]
Doing = Callable[[Desk, 'Talks', str], Awaitable[None]]


class Talks(Protocol):
    def compose(self, label: str, *, do: str, send: Send, value: str = '', key: str = '') -> None:
        """Opens a place to write in; `key` is where unsent words are kept."""
        ...


def composer(
    desk: Desk,
    label: str,
    *,
    do: str,
    send: Send,
    key: str,
    done: Callable[[], object] | None,
    value: str = '',
    focus: bool = True,
) -> thread_composer:
    """Made where it is called. What was typed under this key and never sent stands in it again."""
    kept: dict[str, str] = site.storage.tab.setdefault('unsent', {})

    def keep(words: str) -> None:
        if words:
            kept[key] = words
        else:
            kept.pop(key, None)

    return thread_composer(
        label,
        do=do,
        send=taking(send),
        names=names_of(desk),
        done=done,
        keep=keep,
        value=kept.get(key) or value,
        focus=focus,
    )


def taking(send: Send) -> Callable[[str], Awaitable[bool]]:
    """Says whether it was taken; a refusal is shown, and the words stay where they are."""

    async def take(words: str) -> bool:
        taken = False

        async def attempt() -> None:
            nonlocal taken
            await send(words)
            taken = True

        await action(attempt)()
        return taken

    return take


def names_of(desk: Desk) -> Callable[[], Awaitable[Sequence[str]]]:
    """Whom a comment may name; asked for once."""
    names: list[str] = []

    async def colleagues() -> Sequence[str]:
        if not names:
            found = await desk.services.threads.colleagues(desk.viewer, desk.workflow.id)
            names[:] = dict.fromkeys(one.name for one in found)
        return names

    return colleagues


def begin(desk: Desk, talks: Talks, *, block_id: UUID, quote: str = '', proposal_id: UUID | None = None) -> None:
    async def send(words: str) -> None:
        await desk.services.threads.begin(
            desk.viewer, desk.workflow.id, words, block_id=block_id, quote=quote, proposal_id=proposal_id
        )

    cut = quote if len(quote) <= 80 else f'{quote[:80]} …'
    label = _('Comment on “{words}”', words=cut) if quote else _('Comment on this block')
    talks.compose(label, do=_('Comment'), send=send, key=f'{block_id} {quote} {proposal_id or ""}')


def threads_html(
    desk: Desk, threads: Sequence[ThreadView], places: Mapping[UUID, str] | None = None, *, goes: bool = True
) -> str:
    return thread_view.threads_html(
        threads, me=desk.viewer.user_id, may_speak=may_speak(desk.viewer), places=dict(places or {}), goes=goes
    )


async def _reply(desk: Desk, talks: Talks, of: str) -> None:
    thread = next((one for one in desk.threads if str(one.id) == of), None)
    if thread is None:
        return

    async def send(words: str) -> None:
        await desk.services.threads.say(desk.viewer, UUID(of), words)

    talks.compose(_('Answer {name}', name=thread.messages[-1].author), do=_('Reply'), send=send, key=of)


@action
async def _resolve(desk: Desk, _talks: Talks, of: str) -> None:
    await desk.services.threads.resolve(desk.viewer, UUID(of))
    toast(_('Resolved.'), undo=action(lambda: desk.services.threads.reopen(desk.viewer, UUID(of))))


@action
async def _reopen(desk: Desk, _talks: Talks, of: str) -> None:
    await desk.services.threads.reopen(desk.viewer, UUID(of))


async def _edit(desk: Desk, talks: Talks, of: str) -> None:
    message = _message(desk, of)
    if message is None:
        return

    async def send(words: str) -> None:
        await desk.services.threads.edit(desk.viewer, UUID(of), words)

    talks.compose(_('Change your comment'), do=_('Save'), send=send, value=message.text, key=of)


@action
async def _delete(desk: Desk, _talks: Talks, of: str) -> None:
    await desk.services.threads.withdraw(desk.viewer, UUID(of))
    words = _('Your comment is deleted.')
    toast(words, undo=action(lambda: desk.services.threads.restore(desk.viewer, UUID(of))))


async def _earlier(desk: Desk, _talks: Talks, of: str) -> None:
    message = _message(desk, of)
    if message is None:
        warn(_('This comment is no longer there.'))
        return
    html = ''.join(
        f'<div class="cw-comment"><span></span><p><small>{when_html(one.at)}</small></p>'
        f'<div class="cw-said-text">{escape(one.text)}</div></div>'
        for one in message.earlier
    )
    with dialog(_('What this comment said before')) as box:
        markup(html, classes='cw-stack')
    box.open()


def _message(desk: Desk, of: str) -> MessageView | None:
    return next((one for thread in desk.threads for one in thread.messages if str(one.id) == of), None)


DOINGS: dict[str, Doing] = {
    thread_view.REPLY: _reply,
    thread_view.RESOLVE: _resolve,
    thread_view.REOPEN: _reopen,
    thread_view.EDIT: _edit,
    thread_view.DELETE: _delete,
    thread_view.EARLIER: _earlier,
}

"""Writing a block again by instruction: the dialog, how far it is, and how it ended."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID
from weakref import WeakKeyDictionary

from nicegui import Client, context, ui

from components.action import action, sentence
from components.avatar import avatar_html
from components.button import button, button_html
from components.dialog import dialog
from components.field import text_area
from components.i18n import _
from components.live import live, live_stream
from components.markup import attributes, escape, markup
from components.notice import toast, warn
from components.status import status_html
from pages.studio.drafted import as_text, opening
from pages.studio.part import Desk
from services.errors import InvalidInput
from services.generation.block_views import BlockView
from services.generation.regeneration import RegenerationView
from services.viewer import Permission

if TYPE_CHECKING:
    from pages.studio.block_card import BlockCard

_AGAIN, _SEEN, _RETRY = 'again:open', 'again:seen', 'again:retry'
_watched: WeakKeyDictionary[Client, set[UUID]] = WeakKeyDictionary()


def offered(desk: Desk, _view: BlockView) -> bool:
    return desk.may(Permission.DRAFT_WRITE)


async def load(desk: Desk) -> Mapping[UUID, str]:
    found: dict[UUID, str] = {}
    for one in await desk.services.regenerations.waiting(desk.viewer, desk.workflow.id):
        if one.is_running:
            watch(desk, one)
        if one.block_id is not None:
            found[one.block_id] = found.get(one.block_id, '') + _html(desk, one)
    return found


async def open_dialog(desk: Desk, card: 'BlockCard', _of: str) -> None:
    """Asks what should be different, for this block or for the whole lesson."""
    shown = card.view
    with dialog(_('Write this block again'), opening(shown.type, shown.content)) as box:
        words = text_area(
            _('What should be different'), rows=2, limit=1000,
            help=_('Only this block changes. It waits for approval again, and you can undo it.'),
        )  # fmt: skip

        def use(_act: str, of: str) -> None:
            words.value = of
            words.focus()

        markup(_chips(desk, shown), classes='cw-line cw-close', on_act=use).props('role=group')
        whole = ui.checkbox(_('All blocks of this lesson'))

    @action
    async def ask() -> None:
        try:
            await _ask(desk, shown, str(words.value or ''), whole=bool(whole.value))
        except InvalidInput as error:
            words.error = sentence(error)
        else:
            box.close()

    words.control.on('keydown.ctrl.enter', ask)
    with box.foot:
        button(_('Cancel'), on_click=box.close)
        button(_('Write again'), kind='primary', icon='auto_awesome', on_click=ask)
    box.open()
    words.focus()


async def _ask(desk: Desk, shown: BlockView, words: str, *, whole: bool) -> None:
    again, viewer = desk.services.regenerations, desk.viewer
    if not whole:
        watch(desk, await again.ask(viewer, shown.id, shown.hash, words))
        return
    draft = await desk.services.reading.draft(viewer, desk.workflow.id)
    lesson = next(lesson for module in draft.modules for lesson in module.lessons if lesson.id == shown.lesson_id)
    hashes = {block.id: block.hash for block in lesson.blocks}
    for one in await again.ask_lesson(viewer, lesson.id, hashes, words):
        watch(desk, one)


def watch(desk: Desk, asked: RegenerationView) -> None:
    """Shows its words as they come, and says once how it ended. Watching the same twice does nothing."""
    known = _watched.setdefault(context.client, set())
    if asked.id in known:
        return
    known.add(asked.id)
    ended = False

    async def look() -> None:
        nonlocal ended
        now = await desk.services.regenerations.get(desk.viewer, asked.id)
        if not now.is_running and not ended:
            ended = True
            _say_end(desk, now)

    owner, bus = context.client.content, desk.services.bus
    live_stream(owner, bus, f'live:{asked.id}', lambda payload: _show_words(asked.id, payload))
    live(owner, bus, f'regeneration:{asked.id}', look)
    ui.timer(0.1, look, once=True)  # it may have ended before anybody listened


def _say_end(desk: Desk, ended: RegenerationView) -> None:
    if ended.asker_id != desk.viewer.user_id:
        return
    proposals, blocks, viewer, key = desk.services.proposals, desk.services.blocks, desk.viewer, ended.proposal_id
    if ended.status == 'ready' and key is None and ended.block_id is not None:
        new = ended.block_id
        toast(_('The new block is at the end of the lesson.'), undo=action(lambda: blocks.remove(viewer, new)))
    elif ended.status == 'ready' and ended.applied and key is not None:
        toast(_('Written again. The block waits for approval.'), undo=action(lambda: proposals.undo(viewer, key)))
    elif ended.status == 'ready':
        toast(_('The block changed meanwhile. The new words stand below it, for you to decide.'))
    elif ended.status == 'unchanged':
        toast(ended.answer or _('The author found nothing to change. The block stays as it is.'))
    elif ended.error:
        warn(ended.error)


def _show_words(regeneration_id: UUID, payload: Any) -> None:
    draft = payload.get('draft') if isinstance(payload, dict) else None
    blocks = [one for one in (draft or {}).get('blocks') or [] if isinstance(one, dict)]
    if not blocks:
        return
    type = str(blocks[-1].get('type') or 'text')
    try:
        words = as_text(type, blocks[-1])
    except (KeyError, TypeError, AttributeError):
        return  # too little of it has come
    place = f'again-{regeneration_id}'
    ui.run_javascript(
        f'{{const e = document.getElementById({json.dumps(place)}); if (e) e.textContent = {json.dumps(words)}}}'
    )


def _html(desk: Desk, one: RegenerationView) -> str:
    asked = _('asks for it again: “{instruction}”', instruction=one.instruction)
    head = f'{avatar_html(one.asker)}<p><b class="cw-name">{escape(one.asker)}</b> <small>{escape(asked)}</small></p>'
    if one.is_running:
        body = f'<div>{status_html("working", _("Being written again"))}</div>'
        words = f'<p class="cw-unfinished cw-small-text" id="again-{one.id}"></p>'
        return f'<div class="cw-reply cw-proposal"><div class="cw-comment">{head}{body}</div>{words}</div>'
    said = one.error if one.status == 'failed' else one.answer or _('The author found nothing to change.')
    choices = ''
    if desk.may(Permission.DRAFT_WRITE):
        if one.status == 'failed':
            choices += button_html(_('Try again'), _RETRY, str(one.id), icon='refresh') + ' '
        choices += button_html(_('Dismiss'), _SEEN, str(one.id), kind='quiet')
    return (
        f'<div class="cw-reply cw-proposal"><div class="cw-comment">{head}<div>{escape(said or "")}</div></div>'
        f'<p class="cw-line cw-close">{choices}</p></div>'
    )


def _chips(desk: Desk, shown: BlockView) -> str:
    return ''.join(
        f'<button{attributes(type="button", class_="cw-chip", data_act="use", data_of=words)}>{escape(words)}</button>'
        for words in _instructions(desk, shown)
    )


def _instructions(desk: Desk, shown: BlockView) -> Sequence[str]:
    """What is usually asked of a block of this type."""
    audience = desk.workflow.audience[:1].lower() + desk.workflow.audience[1:60]
    fitted = [_('For {audience}', audience=audience)] if audience else []
    if shown.type == 'question':
        kinds = [_('Harder distractors')] if shown.content.get('kind') in ('single', 'multiple') else []
        return [*kinds, _('Another question'), _('True or false instead'), *fitted]
    if shown.type == 'slide':
        return [_('Fewer points'), _('More points'), _('Simpler'), *fitted]
    if shown.type == 'lab':
        return [_('Simpler'), _('Harder'), _('More hints'), *fitted]
    return [_('Shorter'), _('Simpler'), _('More examples'), _('Longer'), *fitted]


@action
async def _retry(desk: Desk, _card: 'BlockCard', of: str) -> None:
    known = _watched.setdefault(context.client, set())
    known.discard(UUID(of))
    watch(desk, await desk.services.regenerations.again(desk.viewer, UUID(of)))


@action
async def _seen(desk: Desk, _card: 'BlockCard', of: str) -> None:
    await desk.services.regenerations.dismiss(desk.viewer, UUID(of))


ACTS: dict[str, Callable[[Desk, 'BlockCard', str], Awaitable[None]]] = {_RETRY: _retry, _SEEN: _seen}


async def undo_last(desk: Desk, block: BlockView) -> Callable[..., Awaitable[None]] | None:
    """What undoes the change that the block shows now, if a proposal made it."""
    made = await desk.services.proposals.of_block(desk.viewer, block.id)
    last = next((one.id for one in made if one.status == 'accepted' and one.content == block.content), None)
    return None if last is None else action(lambda: desk.services.proposals.undo(desk.viewer, last))

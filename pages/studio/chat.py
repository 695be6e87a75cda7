"""The conversation about a draft: a sheet at the side that stays open while people work."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from nicegui import app as site
from nicegui import ui

from components.action import action
from components.button import button, icon_button
from components.dialog import dialog
from components.empty_state import empty_state
from components.field import text_area
from components.i18n import _
from components.keyboard import shortcuts
from components.live import live, live_stream, refresh_later
from components.markup import escape, markup
from components.notice import toast
from components.source_page import source_page
from components.switch_field import switch_field
from pages.studio.chat_messages import ONGOING, cite_of, message_html, messages_html
from pages.studio.part import Desk
from services.chat.answering import streaming, topic
from services.chat.service import LONGEST_MESSAGE
from services.chat.views import MessageView
from services.viewer import Permission

_STAGES = ('outline', 'content')


class Chat:
    """Outside the parts of the studio, so that it outlives them. `toggle` opens and closes it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._messages: Sequence[MessageView] = ()
        self._so_far: dict[str, str] = {}
        self._may_write = desk.may(Permission.DRAFT_WRITE)
        self._may_ask = self._may_write or desk.may(Permission.DRAFT_APPROVE)
        self._open = self._begun = False
        self._unsent = f'chat {desk.workflow.id}'
        with ui.element('aside').classes('cw-chat').props('tabindex=-1') as self._sheet:
            self._sheet.props['aria-label'] = _('Conversation about this draft')
            self._sheet.on('keydown.esc', self.close)
            with ui.element('div').classes('cw-chat-head'):
                title, words = _('Talk about this draft'), _('Nothing changes until somebody accepts it.')
                markup(f'<h2>{escape(title)}</h2><p>{escape(words)}</p>')
                icon_button('close', _('Close the conversation'), on_click=self.close)
            with ui.element('div').classes('cw-chat-log').props('tabindex=0 role=log') as self._scroll:
                self._scroll.props['aria-label'] = _('What was said')
                self._empty = ui.element('div')
                self._log = markup(on_act=self._act)
                self._live = markup(classes='cw-chat-ai', on_act=self._act)
            if self._may_ask:
                self._build_foot()
        shortcuts({'i': self.toggle})
        desk.open_chat = self.toggle

    def _build_foot(self) -> None:
        with ui.element('form').classes('cw-chat-foot cw-stack cw-tight'):
            self._field = text_area(
                _('Ask, or say what should change'), rows=2, limit=LONGEST_MESSAGE,
                placeholder=_('Make lesson 2 shorter'), on_change=self._keep,
            )  # fmt: skip
            self._field.control.on('keydown.enter', self._send, js_handler=_ENTER)
            with ui.element('div').classes('cw-line'):
                self._for_people = switch_field(_('For people only'))
                button(_('Send'), kind='primary', icon='send', small=True, on_click=self._send)

    async def toggle(self) -> None:
        if self._open:
            self.close()
            return
        self._sheet.classes('cw-open')
        self._open = True
        if not self._begun:
            self._begin()
        if self._may_ask:
            self._field.control.run_method('focus')

    def _begin(self) -> None:
        self._begun = True
        bus, key = self._desk.services.bus, self._desk.workflow.id
        live(self._sheet, bus, topic(key), self._refresh)
        live(self._log, bus, f'workflow:{key}', self._refresh)
        live_stream(self._sheet, bus, streaming(key), self._hear)
        refresh_later(self._sheet, self._refresh)
        if self._may_ask:
            self._field.value = site.storage.tab.get(self._unsent, '')

    def _keep(self, words: str) -> None:
        site.storage.tab[self._unsent] = words

    def close(self) -> None:
        self._open = False
        self._sheet.classes(remove='cw-open')

    @action
    async def _refresh(self) -> None:
        self._messages = await self._desk.services.chat.messages(self._desk.viewer, self._desk.workflow.id)
        self._empty.clear()
        if not self._messages:
            with self._empty:
                empty_state(
                    _('Nobody has said anything yet'),
                    _('Ask what the sources say, or for a change: “add a question on valves to lesson 2”.'),
                    art=False,
                )
        ongoing = [one for one in self._messages if one.status in ONGOING]
        settled = [one for one in self._messages if one.status not in ONGOING]
        self._log.show(messages_html(settled, may_ask=self._may_ask, may_write=self._may_write))
        self._so_far = {key: words for key, words in self._so_far.items() if key in {str(one.id) for one in ongoing}}
        self._show_ongoing(ongoing)
        self._scroll_down()

    def _hear(self, payload: Any) -> None:
        """A piece of an answer; None after a gap: the next piece holds all that came before."""
        if isinstance(payload, dict):
            self._so_far[str(payload.get('message'))] = str(payload.get('say', ''))
            self._show_ongoing([one for one in self._messages if one.status in ONGOING])
            self._scroll_down()

    def _show_ongoing(self, ongoing: Sequence[MessageView]) -> None:
        self._live.show(
            ''.join(
                message_html(one, self._may_ask, self._may_write, words=self._so_far.get(str(one.id), ''))
                for one in ongoing
            )
        )

    def _scroll_down(self) -> None:
        ui.run_javascript(
            f'setTimeout(() => {{ const log = getHtmlElement({self._scroll.id}); if (log)'
            ' log.scrollTop = log.scrollHeight; }, 30)'
        )

    @action
    async def _send(self) -> None:
        words, desk = str(self._field.value or ''), self._desk
        lesson = UUID(desk.lesson) if desk.lesson and desk.workflow.stage == 'content' else None
        await desk.services.chat.say(
            desk.viewer, desk.workflow.id, words, lesson_id=lesson, to_ai=not self._for_people.value
        )
        self._field.value = ''  # only now: what was refused stays to be mended

    @action
    async def _act(self, act: str, of: str) -> None:
        chat, viewer = self._desk.services.chat, self._desk.viewer
        if act == 'cite':
            await self._open_source(of)
        elif act == 'stop':
            await chat.stop(viewer, UUID(of))
        elif act == 'again':
            await chat.try_again(viewer, UUID(of))
        elif act in ('accept', 'decline', 'undo'):
            await self._decide(act, of)

    async def _decide(self, act: str, of: str) -> None:
        kind, key, shown = f'{of}  '.split(' ')[:3]
        viewer, card_id = self._desk.viewer, UUID(key)
        service: Any = self._desk.services.proposals if kind == 'block' else self._desk.services.chat
        if act == 'accept':
            await service.accept(viewer, card_id, shown)
            words = _('The draft says this now. It waits for approval.')
            toast(words, undo=action(lambda: service.undo(viewer, card_id)))
        elif act == 'decline':
            await service.decline(viewer, card_id)
        else:
            await service.undo(viewer, card_id)
        await self._refresh()

    async def _open_source(self, of: str) -> None:
        cite = cite_of(self._messages, of)
        if cite is None:
            return
        page = await self._desk.services.blocks.source_page(self._desk.viewer, cite.document_id, cite.page)
        with dialog(page.document_name, _('Page {n} of {total}', n=page.page, total=page.pages), wide=True) as box:
            source_page(page.text, document=page.document_name, page=page.page, spans=[(cite.start, cite.end)])
        box.open()


def chat_button(desk: Desk) -> None:
    """In the head of a part: opens the conversation, as the key I does."""
    if desk.workflow.stage in _STAGES:
        opener = button(_('Talk'), icon='forum', on_click=lambda: desk.open_chat())
        opener.props['aria-keyshortcuts'] = 'i'


_ENTER = """(event) => {
    if (event.shiftKey || event.isComposing) return;
    event.preventDefault();
    setTimeout(emit, 60);
}"""

"""A block being written in: the lock that others see, the form, words kept as typed, and what happens when somebody
else saved first."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

from nicegui import background_tasks, ui

from components.action import action, sentence
from components.button import button, button_html
from components.dialog import confirm
from components.diff_view import diff_html
from components.i18n import _
from components.live import live, when_deleted
from components.markup import escape, markup
from components.notice import notice_html, toast
from pages.studio.block_form import BlockForm, block_form
from pages.studio.drafted import as_text
from pages.studio.part import Desk
from pages.studio.unsaved import kept_at
from services.editing.locks import BlockIsBeingWritten, topic
from services.errors import InvalidInput, NotFound, PlatformError
from services.generation.block_views import BlockView
from services.generation.blocks import BlockChanged

_SIGN_SECONDS = 30.0
Done = Callable[[BlockView | None], Awaitable[None]]


class BlockWriting:
    """Made where the block's words stand; `done` hears the saved block, or None where nothing was saved."""

    def __init__(self, desk: Desk, view: BlockView, *, done: Done) -> None:
        self._desk, self._done = desk, done
        self.view, self._base_hash = view, view.hash
        self._holder = uuid4().hex
        self._form: BlockForm | None = None
        self._said_changed = False
        self._editing = desk.services.editing
        with ui.element('div').classes('cw-stack cw-tight cw-editing') as self._box:
            self._lock = markup()
            self._notice = markup(on_act=self._settle)
            self._place = ui.element('div').classes('cw-stack cw-tight')

    async def open(self, *, over: bool = False, focus: bool = True) -> None:
        try:
            await self._editing.locks.take(self._desk.viewer, self.view.id, self._holder, over=over)
        except BlockIsBeingWritten as error:
            self._say_taken(sentence(error))
            return
        except PlatformError as error:
            self._notice.show(notice_html(sentence(error), tone='bad', extra_html=button_html(_('Close'), 'wait')))
            return
        live(self._box, self._desk.services.bus, topic(self.view.id), self._look_at_lock)
        with self._box:
            ui.timer(_SIGN_SECONDS, self._sign, immediate=False)
        when_deleted(self._box, self._let_go)
        content = self.view.content
        with suppress(NotFound):
            mine = await self._editing.unsaved.get(self._desk.viewer, self.view.id)
            content, self._base_hash = mine.content, mine.base_hash or self.view.hash
            self._notice.show(notice_html(_('These are your words from before, not saved yet.'), tone='info'))
        self._build(content, focus=focus)
        if self._base_hash != self.view.hash:
            self._say_changed()

    def changed(self, view: BlockView) -> None:
        """Somebody did something to the block; what is being written stays."""
        self.view = view
        if view.hash != self._base_hash and self._form is not None and not self._said_changed:
            self._say_changed()

    def _build(self, content: dict[str, Any], *, focus: bool = True) -> None:
        self._place.clear()
        with self._place:
            place = kept_at(self._desk, self.view.id, self._base_hash)
            self._form = block_form(self.view.type, content, self._keep_soon, place, save=self.save, focus=focus)
            self._kept = markup('', classes='cw-saved').props('role=status')
            with ui.element('div').classes('cw-line cw-close'):
                button(_('Save'), kind='primary', icon='check', small=True, on_click=self.save)
                button(_('Later'), small=True, on_click=self._close_and_keep)
                button(_('Discard'), kind='quiet', small=True, on_click=self._discard)

    async def save(self) -> None:
        if self._form is None:
            return
        form, desk = self._form, self._desk
        try:
            typed = await form.finish()
            saved = await desk.services.blocks.edit(desk.viewer, self.view.id, self._base_hash, typed)
        except BlockChanged:
            self._said_changed = False
            self._say_changed()
            form.go_on()
        except PlatformError as error:
            self._notice.show(notice_html(sentence(error), tone='bad'))
            form.go_on()
        else:
            await self._leave(saved)

    async def _leave(self, saved: BlockView | None, *, forget: bool = True) -> None:
        form, self._form = self._form, None
        if forget and form is not None:
            await form.forget()
            await self._editing.unsaved.discard(self._desk.viewer, self.view.id)
        await self._done(saved)

    @action
    async def _close_and_keep(self) -> None:
        if self._form is not None:
            content = await self._form.finish()
            if content != self.view.content:
                await self._keep(content)
            else:
                await self._editing.unsaved.discard(self._desk.viewer, self.view.id)
        await self._leave(None, forget=False)

    @action
    async def _discard(self) -> None:
        """Not for good: what was typed can be taken back for a while."""
        assert self._form is not None
        viewer, place, base_hash = self._desk.viewer, self.view.id, self._base_hash
        try:
            content = await self._form.finish()
        except InvalidInput:  # too much for a block, but kept as it was typed
            content = (await self._editing.unsaved.get(viewer, place)).content
        if content != self.view.content:
            keep = self._editing.unsaved.keep

            async def take_back() -> None:
                await keep(viewer, place, base_hash, content)
                await self._desk.look()

            toast(_('What you typed is discarded.'), undo=action(take_back))
        await self._leave(None)

    def _keep_soon(self) -> None:
        background_tasks.create(self._keep_fields(), name='keep unsaved words')

    async def _keep_fields(self) -> None:
        if self._form is None:
            return
        try:
            await self._keep(await self._form.finish())
        except PlatformError as error:
            self._kept.show(escape(sentence(error)))
        else:
            if not self._kept.is_deleted:
                self._kept.show(escape(_('Saved as typed')))

    async def _keep(self, content: dict[str, Any]) -> None:
        await self._editing.unsaved.keep(self._desk.viewer, self.view.id, self._base_hash, content)

    async def _sign(self) -> None:
        with suppress(PlatformError):
            if await self._editing.locks.sign(self._desk.viewer, self.view.id, self._holder) is None:
                await self._look_at_lock()

    async def _look_at_lock(self) -> None:
        """Says who took over; takes a lock that ran out again. A page without its browser asks for nothing."""
        if not self._box.client.has_socket_connection:
            return
        lock = await self._editing.locks.get(self._desk.viewer, self.view.id)
        if lock is None and self._form is not None:
            with suppress(PlatformError):
                await self._editing.locks.take(self._desk.viewer, self.view.id, self._holder)
            self._lock.show('')
        elif lock is not None and lock.holder != self._holder and self._form is not None:
            mine = lock.user_id == self._desk.viewer.user_id
            words = (
                _('You are writing in this block in another window too. Save in one of them first.')
                if mine
                else _('{name} writes here now. Your words are kept, and you can still save them.', name=lock.name)
            )
            self._lock.show(notice_html(words, tone='warn'))

    def _let_go(self) -> None:
        async def release() -> None:
            with suppress(PlatformError):
                await self._editing.locks.release(self._desk.viewer, self.view.id, self._holder)

        background_tasks.create(release(), name='release lock')

    def _say_taken(self, words: str) -> None:
        choices = button_html(_('Take over'), 'over', kind='link') + ' ' + button_html(_('Wait'), 'wait', kind='link')
        self._notice.show(notice_html(words, tone='info', extra_html=f'<span class="cw-line">{choices}</span>'))

    def _say_changed(self) -> None:
        self._said_changed = True
        words = _('Somebody changed this block while you were writing. Your words are still here.')
        choices = button_html(_('Put both together'), 'both', kind='link') + ' '
        choices += button_html(_('See the difference'), 'compare', kind='link') + ' '
        choices += button_html(_('Keep mine'), 'mine', kind='link') + ' '
        choices += button_html(_('Take theirs'), 'theirs', kind='link')
        self._notice.show(notice_html(words, tone='warn', extra_html=f'<span class="cw-line">{choices}</span>'))

    @action
    async def _settle(self, act: str, of: str) -> None:
        match act:
            case 'wait':
                await self._done(None)
            case 'over':
                await self._take_over()
            case 'theirs':
                await self._discard()
            case 'mine':
                self._base_hash = self.view.hash
                await self.save()
            case 'both':
                await self._put_together()
            case 'compare':
                await self._compare()

    async def _take_over(self) -> None:
        lock = await self._editing.locks.get(self._desk.viewer, self.view.id)
        words = _('{name} is told, and keeps what is typed there.', name=lock.name if lock else '')
        if lock is None or lock.idle or await confirm(_('Take over?'), words, do=_('Take over')):
            self._notice.show('')
            await self.open(over=True)

    async def _put_together(self) -> None:
        assert self._form is not None
        typed = await self._form.finish()
        merge = await self._editing.merges.merge(self._desk.viewer, self.view.id, self._base_hash, typed)
        if merge.content is None:
            self._form.go_on()
            toast(_('You both changed the same place. Compare, then decide.'))
            await self._compare()
            return
        self._base_hash, self._said_changed = merge.hash, False
        await self._keep(merge.content)
        self._build(merge.content)
        words = _('Both changes are in the text now. Read it once more, then save.')
        self._notice.show(notice_html(words, tone='info'))

    async def _compare(self) -> None:
        assert self._form is not None
        typed = await self._form.finish()
        self._form.go_on()
        theirs, mine = as_text(self.view.type, self.view.content), as_text(self.view.type, typed)
        changes = await asyncio.to_thread(diff_html, theirs, mine)
        label = f'<p class="cw-label">{escape(_("From what it says now to what you wrote"))}</p>'
        again = button_html(_('Keep mine'), 'mine') + ' ' + button_html(_('Take theirs'), 'theirs')
        self._notice.show(f'<div class="cw-excerpt">{label}{changes}<p class="cw-line">{again}</p></div>')

"""The outline under review: a tree to edit, the minutes against the ask, and the decision."""

from dataclasses import replace
from uuid import UUID

from nicegui import ui

from components.action import action, sentence
from components.button import button, button_html
from components.card import card
from components.dialog import ask_comment
from components.i18n import _, clock_time, ngettext, seconds
from components.layout import columns, page
from components.live import refresh_later
from components.markup import escape, icon, markup
from components.notice import notice_html, toast
from components.outline_edits import Modules
from components.outline_summary import outline_ruler_html, outline_summary_html
from components.outline_tree import outline_tree
from components.skeleton import skeleton
from pages.reviewers import open_reviewers
from pages.studio.chat import chat_button
from pages.studio.history import history_card
from pages.studio.outline_aside import OutlineAside
from pages.studio.outline_rows import parts_of, to_outline, to_rows, with_comments
from pages.studio.part import Desk
from pages.studio.standing import standing_line
from services.errors import Conflict
from services.generation.views import OutlineView
from services.generation.workflows import OutlineChanged
from services.viewer import Permission


class OutlineReview:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._shown: OutlineView | None = None
        self._hash = ''
        self._wanted: Modules | None = None
        self._saving = self._typing = False
        self._may_write = desk.may(Permission.DRAFT_WRITE)
        desk.here()
        with page() as self._page:
            self._header = desk.header(_('Outline for review'), desk.about(), aside_html='')
            with self._header, ui.element('div').classes('cw-draft-when'):
                self._when = markup(tag='span')
            with self._header.actions:
                chat_button(desk)
                button(_('Reviewers'), icon='group', on_click=action(self._reviewers)).classes('cw-wide-only')
                self._decisions = [
                    button(_('Send back'), icon='undo', on_click=self._send_back),
                    button(_('Approve outline'), kind='primary', icon='check', on_click=self._approve),
                ]
            self._standing = standing_line(desk)
            self._notice = markup(on_act=self._load_newest)
            with columns():
                with card(label=_('Outline'), padded=False):
                    with ui.element('div').classes('cw-card-head'):
                        self._size = markup(classes='cw-head-words')
                        self._sum = markup(tag='span', classes='cw-outline-sum')
                        self._kept = markup(tag='span', classes='cw-saved').props('role=status')
                        if self._may_write:
                            button(_('Module'), icon='add', small=True, on_click=self._add_module)
                    self._ruler = markup(classes='cw-outline-ruler')
                    self._place = ui.element('div')
                    with self._place:
                        skeleton(8)
                self._aside = OutlineAside(desk)
            self._history = history_card(desk)
        self._tree: outline_tree | None = None
        self._offer()
        refresh_later(self._page, self.refresh)

    def _offer(self) -> None:
        """What this person may do here now."""
        review = self._desk.workflow.review
        for one in self._decisions:
            one.set_visibility(self._desk.may_decide)
        self._decisions[1].set_visibility(
            self._desk.may_decide and not (review is not None and review.standing.has_approved)
        )
        self._standing.show()

    async def _reviewers(self) -> None:
        await open_reviewers(self._desk.viewer, self._desk.services, self._desk.workflow.course_id)

    def is_typed_into(self) -> bool:
        return False

    async def refresh(self) -> None:
        drafts = await self._desk.services.workflows.outlines(self._desk.viewer, self._desk.workflow.id)
        if not drafts:
            return
        self._offer()
        await self._history.refresh()
        before = self._waiting()
        self._desk.threads = await self._desk.services.threads.of_workflow(self._desk.viewer, self._desk.workflow.id)
        newest = drafts[-1]
        if newest.hash == self._hash and self._shown is not None:
            await self._aside.show_threads()
            if before != self._waiting() and not (self._typing or self._saving or self._wanted) and self._tree:
                self._tree.show_outline(with_comments(to_rows(self._shown.outline), self._desk.threads))
        if self._saving or self._wanted is not None or newest.hash == self._hash:
            return
        if self._shown is not None and self._typing:
            self._say(_('Somebody else changed this outline while you were typing.'))
            return
        self._show(newest)
        await self._aside.show(drafts)

    def _waiting(self) -> list[UUID | None]:
        return [one.part_id for one in self._desk.threads if one.open]

    def _show(self, draft: OutlineView) -> None:
        self._shown, self._hash = draft, draft.hash
        self._notice.show('')
        self._when.show(escape(
            _('Draft {number}, written {time} in {seconds}', number=draft.number, time=clock_time(draft.written_at),
              seconds=seconds(max(draft.seconds, 1)))
        ))  # fmt: skip
        rows = with_comments(to_rows(draft.outline), self._desk.threads)
        if self._tree is None:
            self._place.clear()
            with self._place:
                self._tree = outline_tree(
                    rows, on_change=self._changed, on_choose=self._aside.choose, frozen=not self._may_write
                )
            self._tree.on(
                'focusin',
                lambda: self._set_typing(True),
                js_handler="(e) => { if (e.target.matches('input')) emit(); }",
            )
            self._tree.on(
                'focusout',
                lambda: self._set_typing(False),
                js_handler="(e) => { if (e.target.matches('input')) emit(); }",
            )
        else:
            self._tree.show_outline(rows)
        self._count(rows)

    def _set_typing(self, typing: bool) -> None:
        self._typing = typing

    def _count(self, rows: Modules) -> None:
        lessons = sum(len(module.lessons) for module in rows)
        asked = self._desk.workflow.hours * 60
        self._sum.show(outline_summary_html(rows, asked_minutes=asked))
        words = [ngettext('{n} module', '{n} modules', len(rows)), ngettext('{n} lesson', '{n} lessons', lessons)]
        self._size.show(f'<h2>{escape(", ".join(words))}</h2>')
        self._ruler.show(outline_ruler_html(rows))

    def _add_module(self) -> object:
        return self._tree.add_module() if self._tree else None

    async def _changed(self, rows: Modules) -> None:
        before = to_rows(self._shown.outline) if self._shown else ()
        gone = parts_of(before) - parts_of(rows)
        self._count(rows)
        self._wanted = rows
        await self._keep()
        if gone:
            toast(_('Deleted from the outline.'), undo=lambda: self._bring_back(before))

    async def _bring_back(self, rows: Modules) -> None:
        if self._tree is not None:
            self._tree.show_outline(rows)
            await self._changed(rows)

    @action
    async def _keep(self) -> None:
        """Saves what the tree shows; edits made meanwhile go with the next save, each bound to the one before."""
        if self._saving or self._shown is None:
            return
        self._saving = True
        try:
            while self._wanted is not None:
                rows, self._wanted = self._wanted, None
                outline = to_outline(rows, self._shown.outline)
                self._kept.show(escape(_('Saving')))
                self._hash = await self._desk.services.workflows.save_outline(
                    self._desk.viewer, self._desk.workflow.id, self._hash, outline
                )
                self._shown = replace(self._shown, outline=outline)
                self._kept.show(f'{icon("cloud_done", "cw-i-xs")} {escape(_("Saved"))}')
        except OutlineChanged as error:
            self._kept.show('')
            self._say(sentence(error))
        finally:
            self._saving = False

    def _say(self, words: str) -> None:
        newest = button_html(_('Load the newest'), 'newest', kind='link')
        self._notice.show(notice_html(words, tone='warn', extra_html=newest))

    async def _load_newest(self, act: str, of: str) -> None:
        self._hash, self._wanted, self._typing = '', None, False
        await self.refresh()

    async def _send_back(self) -> None:
        comment = self._aside.comment
        if not comment:
            asked = await ask_comment(
                _('Send the outline back?'),
                _('The next draft answers your comment. This one is kept.'),
                do=_('Send back'),
                placeholder=_('Name the glove material per solvent class.'),
            )
            if asked is None:
                return
            comment = asked
        await self._decide(approve=False, comment=comment)

    async def _approve(self) -> None:
        await self._decide(approve=True, comment=self._aside.comment)

    @action
    async def _decide(self, *, approve: bool, comment: str) -> None:
        desk = self._desk
        if desk.workflow.review is None:
            return await desk.look()
        await self._keep()
        try:
            await desk.services.reviews.decide(
                desk.viewer, desk.workflow.id, review_id=desk.workflow.review.id, shown_hash=self._hash,
                approve=approve, comment=comment,
            )  # fmt: skip
        except Conflict as error:
            self._say(sentence(error))
            await desk.look()
        else:
            self._aside.clear_comment()
            await desk.look()

"""Above the blocks: only what changed, only open threads; since when; and that all of it has been seen."""

from typing import TYPE_CHECKING

from components.action import action
from components.button import button_html
from components.i18n import _, ngettext, when
from components.markup import escape, markup
from pages.studio.content_lists import is_open_on
from pages.studio.proposal_margin import accept_all
from pages.studio.thread_sheet import open_all_threads
from services.conversation.views import ThreadView
from services.generation.block_views import BlockView
from services.generation.proposals import ProposalView
from services.viewer import Permission

if TYPE_CHECKING:
    from pages.studio.content_review import ContentReview


class ContentFilter:
    def __init__(self, review: 'ContentReview') -> None:
        self._review = review
        self._bar = markup(classes='cw-filter', on_act=self._act).props('role=group')
        self._bar.props['aria-label'] = _('Which blocks are shown')

    def shows(self, block: BlockView) -> bool:
        match self._review.desk.show:
            case 'changed':
                return self._review.marks.before(block) is not None
            case 'threads':
                return any(is_open_on(thread, block) for thread in self._review.desk.threads)
            case _:
                return True

    def show(self) -> None:
        review, desk = self._review, self._review.desk
        changed = len(review.marks.changed(review.all_blocks))
        waiting = sum(thread.open for thread in desk.threads)
        chosen = desk.show
        html = ''
        if changed or chosen == 'changed':
            since = review.marks.since(review.all_blocks)
            words = ngettext('{n} changed', '{n} changed', changed)
            told = _('{changed} since {when}', changed=words, when=when(since)) if since else words
            html += _choice(told, 'changed', 'difference', chosen)
        if changed:
            html += button_html(_('All seen'), 'seen', icon='done_all', kind='quiet')
        if waiting or chosen == 'threads':
            words = ngettext('{n} open thread', '{n} open threads', waiting)
            html += _choice(words, 'threads', 'chat_bubble', chosen)
        html += button_html(_('All comments'), 'conversation', icon='forum', kind='quiet')
        fitting = self._fitting()
        if len(fitting) > 1 and desk.may(Permission.DRAFT_WRITE):
            words = ngettext('Accept {n} suggestion', 'Accept all {n} suggestions of this lesson', len(fitting))
            html += button_html(words, 'accept_all', icon='done_all', kind='quiet')
        nothing = chosen and review.lesson and not any(self.shows(block) for block in review.lesson.blocks)
        if nothing:
            html += f'<p class="cw-small-text">{escape(_("Nothing of this lesson is shown: no block fits."))} '
            html += f'{button_html(_("Show all blocks"), "all", kind="link")}</p>'
        self._bar.show(html)

    @action
    async def _act(self, act: str, of: str) -> None:
        review = self._review
        if act == 'seen':
            await review.marks.all_seen()
            await review.only('')
        elif act == 'accept_all':
            await accept_all(review.desk, self._fitting())
        elif act == 'conversation':
            await self.open_conversation()
        else:
            await review.only('' if act in ('all', review.desk.show) else act)

    async def open_conversation(self) -> None:
        await open_all_threads(self._review.desk, places=self.place_of, go=self.go_to)

    def _fitting(self) -> list[ProposalView]:
        """Suggestions of people for this lesson that fit the blocks as they are."""
        lesson = self._review.lesson
        blocks = {block.id for block in lesson.blocks} if lesson else set()
        found = self._review.desk.proposals
        return [one for one in found if one.block_id in blocks and one.kind == 'suggestion' and not one.stale]

    def place_of(self, thread: ThreadView) -> str:
        """'Lesson 2.1, Working at the fume hood'."""
        if thread.about == 'draft':
            return _('On the whole draft')
        if thread.about == 'outline':
            return _('On “{title}” in the outline', title=thread.part_title)
        lesson = next((one for one in self._review.all_lessons if one.id == thread.lesson_id), None)
        if lesson is None:
            return _('On a block that was removed')
        return _('Lesson {number}, {title}', number=lesson.number, title=lesson.title)

    async def go_to(self, thread: ThreadView) -> None:
        if thread.block_id is not None:
            await self._review.go_to_block(thread.block_id)


def _choice(words: str, act: str, symbol: str, chosen: str) -> str:
    return button_html(words, act, icon=symbol, pressed=chosen == act)

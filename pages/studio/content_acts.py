"""What people do to blocks and lessons under review. Every decision names the hash of what was on the screen."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from components.action import action
from components.dialog import ask_comment, confirm
from components.i18n import _, ngettext
from components.keyboard import shortcuts
from components.notice import toast
from pages.studio import proposal_margin
from pages.studio.block_history import open_block_history
from pages.studio.content_lists import is_open_on
from pages.studio.drafted import opening
from pages.studio.keyboard_help import open_keys
from pages.studio.talking import begin
from services.conversation.anchors import stands_in
from services.conversation.threads import may_speak
from services.generation.block_views import LessonView
from services.generation.reviews import BlockDecision
from services.viewer import Permission

if TYPE_CHECKING:
    from pages.studio.block_card import BlockCard
    from pages.studio.content_review import ContentReview


class ContentActs:
    def __init__(self, review: 'ContentReview') -> None:
        self._review = review
        self._desk = review.desk

    def listen_to_keys(self) -> None:
        """Each of them stands in pages.studio.keyboard_help."""
        keys: dict[str, Callable[[], Any]] = {
            'j': lambda: self._move(1),
            'k': lambda: self._move(-1),
            'n': lambda: self._next_change(1),
            'p': lambda: self._next_change(-1),
            't': self._next_thread,
            'v': self._next_look,
            'd': lambda: self._review.open_conversation(),
            '?': self.show_keys,
        }
        if self._desk.may_decide:
            keys |= {'a': lambda: self._key('approve'), 'r': lambda: self._key('send_back'), 'w': self.next_waiting}
        if self._desk.may(Permission.DRAFT_WRITE):
            keys |= {'e': lambda: self._key('edit'), 'y': lambda: self._propose('accept')}
            keys |= {'x': lambda: self._propose('decline')}
        if may_speak(self._desk.viewer):
            keys |= {'c': lambda: self._key('comment'), 's': lambda: self._key('suggest')}
        shortcuts(keys)

    def show_keys(self) -> None:
        open_keys(self._desk)

    async def comment_on(self, block_id: str, quote: str) -> None:
        """A click beside words that were selected."""
        card = next((one for key, one in self._review.cards.items() if str(key) == block_id), None)
        if card is not None:
            await self._review.make_current(card)
            self._comment(card, quote)

    def _comment(self, card: 'BlockCard', quote: str) -> None:
        if quote and not stands_in(quote, card.view.type, card.view.content):
            toast(_('These words are not in the block as it is now, so the comment is on all of it.'))
            quote = ''
        self._review.watch.forget()
        begin(self._desk, card, block_id=card.view.id, quote=quote)

    async def act(self, card: 'BlockCard', act: str) -> None:
        """A click on a block or on one of its buttons."""
        if act == 'closed':
            if card.saved is not None:
                self._review.marks.is_mine(card.saved)
            await self._desk.look()
            return
        if self._review.current is not card:
            await self._review.make_current(card)
        if act == 'sources':
            self._review.open_source()
        elif act == 'edit':
            await card.open_editor()
        elif act == 'comment':
            block_id, quote = self._review.watch.chosen
            self._comment(card, quote if block_id == str(card.view.id) else '')
        elif act == 'suggest':
            await card.open_suggestion()
        elif act != 'focus':
            await self._decide(card, act)

    @action
    async def _decide(self, card: 'BlockCard', act: str) -> None:
        blocks, viewer, shown = self._desk.services.blocks, self._desk.viewer, card.view
        if act == 'approve' and shown.state != 'approved':
            await blocks.approve(viewer, shown.id, shown.hash)
            await self._review.refresh()
            await self._go_on(card)
        elif act == 'send_back':
            await self._send_back(card)
        elif act == 'withdraw':
            await blocks.withdraw(viewer, shown.id)
        elif act == 'history':
            await open_block_history(self._desk, shown)
        elif act == 'remove':
            await blocks.remove(viewer, shown.id)
            toast(
                _('Removed “{words}”.', words=opening(shown.type, shown.content)),
                undo=action(lambda: blocks.restore(viewer, shown.id)),
            )

    async def _send_back(self, card: 'BlockCard') -> None:
        shown = card.view
        comment = await ask_comment(
            _('Send this block back?'),
            opening(shown.type, shown.content),
            do=_('Send back'),
            placeholder=_('Say “only if it is safe” about the heat. The handbook does.'),
            value=shown.comment if shown.state == 'sent_back' else '',
        )
        if comment is not None:
            await self._desk.services.blocks.send_back(self._desk.viewer, shown.id, shown.hash, comment)
            await self._review.refresh()
            await self._go_on(card)

    async def _go_on(self, card: 'BlockCard') -> None:
        """To the next block of this lesson that nobody has decided yet; stays where there is none."""
        cards = list(self._review.cards.values())
        place = cards.index(card) if card in cards else -1
        for one in [*cards[place + 1 :], *cards[: max(place, 0)]]:
            if one.view.is_open_to(self._desk.viewer.user_id):
                await self._review.make_current(one, scroll=True)
                return

    async def _move(self, step: int) -> None:
        cards = [card for card in self._review.cards.values() if card.frame.visible]
        if not cards:
            return
        place = cards.index(self._review.current) + step if self._review.current in cards else 0
        await self._review.make_current(cards[min(max(place, 0), len(cards) - 1)], scroll=True)

    async def _key(self, act: str) -> None:
        if self._review.current is not None and not self._review.current.editing:
            await self.act(self._review.current, act)

    async def _next_change(self, step: int) -> None:
        changed = self._review.marks.changed(self._review.all_blocks)
        await self._jump(changed, step, _('Nothing changed since you looked.'))

    async def _next_thread(self) -> None:
        threads = self._desk.threads
        found = [one.id for one in self._review.all_blocks if any(is_open_on(thread, one) for thread in threads)]
        await self._jump(found, 1, _('No thread is open.'))

    async def _jump(self, blocks: Sequence[UUID], step: int, nothing: str) -> None:
        """To the next of these in the course, around its end."""
        review = self._review
        order = [block.id for block in review.all_blocks]
        here = order.index(review.current.view.id) if review.current and review.current.view.id in order else -1
        places = [order.index(one) for one in blocks]
        beyond = [place for place in places if (place - here) * step > 0]
        if not places:
            toast(nothing)
            return
        near, around = (min(beyond or places), min(places)) if step > 0 else (max(beyond or places), max(places))
        await review.go_to_block(order[near if beyond else around])

    async def _next_look(self) -> None:
        looks = ('inline', 'side', 'read')
        following = looks[(looks.index(self._desk.changes) + 1) % 3 if self._desk.changes in looks else 0]
        await self._review.look_at(following)
        names = {'inline': _('Changes inline'), 'side': _('Side by side'), 'read': _('As it will read')}
        toast(names[following])

    async def _propose(self, act: str) -> None:
        """The first suggestion under the lifted block."""
        card = self._review.current
        if card is not None and not card.editing:
            await proposal_margin.first(self._desk, card, act)

    async def next_waiting(self) -> None:
        """In this lesson, then in the lessons after it, then from the beginning."""
        review = self._review
        cards = list(review.cards.values())
        place = cards.index(review.current) if review.current in cards else -1
        for card in cards[place + 1 :]:
            if card.view.is_open_to(self._desk.viewer.user_id):
                await review.make_current(card, scroll=True)
                return
        lessons = review.all_lessons
        at = next((n for n, one in enumerate(lessons) if review.lesson and one.id == review.lesson.id), 0)
        for lesson in [*lessons[at + 1 :], *lessons[: at + 1]]:
            waiting = next((block for block in lesson.blocks if block.is_open_to(self._desk.viewer.user_id)), None)
            if waiting is not None:
                await review.open_lesson(lesson)
                await review.make_current(review.cards[waiting.id], scroll=True)
                return
        toast(_('Nothing waits any more.'))

    @action
    async def approve_lesson(self) -> None:
        """What is on the screen, block by block: if one of them has changed since, none is approved."""
        lesson = self._review.lesson
        if lesson is None:
            return
        if self._desk.show:
            await self._review.only('')
            toast(_('Some blocks were hidden. Now all of them are shown: look, then approve.'))
            return
        shown = {card.view.id: card.view.hash for card in self._review.cards.values()}
        count = await self._desk.services.blocks.approve_lesson(self._desk.viewer, lesson.id, shown)
        toast(ngettext('{n} block approved.', '{n} blocks approved.', count))
        await self._review.refresh()
        me = self._desk.viewer.user_id
        following = next((one for one in self._review.all_lessons if _has_open(one, me)), None)
        if following is not None:
            await self._review.open_lesson(following)

    @action
    async def rewrite(self) -> None:
        """Only what was sent back is written again; what waits keeps waiting."""
        draft, review = self._review.draft, self._desk.workflow.review
        if draft is None or review is None:
            await self._desk.look()
            return
        sent_back = [block for block in self._review.all_blocks if block.state == 'sent_back']
        await self._desk.services.reviews.decide(
            self._desk.viewer, self._desk.workflow.id, review_id=review.id, shown_hash=draft.hash, approve=False,
            blocks={block.id: BlockDecision(approve=False, comment=block.comment) for block in sent_back},
        )  # fmt: skip
        await self._desk.look()

    @action
    async def assemble(self) -> None:
        draft, review = self._review.draft, self._desk.workflow.review
        if draft is None or review is None:
            await self._desk.look()
            return
        blocks = self._review.all_blocks
        if all(block.state == 'approved' for block in blocks):
            words = ngettext(
                '{n} approved block becomes version 1.0.', '{n} approved blocks become version 1.0.', len(blocks)
            )
            sure = await confirm(_('Assemble the course?'), words, do=_('Assemble'))
        else:
            words = _('Your name stands under every block as it is now. Somebody else has to approve them, too.')
            sure = await confirm(_('Give your approval?'), words, do=_('Approve'))
        if sure:
            await self._desk.services.reviews.decide(
                self._desk.viewer, self._desk.workflow.id, review_id=review.id, shown_hash=draft.hash, approve=True
            )
            await self._desk.look()


def _has_open(lesson: LessonView, person: UUID) -> bool:
    return any(block.is_open_to(person) for block in lesson.blocks)

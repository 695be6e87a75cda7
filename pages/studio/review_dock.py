"""The bar below a review: how far this lesson is, and the one decision that comes next."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from components.button import button
from components.frame import keys_html
from components.i18n import _, ngettext
from components.markup import markup
from pages.studio.content_lists import counts_html
from pages.studio.part import Desk
from services.generation.block_views import BlockView, LessonView
from services.viewer import Permission

if TYPE_CHECKING:
    from pages.studio.content_acts import ContentActs


class ReviewDock:
    def __init__(self, desk: Desk, acts: 'ContentActs') -> None:
        self._desk = desk
        self._counts = markup(tag='span', classes='cw-counted cw-grow')
        keys = [('J K', _('move'))]
        if desk.may_decide:
            keys += [('A', _('approve')), ('R', _('send back'))]
        if desk.may(Permission.DRAFT_WRITE):
            keys += [('E', _('edit'))]
        markup(keys_html(keys), tag='span', classes='cw-keys-box')
        self._next = button(_('Next waiting block'), on_click=acts.next_waiting).classes('cw-wide-only')
        self._lesson = button(_('Approve lesson'), icon='done_all', on_click=acts.approve_lesson)
        self._rewrite = button('', icon='edit_note', on_click=acts.rewrite)
        self._assemble = button(_('Assemble the course'), kind='primary', icon='construction', on_click=acts.assemble)
        self._watch = button(_('Watch the writing'), icon='edit_note', on_click=lambda: desk.read_ready(False))

    def show(self, lesson: LessonView, shown: Sequence[BlockView], everywhere: Sequence[BlockView]) -> None:
        """`everywhere` are the blocks of the whole course, which is what a decision is about.

        Where two people have to approve, what I have approved no longer waits for me."""
        me, may_decide, review = self._desk.viewer.user_id, self._desk.may_decide, self._desk.workflow.review
        standing = review.standing if review is not None else None
        sent_back = sum(block.state == 'sent_back' for block in everywhere)
        undecided = any(block.is_open_to(me) for block in everywhere)
        approved = all(block.state == 'approved' for block in everywhere)
        has_said_so = standing is not None and standing.has_approved and not approved
        ready = not sent_back and not undecided and bool(everywhere) and not has_said_so
        self._counts.show(counts_html(shown))
        self._next.set_visibility(may_decide and undecided)
        self._lesson.set_visibility(may_decide and any(block.is_open_to(me) for block in shown))
        self._rewrite.set_visibility(may_decide and review is not None and sent_back > 0)
        self._rewrite.text = ngettext('Rewrite {n} sent back', 'Rewrite {n} sent back', sent_back)
        self._emphasize(self._rewrite, sent_back > 0 and not undecided)
        self._assemble.set_visibility(may_decide and review is not None and ready)
        self._assemble.text = _('Assemble the course') if approved else _('Give my approval')
        self._watch.set_visibility(self._desk.workflow.status == 'running')

    @staticmethod
    def _emphasize(one: button, primary: bool) -> None:
        one.classes(add='cw-primary' if primary else 'cw-plain', remove='cw-plain' if primary else 'cw-primary')

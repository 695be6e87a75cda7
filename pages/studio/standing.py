"""Where a review stands: how many have approved, who decides, and how much time is left."""

from nicegui import ui

from components.button import button_html
from components.i18n import _, listing, ngettext, when, when_html
from components.markup import escape, icon, markup
from components.status import pill_html, status_html
from pages.reviewers import open_reviewers
from pages.studio.part import Desk
from services.generation.block_views import BlockView
from services.reviewing.views import ApprovalView, Standing
from services.viewer import Permission


class standing_line(ui.element):
    """Under the title of a review; empty where one person of all may approve at any time. `show` after every look."""

    def __init__(self, desk: Desk) -> None:
        super().__init__('div')
        self._desk = desk
        with self:
            self._words = markup(classes='cw-standing', on_act=self._act).props('role=status')
        self.show()

    def show(self) -> None:
        review = self._desk.workflow.review
        html = standing_html(review.standing, self._desk) if review is not None else ''
        self._words.show(html)
        self.set_visibility(bool(html))

    async def _act(self, act: str, of: str) -> None:
        await open_reviewers(self._desk.viewer, self._desk.services, self._desk.workflow.course_id)


def standing_html(standing: Standing, desk: Desk) -> str:
    parts = [_count_html(standing, desk.workflow.stage), due_html(standing)]
    if standing.who_may or not standing.may_decide:
        parts.append(f'<span>{escape(who_words(standing, may_approve=desk.may(Permission.DRAFT_APPROVE)))}</span>')
    shown = [part for part in parts if part]
    if shown and desk.may(Permission.COURSE_WRITE):
        shown.append(f'<span class="cw-only-narrow">{button_html(_("Reviewers"), "reviewers", kind="link")}</span>')
    return ''.join(shown)


def count_words(standing: Standing, stage: str) -> str:
    """Lessons are approved block by block first: what is counted here is a yes to all of them."""
    if stage == 'content':
        return _('{n} of {total} approved it all', n=standing.given, total=standing.needed)
    return _('{n} of {total} approvals', n=standing.given, total=standing.needed)


def who_words(standing: Standing, *, may_approve: bool) -> str:
    """'Jana and Omar decide here. You can comment.'"""
    names = listing(list(standing.who_may))
    words = ngettext('{names} decides here.', '{names} decide here.', len(standing.who_may), names=names)
    if not names:
        words = _('People with the role of a reviewer decide here.')
    if standing.has_approved:
        return words
    if standing.may_decide:
        if standing.deputy_for:
            return _('It is late: you may decide as the deputy of {name}.', name=standing.deputy_for)
        return words
    if standing.deputy_for and may_approve:
        waiting = _('You are the deputy of {name}, and may decide once it is late.', name=standing.deputy_for)
        return f'{words} {waiting}'
    return words + ' ' + _('You can read everything and comment.')


def due_html(standing: Standing) -> str:
    if standing.due_at is None:
        return ''
    moment = when_html(standing.due_at)
    if standing.late:
        return pill_html('late') + f'<span>{escape(_("was due"))} {moment}</span>'
    return f'<span>{icon("schedule", "cw-i-xs")} {escape(_("due"))} {moment}</span>'


def due_words(standing: Standing) -> str:
    if standing.due_at is None:
        return ''
    words = _('late since {time}') if standing.late else _('due {time}')
    return words.format(time=when(standing.due_at))


def approvals_html(view: BlockView) -> str:
    """Under a block that two people have to approve, once one of them has."""
    if view.needed < 2 or not view.approvals:
        return ''
    words = _('{n} of {total} approvals', n=min(len(view.approvals), view.needed), total=view.needed)
    return f'<p class="cw-standing">{status_html("approved", words)}{_people_html(view.approvals)}</p>'


def _count_html(standing: Standing, stage: str) -> str:
    if standing.needed < 2:
        return ''
    current = tuple(one for one in standing.approvals if one.current)
    tone = 'approved' if current else 'waiting'
    said = (
        f' <span>{escape(_("You have approved; somebody else has to, too."))}</span>' if standing.has_approved else ''
    )
    return pill_html(tone, count_words(standing, stage)) + _people_html(current) + said


def _people_html(approvals: tuple[ApprovalView, ...]) -> str:
    return ''.join(
        f'<span><b>{escape(one.person)}</b> {escape(_("approved"))} {when_html(one.at, short=True)}</span>'
        for one in approvals
    )

"""A draft to be read and decided on in one dialog: exactly what is approved, and the hash that says so."""

from components.action import sentence
from components.block_frame import block_head_html, kind_words
from components.button import button, button_html, link_button
from components.dialog import dialog
from components.field import text_area
from components.i18n import _, duration, listing
from components.live import refresh_later
from components.markup import escape, markup
from components.notice import notice_html, toast
from components.skeleton import skeleton_html
from pages.studio.drafted import content_html
from pages.studio.kept_comment import forget_comment, keep_comment
from pages.studio.standing import due_html, who_words
from services.errors import PlatformError
from services.generation.block_views import BlockView, LessonView
from services.generation.reading import DraftView
from services.generation.views import WorkflowView
from services.platform import Services
from services.reviewing.views import ReviewRow
from services.viewer import Permission, Viewer


class ReviewPanel:
    """What is shown is what is approved: a decision names the hash of the draft that stands in the dialog."""

    def __init__(self, viewer: Viewer, services: Services, row: ReviewRow) -> None:
        self._viewer, self._services, self._row = viewer, services, row
        self._draft: DraftView | None = None
        self._workflow: WorkflowView | None = None
        outline = row.stage == 'outline'
        title = _('Outline of “{title}”', title=row.title) if outline else _('Lessons of “{title}”', title=row.title)
        self._dialog = dialog(title, wide=True)
        with self._dialog.body:
            self._facts = markup(classes='cw-standing').props('role=status')
            self._said = markup(on_act=self._load_again)
            self._read = markup(skeleton_html(6), classes='cw-review-read').props('tabindex=0 role=region')
            self._read.props['aria-label'] = title
            self._comment = text_area(
                _('Comment'), rows=2, optional=True, help=_('Sent with your decision, kept with the draft')
            )
            keep_comment(self._comment, row.workflow_id)
        with self._dialog.foot:
            link_button(_('Open in the studio'), f'/studio/{row.workflow_id}', icon='open_in_full')
            self._send_back = button(_('Send back'), icon='undo', on_click=self._reject)
            self._yes = button(_('Approve'), kind='primary', icon='check', on_click=self._approve)
        self._offer(decidable=False)
        refresh_later(self._read, self._load)

    async def open(self) -> None:
        await self._dialog.answer()

    async def _load(self) -> None:
        try:
            self._workflow = await self._services.workflows.get(self._viewer, self._row.workflow_id)
            self._draft = await self._services.reading.draft(self._viewer, self._row.workflow_id)
        except PlatformError as error:
            self._read.show('')
            self._say(error)
            return
        review = self._workflow.review
        self._read.show(_draft_html(self._draft))
        self._said.show('')
        if review is None or review.id != self._row.id:
            self._said.show(notice_html(_('This review is over. Somebody has decided it.'), tone='warn'))
            self._offer(decidable=False)
            return
        standing = review.standing
        may_approve = self._viewer.may(Permission.DRAFT_APPROVE)
        bound = _('You decide on exactly this: {hash}', hash=self._draft.hash[:12])
        words = who_words(standing, may_approve=may_approve) if standing.who_may or not standing.may_decide else ''
        approved = [one.person for one in standing.approvals if one.current]
        given = _('{names} approved; two people have to.', names=listing(approved)) if approved else ''
        parts = [escape(bound), due_html(standing), escape(given), escape(words)]
        self._facts.show(''.join(f'<span>{part}</span>' for part in parts if part))
        self._offer(decidable=standing.may_decide, approved=standing.has_approved)

    def _offer(self, *, decidable: bool, approved: bool = False) -> None:
        self._yes.set_visibility(decidable and not approved)
        self._send_back.set_visibility(decidable)
        self._comment.set_visibility(decidable)

    async def _load_again(self, act: str, of: str) -> None:
        await self._load()

    async def _approve(self) -> None:
        await self._decide(approve=True)

    async def _reject(self) -> None:
        if not str(self._comment.value or '').strip():
            self._comment.error = _('Say what should change. The next draft answers it.')
            self._comment.focus()
            return
        await self._decide(approve=False)

    async def _decide(self, *, approve: bool) -> None:
        """What is refused is said in the dialog, and the comment stays where it was typed."""
        if self._draft is None:
            return
        self._comment.error = None
        try:
            decided = await self._services.reviews.decide(
                self._viewer, self._row.workflow_id, review_id=self._row.id, shown_hash=self._draft.hash,
                approve=approve, comment=str(self._comment.value or ''),
            )  # fmt: skip
        except PlatformError as error:
            self._say(error)
            return
        forget_comment(self._row.workflow_id)
        self._dialog.submit(True)
        if not approve:
            toast(_('Sent back. The next draft answers your comment.'))
        elif decided.status == 'awaiting_review':
            toast(_('Approved. It needs one more person.'))
        else:
            toast(_('Approved. The work goes on.'))

    def _say(self, error: PlatformError) -> None:
        again = button_html(_('Load the newest'), 'again', kind='link') if error.status_code == 409 else ''
        self._said.show(notice_html(sentence(error), tone='warn', extra_html=again))


def _draft_html(draft: DraftView) -> str:
    aims = ''.join(f'<li>{escape(aim)}</li>' for aim in draft.objectives)
    html = f'<ul class="cw-aims-list">{aims}</ul>' if aims else ''
    for place, module in enumerate(draft.modules, 1):
        minutes = f'<small class="cw-small-text">{escape(duration(module.minutes))}</small>'
        html += f'<h3>{place}. {escape(module.title)} {minutes}</h3>'
        html += ''.join(_lesson_html(lesson) for lesson in module.lessons)
    return html


def _lesson_html(lesson: LessonView) -> str:
    aims = ''.join(f'<li>{escape(aim)}</li>' for aim in lesson.objectives)
    blocks = ''.join(_block_html(block) for block in lesson.blocks)
    return (
        f'<h4>{escape(lesson.number)} {escape(lesson.title)} '
        f'<small class="cw-small-text">{escape(duration(lesson.minutes))}</small></h4>'
        + (f'<ul class="cw-aims-list">{aims}</ul>' if aims and not blocks else '')
        + blocks
    )


def _block_html(block: BlockView) -> str:
    head = block_head_html(
        kind=kind_words(block.type, str(block.content.get('kind') or '')),
        origin=block.origin,
        sources=len(block.sources),
    )
    quotes = [source.quote for source in block.sources]
    return (
        f'<div class="cw-draft-block"><div class="cw-block-head">{head}</div>'
        f'<div>{content_html(block.type, block.content, quotes)}</div></div>'
    )

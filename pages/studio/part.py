"""What the parts of the studio share."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from components.action import action
from components.button import button
from components.dialog import confirm
from components.frame import Crumb, here
from components.i18n import _, ngettext
from components.page_header import page_header
from pages.wording import stage_name, stage_number
from services.conversation.views import ThreadView
from services.generation.proposals import ProposalView
from services.generation.views import WorkflowView
from services.platform import Services
from services.viewer import Permission, Viewer


@dataclass(kw_only=True)
class Desk:
    """One person at one workflow; `workflow` is what was read last. `look` reads it again."""

    viewer: Viewer
    services: Services
    workflow: WorkflowView
    lesson: str = ''
    thread: str = ''  # to be shown first: from a notification
    block: str = ''  # to be lifted first: from a finding of the publish check
    show: str = ''  # '', changed or threads: which blocks are shown
    changes: str = 'inline'  # inline, side or read: how changes are shown
    threads: Sequence[ThreadView] = ()
    proposals: Sequence[ProposalView] = ()
    discussed: frozenset[UUID] = frozenset()  # proposals under which their threads stand
    reading_early: bool = False
    read_ready: Callable[[bool], None] = field(default=lambda reading: None)
    look: Callable[[], Awaitable[None]] = field(default=lambda: _nothing())
    open_chat: Callable[[], Awaitable[None]] = field(default=lambda: _nothing())

    def may(self, permission: Permission) -> bool:
        return self.viewer.may(permission)

    @property
    def may_decide(self) -> bool:
        """Whether approving and sending back are offered: the role, and a seat where reviewers are named."""
        review = self.workflow.review
        return self.may(Permission.DRAFT_APPROVE) and (review is None or review.standing.may_decide)

    @property
    def crumbs(self) -> tuple[Crumb, ...]:
        workflow = self.workflow
        return (_('Courses'), '/courses'), (workflow.title, f'/courses/{workflow.course_id}')

    def here(self, last: str = '') -> None:
        here(*self.crumbs, last or stage_name(self.workflow.stage), nav='/courses')

    def header(self, title: str, subtitle: str, *, aside_html: str = '') -> page_header:
        return page_header(title, subtitle=subtitle, stage=stage_number(self.workflow.stage), aside_html=aside_html)

    def about(self) -> str:
        """'Safe Handling of Laboratory Chemicals, introductory, for new technicians'."""
        workflow = self.workflow
        audience = workflow.audience[:1].lower() + workflow.audience[1:]
        parts = [workflow.title, workflow.level.lower(), _('for {audience}', audience=audience) if audience else '']
        return ', '.join(filter(None, parts))

    def from_documents(self) -> str:
        """'Working with Compressed Gases, from 2 documents'."""
        count = len(self.workflow.document_ids)
        return f'{self.workflow.title}, ' + ngettext('from {n} document', 'from {n} documents', count)

    def stop_button(self) -> None:
        if self.may(Permission.DRAFT_WRITE):
            button(_('Stop and keep'), icon='stop_circle', on_click=action(self._stop))

    async def _stop(self) -> None:
        sure = await confirm(
            _('Stop writing?'),
            _('What is written stays, and you can go on from here later.'),
            do=_('Stop and keep'),
        )
        if sure:
            await self.services.workflows.stop(self.viewer, self.workflow.id)


class Part(Protocol):
    """A part builds itself when it is made, and shows the newest state on `refresh`."""

    def __init__(self, desk: Desk) -> None: ...

    async def refresh(self) -> None: ...

    def is_typed_into(self) -> bool:
        """Whether somebody's words would be lost if this part went."""
        ...


async def _nothing() -> None:
    return None

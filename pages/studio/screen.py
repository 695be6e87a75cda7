"""Which part of the studio is shown: the stage decides, but a part that is being typed into stays."""

from nicegui import ui

from components.button import button_html
from components.i18n import _
from components.live import live
from components.notice import notice
from pages.guarded import guarded, id_in
from pages.studio.chat import Chat
from pages.studio.content_review import ContentReview
from pages.studio.ended import Ended
from pages.studio.finished import Finished
from pages.studio.outline_review import OutlineReview
from pages.studio.part import Desk, Part
from pages.studio.waiting import Waiting
from pages.studio.writing_content import WritingContent
from pages.studio.writing_outline import WritingOutline
from pages.wording import stage_name
from services.generation.views import WorkflowView
from services.platform import Services
from services.viewer import Viewer


@guarded
async def index(
    viewer: Viewer,
    services: Services,
    workflow_id: str,
    lesson: str = '',
    thread: str = '',
    show: str = '',
    changes: str = 'inline',
    block: str = '',
) -> None:
    workflow = await services.workflows.get(viewer, id_in(workflow_id))
    desk = Desk(viewer=viewer, services=services, workflow=workflow, lesson=lesson, thread=thread, show=show)
    desk.block = block
    desk.changes = changes if changes in ('inline', 'side', 'read') else 'inline'
    Studio(desk)


class Studio:
    """Follows the workflow: another stage is another part, everything else the part shows itself."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._part: Part | None = None
        self._kind: type[Part] | None = None
        with ui.element('div').classes('cw-studio'):
            self._moved_on = ui.element('div')
            self._waiting = Waiting(desk)
            self._body = ui.element('div').classes('cw-studio')
        desk.read_ready, desk.look = self._read_ready, self.look
        live(self._body, desk.services.bus, f'workflow:{desk.workflow.id}', self.look)
        Chat(desk)
        self._show(desk.workflow)

    async def look(self) -> None:
        workflow = await self._desk.services.workflows.get(self._desk.viewer, self._desk.workflow.id)
        before, self._desk.workflow = self._desk.workflow, workflow
        self._waiting.show()
        moved = (before.stage, before.status) != (workflow.stage, workflow.status)
        if self._part_of(workflow) is not self._kind or (moved and self._kind is not ContentReview):
            if self._part is not None and self._part.is_typed_into():
                self._say_moved_on(workflow)
                return
            self._show(workflow)
        elif self._part is not None:
            await self._part.refresh()

    def _show(self, workflow: WorkflowView) -> None:
        self._moved_on.clear()
        self._body.clear()
        self._kind = self._part_of(workflow)
        with self._body:
            self._part = self._kind(self._desk)

    def _part_of(self, workflow: WorkflowView) -> type[Part]:
        if workflow.stage == 'content' and (workflow.status == 'awaiting_review' or self._desk.reading_early):
            return ContentReview
        if workflow.status in ('failed', 'cancelled'):
            return Ended
        if workflow.stage == 'outline':
            return WritingOutline if workflow.status == 'running' else OutlineReview
        return WritingContent if workflow.stage == 'content' else Finished

    def _read_ready(self, reading: bool) -> None:
        """Read the lessons that are there while others are being written, or go back to watching."""
        self._desk.reading_early = reading
        self._show(self._desk.workflow)

    def _say_moved_on(self, workflow: WorkflowView) -> None:
        self._moved_on.clear()
        with self._moved_on:
            notice(
                _('The course has moved on to “{stage}” while you were writing. Keep your words, then look.',
                  stage=stage_name(workflow.stage)),
                tone='warn',
                extra_html=button_html(_('Look now'), 'look', kind='link'),
                on_act=lambda act, of: self._show(self._desk.workflow),
            )  # fmt: skip

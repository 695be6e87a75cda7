"""Drafts that are being written right now, one card each."""

from nicegui import ui

from components.action import action
from components.card import card
from components.i18n import _, percent, seconds
from components.live import live, refresh_later
from components.markup import escape, markup
from components.ruler import meter_html
from components.status import status_html
from pages.wording import stage_name
from services.clock import now
from services.generation.views import WorkflowView
from services.platform import Services
from services.viewer import Permission, Viewer

_MOST = 3


class writing_cards(ui.element):
    """Appears when a draft begins to be written, goes when it is there; the clock ticks in between."""

    def __init__(self, viewer: Viewer, services: Services) -> None:
        super().__init__('div')
        self.classes('cw-stack')
        self._viewer, self._services = viewer, services
        self._running: list[WorkflowView] = []
        self._shown: list[_writing_card] = []
        self.set_visibility(False)
        if viewer.may(Permission.DRAFT_READ):
            live(self, services.bus, f'courses:{viewer.organization_id}', self._refresh)
            refresh_later(self, self._refresh)

    @action
    async def _refresh(self) -> None:
        found, _total = await self._services.workflows.list(self._viewer, limit=20)
        running = [workflow for workflow in found if workflow.status == 'running'][:_MOST]
        if [one.id for one in running] != [one.id for one in self._running]:
            self.clear()
            with self:
                self._shown = [_writing_card(self._viewer, self._services, workflow) for workflow in running]
        self._running = running
        self.set_visibility(bool(running))


class _writing_card(ui.element):
    def __init__(self, viewer: Viewer, services: Services, workflow: WorkflowView) -> None:
        super().__init__('div')
        self._viewer, self._services, self._workflow = viewer, services, workflow
        with self, card(label=workflow.title):
            self._shown = markup(self._html())
            ui.timer(1.0, lambda: self._shown.show(self._html()), immediate=False)
        live(self, services.bus, f'workflow:{workflow.id}', self._look_again)

    @action
    async def _look_again(self) -> None:
        self._workflow = await self._services.workflows.get(self._viewer, self._workflow.id)
        self._shown.show(self._html())

    def _html(self) -> str:
        workflow = self._workflow
        since = seconds(max(0.0, (now() - workflow.run_started_at).total_seconds()))
        done = _('{stage}, {share} done', stage=stage_name(workflow.stage), share=percent(workflow.progress))
        watch = _('Watch')
        return (
            f'<div class="cw-now"><div class="cw-line">{status_html("drafting", _("Drafting now"))}'
            f'<span class="cw-push cw-meta">{escape(since)}</span></div>'
            f'<b class="cw-name">{escape(workflow.title)}</b><p class="cw-small-text">{escape(done)}</p>'
            f'{meter_html(workflow.progress, label=done)}<a href="/studio/{workflow.id}">{escape(watch)}</a></div>'
        )

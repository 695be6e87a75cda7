"""Exports of the course: ask for one, watch it being made, take it away."""

from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button
from components.card import card
from components.i18n import _, file_size, translated, when_html
from components.live import live, refresh_later
from components.markup import escape, icon, markup
from components.skeleton import skeleton
from components.status import status_html
from services.exports.service import ExportView
from services.flags import EXPORTS
from services.platform import Services
from services.viewer import Viewer

_MOST = 8


class exports_card(ui.element):
    """`refresh()` looks again; the course page calls it when the course has changed."""

    def __init__(self, viewer: Viewer, services: Services, course_id: UUID) -> None:
        super().__init__('div')
        self._viewer, self._services, self._course_id = viewer, services, course_id
        with self, card(_('Take it away'), padded=False):
            with ui.element('div').classes('cw-line cw-close cw-pad'):
                button(_('Web pages'), icon='folder_zip', small=True, on_click=lambda: self._request('html'))
                button(_('PDF'), icon='picture_as_pdf', small=True, on_click=lambda: self._request('pdf'))
            self._list = markup(classes='cw-exports')
            with self._list:
                skeleton(2)
        live(self, services.bus, 'flags', self.refresh)
        refresh_later(self, self.refresh)

    @action
    async def refresh(self) -> None:
        switched_on = await self._services.flags.on(self._viewer, EXPORTS)
        self.set_visibility(switched_on)
        if not switched_on:
            return
        found = await self._services.exports.list(self._viewer, self._course_id)
        self._list.clear()
        rows = ''.join(_export_html(export) for export in found[:_MOST])
        self._list.show(f'<ul class="cw-plain-rows">{rows}</ul>' if rows else _nothing_html())

    @action
    async def _request(self, format: str) -> None:
        await self._services.exports.request(self._viewer, self._course_id, format)
        await self.refresh()


def _export_html(export: ExportView) -> str:
    kind = {'html': _('Web pages'), 'pdf': _('PDF')}.get(export.format, export.format)
    name = _('{format}, version {version}', format=kind, version=export.version)
    who = export.requested_by or _('made when it was assembled')
    moment = when_html(export.finished_at or export.requested_at)
    return (
        f'<li><span class="cw-two"><b>{escape(name)}</b>'
        f'<small>{moment}, {escape(who)}</small></span>{_state_html(export)}</li>'
    )


def _state_html(export: ExportView) -> str:
    if export.status == 'ready':
        label = escape(_('Download {name}', name=export.file_name))
        return (
            f'<a class="cw-btn cw-plain cw-small" href="/api/v1/exports/{export.id}/file" download title="{label}">'
            f'{icon("download")}<span>{escape(file_size(export.size))}</span><span class="cw-sr">{label}</span></a>'
        )
    if export.status == 'failed':
        return f'<span title="{escape(translated(export.error or ""))}">{status_html("failed")}</span>'
    return status_html('queued') if export.status == 'queued' else status_html('working')


def _nothing_html() -> str:
    words = _('Make a copy that opens without this site: web pages in a zip, or a PDF.')
    return f'<p class="cw-small-text cw-pad">{escape(words)}</p>'

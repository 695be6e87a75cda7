"""The security log as a table: filtered, live, and taken away as CSV. For an installation or for one organisation."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from nicegui import ui

from components.button import link_button_html
from components.data_table import Column, Page, Request, data_table
from components.empty_state import empty_state
from components.i18n import _, ngettext, when_html
from components.layout import line
from components.live import live, refresh_later
from components.markup import escape, markup
from components.search_field import filter_chip, search_field
from components.status import status_html
from pages.chosen import Chosen, filled
from pages.time_spans import span_began, span_names, whole_hour
from services.platform import Services
from services.security_events import Asked, EventView
from services.viewer import Viewer

_LOOK_SECONDS = 4.0  # signing in says no word on the bus


@dataclass(frozen=True, kw_only=True)
class Filters(Chosen):
    """As they stand in the address of the page."""

    kind: str = ''
    outcome: str = ''
    email: str = ''
    address: str = ''
    organization: str = ''
    within: str = ''

    def asked(self, organizations: Mapping[UUID, str]) -> Asked:
        return Asked(
            kind=self.kind,
            outcome=self.outcome if self.outcome in ('success', 'refused') else '',
            email=self.email,
            address=self.address,
            organization_id=next((key for key in organizations if str(key) == self.organization), None),
            since=span_began(self.within),
        )


class security_log(ui.element):
    """With `organizations` for those who run the installation, without for the own organisation alone."""

    def __init__(
        self,
        viewer: Viewer,
        services: Services,
        path: str,
        chosen: Filters,
        *,
        organizations: Mapping[UUID, str] | None = None,
    ) -> None:
        super().__init__('div')
        self.classes('cw-stack cw-tight')
        self._viewer, self._services, self._path, self._chosen = viewer, services, path, chosen
        self._own, self._organizations = organizations is None, organizations or {}
        with self:
            self._build_filters()
            self._table = data_table(
                label=_('Security log'),
                columns=self._columns(),
                request=Request(size=25),
                fetch=self._fetch,
                empty=lambda: empty_state(_('Nothing matches'), _('Try a longer time, or fewer filters.'), art=False),
            )
            ui.timer(_LOOK_SECONDS, self._look, immediate=False)
        live(self, services.bus, 'security', self._table.refresh)

    def _build_filters(self) -> None:
        chosen = self._chosen
        with line('close'):
            search_field(_('E-mail'), value=chosen.email, on_change=lambda words: self._choose(email=words.strip()))
            search_field(
                _('Address'), value=chosen.address, on_change=lambda words: self._choose(address=words.strip())
            )
            for name, label, options in (
                ('kind', _('Kind'), kinds()),
                ('outcome', _('Outcome'), {'success': _('Allowed'), 'refused': _('Refused')}),
                ('organization', _('Organisation'), {str(key): name for key, name in self._organizations.items()}),
                ('within', _('Time'), span_names('hour', 'day', 'week', 'month')),
            ):
                if options:
                    filter_chip(
                        label,
                        options,
                        value=getattr(chosen, name) or None,
                        on_change=partial(self._choose_one, name),
                    )
        with line('close'):
            self._count = markup(tag='span', classes='cw-small-text').props('role=status')
            self._export = markup(tag='span', classes='cw-push')

    def _columns(self) -> list[Column]:
        columns = [
            Column(name='what', title=_('What'), kind='html', lead=True),
            Column(name='outcome', title=_('Outcome'), kind='html', keep=True),
            Column(name='who', title=_('Who'), kind='html'),
            Column(name='address', title=_('Address')),
            Column(name='when', title=_('When'), kind='html'),
        ]
        if not self._own:
            columns.insert(4, Column(name='organization', title=_('Organisation')))
        return columns

    async def _choose_one(self, name: str, value: str | None) -> None:
        await self._choose(**{name: value or ''})

    async def _choose(self, **changed: str) -> None:
        self._chosen = replace(self._chosen, **changed)
        ui.navigate.history.replace(self._chosen.at(self._path))
        await self._table.refresh(first_page=True)

    def _look(self) -> None:
        refresh_later(self._table, self._table.refresh)

    async def _fetch(self, request: Request) -> Page:
        asked = self._chosen.asked(self._organizations)
        found, total = await self._services.security_events.list(
            self._viewer, asked, own=self._own, limit=request.size, offset=request.offset
        )
        self._count.show(escape(ngettext('{n} event', '{n} events', total)))
        self._export.show(link_button_html(_('Export CSV'), self._export_path(asked), icon='download', download=True))
        return Page(rows=[_row(event) for event in found], total=total)

    def _export_path(self, asked: Asked) -> str:
        wanted = {
            'kind': asked.kind,
            'outcome': asked.outcome,
            'email': asked.email,
            'address': asked.address,
            'organization_id': str(asked.organization_id or ''),
            'since': whole_hour(asked.since).isoformat() if asked.since else '',
            'own': 'true' if self._own else '',
        }
        query = filled(wanted)
        return '/api/v1/security-log/export' + (f'?{query}' if query else '')


def kinds() -> dict[str, str]:
    """What the log calls things, in words."""
    return {
        'sign_in': _('Sign-in'),
        'sign_out': _('Sign-out'),
        'refusal': _('Not allowed'),
        'register': _('Registration'),
        'password_change': _('Password changed'),
        'password_reset': _('Password reset'),
        'password_reset_asked': _('Password reset asked for'),
        'second_factor': _('Second factor'),
        'token': _('API token'),
        'sign_out_everywhere': _('Signed out everywhere'),
        'refresh_reuse': _('Used-up token brought again'),
        'password_proof': _('Password asked for again'),
        'verify_email': _('E-mail address confirmed'),
        'switch': _('Organisation switched'),
        'suspended': _('Came to a suspended organisation'),
        'socket': _('Foreign connection'),
        'data_export': _('Own data exported'),
        'account_erased': _('Account erased'),
        'organization_created': _('Organisation made'),
        'organization_suspended': _('Organisation suspended'),
        'organization_restored': _('Organisation restored'),
        'organization_deleted': _('Organisation deleted'),
        'organization_undeleted': _('Organisation brought back'),
        'flag': _('Feature switched'),
    }


def _row(event: EventView) -> dict[str, str]:
    what = kinds().get(event.kind, event.kind.replace('_', ' ').capitalize())
    detail = f'<small class="cw-event">{escape(event.detail)}</small>' if event.detail else ''
    briefly = f'<small class="cw-event cw-phone-only">{escape(event.email)} {when_html(event.at)}</small>'
    allowed = event.outcome == 'success'
    return {
        'id': str(event.id),
        'what': f'<span class="cw-two"><b>{escape(what)}</b>{detail}{briefly}</span>',
        'outcome': status_html('allowed' if allowed else 'refused'),
        'who': f'<span class="cw-event">{escape(event.email or "–")}</span>',
        'address': event.address,
        'organization': event.organization,
        'when': when_html(event.at),
    }

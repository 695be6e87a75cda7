"""The home page of those who run the installation: is all well, who is here, who was refused."""

from datetime import timedelta

from nicegui import ui

from components.button import link_button
from components.card import card, list_row_html
from components.figure import Figure, figures
from components.i18n import _, long_day, ngettext, number, when_html
from components.layout import columns, page, stack
from components.live import live, refresh_later
from components.markup import escape, markup
from components.page_header import page_header
from components.skeleton import skeleton
from components.status import status_html
from pages.site.health import health_words, part_name, part_note, part_status_html
from services.clock import now
from services.health import State
from services.organizations import OrganizationView
from services.platform import Services
from services.security_events import Asked
from services.viewer import Viewer

_ROWS, _LOOK_SECONDS = 6, 10.0


class operator_home:
    def __init__(self, viewer: Viewer, services: Services) -> None:
        self._viewer, self._services = viewer, services
        with page() as whole:
            self._header = page_header(_('Your installation'), eyebrow=long_day(now()))
            with self._header.actions:
                link_button(_('Organisations'), '/site', kind='primary', icon='corporate_fare')
            self._figures = ui.element('div')
            with columns('side'):
                with (
                    stack(),
                    card(_('Organisations'), note=_('newest first'), link=(_('All'), '/site'), padded=False),
                ):
                    self._organizations = ui.element('div')
                    with self._organizations:
                        skeleton(4)
                with stack(), card(_('Health'), link=(_('All parts'), '/site/health'), padded=False):
                    self._health = markup()
            ui.timer(_LOOK_SECONDS, lambda: refresh_later(whole, self._refresh), immediate=False)
        for topic in ('organizations', 'security'):
            live(whole, services.bus, topic, self._refresh)
        refresh_later(whole, self._refresh)

    async def _refresh(self) -> None:
        services, viewer = self._services, self._viewer
        parts = await services.health.report(viewer)
        found, total = await services.organizations.list(viewer, limit=_ROWS)
        _suspended, suspended = await services.organizations.list(viewer, status='suspended', limit=1)
        day = now() - timedelta(days=1)
        _refused, refused = await services.security_events.list(viewer, Asked(outcome='refused', since=day), limit=1)
        self._header.say(health_words(parts), eyebrow=long_day(now()))
        self._figures.clear()
        with self._figures:
            figures(
                [
                    Figure(label=_('Organisations'), value=number(total)),
                    Figure(label=_('Suspended'), value=number(suspended)),
                    Figure(label=_('Refused in 24 h'), value=number(refused), note=_('in the security log')),
                ]
            )
        self._organizations.clear()
        with self._organizations:
            markup(''.join(_organization_html(one) for one in found))
        # what is down first, then what works; what is off stands on the page of health
        shown = sorted((part for part in parts if part.state is not State.OFF), key=lambda part: part.state)
        self._health.show(
            ''.join(
                f'<div class="cw-row"><span class="cw-two cw-row-main"><b>{escape(part_name(part))}</b>'
                f'<small>{escape(part_note(part))}</small></span>{part_status_html(part)}</div>'
                for part in shown
            )
        )


def _organization_html(one: OrganizationView) -> str:
    people = ngettext('{n} member', '{n} members', one.members)
    courses = ngettext('{n} course', '{n} courses', one.courses)
    return list_row_html(
        one.name,
        second=one.contact_email or one.slug,
        icon_name='corporate_fare',
        meta=(escape(people), escape(courses)),
        late=(status_html(one.status), when_html(one.created_at)),
        href=f'/site?q={one.slug}',
    )

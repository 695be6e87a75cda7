"""What the platform leans on: connected, down, or off, and what to do about it."""

from nicegui import ui

from components.card import card
from components.frame import here
from components.i18n import _, clock_time, ngettext, translated
from components.layout import page
from components.live import refresh_later
from components.markup import escape, markup
from components.notice import notice
from components.page_header import page_header
from components.skeleton import skeleton_html
from components.status import status_html
from pages.areas import area_links
from services.clock import now
from services.health import Part, State
from services.platform import Services
from services.viewer import Viewer

_PATH = '/site/health'
_LOOK_SECONDS = 5.0
_STATUS = {State.UP: 'connected', State.DOWN: 'down', State.OFF: 'off'}


def index(viewer: Viewer, services: Services) -> None:
    here((_('Installation'), '/site'), _('Health'), nav='/site')
    with page(dense=True) as whole:
        header = page_header(_('Health'), subtitle=_('What this installation leans on'))
        area_links(viewer, 'site', _PATH)
        trouble = ui.element('div')
        with card(_('Parts'), padded=False):
            rows = markup(skeleton_html(6))

    async def refresh() -> None:
        parts = await services.health.report(viewer)
        down = [part for part in parts if part.state is State.DOWN]
        header.say(health_words(parts), subtitle=_('Looked at {time}, and every 5 seconds', time=clock_time(now())))
        trouble.clear()
        if down:
            with trouble:
                for part in down:
                    notice(part_note(part), tone='bad', title=part_name(part))
        rows.show(''.join(_row(part) for part in parts))

    refresh_later(rows, refresh)
    with whole:
        ui.timer(_LOOK_SECONDS, lambda: refresh_later(rows, refresh), immediate=False)


def health_words(parts: list[Part]) -> str:
    """The state in one sentence."""
    down = sum(1 for part in parts if part.state is State.DOWN)
    return ngettext('{n} part is down', '{n} parts are down', down) if down else _('Everything that is connected works')


def part_name(part: Part) -> str:
    return {
        'database': _('Database'),
        'redis': _('Redis'),
        'durable work': _('Durable work'),
        'vectors': _('Index of documents'),
        'disk': _('Disk'),
        'mail': _('Mail'),
        'models': _('AI models'),
        'labs': _('Labs'),
        'scanner': _('Virus scanner'),
    }.get(part.name, part.name)


def part_note(part: Part) -> str:
    return translated(part.note, **part.params)


def part_status_html(part: Part) -> str:
    return status_html(_STATUS[part.state])


def _row(part: Part) -> str:
    return (
        f'<div class="cw-row"><span class="cw-two cw-row-main"><b>{escape(part_name(part))}</b>'
        f'<small>{escape(part_note(part))}</small></span>'
        f'<span class="cw-row-late cw-row-state">{part_status_html(part)}</span></div>'
    )

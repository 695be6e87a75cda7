"""Features: switched for everybody or for one organisation, felt on every open page at once."""

from uuid import UUID

from components.action import action
from components.button import button, icon_button_html
from components.card import card
from components.dialog import dialog
from components.field import select_field
from components.frame import here
from components.i18n import _, translated
from components.layout import line, page, stack
from components.live import live, refresh_later
from components.markup import escape, markup
from components.page_header import page_header
from components.skeleton import skeleton
from components.switch_field import switch_html
from pages.areas import area_links
from services.flags import FlagView
from services.platform import Services
from services.viewer import Viewer

_PATH = '/site/flags'


def index(viewer: Viewer, services: Services) -> None:
    here((_('Installation'), '/site'), _('Features'), nav='/site')
    with page(dense=True) as whole:
        page_header(_('Features'), subtitle=_('Switched while the platform runs; open pages follow within a second'))
        area_links(viewer, 'site', _PATH)
        with stack('tight') as box:
            skeleton(5)

    async def refresh() -> None:
        found = await services.flags.list(viewer)
        box.clear()
        with box:
            for flag in found:
                _flag_card(viewer, services, flag, whole)

    live(box, services.bus, 'flags', refresh)
    refresh_later(box, refresh)


def _flag_card(viewer: Viewer, services: Services, flag: FlagView, whole: page) -> None:
    @action
    async def act(act: str, of: str) -> None:
        if act == 'everybody':
            await services.flags.switch(viewer, flag.name, not flag.is_on)
        elif act == 'exception':
            organization_id = UUID(of)
            on = next((on for where, _name, on in flag.exceptions if where == organization_id), flag.is_on)
            await services.flags.switch(viewer, flag.name, not on, organization_id=organization_id)
        elif act == 'forget':
            await services.flags.switch(viewer, flag.name, None, organization_id=UUID(of))

    @action
    async def add() -> None:
        with whole:  # the card is drawn anew with every switch, and a dialog in it would go with it
            await _add_exception(viewer, services, flag)

    with card(label=translated(flag.title)):
        markup(_flag_html(flag), on_act=act)
        with line('close'):
            button(_('Choose otherwise for one organisation'), icon='add', small=True, on_click=add)


def _flag_html(flag: FlagView) -> str:
    title = translated(flag.title)
    switch = switch_html(_('{feature}, for everybody', feature=title), flag.is_on, 'everybody')
    rows = ''.join(
        f'<li><span>{escape(name)}</span><span class="cw-line cw-close">'
        f'{switch_html(_("{feature}, for {name}", feature=title, name=name), on, "exception", str(where))}'
        f'{icon_button_html("close", _("{name} as everybody", name=name), "forget", str(where))}</span></li>'
        for where, name, on in flag.exceptions
    )
    exceptions = f'<ul class="cw-exceptions">{rows}</ul>' if rows else ''
    return (
        f'<div class="cw-flag"><span class="cw-two"><b>{escape(title)}</b>'
        f'<small>{escape(translated(flag.sentence))}</small></span>{switch}</div>{exceptions}'
    )


async def _add_exception(viewer: Viewer, services: Services, flag: FlagView) -> None:
    names = await services.security_events.organizations(viewer)
    chosen = {where for where, _name, _on in flag.exceptions}
    asked = dialog(
        _('{feature} for one organisation', feature=translated(flag.title)),
        _('Everybody else keeps what is chosen for all.'),
    )
    with asked.body:
        which = select_field(
            _('Organisation'), {str(key): name for key, name in names.items() if key not in chosen}, search=True
        )

    @action
    async def save(on: bool) -> None:
        if not which.value:
            which.error = _('Choose an organisation.')
            return
        await services.flags.switch(viewer, flag.name, on, organization_id=UUID(str(which.value)))
        asked.submit(True)

    with asked.foot:
        button(_('Cancel'), on_click=asked.close)
        button(_('Switch off there'), on_click=lambda: save(False))
        button(_('Switch on there'), kind='primary', on_click=lambda: save(True))
    await asked.answer()

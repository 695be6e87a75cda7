"""Whose pages these are, at the foot of the navigation; with several organisations a menu to go to another."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from components.avatar import avatar_html
from components.i18n import _
from components.markup import attributes, escape, icon, markup

Places = Sequence[tuple[str, str]]


class place_menu(ui.element):
    """`places` are (id, name) of the others; `on_go(id)` goes there."""

    def __init__(self, who: str, *, places: Places = (), on_go: Callable[[str], Any] | None = None) -> None:
        super().__init__('div')
        self._who, self._several = who, bool(places)
        with self:
            if not places:
                self._card = markup()
                return
            with ui.button(color=None).props('unelevated no-caps :ripple=false').classes('cw-place') as opener:
                opener.props['aria-haspopup'] = 'dialog'
                self._card = markup(tag='span')
                self._opener = opener
                # not the menu of a toolbar but a list of ways to go, and so a small dialog to screen readers
                with ui.menu().props('anchor="top left" self="bottom left" transition-duration=150 role=dialog') as box:
                    box.props['aria-label'] = _('Your organisations')
                    markup(_ways_html(places), classes='cw-menu-links', on_act=lambda act, of: _go(on_go, places, of))

    def show(self, organization: str, logo: str = '') -> None:
        """`logo` is the path of a picture."""
        picture = (
            f'<img{attributes(class_="cw-logo", src=logo, alt="")}>'
            if logo
            else avatar_html(organization, ground='accent', square=True)
        )
        more = icon('unfold_more') if self._several else ''
        # parts of a line: a button holds nothing that stands alone
        self._card.show(
            f'<span class="cw-org">{picture}<span><b class="cw-cut">{escape(organization)}</b>'
            f'<small class="cw-cut">{escape(self._who)}</small></span>{more}</span>'
        )
        if self._several:
            self._opener.props['aria-label'] = _(
                '{organization}. Go to another organisation', organization=organization
            )


def _ways_html(places: Places) -> str:
    ways = ''.join(
        f'<button{attributes(type="button", class_="cw-menu-link", data_act="go", data_of=place)}>'
        f'{avatar_html(name, ground="accent", square=True)}<span class="cw-cut">{escape(name)}</span></button>'
        for place, name in places
    )
    return f'<div class="cw-label">{escape(_("Go to"))}</div>{ways}'


def _go(on_go: Callable[[str], Any] | None, places: Places, of: str) -> Any:
    known = any(place == of for place, _name in places)
    return on_go(of) if known and on_go else None

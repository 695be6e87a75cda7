"""A row of links to the screens of one area; scrolls sideways on a phone."""

from collections.abc import Sequence

from nicegui import ui

from components.i18n import _
from components.markup import attributes, escape, markup


class area_nav(ui.element):
    """`links` are (path, title); the one that is open is marked."""

    def __init__(self, links: Sequence[tuple[str, str]], *, active: str) -> None:
        super().__init__('nav')
        self.classes('cw-area')
        self.props['aria-label'] = _('Sections')
        with self:
            markup(''.join(_link(path, title, active) for path, title in links), tag='span')


def _link(path: str, title: str, active: str) -> str:
    return f'<a{attributes(href=path, aria_current="page" if path == active else None)}>{escape(title)}</a>'

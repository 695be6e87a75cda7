"""The work screen of a review: lessons | blocks | source. Below 1024 px the blocks alone, the source in a bottom
sheet."""

from nicegui import ui

from components.button import icon_button_html
from components.i18n import _
from components.markup import attributes, escape, icon, markup


class review_panes(ui.element):
    """Fill `.left` (lessons), `.main` (blocks), `.side` (source) and `.foot` (the dock); use with
    `here(mode='work')`."""

    def __init__(self) -> None:
        super().__init__('div')
        self.classes('cw-panes')
        with self:
            self.left = ui.element('nav').classes('cw-pane-left')
            self.left.props['aria-label'] = _('Lessons')
            self.main = ui.element('div').classes('cw-pane-main')
            with ui.element('aside').classes('cw-pane-side') as self._sheet:
                self._sheet.props['aria-label'] = _('Source')
                markup(
                    icon_button_html('close', _('Close the source'), 'close'), classes='cw-sheet-close',
                    on_act=lambda act, of: self.close_side(),
                )  # fmt: skip
                self.side = ui.element('div').classes('cw-stack cw-tight')
            self.foot = ui.element('div').classes('cw-dock cw-pane-foot')

    def open_side(self) -> None:
        """Show the source where there is no room for it beside the blocks."""
        self._sheet.classes('cw-open')

    def close_side(self) -> None:
        self._sheet.classes(remove='cw-open')


def pager_html(position: int, total: int, *, act: str = 'source') -> str:
    """'1 of 3' between two arrows; clicks call `on_act(act, 'previous'|'next')`."""

    def arrow(symbol: str, label: str, of: str, off: bool) -> str:
        given = attributes(
            type='button',
            class_='cw-btn cw-icon-btn cw-small',
            data_act=act,
            data_of=of,
            aria_label=label,
            aria_disabled='true' if off else None,
        )
        return f'<button{given}>{icon(symbol, "cw-flips")}</button>'

    return (
        f'<span class="cw-pages">{arrow("chevron_left", _("Previous"), "previous", position <= 1)}'
        f'<span>{escape(_("{position} of {total}", position=position, total=total))}</span>'
        f'{arrow("chevron_right", _("Next"), "next", position >= total)}</span>'
    )

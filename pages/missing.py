"""What stands in the place of a screen that is not there, not allowed, or broken."""

from nicegui import ui

from components.button import link_button
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _
from components.layout import page


class screen_area(ui.sub_pages):
    """Sub pages whose faults look like the product."""

    def _render_404(self) -> None:
        nothing_here()

    def _render_error(self, _error: Exception) -> None:
        here(_('Something went wrong'))
        with page(), empty_state(_('Something went wrong on our side'), _('It is in the log. Load the page again.')):
            link_button(_('Load again'), '', kind='primary')


def nothing_here() -> None:
    """Missing and foreign look the same."""
    here(_('Not found'))
    with page(), empty_state(_('There is nothing here'), _('It may have been removed, or it is not yours to see.')):
        link_button(_('Go to your home page'), '/', kind='primary')


def refused() -> None:
    here(_('Not allowed'))
    with page(), empty_state(_('This page is not for your role'), _('Ask an administrator if you need it.')):
        link_button(_('Go to your home page'), '/', kind='primary')

"""What happened that concerns the viewer, behind the bell."""

from nicegui import ui

from components.dialog import dialog
from components.i18n import _, translated, when_html
from components.markup import attributes, escape, markup
from services.platform import Services
from services.viewer import Viewer


async def open_bell(viewer: Viewer, services: Services) -> None:
    """Shows the latest notifications; reading them marks them as read."""
    found = await services.notifications.list(viewer)
    with dialog(_('For you')) as box:
        if not found:
            markup(escape(_('Nothing yet. Reviews and finished drafts are announced here.')), classes='cw-small-text')
        rows = ''.join(
            f'<li{attributes(class_="" if one.read else "cw-fresh")}>{when_html(one.at, short=True)}'
            f'<span><a{attributes(href=one.path)}>{escape(translated(one.text, subject=one.subject))}</a></span></li>'
            for one in found
        )
        markup(rows, tag='ol', classes='cw-feed')
    box.open()
    await services.notifications.mark_all_read(viewer)
    ui.update()

"""Areas: screens that belong together and share a row of links: account, settings, installation."""

from components.area_nav import area_nav
from services.viewer import Viewer


def area_links(viewer: Viewer, area: str, path: str) -> None:
    """The screens of the area that the viewer may open, `path` being the open one; taken from the table of screens."""
    from pages.screens import screens  # the table knows this screen: a cycle at import, none when it is drawn

    links = [(s.path, s.area_title or s.title) for s in screens() if s.area == area and s.open_to(viewer)]
    area_nav(links, active=path)

"""The one page: header, navigation, and the screens as sub pages that get their viewer and services by name."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from nicegui import context, ui
from starlette.responses import Response

from components.accent import accent_css
from components.frame import NavItem, bench_frame
from components.i18n import _, use_region
from components.live import live, refresh_later
from components.posting import post
from components.sign_in_page import message_html
from pages.bell import open_bell
from pages.missing import refused, screen_area
from pages.screens import Build, Screen, screens
from pages.unverified import ask_to_confirm
from services.errors import NotSignedIn, PlatformError
from services.identity import Person
from services.organizations import LookView
from services.platform import Services
from services.viewer import Permission, Role, Viewer

ViewerOf = Callable[[Request], Awaitable[Viewer]]
SECOND_FACTOR = '/account/security'  # where people are led whose organisation asks for one that they do not have


def register(services: Services, viewer_of: ViewerOf) -> None:
    """Adds the page to NiceGUI. A function, not an import, so that every test gets its own."""

    @ui.page('/', response_timeout=10)
    @ui.page('/{_:path}', response_timeout=10)
    async def shell(request: Request) -> Response | None:
        try:
            viewer = await viewer_of(request)
        except NotSignedIn:
            return RedirectResponse(f'/sign-in?next={quote(str(request.url.path))}', status_code=303)
        use_region(viewer.locale, viewer.time_zone)
        if viewer.owes_second_factor and request.url.path != SECOND_FACTOR:
            return RedirectResponse(SECOND_FACTOR, status_code=303)
        table = screens()
        screen = screen_at(request.url.path, table)
        if screen is not None and not screen.open_to(viewer):
            page = message_html(
                _('This page is not for your role'),
                _('Ask an administrator of {name} if you need it.', name=viewer.organization_name),
                link=(_('Go to your home page'), '/'),
            )
            return HTMLResponse(page, status_code=403)
        _build(viewer, services, table, await services.identity.person(viewer), await services.looks.own(viewer))
        return None


def _build(viewer: Viewer, services: Services, table: tuple[Screen, ...], person: Person, look: LookView) -> None:
    held_back = viewer.owes_second_factor
    menu = [screen for screen in table if screen.icon and screen.open_to(viewer) and not held_back]
    frame = bench_frame(
        person=viewer.full_name,
        organization=viewer.organization_name,
        role=role_words(viewer),
        items=[NavItem(path=screen.path, title=screen.title, icon=screen.icon) for screen in menu],
        theme=person.theme if person.theme in ('light', 'dark') else 'auto',  # type: ignore[arg-type]
        on_theme=lambda chosen: services.identity.set_theme(viewer, chosen),
        on_search=None if held_back else lambda: ui.navigate.to('/search'),
        on_bell=None if held_back else lambda: open_bell(viewer, services),
        places=[(str(place.id), place.name) for place in person.places if place.is_active and not place.is_here],
        on_go=lambda place: post('/auth/switch', {'organization_id': place}),
        account=[(screen.title, screen.path) for screen in table if screen.area == 'account' and not held_back],
    )
    _dress(frame, look)
    ask_to_confirm(viewer, services, person)
    screen_area(
        {screen.path: _shown(screen, viewer) for screen in table},
        data={'viewer': viewer, 'services': services},
    )
    with context.client.layout:
        counter = ui.element()  # what the live parts of the frame hang on: it lives as long as the page

    async def counts() -> None:
        if held_back:
            return
        frame.unread(await services.notifications.unread(viewer) > 0)
        if viewer.may(Permission.DRAFT_APPROVE):
            frame.count('/reviews', await services.review_lists.count(viewer))

    live(counter, services.bus, f'user:{viewer.user_id}', counts)
    live(counter, services.bus, f'reviews:{viewer.organization_id}', counts)
    refresh_later(counter, counts)

    async def look_again() -> None:
        """Other roles make another menu; whoever has none here any more is sent to the door by the load."""
        try:
            current = await services.members.me(viewer)
        except PlatformError:
            ui.navigate.reload()
        else:
            if current.roles != viewer.roles or current.full_name != viewer.full_name:
                ui.navigate.reload()

    live(counter, services.bus, f'session:{viewer.session_id}', look_again)

    async def moved() -> None:
        if await services.identity.has_moved(viewer):
            # another page of this browser went to another organisation: loaded anew, not drawn anew
            ui.run_javascript('location.assign("/")')

    live(counter, services.bus, f'session:{viewer.session_id}', moved)

    async def dress() -> None:
        try:
            _dress(frame, await services.looks.own(viewer))
        except PlatformError:  # suspended or gone: the same address says so
            ui.navigate.reload()

    live(counter, services.bus, f'organization:{viewer.organization_id}', dress)


def _shown(screen: Screen, viewer: Viewer) -> Build:
    if viewer.owes_second_factor and screen.path != SECOND_FACTOR:
        return lambda: ui.navigate.to(SECOND_FACTOR)
    return screen.build if screen.open_to(viewer) else refused


def _dress(frame: bench_frame, look: LookView) -> None:
    frame.dress(look.name, look.logo)
    if look.accent or frame.accent:
        ui.add_css(accent_css(look.accent))
    frame.accent = look.accent


def role_words(viewer: Viewer) -> str:
    """What the person is here, in one word: the most far-reaching of their roles."""
    words = {
        Role.SITE_ADMIN: _('site administrator'),
        Role.ORG_ADMIN: _('administrator'),
        Role.INSTRUCTOR: _('instructor'),
        Role.ADMIN: _('review administrator'),
        Role.EDITOR: _('editor'),
        Role.REVIEWER: _('reviewer'),
        Role.STUDENT: _('student'),
        Role.VIEWER: _('viewer'),
    }
    return next((text for role, text in words.items() if role in viewer.roles), _('guest'))


def screen_at(path: str, table: tuple[Screen, ...]) -> Screen | None:
    """The screen of an address, whoever may open it."""
    parts = path.strip('/').split('/')
    for screen in table:
        wanted = screen.path.strip('/').split('/')
        if len(wanted) == len(parts) and all(a == b or a.startswith('{') for a, b in zip(wanted, parts, strict=True)):
            return screen
    return None

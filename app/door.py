"""The door of NiceGUI: behind it a page costs memory, so whoever passes has a session, and not too many wishes."""

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from nicegui import __version__ as nicegui_version
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.doors import Callers
from app.lines import VIEWER, refuse
from app.sockets import Sockets
from components.i18n import translated
from components.sign_in_page import later_html, nothing_html
from pages.screens import screens
from pages.shell import screen_at
from services.errors import NotSignedIn, TooManyRequests
from services.limits import PAGES, PAGES_ANONYMOUS, Limits
from services.viewer import Suspended, Viewer

# The same for everybody, and all that NiceGUI serves besides pages and their sockets.
_ASSETS = tuple(
    f'/_nicegui/{nicegui_version}/{kind}/'
    for kind in ('static', 'libraries', 'components', 'resources', 'dynamic_resources', 'esm')
)
_SOCKETS = '/_nicegui_ws/socket.io'
_INTERNAL = '/_nicegui'
_ICON = '/favicon.ico'


class Door:
    """Strangers are sent to the sign-in page, or told that there is nothing: from here, and not too often.

    NiceGUI's own uploads, which ask nobody who they are, stay shut: their bodies are not even read.
    """

    def __init__(self, app: ASGIApp, callers: Callers, limits: Limits, sockets: Sockets) -> None:
        self._app = app
        self._callers = callers
        self._sessions = callers.sessions
        self._limits = limits
        self._sockets = sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope['path']
        if scope['type'] == 'websocket':
            await self._socket(scope, receive, send)
        elif path.startswith(_ASSETS) or path == _ICON:
            await self._app(scope, receive, send)
        elif path.startswith(_INTERNAL):
            await _nothing()(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            viewer = await self._admitted(scope)
        except TooManyRequests as error:
            await _later(error)(scope, receive, send)
            return
        except Suspended as error:
            await (await self._callers.kept_out(error))(scope, receive, send)
            return
        if scope['method'] not in ('GET', 'HEAD'):
            await PlainTextResponse('', 405, {'Allow': 'GET'})(scope, receive, send)
        elif viewer is None:
            answer = (
                _sign_in(scope)
                if screen_at(scope['path'], screens())
                else HTMLResponse(nothing_html(), status_code=404)
            )
            await answer(scope, receive, send)
        else:
            scope[VIEWER] = viewer
            await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            scope[VIEWER] = await self._admitted(scope)
        except (TooManyRequests, Suspended):
            await refuse(receive, send)
            return
        if scope['path'].rstrip('/') == _SOCKETS:
            await self._sockets(self._app, scope, receive, send)
        else:
            await refuse(receive, send)

    async def _admitted(self, scope: Scope) -> Viewer | None:
        """Who it is, None for a stranger; TooManyRequests for either."""
        request = Request({**scope, 'type': 'http'})
        try:
            viewer = await self._sessions.of_cookie(request)
        except NotSignedIn:
            await self._limits.spend(PAGES_ANONYMOUS, request.client.host if request.client else '')
            return None
        await self._limits.spend(PAGES, str(viewer.session_id))
        return viewer


async def admitted(request: Request) -> Viewer:
    """Whom the door let in."""
    viewer: Viewer | None = request.scope.get(VIEWER)
    if viewer is None:
        raise NotSignedIn()
    return viewer


def _sign_in(scope: Scope) -> RedirectResponse:
    query = scope['query_string'].decode('latin-1')
    target = scope['path'] + (f'?{query}' if query else '')
    return RedirectResponse(f'/sign-in?next={quote(target)}', status_code=303)


def _nothing() -> PlainTextResponse:
    return PlainTextResponse('', 404)


def _later(error: TooManyRequests) -> HTMLResponse:
    page = later_html(translated(error.message, **error.params))
    return HTMLResponse(page, status_code=429, headers={'Retry-After': str(error.retry_after)})

"""What every answer tells the browser: what it may load, from where, and that nobody may frame it."""

from base64 import b64encode
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings
from components.theme import tokens

_FEATURES = (
    'accelerometer', 'autoplay', 'browsing-topics', 'camera', 'display-capture', 'geolocation',
    'gyroscope', 'hid', 'identity-credentials-get', 'idle-detection', 'local-fonts', 'magnetometer', 'microphone',
    'midi', 'payment', 'screen-wake-lock', 'serial', 'usb', 'xr-spatial-tracking',
)  # fmt: skip
_EVERYWHERE = {
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Permissions-Policy': ', '.join(f'{feature}=()' for feature in _FEATURES),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
}
_STRICT_TRANSPORT = 'max-age=63072000; includeSubDomains'
# Files that are the same for everybody; browsers keep them.
_ASSETS = ('/static/', '/_nicegui/')
_NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_COMMON = "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


class SecurityHeaders:
    """A header that an answer brings itself stays as it is."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._secure = settings.secure
        self._hosts = frozenset(origin.partition('://')[2] for origin in settings.origins)
        self._labs = labs_source(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] != 'http':
            await self._app(scope, receive, send)
            return

        async def said(message: Message) -> None:
            if message['type'] == 'http.response.start':
                self._add(MutableHeaders(scope=message), scope)
            await send(message)

        await self._app(scope, receive, said)

    def _add(self, headers: MutableHeaders, scope: Scope) -> None:
        for name, value in _EVERYWHERE.items():
            headers.setdefault(name, value)
        if self._secure:
            headers.setdefault('Strict-Transport-Security', _STRICT_TRANSPORT)
        if scope['path'].startswith(_ASSETS):
            return
        headers.setdefault('Cache-Control', 'no-store')
        headers.setdefault('Content-Security-Policy', self._policy(headers, scope))

    def _policy(self, headers: MutableHeaders, scope: Scope) -> str:
        if not headers.get('content-type', '').startswith('text/html'):
            return _NOTHING
        return self._page_policy(scope) if 'x-nicegui-content' in headers else PLAIN_PAGE

    def _page_policy(self, scope: Scope) -> str:
        host = next((value.decode('latin-1') for name, value in scope['headers'] if name == b'host'), '')
        # older Safari does not take 'self' for a socket of the same origin
        socket = f' {"wss" if self._secure else "ws"}://{host}' if host in self._hosts else ''
        return (
            # NiceGUI compiles templates and handlers in the browser: docs/decisions/0011-what-nicegui-may-run.md
            "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; connect-src 'self'{socket}; "
            f"frame-src {self._labs}; worker-src 'self' blob:; manifest-src 'self'; {_COMMON}"
        )


def labs_source(settings: Settings) -> str:
    """Where web labs come from: one host name each, below one that the application does not use."""
    scheme, _, place = settings.address.partition('://')
    _, colon, port = place.rstrip('/').rpartition(':')
    return f'{scheme}://*.{settings.labs_host}' + (f':{port}' if colon and port.isdigit() else '')


def _hash(inline: str) -> str:
    return f"'sha256-{b64encode(sha256(inline.encode()).digest()).decode()}'"


# Signing in and the pages that say no: one style sheet in the page, by its hash, and scripts from files only.
PLAIN_PAGE = (
    f"default-src 'none'; script-src 'self'; style-src 'self' {_hash(tokens())}; img-src 'self' data:; "
    f"font-src 'self'; connect-src 'self'; {_COMMON}"
)

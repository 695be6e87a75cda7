"""Whatever changes something is asked by our own pages, or with a token: no other site acts through a browser.

Routes that read the cookie ask the same; this stands before all of them, those that are still to be written too.
"""

import logging

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.counters import REFUSED
from app.session import same_origin

_SAFE = frozenset({'GET', 'HEAD', 'OPTIONS'})
# By one of these a browser says where a request comes from; programs send none.
_WORDS_OF_BROWSERS = ('sec-fetch-site', 'origin', 'referer')
_log = logging.getLogger(__name__)


class OwnPages:
    def __init__(self, app: ASGIApp, cookie: str) -> None:
        self._app = app
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] == 'http' and scope['method'] not in _SAFE and self._is_foreign(Request(scope)):
            REFUSED.labels('foreign_site').inc()
            _log.warning('Refused %s %s: it came from another site', scope['method'], scope['path'])
            await _refusal()(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_foreign(self, request: Request) -> bool:
        """A token in the header is nothing that a browser adds by itself; a cookie is."""
        if request.headers.get('authorization', '').lower().startswith('bearer '):
            return False
        speaks = self._cookie in request.cookies or any(word in request.headers for word in _WORDS_OF_BROWSERS)
        return speaks and not same_origin(request)


def _refusal() -> JSONResponse:
    sentence = 'This request came from another site. Open our page and try again there, or use an access token.'
    return JSONResponse({'detail': sentence, 'code': 'forbidden'}, 403)

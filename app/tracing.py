"""One id for each HTTP request: in its log lines, its audit rows, the work it begins, and its answer."""

import logging
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.tracing import Origin, begin, new_request_id

HEADER = 'X-Request-ID'
# Asked all the time, by browsers and machines, and never the reason for anything.
_UNTOLD = ('/static/', '/_nicegui', '/metrics', '/favicon.ico')
_PROBES = '/health/'
_log = logging.getLogger(__name__)


class Traced:
    """An id that a client sends is not taken over: it could be somebody else's, or a line of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] not in ('http', 'websocket'):
            await self._app(scope, receive, send)
            return
        where = of_scope(scope)
        # The server gives every request a task of its own: what it logs after us, a crash for one, has the id too.
        begin(where)
        if scope['type'] == 'websocket':
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def told(message: Message) -> None:
            if message['type'] == 'http.response.start':
                MutableHeaders(scope=message)[HEADER] = where.request_id
                _tell(scope, message['status'], time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, told)


def of_scope(scope: Scope) -> Origin:
    """Where a request or the socket of a page comes from, with an id of its own."""
    client = scope.get('client')
    agent = Headers(scope=scope).get('user-agent', '')
    return Origin(request_id=new_request_id(), address=client[0] if client else '', user_agent=agent[:300])


def _tell(scope: Scope, status: int, seconds: float) -> None:
    path = scope['path']
    if path.startswith(_PROBES) or (status < 500 and path.startswith(_UNTOLD)):
        return
    fields = {'method': scope['method'], 'path': path, 'status': status, 'seconds': round(seconds, 4)}
    _log.info('%s %s', scope['method'], path, extra=fields)

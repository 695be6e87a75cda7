"""Prometheus figures at /metrics."""

import time
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import Response
from nicegui import Client
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from app.platform import Platform

_REQUESTS = Counter('coursewright_requests_total', 'HTTP requests', ['method', 'route', 'status'])
_SECONDS = Histogram('coursewright_request_seconds', 'Time to the first byte of the answer', ['route'])
_PAGES = Gauge('coursewright_open_pages', 'Browser tabs connected to this process')
LOOP_BLOCK = Gauge('coursewright_loop_block_seconds_max', 'Longest time the event loop was blocked')


class Measured:
    """Counts requests by the kind of path, never by its ids: a label for every id would grow without end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] != 'http':
            await self._app(scope, receive, send)
            return
        began, route = time.perf_counter(), _route(scope['path'])

        async def noted(message: Message) -> None:
            if message['type'] == 'http.response.start':
                _REQUESTS.labels(scope['method'], route, message['status']).inc()
                _SECONDS.labels(route).observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, noted)


def router(_platform: 'Platform') -> APIRouter:
    operations = APIRouter(include_in_schema=False)

    @operations.get('/metrics')
    async def metrics() -> Response:
        _PAGES.set(sum(client.has_socket_connection for client in Client.instances.values()))
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return operations


def _route(path: str) -> str:
    parts = path.strip('/').split('/')
    if parts[:2] == ['api', 'v1']:
        return '/api/v1/' + '/'.join(parts[2:3])
    known = {'_nicegui', 'static', 'health', 'metrics', 'auth', 'sign-in', 'files', 'exports'}
    return f'/{parts[0]}' if parts[0] in known else 'page'

"""The socket of a page: opened only by the session that built the page, and heard only about that page.

NiceGUI takes whoever knows the id of a page for its owner; here the id has to come from the right session too.
"""

import asyncio
import json
import logging
import time
from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from urllib.parse import parse_qs
from uuid import UUID

from nicegui import Client, background_tasks, core
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app import words
from app.lines import LARGEST_MESSAGE, LONGEST_ID, VIEWER, Line, ask_to_reload, refuse
from app.tracing import of_scope
from services.bus import Bus
from services.connections import ConnectionService
from services.tracing import Origin, coming_from
from services.viewer import Viewer

MOST_LINES = 100  # open tabs of one session
_PENALTY_SECONDS = 10.0
_UPKEEP_SECONDS = 60.0  # sessions also end by themselves
_LINE = 'coursewright.line'
_LONGEST_ORIGIN = 200
_log = logging.getLogger(__name__)


class Sockets:
    """Opens the sockets of pages, and closes them when their session ends. `origins` are those of our own pages."""

    def __init__(self, connections: ConnectionService, bus: Bus, origins: Collection[str]) -> None:
        self._connections = connections
        self._origins = frozenset(origins)
        self._lines: defaultdict[UUID, set[Line]] = defaultdict(set)
        self._flooded: dict[UUID, float] = {}
        self._looking = self._look_again = False
        bus.subscribe('sessions', self._session_changed)

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        viewer: Viewer | None = scope[VIEWER]
        origin = Headers(scope=scope).get('origin')
        if origin is not None and origin.lower() not in self._origins:
            _log.warning('A socket was refused: a page of %s asked for it', json.dumps(origin[:_LONGEST_ORIGIN]))
            await refuse(receive, send)
            return
        query = {name: values[0] for name, values in parse_qs(scope['query_string'].decode('latin-1')).items()}
        client_id = query.get('client_id', '')
        if viewer is not None and not self._may_open(viewer, query):
            await refuse(receive, send)
        elif viewer is not None and _was_built_for(viewer, client_id):
            await self._pass(app, Line(scope, receive, send, client_id=client_id, on_flood=self._flood), scope)
        else:
            if viewer is not None and client_id in Client.instances:
                await self._note(viewer, of_scope(scope), 'opened a page of another session')
            # a browser is told to load the page again: it signed out, or we were started anew
            with suppress(TimeoutError):
                await (refuse if origin is None else ask_to_reload)(receive, send)

    def take_over(self) -> None:
        """From now on NiceGUI hears only what came through here."""
        core.sio.eio.cors_allowed_origins = sorted(self._origins)
        # long polling would carry the key to a socket in each of its addresses
        core.sio.eio.transports = ['websocket']
        core.app.config.socket_io_js_transports = ['websocket']
        core.sio.eio.max_http_buffer_size = LARGEST_MESSAGE
        for name in ('engineio.server', 'socketio.server'):
            logging.getLogger(name).addFilter(_without_traceback)
            logging.getLogger(name).handlers.clear()  # its own, which says everything a second time
        for name, heard in words.handlers(self._speaking).items():
            core.sio.on(name, heard)

    async def upkeep(self) -> None:
        while True:
            await asyncio.sleep(_UPKEEP_SECONDS)
            self._flooded = {of: until for of, until in self._flooded.items() if until > time.monotonic()}
            try:
                await self._session_changed()
            except SQLAlchemyError as error:
                _log.warning('Whose sessions have ended could not be read: %s', error)

    def _may_open(self, viewer: Viewer, query: dict[str, str]) -> bool:
        ids = [query.get(name, '') for name in ('client_id', 'tab_id', 'document_id')]
        return (
            all(0 < len(one) <= LONGEST_ID for one in ids)
            and query.get('next_message_id', '0').isdecimal()
            and len(self._lines.get(viewer.session_id, ())) < MOST_LINES
            and self._flooded.get(viewer.session_id, 0.0) < time.monotonic()
        )

    async def _pass(self, app: ASGIApp, line: Line, scope: Scope) -> None:
        lines = self._lines[line.viewer.session_id]
        lines.add(line)
        scope[_LINE] = line
        try:
            await app(scope, line.receive, line.send)
        finally:
            lines.discard(line)
            if not lines:
                self._lines.pop(line.viewer.session_id, None)

    async def _session_changed(self) -> None:
        """Looks which sessions go on; a burst of changes is looked at twice at most."""
        self._look_again = True
        if self._looking:
            return
        self._looking = True
        try:
            while self._look_again and self._lines:
                self._look_again = False
                for session_id in await self._connections.ended(tuple(self._lines)):
                    for line in tuple(self._lines.get(session_id, ())):
                        background_tasks.create(line.cut(reload=True), name='end of a session')
        finally:
            self._looking = False

    def _flood(self, line: Line) -> None:
        self._flooded[line.viewer.session_id] = time.monotonic() + _PENALTY_SECONDS
        background_tasks.create(self._note(line.viewer, line.origin, 'sent too many events at once'))

    async def _note(self, viewer: Viewer, where: Origin, because: str) -> None:
        with coming_from(where):
            await self._connections.refused(viewer, because)

    def _speaking(self, sid: str, word: object) -> Line | None:
        """The line that the word came through, if it may say it; another page's name in it ends the line."""
        environ = core.sio.get_environ(sid)
        line: Line | None = environ['asgi.scope'].get(_LINE) if environ else None
        if line is None or line.is_cut or not isinstance(word, dict):
            return None
        if word.get('client_id') != line.client_id:
            background_tasks.create(line.cut(), name='cut a socket')
            background_tasks.create(self._note(line.viewer, line.origin, 'spoke for a page of another session'))
            return None
        return line


def _was_built_for(viewer: Viewer, client_id: str) -> bool:
    client = Client.instances.get(client_id)
    built_for: Viewer | None = None
    with suppress(RuntimeError):  # a page that no request asked for
        built_for = client.request.scope.get(VIEWER) if client else None
    return built_for is not None and built_for.session_id == viewer.session_id


def _without_traceback(record: logging.LogRecord) -> bool:
    """Words that are none come from strangers: one line each is enough."""
    record.exc_info = record.exc_text = None
    return True

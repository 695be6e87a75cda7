"""One open socket: how much may come through it, and how it is cut off."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Coroutine
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from app.tracing import of_scope
from services.viewer import Viewer

# The key of a request's scope under which the door leaves whom it let in.
VIEWER = 'coursewright.viewer'
LARGEST_MESSAGE = 1_000_000  # bytes; NiceGUI's own script sends no larger one
# A fast typist with three uploads under way sends some sixty events a second.
BURST, PER_SECOND = 400.0, 100.0
LONGEST_ID = 64
_LARGE = 32 * 1024  # bytes for which an event counts once more
_POLICY_VIOLATION = 1008
_PACKETS = '0123456'  # what a message of engine.io begins with
_PATIENCE_SECONDS = 5.0
# A page that is about to leave, because it is the one that signed out, leaves where it wanted to.
_RELOAD = 'setTimeout(() => location.reload(), 400)'


class Line:
    """Passes messages between the socket and the application, until it is cut or too much comes at once."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, *, client_id: str, on_flood: 'Callable[[Line], None]'
    ) -> None:
        self.viewer: Viewer = scope[VIEWER]
        self.client_id = client_id
        self.origin = of_scope(scope)
        self.is_cut = False
        self._on_flood = on_flood
        self._receive, self._send = receive, send
        self._tokens, self._filled_at = BURST, time.monotonic()

    async def receive(self) -> Message:
        message = await self._receive()
        if message['type'] == 'websocket.receive' and not self.is_cut:
            if not self._affords(message):
                self.is_cut = True
                self._on_flood(self)
            elif (message.get('text') or _PACKETS)[0] not in _PACKETS:
                self.is_cut = True
        return {'type': 'websocket.disconnect', 'code': _POLICY_VIOLATION} if self.is_cut else message

    async def send(self, message: Message) -> None:
        if not self.is_cut:
            await self._send(message)

    def cut(self, *, reload: bool = False) -> Coroutine[Any, Any, None]:
        """Nothing is heard from this moment on; awaited, it hangs up.

        With `reload` the page first learns that it has to ask again who is there.
        """
        was_cut, self.is_cut = self.is_cut, True
        return self._hang_up(reload=reload, already=was_cut)

    async def _hang_up(self, *, reload: bool, already: bool) -> None:
        if already:
            return
        if reload:
            await self._send({'type': 'websocket.send', 'text': _event('run_javascript', code=_RELOAD)})
        await self._send({'type': 'websocket.close', 'code': _POLICY_VIOLATION})

    def _affords(self, message: Message) -> bool:
        moment = time.monotonic()
        self._tokens = min(BURST, self._tokens + (moment - self._filled_at) * PER_SECOND)
        self._filled_at = moment
        self._tokens -= 1 + len(message.get('text') or message.get('bytes') or '') // _LARGE
        return self._tokens >= 0


async def refuse(receive: Receive, send: Send) -> None:
    """Before anything is opened: the browser is answered 403."""
    await receive()
    await send({'type': 'websocket.close', 'code': _POLICY_VIOLATION})


async def ask_to_reload(receive: Receive, send: Send) -> None:
    """Refuses in the words on which NiceGUI's script loads the page again: then the door says where to go."""
    await receive()
    await send({'type': 'websocket.accept'})
    opening = {'sid': secrets.token_urlsafe(9), 'upgrades': [], 'pingInterval': 25_000, 'pingTimeout': 20_000}
    await send({'type': 'websocket.send', 'text': f'0{json.dumps({**opening, "maxPayload": LARGEST_MESSAGE})}'})
    async with asyncio.timeout(_PATIENCE_SECONDS):
        message = await receive()
        if message['type'] == 'websocket.receive':
            await send({'type': 'websocket.send', 'text': '44{"message":"Implicit handshake failed"}'})
            await receive()  # the browser hangs up by itself
    await send({'type': 'websocket.close', 'code': _POLICY_VIOLATION})


def _event(name: str, **words: Any) -> str:
    return f'42{json.dumps([name, words])}'

"""A page without a browser: opened over HTTP, its socket spoken by hand, so that one may also say what no browser does.

Nothing of NiceGUI's own script is used: what is sent is what is written here, and nothing is checked before it leaves.
"""

import asyncio
import contextlib
import html
import json
import re
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

Element = dict[str, Any]
_PATIENCE_SECONDS = 20.0
_QUIET_SECONDS = 0.15
_AT_ONCE, _PER_SECOND = 300, 80  # below what the server lets through, so that nothing is dropped for its number
_ACT = re.compile(r'data-act="([^"]*)"(?:[^>]*?data-of="([^"]*)")?')


class Refused(Exception):
    """The socket was not opened, or it was closed."""


@dataclass(frozen=True, kw_only=True)
class Listener:
    """What a page listens for. `takes_acts`: clicks on its markup send what stands there as data-act and data-of, which
    are its `acts`."""

    element_id: int
    listener_id: str
    type: str
    takes_acts: bool = False
    acts: tuple[tuple[str, str], ...] = ()

    @property
    def place(self) -> tuple[int, str]:
        """The same on every load of the page, unlike its id."""
        return self.element_id, self.type


@dataclass(kw_only=True)
class Page:
    """What the HTML of a page holds; `elements` grows with what comes through the socket."""

    url: str
    path: str
    cookie: str
    client_id: str
    next_message: int
    tab_id: str = field(default_factory=lambda: str(uuid4()))
    elements: dict[int, Element] = field(default_factory=dict)

    @property
    def listeners(self) -> list[Listener]:
        return [
            Listener(
                element_id=element_id,
                listener_id=event['listener_id'],
                type=event['type'],
                takes_acts='dataset.act' in (event.get('js_handler') or ''),
                acts=tuple(_acts(element)),
            )
            for element_id, element in self.elements.items()
            for event in element.get('events', ())
        ]

    @property
    def is_loading(self) -> bool:
        parents = {child: number for number, element in self.elements.items() for child in _children(element)}
        waiting = [number for number, element in self.elements.items() if 'cw-skeleton' in json.dumps(element)]
        return any(self._is_shown(number, parents) for number in waiting)

    def _is_shown(self, number: int, parents: dict[int, int]) -> bool:
        while 'hidden' not in self.elements[number].get('class', ()):
            if parents.get(number) not in self.elements:
                return True
            number = parents[number]
        return False


async def load(http: httpx.AsyncClient, path: str, cookie: str = '') -> Page:
    """The page as a browser gets it, without its socket; AssertionError where there is none."""
    answer = await asked(http, path, cookie)
    assert answer.status_code == 200, f'{path} answered {answer.status_code}'
    found = re.search(r"'client_id': '([^']+)', 'next_message_id': (\d+)", answer.text)
    drawn = re.search(r'parseElements\(String\.raw`(.*?)`\)', answer.text, re.DOTALL)
    assert found and drawn, f'{path} is no page with a socket'
    elements = json.loads(html.unescape(drawn[1]))
    return Page(
        url=str(http.base_url).rstrip('/'),
        path=path,
        cookie=cookie,
        client_id=found[1],
        next_message=int(found[2]),
        elements={int(number): element for number, element in elements.items()},
    )


async def asked(http: httpx.AsyncClient, path: str, cookie: str = '') -> httpx.Response:
    """On a connection of its own: a busy server may close an idle one just when it is used again."""
    return await http.get(path, headers={'Connection': 'close'} | ({'Cookie': cookie} if cookie else {}))


class Socket:
    """An open socket; `page` hears what comes."""

    def __init__(self, connection: ClientConnection, page: Page) -> None:
        self.page = page
        self.heard: list[str] = []
        self._connection = connection
        self._opened, self._closed = asyncio.Event(), asyncio.Event()
        self._answers: dict[int, asyncio.Future[bool]] = {}
        self._heard_at = time.monotonic()
        self._sent_at: list[float] = []

    @property
    def is_closed(self) -> bool:
        return self._closed.is_set()

    async def opened(self) -> None:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            waiting = [asyncio.create_task(event.wait()) for event in (self._opened, self._closed)]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in waiting:
                task.cancel()
        if not self._opened.is_set():
            raise Refused(self.heard[-1] if self.heard else 'closed')

    async def closed(self, *, within: float) -> None:
        async with asyncio.timeout(within):
            await self._closed.wait()

    async def raw(self, text: str) -> None:
        """One frame as it stands; what the other side no longer takes is lost, as it would be for anybody."""
        with contextlib.suppress(ConnectionClosed):
            await self._connection.send(text)

    async def say(self, name: str, word: Any) -> None:
        await self.raw('42' + json.dumps([name, word]))

    async def event(self, listener: Listener, *arguments: Any, client_id: str = '') -> 'asyncio.Future[bool]':
        """As if the listener's element had been clicked, typed into, …: in a page of one's own or of others.

        Tells whether somebody listened; cancelled when the socket closes before.
        """
        await self._pace()
        word = {
            'id': listener.element_id,
            'client_id': client_id or self.page.client_id,
            'listener_id': listener.listener_id,
            'args': [json.dumps(one) for one in arguments],
        }
        return await self._asked('event', word)

    async def replay(self, listeners: Iterable[Listener], acts: Iterable[tuple[str, str]] = ()) -> set[tuple[int, str]]:
        """Tells each listener all that it may be told, and the `acts` that others have here; gives the places of those
        who were still there to hear it."""
        said = [
            (listener.place, await self.event(listener, *arguments))
            for listener in listeners
            for arguments in _told(listener, acts)
        ]
        await self.heard_out()
        return {place for place, heard in said if heard.done() and not heard.cancelled() and heard.result()}

    async def heard_out(self) -> None:
        """Everything said so far was taken, and the page has come to rest."""
        taken = await self._asked('ack', {'client_id': self.page.client_id, 'next_message_id': 0})
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await asyncio.wait([taken])
            while not self.is_closed and (time.monotonic() - self._heard_at < _QUIET_SECONDS or self.page.is_loading):
                await asyncio.sleep(0.02)

    async def _asked(self, name: str, word: Any) -> 'asyncio.Future[bool]':
        number = len(self._answers) + 1
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        if self.is_closed:
            answer.cancel()
        await self.raw(f'42{number}{json.dumps([name, word])}')
        return answer

    async def listen(self) -> None:
        try:
            async for message in self._connection:
                self._heard_at = time.monotonic()
                await self._hear(str(message))
        except ConnectionClosed:
            pass
        finally:
            self._closed.set()
            for answer in self._answers.values():
                answer.cancel()

    async def _hear(self, message: str) -> None:
        self.heard.append(message)
        if message.startswith('0'):
            await self.raw('40')
        elif message == '2':
            await self.raw('3')
        elif message.startswith('40'):
            self._opened.set()
        elif message.startswith('44'):
            await self._connection.close()
        elif answer := re.match(r'43(\d+)', message):
            self._answers[int(answer[1])].set_result('true' in message)
        elif message.startswith('42'):
            name, *words = json.loads(message[2:])
            await self._act_on(name, words[0] if words else {})

    async def _act_on(self, name: str, word: dict[str, Any]) -> None:
        if name == 'update':
            for number, element in word.items():
                if number.isdecimal() and element is None:
                    self.page.elements.pop(int(number), None)
                elif number.isdecimal():
                    self.page.elements[int(number)] = element
        elif name == 'run_javascript' and 'request_id' in word:
            answer = {'request_id': word['request_id'], 'client_id': self.page.client_id, 'result': True}
            await self.say('javascript_response', answer)

    async def _pace(self) -> None:
        moment = time.monotonic()
        self._sent_at = [at for at in self._sent_at if moment - at < _AT_ONCE / _PER_SECOND] + [moment]
        if len(self._sent_at) > _AT_ONCE:
            await asyncio.sleep(1 / _PER_SECOND)


@asynccontextmanager
async def connected(
    page: Page, *, cookie: str | None = None, origin: str | None = None, **changes: str
) -> AsyncIterator[Socket]:
    """The page's socket. `cookie` and `origin` replace what its browser would send (an empty origin: none at all),
    and `changes` what stands in the address. Refused where the server does not open it."""
    query = {
        'client_id': page.client_id,
        'next_message_id': str(page.next_message),
        'implicit_handshake': 'true',
        'document_id': str(uuid4()),
        'tab_id': page.tab_id,
        'EIO': '4',
        'transport': 'websocket',
    }
    headers = {'Cookie': page.cookie if cookie is None else cookie, 'Origin': page.url if origin is None else origin}
    address = f'{page.url.replace("http", "ws", 1)}/_nicegui_ws/socket.io/?{urlencode({**query, **changes})}'
    try:
        connection = await connect(
            address,
            additional_headers={name: value for name, value in headers.items() if value},
            compression=None,
            max_size=None,
            close_timeout=1,
        )
    except InvalidStatus as refusal:
        raise Refused(str(refusal.response.status_code)) from refusal
    socket = Socket(connection, page)
    listening = asyncio.create_task(socket.listen())
    try:
        await socket.opened()
        yield socket
    finally:
        await connection.close()
        await listening


def _children(element: Element) -> list[int]:
    in_slots = [child for slot in element.get('slots', {}).values() for child in slot.get('ids', ())]
    return [*element.get('children', ()), *in_slots]


def _acts(element: Element) -> Iterator[tuple[str, str]]:
    for act, of in _ACT.findall(str(element.get('props', {}).get('innerHTML', ''))):
        yield html.unescape(act), html.unescape(of)


def _told(listener: Listener, acts: Iterable[tuple[str, str]]) -> list[tuple[Any, ...]]:
    """Arguments for a listener: what its page would send, and a little of what it would not."""
    if listener.takes_acts:
        return [([act, of],) for act, of in dict.fromkeys((*listener.acts, *acts, ('no such act', '')))]
    if listener.type.startswith('update:'):
        return [('7',), (True,)]
    return [({},), (['1', 'notes.md', 'sent', 1, ''],)]

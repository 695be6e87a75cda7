"""Open pages without a browser: the same requests, handshake and acknowledgements as NiceGUI's own script sends.

`python -m tests.bench.browsers URL PATH COUNT`. The first line of the input is the list of cookies; then `listen`
forgets earlier updates, and `report` answers when the update of each page arrived (CLOCK_MONOTONIC), once all have.
"""

import asyncio
import json
import re
import sys
import time
from contextlib import suppress
from urllib.parse import urlencode
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect

_OPENING_AT_ONCE = 5
_ACKNOWLEDGE_SECONDS = 3.0
_PATIENCE_SECONDS = 20.0
# Stands in the figures of the dashboard, with the moment of the last act.
_FIGURES = 'data-changed'


class OpenPage:
    def __init__(self, url: str, path: str, cookie: str) -> None:
        self._url, self._path, self._headers = url, path, {'Cookie': cookie}
        self._next_message = 0
        self._shown = asyncio.Event()
        self.arrived_at: float | None = None
        self.client_id = ''

    def shown_at_once(self) -> None:
        """For a page whose content nobody measures."""
        self._shown.set()

    async def open(self) -> 'asyncio.Task[None]':
        """Answers once the page has its content."""
        async with httpx.AsyncClient(base_url=self._url, headers=self._headers, timeout=60) as http:
            response = await http.get(self._path)
        found = re.search(r"'client_id': '([^']+)', 'next_message_id': (\d+)", response.text)
        if response.status_code != 200 or found is None:
            raise AssertionError(f'{self._path} answered {response.status_code}')
        self.client_id, self._next_message = found[1], int(found[2])
        query = {
            'client_id': self.client_id,
            'next_message_id': self._next_message,
            'implicit_handshake': 'true',
            'document_id': uuid4(),
            'tab_id': uuid4(),
            'EIO': 4,
            'transport': 'websocket',
        }
        address = f'{self._url.replace("http", "ws", 1)}/_nicegui_ws/socket.io/?{urlencode(query)}'
        socket = await connect(address, additional_headers=self._headers, compression=None, max_size=None)
        task = asyncio.create_task(self._stay(socket))
        if _FIGURES in response.text:
            self._shown.set()
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await self._shown.wait()
        return task

    async def _stay(self, socket: ClientConnection) -> None:
        acknowledging = asyncio.create_task(self._acknowledge(socket))
        try:
            async for message in socket:
                await self._hear(socket, str(message), time.monotonic())
        finally:
            acknowledging.cancel()

    async def _hear(self, socket: ClientConnection, message: str, at: float) -> None:
        if message.startswith('0'):  # engine.io is open: join the namespace
            await socket.send('40')
        elif message == '2':
            await socket.send('3')
        elif message.startswith('42'):
            if number := re.search(r'"_id":(\d+)', message):
                self._next_message = int(number[1]) + 1
            if asked := re.search(
                r'"request_id":"([^"]+)"', message
            ):  # of JavaScript: every question here is a yes or no
                answer = {'request_id': asked[1], 'client_id': self.client_id, 'result': True}
                await socket.send('42' + json.dumps(['javascript_response', answer]))
            if _FIGURES in message:
                self._shown.set()
                self.arrived_at = self.arrived_at or at
        elif message.startswith('44'):
            raise AssertionError(f'The server refused the page: {message}')

    async def _acknowledge(self, socket: ClientConnection) -> None:
        while True:
            await asyncio.sleep(_ACKNOWLEDGE_SECONDS)
            word = {'client_id': self.client_id, 'next_message_id': self._next_message}
            await socket.send('42' + json.dumps(['ack', word]))


async def main(url: str, path: str, count: int) -> None:
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    cookies = json.loads(await lines.readline())
    pages = [OpenPage(url, path, cookies[place % len(cookies)]) for place in range(count)]
    turn = asyncio.Semaphore(_OPENING_AT_ONCE)

    async def opened(page: OpenPage) -> 'asyncio.Task[None]':
        async with turn:
            return await page.open()

    tasks = await asyncio.gather(*(opened(page) for page in pages))
    _say(len(tasks))
    while line := (await lines.readline()).decode().strip():
        if line == 'listen':
            for page in pages:
                page.arrived_at = None
            _say(None)
        else:
            _say(await _arrivals(pages, tasks))
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)


async def _arrivals(pages: list[OpenPage], tasks: 'list[asyncio.Task[None]]') -> list[float]:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while any(page.arrived_at is None for page in pages):
        lost = sum(task.done() for task in tasks)
        missing = sum(page.arrived_at is None for page in pages)
        if lost or time.monotonic() > deadline:
            raise AssertionError(f'{missing} pages had no update, {lost} lost their connection')
        await asyncio.sleep(0.05)
    return [page.arrived_at for page in pages if page.arrived_at is not None]


def _say(word: object) -> None:
    print(json.dumps(word), flush=True)


if __name__ == '__main__':
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))

"""GET over one open connection, as light as it can be: the client must not take the processor from the server."""

import asyncio
import re
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

_LENGTH = re.compile(rb'content-length: (\d+)', re.IGNORECASE)


async def seconds_of(url: str, path: str, headers: Mapping[str, str], *, times: int, at_once: int) -> list[float]:
    """How long each of so many GETs took, always so many of them under way. All must answer 200."""
    await _line(url, path, headers, 1)  # what is made on first use is made
    lines = await asyncio.gather(*(_line(url, path, headers, times // at_once) for _ in range(at_once)))
    return [seconds for line in lines for seconds in line]


async def _line(url: str, path: str, headers: Mapping[str, str], times: int) -> list[float]:
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=2**22)
    lines = [f'GET {path} HTTP/1.1', f'Host: {place.netloc}', 'Accept-Encoding: gzip']
    request = '\r\n'.join([*lines, *(f'{name}: {value}' for name, value in headers.items()), '', '']).encode()
    measured = []
    for _ in range(times):
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b'\r\n\r\n')
        length = _LENGTH.search(head)
        if not head.startswith(b'HTTP/1.1 200') or length is None:
            raise AssertionError(f'{path} answered {head.decode(errors="replace")}')
        await reader.readexactly(int(length[1]))
        measured.append(time.perf_counter() - began)
    writer.close()
    return measured

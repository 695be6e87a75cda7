"""What can be found by meaning or by word: LanceDB, one directory and table for each organisation."""

import asyncio
import contextlib
import ctypes
import fcntl
import importlib
import os
import shutil
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from storage.ranking import Hit, fused, hit_of, words_of
from storage.vector_queries import as_uuid, equals, reach, rows_of, scoped

__all__ = ['Hit', 'VectorRow', 'VectorStore']


@dataclass(frozen=True, kw_only=True)
class VectorRow:
    """A passage and its normalised vector; `start` and `end` count characters of the text of `page`."""

    chunk_id: UUID
    document_id: UUID
    collection: str
    page: int
    start: int
    end: int
    heading: str
    text: str
    vector: list[float]


class VectorStore:
    """Many processes may read; writers wait for each other, for LanceDB has no patience with several at once."""

    def __init__(self, directory: Path, dimensions: int) -> None:
        self._directory = directory
        self._dimensions = dimensions
        self._tables: OrderedDict[UUID, Any] = OrderedDict()
        self._lock = asyncio.Lock()
        self._writes = 0
        self._session: Any = None

    async def add(self, organization_id: UUID, rows: Sequence[VectorRow]) -> None:
        """Rows of the same `chunk_id` are replaced, so a step that is repeated changes nothing."""
        if not rows:
            return
        latest = list({row.chunk_id: row for row in rows}.values())
        async with self._writing():
            batch = await asyncio.to_thread(self._batch, latest)
            table = await self._table(organization_id, create=True)
            merge = table.merge_insert('chunk_id').when_matched_update_all().when_not_matched_insert_all()
            await merge.execute(batch)
            await self._tidy(table)

    async def remove_document(self, organization_id: UUID, document_id: UUID) -> None:
        async with self._writing():
            table = await self._table(organization_id)
            if table is not None:
                await table.delete(equals('document_id', str(as_uuid(document_id))))
                await self._tidy(table)

    async def set_collection(self, organization_id: UUID, document_id: UUID, collection: str) -> None:
        """Moves every passage of the document."""
        async with self._writing():
            table = await self._table(organization_id)
            if table is not None:
                await table.update({'collection': collection}, where=equals('document_id', str(as_uuid(document_id))))
                await self._tidy(table)

    async def remove_organization(self, organization_id: UUID) -> None:
        async with self._writing():
            table = self._tables.pop(organization_id, None)
            if table is not None:
                table.close()
            await asyncio.to_thread(shutil.rmtree, self._place(organization_id), ignore_errors=True)

    async def search(
        self,
        organization_id: UUID,
        *,
        text: str,
        vector: list[float],
        limit: int,
        collection: str | None = None,
        document_ids: Collection[UUID] | None = None,
        without: Collection[UUID] = (),
        pages_only: bool = False,
    ) -> list[Hit]:
        """The passages nearest in meaning and those that share words, fused by reciprocal rank, best score first.

        Of all collections where none is named, but not of `without` and of documents that are set aside; `pages_only`
        leaves out what stands on no page of a document, lessons for instance.
        """
        if limit < 1 or (document_ids is not None and not document_ids):
            return []
        try:
            table = await self._table(organization_id)
            if table is None:
                return []
            queries = [
                scoped(query, collection, document_ids, without, pages_only=pages_only)
                for query in _queries(table, text, vector, limit)
            ]
            rankings = await asyncio.gather(*map(rows_of, queries))
        except (OSError, RuntimeError, ValueError):
            if not self._place(organization_id).exists():  # another process removed it while we looked
                self._tables.pop(organization_id, None)
                return []
            raise
        found = fused(*rankings)[:limit]
        hits = [hit_of(row, text, vector) for row in found]
        return sorted(hits, key=lambda hit: hit.score, reverse=True)

    def writable(self) -> bool:
        """Whether a table could be written now. Touches the disk: call it in a thread."""
        place = self._directory if self._directory.exists() else self._directory.parent
        return os.access(place, os.W_OK | os.X_OK)

    async def close(self) -> None:
        while self._tables:
            self._tables.popitem()[1].close()

    async def _table(self, organization_id: UUID, *, create: bool = False) -> Any:
        """The organisation's table, or None if it has none yet."""
        place = self._place(organization_id)
        if organization_id in self._tables and place.exists():
            self._tables.move_to_end(organization_id)
            return self._tables[organization_id]
        if not create and not (place / f'{_TABLE}.lance').exists():
            return None
        lancedb = await asyncio.to_thread(importlib.import_module, 'lancedb')
        if self._session is None:
            self._session = lancedb.Session(
                index_cache_size_bytes=_CACHE_BYTES, metadata_cache_size_bytes=_CACHE_BYTES // 2
            )
        connection = await lancedb.connect_async(place, read_consistency_interval=timedelta(0), session=self._session)
        if create and _TABLE not in (await connection.list_tables()).tables:
            table = await connection.create_table(_TABLE, schema=self._schema())
            await table.create_index('text', name=_WORDS, config=_words_index())
        else:
            table = await connection.open_table(_TABLE)
        self._tables[organization_id] = table
        while len(self._tables) > _OPEN_TABLES:
            self._tables.popitem(last=False)
        return table

    async def _tidy(self, table: Any) -> None:
        """Merges the many small files that writes leave, now and then; old versions stay for readers of the moment.

        Passages that are not in the index of words are read through by every search: 0.03 ms for each of them.
        """
        self._writes += 1
        index = await table.index_stats(_WORDS)
        unread = index.num_unindexed_rows if index is not None else 0
        if unread < _UNREAD and self._writes % _TIDY_EVERY:
            return
        await table.optimize(cleanup_older_than=timedelta(minutes=10))
        await asyncio.to_thread(_give_back_memory)
        indexed = {index.columns[0] for index in await table.list_indices()}
        if 'document_id' not in indexed and await table.count_rows() >= _LARGE:
            from lancedb.index import Bitmap, BTree

            await table.create_index('document_id', config=BTree())
            await table.create_index('collection', config=Bitmap())

    @contextlib.asynccontextmanager
    async def _writing(self) -> AsyncIterator[None]:
        """One writer at a time: in this process by the lock, among the processes of this machine by the file."""
        async with self._lock:
            file = await asyncio.to_thread(self._open_lock_file)
            try:
                while not await asyncio.to_thread(_locked, file):  # noqa: ASYNC110 - it is another process that lets go
                    await asyncio.sleep(0.02)
                yield
            finally:
                os.close(file)  # which also releases the lock

    def _open_lock_file(self) -> int:
        self._directory.mkdir(parents=True, exist_ok=True)
        return os.open(self._directory / 'writer.lock', os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _place(self, organization_id: UUID) -> Path:
        return self._directory / str(as_uuid(organization_id))

    def _schema(self) -> Any:
        import pyarrow as pa

        return pa.schema(
            [
                ('chunk_id', pa.string()),
                ('document_id', pa.string()),
                ('collection', pa.string()),
                ('page', pa.int32()),
                ('start', pa.int64()),
                ('stop', pa.int64()),
                ('heading', pa.string()),
                ('text', pa.string()),
                ('vector', pa.list_(pa.float32(), self._dimensions)),
            ]
        )

    def _batch(self, rows: Sequence[VectorRow]) -> Any:
        import pyarrow as pa

        return pa.Table.from_pylist(
            [
                {
                    'chunk_id': str(as_uuid(row.chunk_id)),
                    'document_id': str(as_uuid(row.document_id)),
                    'collection': row.collection,
                    'page': row.page,
                    'start': row.start,
                    'stop': row.end,
                    'heading': row.heading,
                    'text': row.text,
                    'vector': row.vector,
                }
                for row in rows
            ],
            schema=self._schema(),
        )


_TABLE, _WORDS = 'chunks', 'text_idx'
_OPEN_TABLES = 64
_CACHE_BYTES = 64 * 1024**2  # for all organisations together; left alone it grows to gigabytes
_TIDY_EVERY, _UNREAD = 20, 250
_LARGE = 10_000


def _queries(table: Any, text: str, vector: list[float], limit: int) -> list[Any]:
    """By meaning and, where the text has words, by word."""
    queries = [table.query().nearest_to(vector).distance_type('cosine').limit(reach(limit))]
    if words := ' '.join(words_of(text)):
        queries.append(table.query().nearest_to_text(words, columns=['text']).limit(reach(limit)))
    return queries


def _words_index() -> Any:
    from lancedb.index import FTS

    return FTS(
        with_position=False, language='English', stem=True, remove_stop_words=True, ascii_folding=True, num_workers=1
    )


def _give_back_memory() -> None:
    """Indexing leaves hundreds of megabytes free but scattered over the C library's arenas, one a thread."""
    with contextlib.suppress(AttributeError, OSError):  # other C libraries have no such call
        ctypes.CDLL(None).malloc_trim(0)


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

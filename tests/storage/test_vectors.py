"""Passages are found by meaning and by word, and only in the organisation they belong to."""

import asyncio
import json
import math
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.vectors import VectorRow, VectorStore

NORTH, SOUTH = UUID(int=1), UUID(int=2)
DOCUMENT = UUID(int=9)
EVIL = [
    "' OR 1=1 --",
    '"',
    "'",
    '""',
    "collection = 'a' OR true",
    '*',
    'AND OR NOT',
    '(',
    'text:"x"~2',
    '\\',
    '\0',
    '%',
    '',
]


def vector(angle: float) -> list[float]:
    return [math.cos(angle), math.sin(angle), 0.0, 0.0]


def row(text: str, angle: float = 0.0, *, document: UUID = DOCUMENT, collection: str = 'manuals') -> VectorRow:
    return VectorRow(
        chunk_id=uuid5(document, text),
        document_id=document,
        collection=collection,
        page=3,
        start=10,
        end=10 + len(text),
        heading='Hoods › Use',
        text=text,
        vector=vector(angle),
    )


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[VectorStore]:
    store = VectorStore(tmp_path / 'vectors', 4)
    yield store
    await store.close()


async def texts(
    store: VectorStore, text: str, angle: float = 0.0, organization: UUID = NORTH, **scope: object
) -> list[str]:
    hits = await store.search(organization, text=text, vector=vector(angle), limit=10, **scope)  # type: ignore[arg-type]
    return [hit.text for hit in hits]


async def test_an_organisation_without_documents_finds_nothing(store: VectorStore) -> None:
    assert await texts(store, 'anything') == []
    await store.remove_document(NORTH, uuid4())
    await store.remove_organization(NORTH)


async def test_a_new_passage_is_found_at_once_with_its_place(store: VectorStore) -> None:
    await store.add(NORTH, [row('Close the sash.', 0.0)])
    await store.add(NORTH, [row('Quillon valves turn left.', 2.0)])
    [first, second] = await store.search(NORTH, text='Quillon', vector=vector(2.0), limit=5)
    assert first.text == 'Quillon valves turn left.'
    assert (first.page, first.start, first.end, first.heading) == (3, 10, 35, 'Hoods › Use')
    assert first.chunk_id == uuid5(DOCUMENT, 'Quillon valves turn left.')
    assert 1 >= first.score > second.score >= 0


async def test_a_passage_is_found_by_a_word_though_its_meaning_is_far(store: VectorStore) -> None:
    await store.add(NORTH, [row(f'Ordinary passage {n}.', 0.001 * n) for n in range(100)])
    await store.add(NORTH, [row('Order number XK-4711 is for gaskets.', 1.5)])
    assert 'Order number XK-4711 is for gaskets.' in await texts(store, 'XK-4711')


async def test_a_word_is_found_in_another_form(store: VectorStore) -> None:
    await store.add(NORTH, [row(f'Ordinary passage {n}.', 0.001 * n) for n in range(100)])
    await store.add(NORTH, [row('Valves are turned slowly.', 1.5)])
    assert 'Valves are turned slowly.' in await texts(store, 'turning the valve')


async def test_adding_the_same_passage_again_replaces_it(store: VectorStore) -> None:
    await store.add(NORTH, [row('Close the sash.')])
    await store.add(NORTH, [row('Close the sash.', 0.5), row('Close the sash.', 0.5)])
    [hit] = await store.search(NORTH, text='', vector=vector(0.5), limit=5)
    assert hit.score == pytest.approx(1.0)


async def test_searches_stay_within_collection_and_documents(store: VectorStore) -> None:
    other = UUID(int=8)
    await store.add(
        NORTH,
        [
            row('One of the manuals.'),
            row('One of the chats.', collection='chats'),
            row('One of another document.', document=other),
        ],
    )
    assert await texts(store, 'one', collection='chats') == ['One of the chats.']
    assert await texts(store, 'one', document_ids=[other]) == ['One of another document.']
    assert await texts(store, 'one', document_ids=[]) == []
    assert await texts(store, 'one', document_ids=[other], collection='chats') == []
    assert len(await texts(store, 'one')) == 3


async def test_a_removed_document_is_no_longer_found(store: VectorStore) -> None:
    other = UUID(int=8)
    await store.add(NORTH, [row('Stays.'), row('Goes.', document=other)])
    await store.remove_document(NORTH, other)
    assert await texts(store, 'goes') == ['Stays.']


async def test_removing_an_organisation_removes_its_directory_alone(store: VectorStore, tmp_path: Path) -> None:
    await store.add(NORTH, [row('Northern.')])
    await store.add(SOUTH, [row('Southern.')])
    await store.remove_organization(NORTH)
    assert [path.name for path in (tmp_path / 'vectors').iterdir() if path.is_dir()] == [str(SOUTH)]
    assert await texts(store, 'northern') == []
    assert await texts(store, 'southern', organization=SOUTH) == ['Southern.']
    await store.add(NORTH, [row('Northern again.')])
    assert await texts(store, 'northern') == ['Northern again.']


async def test_what_one_store_removes_another_no_longer_finds(store: VectorStore, tmp_path: Path) -> None:
    replica = VectorStore(tmp_path / 'vectors', 4)
    await store.add(NORTH, [row('Northern.')])
    assert await texts(replica, 'northern') == ['Northern.']
    await store.add(NORTH, [row('Northern too.')])
    assert len(await texts(replica, 'northern')) == 2
    await store.remove_organization(NORTH)
    assert await texts(replica, 'northern') == []
    await store.add(NORTH, [row('Northern again.')])
    assert await texts(replica, 'northern') == ['Northern again.']
    await replica.close()


async def test_no_text_or_name_reaches_another_organisation_or_fails(store: VectorStore) -> None:
    await store.add(NORTH, [row('Northern passage.')])
    await store.add(SOUTH, [row('Southern secret.', collection=evil or 'none') for evil in EVIL])
    for evil in EVIL:
        assert await texts(store, evil) == ['Northern passage.']
        assert await texts(store, 'secret', collection=evil) == []
    with pytest.raises(ValueError, match='UUID'):
        await texts(store, 'secret', organization=f'../{SOUTH}')  # type: ignore[arg-type]
    with pytest.raises(ValueError, match='UUID'):
        await texts(store, 'secret', document_ids=["' OR 1=1 --"])


async def test_any_query_is_answered_from_the_own_organisation(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = VectorStore(tmp_path_factory.mktemp('fuzz'), 4)
    await store.add(NORTH, [row(f'Northern passage {n}, or 1 = 1.', 0.1 * n) for n in range(5)])
    await store.add(SOUTH, [row('Southern secret OR 1=1 --', 0.0)])
    runner = asyncio.get_running_loop()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.one_of(st.text(max_size=60), st.sampled_from(EVIL), st.text('\'"()*~^:\\+-&|!{}[]%_ aOR', max_size=30)),
        st.none() | st.text(max_size=20) | st.sampled_from(EVIL),
    )
    def ask(text: str, collection: str | None) -> None:
        asked = store.search(NORTH, text=text, vector=vector(0.0), limit=10, collection=collection)
        hits = asyncio.run_coroutine_threadsafe(asked, runner).result()
        assert all(hit.text.startswith('Northern') for hit in hits)
        assert all(0 <= hit.score <= 1 for hit in hits)
        assert len(hits) == (5 if collection is None else 0)

    await asyncio.to_thread(ask)
    await store.close()


async def test_many_writers_and_readers_of_one_process_get_along(store: VectorStore) -> None:
    async def write(number: int) -> None:
        await store.add(NORTH, [row(f'Passage {number}.', 0.01 * number)])

    await asyncio.gather(*(write(number) for number in range(45)), *(texts(store, 'passage') for _ in range(10)))
    hits = await store.search(NORTH, text='passage', vector=vector(0), limit=100)
    assert {hit.text for hit in hits} == {f'Passage {number}.' for number in range(45)}


async def test_two_processes_that_write_wait_for_each_other(store: VectorStore, tmp_path: Path) -> None:
    program = f"""
import asyncio, sys
from pathlib import Path
from uuid import UUID, uuid4
from storage.vectors import VectorRow, VectorStore
async def main():
    store = VectorStore(Path({str(tmp_path / 'vectors')!r}), 4)
    for number in range(12):
        await store.add(UUID(int=1), [VectorRow(chunk_id=uuid4(), document_id=uuid4(), collection='c', page=1, start=0,
            end=1, heading='', text=f'{{sys.argv[1]}} wrote {{number}}', vector=[1.0, 0.0, 0.0, 0.0])])
    await store.close()
asyncio.run(main())
"""
    writers = [
        await asyncio.create_subprocess_exec(
            sys.executable, '-c', program, name, cwd=Path(__file__).parents[2], stderr=asyncio.subprocess.PIPE
        )
        for name in ('first', 'second')
    ]
    complaints = [(await writer.communicate())[1].decode() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], complaints
    hits = await store.search(NORTH, text='wrote', vector=vector(0), limit=100)
    assert {hit.text for hit in hits} == {f'{name} wrote {n}' for name in ('first', 'second') for n in range(12)}


async def test_a_large_organisation_gets_indexes_and_finds_the_same(
    store: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('storage.vectors._LARGE', 300)
    monkeypatch.setattr('storage.vectors._TIDY_EVERY', 2)
    rows = [row(f'Passage {n} of document {n % 3}.', 0.001 * n, document=UUID(int=n % 3)) for n in range(400)]
    await store.add(NORTH, rows[:200])
    await store.add(NORTH, rows[200:])
    table = await store._table(NORTH)
    assert {index.columns[0] for index in await table.list_indices()} == {'text', 'document_id', 'collection'}
    hits = await store.search(NORTH, text='passage', vector=vector(0), limit=10, document_ids=[UUID(int=1)])
    assert len(hits) == 10
    assert all(hit.document_id == UUID(int=1) for hit in hits)


def test_the_store_costs_nothing_before_its_first_use() -> None:
    program = (
        'import json, sys, storage.vectors; print(json.dumps([m for m in ("lancedb", "pyarrow") if m in sys.modules]))'
    )
    answer = subprocess.run(
        [sys.executable, '-c', program], cwd=Path(__file__).parents[2], capture_output=True, check=True
    )
    assert json.loads(answer.stdout) == []

"""The embedding process: right vectors, fair turns, and a server that outlives it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import psutil
import pytest
import pytest_asyncio

from services.knowledge.chunking import chunks
from services.knowledge.embedding import EmbedderUnavailable, SentenceTransformerEmbedder, cosine, packaged_model
from services.knowledge.embedding_process import verify
from services.knowledge.parsing import parse_file
from storage.vectors import VectorRow, VectorStore
from tests.samples import documents

HANDBOOKS = ('puncture-repair.txt', 'fire-extinguishers.html', 'passwords-and-phishing.md', 'food-safety-handbook.pdf')
ROOT = Path(__file__).parents[2]


# One loop and one process for all of them: it takes seconds to start.
pytestmark = pytest.mark.asyncio(loop_scope='module')


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def embedder() -> AsyncIterator[SentenceTransformerEmbedder]:
    embedder = SentenceTransformerEmbedder()
    yield embedder
    await embedder.close()


async def gone(process_id: int) -> bool:
    for _ in range(500):
        if not psutil.pid_exists(process_id) or psutil.Process(process_id).status() == psutil.STATUS_ZOMBIE:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_nothing_starts_before_the_first_text() -> None:
    embedder = SentenceTransformerEmbedder()
    assert await embedder.embed([]) == []
    assert embedder.process_id is None


async def test_vectors_are_normalised_in_order_and_near_for_near_meanings(
    embedder: SentenceTransformerEmbedder,
) -> None:
    texts = ['How do I mend a puncture?', 'Repairing a flat tyre', 'The law of contract', '', 'x' * 100_000, '🙂\ud800']
    vectors = await embedder.embed(texts)
    assert [len(vector) for vector in vectors] == [embedder.dimensions] * len(texts)
    assert all(cosine(vector, vector) == pytest.approx(1, abs=1e-4) for vector in vectors)
    assert cosine(vectors[0], vectors[1]) > cosine(vectors[0], vectors[2]) + 0.1
    alone = [(await embedder.embed([text]))[0] for text in texts]
    assert all(cosine(one, other) > 0.99 for one, other in zip(vectors, alone, strict=True))


async def test_long_texts_are_as_exact_as_in_full_precision(embedder: SentenceTransformerEmbedder) -> None:
    document = parse_file(documents.HANDBOOK, 'handbook.pdf')
    texts = [chunk.for_embedding for chunk in chunks(document)][:24]
    program = f"""
import json, sys
from sentence_transformers import SentenceTransformer
model = SentenceTransformer({str(packaged_model())!r}, device='cpu')
json.dump(model.encode(json.load(sys.stdin), normalize_embeddings=True).tolist(), sys.stdout)
"""
    reference = await asyncio.create_subprocess_exec(
        sys.executable,
        '-c',
        program,
        stdin=-1,
        stdout=-1,
        env={**os.environ, 'HF_HUB_OFFLINE': '1', 'TQDM_DISABLE': '1'},
    )
    answer, _ = await reference.communicate(json.dumps(texts).encode())
    exact = json.loads(answer)
    vectors = await embedder.embed(texts)
    assert min(cosine(one, other) for one, other in zip(vectors, exact, strict=True)) > 0.99


async def test_a_search_does_not_wait_for_a_document(embedder: SentenceTransformerEmbedder) -> None:
    await embedder.embed(['warm'])
    document = asyncio.create_task(embedder.embed(['The sash stays closed while nobody works. ' * 25] * 80))
    await asyncio.sleep(0.05)
    await embedder.embed(['How do I mend a puncture?'])
    assert not document.done()
    assert len(await document) == 80


async def test_a_process_that_dies_is_started_again_without_loss(embedder: SentenceTransformerEmbedder) -> None:
    await embedder.embed(['warm'])
    first = embedder.process_id
    assert first is not None
    working = asyncio.create_task(embedder.embed(['The sash stays closed while nobody works. ' * 25] * 40))
    await asyncio.sleep(0.1)
    os.kill(first, signal.SIGKILL)
    assert len(await working) == 40
    assert embedder.process_id not in (None, first)


async def test_a_process_that_cannot_start_is_an_error_for_everybody_who_waits(tmp_path: Path) -> None:
    (tmp_path / 'model.safetensors').write_bytes(b'other weights')
    embedder = SentenceTransformerEmbedder(model_directory=tmp_path)
    answers = await asyncio.gather(embedder.embed(['one']), embedder.embed(['two'] * 50), return_exceptions=True)
    assert [type(answer) for answer in answers] == [EmbedderUnavailable] * 2
    await embedder.close()


async def test_other_weights_than_those_we_know_are_refused(tmp_path: Path) -> None:
    verify(packaged_model())
    (tmp_path / 'model.safetensors').write_bytes(b'other weights')
    with pytest.raises(SystemExit, match='not those'):
        verify(tmp_path)


async def test_a_caller_who_gives_up_stops_its_work_alone(embedder: SentenceTransformerEmbedder) -> None:
    await embedder.embed(['warm'])
    abandoned = asyncio.create_task(embedder.embed(['The sash stays closed while nobody works. ' * 25] * 2_000))
    kept = asyncio.create_task(embedder.embed(['Valves are turned slowly.'] * 20))
    await asyncio.sleep(0.05)
    abandoned.cancel()
    assert len(await kept) == 20
    assert not embedder._bulk


async def test_closing_ends_the_process_and_refuses_what_comes_after() -> None:
    embedder = SentenceTransformerEmbedder()
    await embedder.embed(['warm'])
    process_id = embedder.process_id
    waiting = asyncio.create_task(embedder.embed(['The sash stays closed. ' * 100] * 500))
    await asyncio.sleep(0.05)
    await embedder.close()
    assert process_id is not None
    assert not psutil.pid_exists(process_id)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(EmbedderUnavailable):
        await embedder.embed(['after'])


async def test_no_process_is_left_behind_by_a_killed_server() -> None:
    program = """
import asyncio
import json
from services.knowledge.embedding import SentenceTransformerEmbedder
async def main():
    embedder = SentenceTransformerEmbedder()
    await embedder.embed(['warm'])
    print(embedder.process_id, flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""
    server = await asyncio.create_subprocess_exec(sys.executable, '-c', program, cwd=ROOT, stdout=subprocess.PIPE)
    assert server.stdout is not None
    process_id = int(await server.stdout.readline())
    server.kill()
    await server.wait()
    assert await gone(process_id)


async def test_the_server_never_loads_the_model_itself() -> None:
    program = """
import sys, services.knowledge.embedding, services.knowledge.parsing
print("torch" in sys.modules or "lxml" in sys.modules)
"""
    answer = await asyncio.create_subprocess_exec(sys.executable, '-c', program, cwd=ROOT, stdout=-1)
    assert (await answer.communicate())[0].strip() == b'False'


async def test_the_loop_is_never_blocked_while_a_document_is_embedded(embedder: SentenceTransformerEmbedder) -> None:
    await embedder.embed(['warm'])
    document = asyncio.create_task(embedder.embed(['The sash stays closed while nobody works. ' * 25] * 40))
    turns = 0
    while not document.done():
        await asyncio.sleep(0.002)
        turns += 1
    assert turns > 50


async def test_a_question_in_other_words_finds_the_passage(
    embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    store, north, south = VectorStore(tmp_path, embedder.dimensions), UUID(int=1), UUID(int=2)
    for name in HANDBOOKS:
        path = documents.HANDBOOKS / name
        passages = chunks(parse_file(path, path.name))
        vectors = await embedder.embed([passage.for_embedding for passage in passages])
        document_id = uuid4()
        rows = [
            VectorRow(
                chunk_id=uuid4(),
                document_id=document_id,
                collection=path.stem,
                page=passage.page,
                start=passage.start,
                end=passage.end,
                heading=passage.heading,
                text=passage.text,
                vector=vector,
            )
            for passage, vector in zip(passages, vectors, strict=True)
        ]
        await store.add(north, rows)
    await store.add(south, [VectorRow(**{**vars(rows[0]), 'text': 'A secret about a flat tyre.', 'chunk_id': uuid4()})])
    for question, words in {
        'How do I repair a flat tyre?': 'bubbles show the hole',
        'Which device puts out burning oil in a pan?': 'Wet chemical',
        'What makes a good login secret?': 'master password',
        'What must I do after using the toilet?': 'Wash',
    }.items():
        [vector] = await embedder.embed([question])
        hits = await store.search(north, text=question, vector=vector, limit=5)
        assert any(words.lower() in hit.text.lower() for hit in hits), question
        assert hits[0].score > 0.3
        assert not any('secret about' in hit.text for hit in hits)
    await store.close()

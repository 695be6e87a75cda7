"""Lessons are found by meaning, without the word."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.knowledge.embedding import SentenceTransformerEmbedder
from services.knowledge.index import Index
from storage.courses import Block, Lesson
from storage.vectors import VectorStore

LESSONS = {
    'Mending a flat tyre': '<p>Take the wheel off, find the hole in the inner tube and cover it with a patch.</p>',
    'Adjusting the brakes': '<p>Turn the barrel until the pads stand two millimetres from the rim.</p>',
    'Oiling the chain': '<p>Put one drop of oil on every link and wipe off what is too much.</p>',
}


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[Index]:
    embedder = SentenceTransformerEmbedder()
    vectors = VectorStore(tmp_path, embedder.dimensions)
    yield Index(vectors, embedder)
    await embedder.close()
    await vectors.close()


async def test_a_synonym_finds_the_lesson_and_only_in_its_organisation(index: Index) -> None:
    organization_id, version_id = uuid4(), uuid4()
    lessons: dict[UUID, str] = {}
    for name, html in LESSONS.items():
        lesson = Lesson(version_id=version_id, module_id=uuid4(), position=1, title=name)
        lesson.organization_id = organization_id
        block = Block(
            version_id=version_id,
            lesson_id=lesson.id,
            position=1,
            type='text',
            content={'html': html},
            content_hash='',
        )
        await index.add_lesson(lesson, [block])
        lessons[lesson.id] = name
    for query, title in (('puncture', 'Mending a flat tyre'), ('lubricate', 'Oiling the chain')):
        found = await index.lessons(organization_id, query, list(lessons))
        assert lessons[found[0]] == title
        assert await index.lessons(uuid4(), query, list(lessons)) == []
        assert await index.lessons(organization_id, query, []) == []

"""A model provider that can misbehave, and an author for each way of speaking to it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from services.generation.authors.model import ModelAuthor
from tests.doubles.model_server import ModelServer
from tests.generation.authors.drafted import Course, course
from tests.generation.authors.models import DIALECTS, make
from tests.generation.authors.samples import CAFE, GERMAN, IT, LAB


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture(params=DIALECTS)
async def author(request: pytest.FixtureRequest, server: ModelServer, waits: list[float]) -> AsyncIterator[ModelAuthor]:
    author = make(request.param, server, waits)
    yield author
    await author.close()


@pytest.fixture(params=[LAB, CAFE, IT, GERMAN])
async def drafted(request: pytest.FixtureRequest) -> Course:
    return await course(request.param)


@pytest.fixture
async def lab() -> Course:
    return await course(LAB)

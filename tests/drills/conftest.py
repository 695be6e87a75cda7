import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.api.members import seed_people
from tests.doubles.model_server import ModelServer
from tests.drills.drill import Drill
from tests.servers.application import Application


@pytest.fixture(scope='module', params=['openai'])
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """A server with the demo's people and a document, whose model provider we hold in our hands."""
    folder: Path = tmp_path_factory.mktemp('drill') / 'data'
    folder.mkdir()
    with ThreadPoolExecutor() as threads:
        threads.submit(asyncio.run, seed_people(f'sqlite+aiosqlite:///{folder}/coursewright.sqlite')).result()
    with ModelServer() as model:
        url = model.openai_url if request.param == 'openai' else model.anthropic_url
        settings = {'LLM_PROVIDER': request.param, 'LLM_BASE_URL': url, 'LLM_MODEL': 'double', 'LLM_API_KEY': 'key'}
        application = Application(folder, env=settings).start()
        yield Drill(application, model)
        application.stop()


@pytest.fixture
def drill(started: Drill) -> Drill:
    """The same server for every drill, alive and with a model that answers; each drill makes courses of its own."""
    started.recover()
    return started

"""Two replicas on one PostgreSQL and one Redis: an act on one is seen on the other, and work survives a replica."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from threading import Semaphore

import pytest
from playwright.async_api import Page, expect

from tests.api.members import Member, eventually, lessons_of, seed_people
from tests.browser.cast import enter
from tests.doubles.model_server import ModelServer
from tests.drills.drill import DOCUMENT, types_of
from tests.servers.application import Application

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
async def replicas(
    postgres_url: str, redis_url: str, tmp_path: Path, model: ModelServer
) -> AsyncIterator[tuple[Application, Application]]:
    await seed_people(postgres_url)
    settings = {'DATABASE_URL': postgres_url, 'REDIS_URL': redis_url, 'LLM_PROVIDER': 'openai'}
    settings |= {'LLM_BASE_URL': model.openai_url, 'LLM_MODEL': 'double', 'LLM_API_KEY': 'key'}
    both = Application(tmp_path / 'data', env=settings), Application(tmp_path / 'data', env=settings)
    for one in both:
        await asyncio.to_thread(one.start)
    yield both
    for one in both:
        one.stop()


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


async def test_an_act_on_one_replica_is_seen_on_a_page_of_the_other(
    replicas: tuple[Application, Application], open_page: Callable[..., Awaitable[Page]]
) -> None:
    here, there = replicas
    page = await enter(await open_page(), there, 'instructor', '/courses')
    await expect(page.get_by_role('heading', level=1)).to_have_text('Courses')
    instructor = Member.sign_in(here.url, 'instructor')
    course = await asyncio.to_thread(instructor.post, '/courses', {'title': 'Made next door'})
    await expect(page.get_by_role('link', name='Made next door').first).to_be_visible()
    await asyncio.to_thread(instructor.http.put, f'/courses/{course["id"]}', json={'title': 'Renamed next door'})
    await expect(page.get_by_role('link', name='Renamed next door').first).to_be_visible()
    token = instructor.http.headers['Authorization']
    elsewhere = Member.sign_in(there.url, 'instructor')
    elsewhere.http.headers['Authorization'] = token
    assert elsewhere.get('/auth/me')['email'] == 'instructor@demo.example'
    await asyncio.to_thread(instructor.http.post, '/auth/logout')
    elsewhere.refused(401, 'not_signed_in', 'GET', '/auth/me')


async def test_the_work_of_a_dead_replica_is_continued_by_the_other(
    replicas: tuple[Application, Application], model: ModelServer
) -> None:
    await asyncio.to_thread(_take_over, *replicas, model)


def _take_over(first: Application, second: Application, model: ModelServer) -> None:
    instructor, survivor = Member.sign_in(first.url, 'instructor'), Member.sign_in(second.url, 'instructor')
    document = instructor.indexed(instructor.upload(DOCUMENT)['id'])['id']
    workflow = instructor.begin([document])['id']
    outline = survivor.until(workflow, 'outline')
    asked = len(model.requests)
    model.turnstile = Semaphore(2)
    second.freeze()  # so that it is the first that does the work
    instructor.decide(outline, 'approve')
    eventually(lambda: len(model.requests) == asked + 3, said='the third lesson')
    first.kill()
    model.turnstile = None
    second.thaw()
    survivor.until(workflow, 'content')
    assert all(lesson['blocks'] for lesson in lessons_of(survivor.get(f'/workflows/{workflow}/draft')))
    types = types_of(survivor, workflow)
    assert 'phase.failed' not in types
    counts = [sum(other.asks_for == one.asks_for for other in model.requests) for one in model.requests[asked:]]
    assert sorted(set(counts)) in ([1], [1, 2])
    assert counts.count(2) in (0, 2), 'only the call that was in flight may be repeated'
    assert first.command('fsck').returncode == 0

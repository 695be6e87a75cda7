"""How often the API may be asked: what a program is told once that was too often, and that others are not held up."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from app import api, counters
from app.banner import DEMO_PASSWORD
from app.demo.seed import people
from app.platform import Platform, build_services
from app.session import Sessions
from app.settings import Settings
from app.tracing import Traced
from storage.migrate import upgrade
from tests.doubles.author import ScriptedAuthor
from tests.doubles.embedder import LetterEmbedder

pytestmark = pytest.mark.asyncio(loop_scope='module')
HERE, THERE, ELSEWHERE = '192.0.2.1', '192.0.2.2', '192.0.2.3'


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def platform(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Platform]:
    settings = Settings(data_dir=tmp_path_factory.mktemp('limited'), rate_limits={'api': 3, 'api_anonymous': 4})
    built = build_services(settings, embedder=LetterEmbedder(), author=ScriptedAuthor())
    await upgrade(built.database)
    await people(built.database)
    yield built
    await built.close()


def client(platform: Platform, address: str) -> httpx.AsyncClient:
    sessions = Sessions(platform.services.identity, platform.settings)
    rest = Traced(api.create(platform.services, sessions.of_request))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=rest, client=(address, 1)), base_url='http://here')


def refused(answer: httpx.Response, most: int) -> bool:
    if answer.status_code != 429:
        return False
    assert 1 <= int(answer.headers['retry-after']) <= most
    assert answer.json()['code'] == 'too_many_requests'
    assert 'min' in answer.json()['detail']
    return True


async def test_the_eleventh_bad_sign_in_in_a_minute_is_told_to_wait(platform: Platform) -> None:
    bad = {'email': 'student@demo.example', 'password': 'mistyped'}
    before = counters.RATE_LIMITED.labels('sign_in')._value.get()
    async with client(platform, HERE) as here, client(platform, THERE) as there:
        answers = [await here.post('/auth/login', json=bad) for _ in range(11)]
        assert [answer.status_code for answer in answers[:10]] == [401] * 10
        assert refused(answers[10], 60)
        right = {**bad, 'password': DEMO_PASSWORD}
        assert refused(await here.post('/auth/login', json=right), 60)  # guessing goes on being useless
        assert (await there.post('/auth/login', json=right)).status_code == 200  # the person themselves, elsewhere
        other = {'email': 'instructor@demo.example', 'password': DEMO_PASSWORD}
        assert (await here.post('/auth/login', json=other)).status_code == 200  # a neighbour behind the same address
    assert counters.RATE_LIMITED.labels('sign_in')._value.get() == before + 2


async def test_a_session_asks_so_often_and_others_are_not_held_up(platform: Platform) -> None:
    async with client(platform, ELSEWHERE) as http:
        tokens = []
        for who in ('student', 'instructor'):
            form = {'email': f'{who}@demo.example', 'password': DEMO_PASSWORD}
            tokens.append((await http.post('/auth/login', json=form)).json()['access_token'])
        eager, calm = ({'authorization': f'Bearer {token}'} for token in tokens)
        for _ in range(3):
            assert (await http.get('/auth/me', headers=eager)).status_code == 200
        assert refused(await http.get('/auth/me', headers=eager), 60)
        assert refused(await http.post('/auth/logout', headers=eager), 60)
        assert (await http.get('/auth/me', headers=calm)).status_code == 200


async def test_guessing_tokens_ends_soon(platform: Platform) -> None:
    async with client(platform, HERE) as http:
        guesses = [await http.get('/auth/me', headers={'authorization': f'Bearer {n}'}) for n in range(5)]
    assert [guess.status_code for guess in guesses[:4]] == [401] * 4
    assert refused(guesses[4], 60)


async def test_the_reference_says_so_for_every_operation(platform: Platform) -> None:
    async with client(platform, HERE) as http:
        paths = (await http.get('/openapi.json')).json()['paths']
    operations = [operation for path in paths.values() for operation in path.values()]
    assert all('Retry-After' in operation['responses']['429']['headers'] for operation in operations)

"""Rate limits: exact, shared through Redis, and still there when Redis is not."""

import re
from pathlib import Path

import pytest

from services import limits
from services.errors import TooManyRequests
from services.limits import Limits, Rule
from tests.servers.redis import RedisServer

TWICE = Rule(name='twice', most=2, seconds=60, sentence='Too often. Wait {minutes} min.')


@pytest.fixture(params=['memory', 'redis'])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue('redis_url')) if request.param == 'redis' else ''


async def test_one_too_many_is_refused_with_the_time_to_wait(url: str) -> None:
    heard: list[str] = []
    counted = Limits(url, refused=heard.append)
    await counted.spend(TWICE, 'a@x.example', '10.0.0.1')
    await counted.spend(TWICE, 'a@x.example', '10.0.0.1')
    with pytest.raises(TooManyRequests) as refusal:
        await counted.spend(TWICE, ' A@X.example', '10.0.0.1')
    assert 1 <= refusal.value.retry_after <= 60
    assert str(refusal.value) == 'Too often. Wait 1 min.'
    assert heard == ['twice']
    await counted.close()


async def test_others_and_other_rules_are_counted_for_themselves(url: str) -> None:
    counted = Limits(url)
    for who in ('one', 'two'):
        await counted.spend(TWICE, who)
        await counted.spend(TWICE, who)
    await counted.spend(Rule(name='other', most=2, seconds=60, sentence='.'), 'one')
    await counted.close()


async def test_forgiven_attempts_no_longer_count(url: str) -> None:
    counted = Limits(url)
    await counted.spend(TWICE, 'one')
    await counted.spend(TWICE, 'one')
    await counted.forgive(TWICE, 'one')
    await counted.spend(TWICE, 'one')
    await counted.close()


async def test_the_window_moves_with_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(limits.time, 'time', lambda: clock[0])
    counted = Limits()
    await counted.spend(TWICE, 'one')
    clock[0] += 50
    await counted.spend(TWICE, 'one')
    clock[0] += 9
    with pytest.raises(TooManyRequests) as refusal:
        await counted.spend(TWICE, 'one')
    assert refusal.value.retry_after == 1
    clock[0] += 2  # the first has left the window, the second has not
    await counted.spend(TWICE, 'one')
    with pytest.raises(TooManyRequests):
        await counted.spend(TWICE, 'one')


async def test_replicas_share_what_was_spent(redis_url: str) -> None:
    here, there = Limits(redis_url), Limits(redis_url)
    await here.spend(TWICE, 'one')
    await there.spend(TWICE, 'one')
    with pytest.raises(TooManyRequests):
        await here.spend(TWICE, 'one')
    await here.close()
    await there.close()


async def test_without_redis_it_goes_on_counting_here_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    server = RedisServer()
    counted = Limits(server.url)
    try:
        await counted.spend(TWICE, 'one')
        server.pause()
        await counted.spend(TWICE, 'one')
        await counted.spend(TWICE, 'one')
        with pytest.raises(TooManyRequests):
            await counted.spend(TWICE, 'one')
        assert caplog.text.count('until Redis is back') == 1
    finally:
        await counted.close()
        server.stop()


async def test_strangers_without_number_cost_a_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, '_MOST_KEYS', 100)
    store = limits.InProcess()
    for number in range(1000):
        await store.acquire_entry(str(number), 5, 60)
    assert (await store.reset() or 0) <= 100


async def test_an_operator_sets_other_numbers_for_one_rule_or_for_all() -> None:
    counted = Limits(most={'twice': 1, limits.EVERY: 3})
    await counted.spend(TWICE, 'one')
    with pytest.raises(TooManyRequests):
        await counted.spend(TWICE, 'one')
    other = Rule(name='other', most=1, seconds=60, sentence='.')
    for _ in range(3):
        await counted.spend(other, 'one')
    with pytest.raises(TooManyRequests):
        await counted.spend(other, 'one')


async def test_every_rule_is_spent_somewhere_and_stands_in_the_manual() -> None:
    root = Path(__file__).parents[2]
    code = '\n'.join(path.read_text() for folder in ('app', 'services') for path in (root / folder).rglob('*.py'))
    manual = (root / 'docs/logs-and-limits.md').read_text()
    for name, rule in vars(limits).items():
        if isinstance(rule, Rule):
            # asked for at once, or in pairs of a rule and an amount
            assert re.search(rf'spend\({name}\b|\({name}, ', code), name
            assert re.search(rf'\| `{rule.name}` \| [\w ]+ \| {rule.most:,} \| ', manual), name

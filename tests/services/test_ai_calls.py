"""Every call of an author is metered: caps hold under load, and the ledger shows who changed what in it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.ai.authors import About, Authors, Call
from services.ai.circuit import FIRST_PAUSE, Circuit, Circuits
from services.ai.history import HistoryService
from services.ai.ledger import LedgerService, person_did
from services.ai.metering import Meter
from services.ai.prices import MICROS
from services.ai.settings import AiSettingsService
from services.clock import now
from services.errors import Forbidden, InvalidInput, PlatformError
from services.generation.authors.base import Author, AuthorAnsweredNonsense, AuthorUnavailable, Written
from services.generation.drafts import OutlineDraft
from services.limits import MODEL_REQUESTS, Limits
from services.notifications import NotificationService
from services.sealing import Sealer
from storage.ai_history import CallFilter
from storage.ai_ledger import ACCEPTED, LedgerFilter
from storage.database import Database
from tests.servers.postgres import owner_url
from tests.services.world import Cast, World

SEALER = Sealer('a secret key of the installation')
NOTHING = OutlineDraft(title='', summary='', objectives=[], modules=[], answer='')


class MeteredFake:
    """A provider that counts what it is asked; each answer costs 100 tokens. `failure` is raised instead."""

    provider, model = 'openai', 'gpt-5'

    def __init__(self) -> None:
        self.made = self.at_once = self.most_at_once = 0
        self.failure: Exception | None = None
        self.repaired = False
        self.seconds = 0.002

    async def outline(self, *_given: Any, **_named: Any) -> Written[OutlineDraft]:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            await asyncio.sleep(self.seconds)
            self.made += 1
            if self.failure is not None:
                raise self.failure
        finally:
            self.at_once -= 1
        return Written(
            draft=NOTHING,
            provider=self.provider,
            model=self.model,
            prompt_version='outline.v1',
            input_tokens=60,
            output_tokens=40,
            repaired=self.repaired,
        )


class Desk:
    """The services around a fake provider."""

    def __init__(self, world: World) -> None:
        self.world, self.fake, gate = world, MeteredFake(), world.gate
        self.circuits = Circuits()
        self.authors = Authors(
            gate,
            SEALER,
            installed=cast(Author, self.fake),
            extractive=lambda: cast(Author, self.fake),
            make=lambda *_: cast(Author, self.fake),
            meter=Meter(gate, gate.limits, self.circuits),
        )
        self.ai = AiSettingsService(gate, SEALER, allows=lambda _host, _port: True)
        self.ledger, self.history = LedgerService(gate), HistoryService(gate)

    async def ask(self, cast: Cast, **about: Any) -> Written[OutlineDraft]:
        told = About(person_id=cast.instructor.user_id, person=cast.instructor.full_name, **about)
        author: Any = await self.authors.of(cast.organization_id, told)
        written: Written[OutlineDraft] = await author.outline()
        return written

    async def cap(self, cast: Cast, **caps: Any) -> None:
        none = {'daily_tokens': None, 'monthly_cost': None, 'daily_cost': None, 'currency': 'USD'}
        await self.ai.set_caps(cast.admin, **{**none, **caps})


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


async def test_fifty_jobs_at_once_never_spend_more_than_the_cap_and_one_call(desk: Desk) -> None:
    demo, other = desk.world.demo, desk.world.other
    await desk.ai.set_limits(demo.admin, enabled=True, budget=650)
    outcomes = await asyncio.gather(*(desk.ask(demo) for _ in range(50)), return_exceptions=True)
    refused = [one for one in outcomes if isinstance(one, PlatformError)]
    assert desk.fake.made == 7
    assert len(refused) == 43
    assert {one.code for one in refused} == {'budget_spent'}
    assert 'What is written stays' in str(refused[0])
    assert (await desk.ai.get(demo.admin)).spent == 700
    assert desk.fake.most_at_once == 1, 'near the cap one call runs at a time'
    desk.fake.seconds = 0.2
    await asyncio.gather(*(desk.ask(other) for _ in range(5)))
    assert desk.fake.most_at_once > 1
    lines, total = await desk.ledger.lines(demo.admin, LedgerFilter(result='budget'))
    assert (total, {one.input_tokens for one in lines}) == (43, {0})
    told = await NotificationService(desk.world.gate).list(demo.admin)
    assert [(one.path, one.subject) for one in told] == [('/settings/ai', '650 tokens a month')]
    await desk.ai.set_limits(demo.admin, enabled=True, budget=None)
    await desk.ask(demo)
    assert (await desk.ledger.verify(demo.admin)).holds


async def test_the_ledger_names_the_row_that_was_changed_behind_its_back(desk: Desk) -> None:
    demo = desk.world.demo
    for _ in range(3):
        await desk.ask(demo, purpose='outline')
    async with desk.world.gate.writing(demo.reviewer) as work:
        person_did(work, ACCEPTED, 'outline', 'f' * 64, workflow_id=uuid4())
    desk.fake.failure = AuthorAnsweredNonsense('The model declined.')
    desk.fake.failure.tokens = (60, 5)
    with pytest.raises(AuthorAnsweredNonsense):
        await desk.ask(demo)
    lines, total = await desk.ledger.lines(demo.admin)
    assert [(one.act, one.result, one.actor) for one in reversed(lines)] == [
        *[('called', 'ok', demo.instructor.full_name)] * 3,
        ('accepted', 'ok', demo.reviewer.full_name),
        ('called', 'refused', demo.instructor.full_name),
    ]
    assert (lines[0].input_tokens, lines[0].output_tokens) == (60, 5), 'what is paid is told, used or not'
    assert all(len(one.output_hash) == 64 for one in lines[1:])
    assert (await desk.ledger.lines(desk.world.other.admin))[1] == 0
    exported = b''.join([part async for part in await desk.ledger.export(demo.admin)]).decode('utf-8-sig')
    assert len(exported.splitlines()) == total + 1
    verdict = await desk.ledger.verify(demo.admin)
    assert (verdict.holds, verdict.rows) == (True, 5)
    await _behind_our_back(desk.world, 'UPDATE ai_acts SET output_tokens = 1 WHERE seq = 2')
    verdict = await desk.ledger.verify(demo.admin)
    assert (verdict.holds, verdict.seq, verdict.row_id) == (False, 2, lines[3].id)
    assert 'changed or moved' in verdict.fault
    for person in (demo.instructor, demo.student):
        with pytest.raises(Forbidden):
            await desk.ledger.lines(person)


async def test_calls_are_listed_with_their_cost_and_kept_once(desk: Desk) -> None:
    demo, admin = desk.world.demo, desk.world.demo.admin
    written = await desk.ask(demo)
    desk.fake.repaired = True
    desk.fake.model = 'nobody-knows'
    await desk.ask(demo, purpose='lesson')
    for _ in range(2):
        async with desk.world.gate.platform(demo.organization_id) as work:
            await desk.authors.record(
                work,
                Call(
                    once='a run of ours',
                    purpose='syllabus',
                    provider=written.provider,
                    model=written.model,
                    prompt_version=written.prompt_version,
                    tokens=(60, 40),
                    seconds=1.0,
                    call_id=written.call_id,
                ),
            )
    calls, total = await desk.history.calls(admin)
    assert [(one.purpose, one.result, one.cost_micros) for one in calls] == [
        ('lesson', 'repaired', None),
        ('syllabus', 'ok', 60 * 125 // 100 + 40 * 10),
    ]
    assert (total, calls[0].person) == (2, demo.instructor.full_name)
    await desk.ai.set_price(admin, 'nobody-knows', input=1, output=2)
    await desk.ask(demo, purpose='lesson')
    priced, _ = await desk.history.calls(admin, CallFilter(purpose='lesson', since=now() - timedelta(hours=1)))
    assert [one.cost_micros for one in priced] == [60 + 2 * 40, None]
    assert (await desk.history.calls(admin, CallFilter(course_id=uuid4())))[1] == 0
    usage = await desk.history.usage(admin, days=7)
    today = usage.days[-1]
    assert (len(usage.days), today.calls, today.input_tokens, today.unpriced) == (7, 3, 180, 1)
    assert (await desk.history.usage(desk.world.other.admin)).days[-1].calls == 0
    table = b''.join([part async for part in await desk.history.export(admin)]).decode('utf-8-sig')
    assert len(table.splitlines()) == 4


async def test_a_cap_on_costs_holds_and_asks_for_prices_that_nobody_knows(desk: Desk) -> None:
    demo, admin = desk.world.demo, desk.world.demo.admin
    await desk.cap(demo, daily_cost=0.0009)
    await desk.ask(demo)
    await desk.ask(demo)
    with pytest.raises(PlatformError, match='USD of this day are used up') as spent:
        await desk.ask(demo)
    assert spent.value.status_code == 409
    await desk.cap(demo, monthly_cost=5)
    desk.fake.model = 'nobody-knows'
    with pytest.raises(PlatformError, match='enter its price') as unknown:
        await desk.ask(demo)
    assert unknown.value.code == 'price_unknown'
    await desk.cap(demo, daily_tokens=100)
    with pytest.raises(PlatformError, match='tokens of this day'):
        await desk.ask(demo)
    shown = await desk.ai.get(admin)
    assert [(cap.unit, cap.span, cap.limit) for cap in shown.caps] == [('tokens', 'day', 100)]
    await desk.cap(demo, currency='EUR')
    assert [one.own for one in await desk.ai.prices(admin)] == [], 'dollars say nothing about euros'
    wrong: Sequence[dict[str, Any]] = ({'currency': 'euro'}, {'daily_tokens': -1}, {'monthly_cost': 'much'})
    for caps in wrong:
        with pytest.raises(InvalidInput) as refused:
            await desk.cap(demo, **caps)
        assert list(refused.value.fields) == list(caps)
    assert MICROS == 1_000_000


async def test_a_provider_that_is_away_is_left_alone_and_then_asked_by_one(desk: Desk) -> None:
    demo = desk.world.demo
    at = now()
    desk.circuits.clock = lambda: at
    desk.fake.failure = AuthorUnavailable('The model provider cannot be reached.')
    desk.fake.failure.passing = True
    for _ in range(3):
        with pytest.raises(AuthorUnavailable, match='cannot be reached'):
            await desk.ask(demo)
    with pytest.raises(AuthorUnavailable, match='tried again in') as away:
        await desk.ask(demo)
    assert (desk.fake.made, away.value.passing) == (3, True)
    assert desk.authors.away_until() is not None
    desk.fake.failure, desk.fake.seconds = None, 0.5
    at += timedelta(hours=1)
    outcomes = await asyncio.gather(*(desk.ask(demo) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, Written) for one in outcomes) == 1, 'one asks, the others wait for what it finds'
    assert desk.authors.away_until() is None
    await asyncio.gather(*(desk.ask(demo) for _ in range(4)))
    assert [one.result for one in (await desk.ledger.lines(demo.admin))[0]] == ['ok'] * 5 + ['failed'] * 3


def test_the_pause_of_a_circuit_doubles_with_each_probe_that_fails() -> None:
    circuit, at = Circuit(), now()
    for _ in range(3):
        circuit.failed(at, jitter=1.0)
    pauses = []
    for _ in range(7):
        assert circuit.until is not None
        pauses.append((circuit.until - at) / FIRST_PAUSE)
        at = circuit.until
        assert circuit.enter(at)
        circuit.failed(at, jitter=1.0)
    assert pauses == [1, 2, 4, 8, 16, 20, 20]
    circuit.try_now()
    assert circuit.enter(now())
    circuit.answered()
    assert circuit.until is None


async def test_a_key_has_room_for_so_many_requests_a_minute() -> None:
    limits = Limits(most={'model_requests': 2})
    assert [await limits.room(MODEL_REQUESTS, 'a key') for _ in range(2)] == [None, None]
    wait = await limits.room(MODEL_REQUESTS, 'a key')
    assert wait is not None
    assert 1 <= wait <= 60
    assert await limits.room(MODEL_REQUESTS, 'another key') is None


async def _behind_our_back(world: World, statement: str) -> None:
    """As somebody who has the whole database in their hands."""
    url = world.database.url
    database = Database(url if world.database.is_sqlite else owner_url(url))
    async with database.engine.begin() as connection:
        if database.is_sqlite:
            await connection.execute(text('DROP TRIGGER guard_ai_acts_update'))
        else:
            await connection.execute(text('ALTER TABLE ai_acts DISABLE TRIGGER USER'))
            await connection.execute(text('ALTER TABLE ai_acts NO FORCE ROW LEVEL SECURITY'))
        await connection.execute(text(statement))
        if not database.is_sqlite:
            await connection.execute(text('ALTER TABLE ai_acts FORCE ROW LEVEL SECURITY'))
    await database.close()

"""An organisation's own model: its key is written and never read, a switch and a budget hold for what already runs."""

from typing import Any
from uuid import UUID

import pytest

from services.ai.authors import Authors, BudgetSpent
from services.ai.metering import MeteredAuthor
from services.ai.settings import AiSettingsService
from services.errors import Forbidden, InvalidInput, NotFound
from services.generation.authors.base import Author
from services.sealing import Sealer
from storage.database import Scope
from storage.model_keys import ModelKey, model_key
from tests.doubles.author import ScriptedAuthor
from tests.generation.conftest import Studio

KEY = 'sk-canary-of-an-organisation'
SEALER = Sealer('a secret key of the installation')


class Made(ScriptedAuthor):
    """What would be made of an organisation's key."""

    def __init__(self, *asked: str) -> None:
        super().__init__()
        self.asked = asked


class Extractive(ScriptedAuthor):
    provider = 'offline'


@pytest.fixture
def ai(studio: Studio) -> AiSettingsService:
    return AiSettingsService(studio.platform.gate, SEALER, allows=lambda host, port: (host, port) == ('llm.lan', 8000))


@pytest.fixture
def authors(studio: Studio) -> Authors:
    def make(provider: str, key: str, model: str, base_url: str) -> Author:
        return Made(provider, key, model, base_url)

    return Authors(studio.platform.gate, SEALER, installed=studio.author, extractive=Extractive, make=make)


async def test_a_key_rests_sealed_and_only_its_end_is_shown(studio: Studio, ai: AiSettingsService) -> None:
    shown = await ai.set_key(studio.demo.admin, provider='anthropic', model='claude-sonnet-4-5', key=KEY)
    assert (shown.provider, shown.model, shown.key_hint) == ('anthropic', 'claude-sonnet-4-5', KEY[-4:])
    row = await _row(studio)
    assert KEY not in repr(row.model_dump())
    assert SEALER.open(row.key) == KEY
    assert 'model_key.changed' in await studio.world.audit(studio.demo)
    assert (await ai.get(studio.world.other.admin)).provider == ''


async def test_an_empty_key_keeps_the_old_one_but_never_for_another_address(
    studio: Studio, ai: AiSettingsService
) -> None:
    admin = studio.demo.admin
    await ai.set_key(admin, provider='openai', model='gpt-5', key=KEY)
    await ai.set_key(admin, provider='openai', model='gpt-5-mini')
    assert SEALER.open((await _row(studio)).key) == KEY
    with pytest.raises(InvalidInput) as refused:
        await ai.set_key(admin, provider='openai', model='gpt-5', base_url='http://llm.lan:8000/v1')
    assert 'key' in refused.value.fields


@pytest.mark.parametrize(
    ('field', 'wrong'),
    [
        ('provider', {'provider': 'somebody'}),
        ('model', {'model': 'a model with spaces'}),
        ('key', {'key': ''}),
        ('base_url', {'base_url': 'http://169.254.169.254/v1'}),
        ('base_url', {'base_url': 'file:///etc/passwd'}),
        ('base_url', {'base_url': 'https://user:word@llm.lan:8000/'}),
        ('base_url', {'base_url': 'http://llm.lan:99999/'}),
    ],
)
async def test_what_cannot_be_right_is_named(
    studio: Studio, ai: AiSettingsService, field: str, wrong: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await ai.set_key(studio.demo.admin, **{'provider': 'openai', 'model': 'gpt-5', 'key': KEY, **wrong})
    assert list(refused.value.fields) == [field]


async def test_the_key_decides_who_writes_until_it_is_removed(
    studio: Studio, ai: AiSettingsService, authors: Authors
) -> None:
    demo, admin = studio.demo.organization_id, studio.demo.admin
    assert await _writes(authors, demo) is studio.author
    await ai.set_key(admin, provider='openai', model='gpt-5', key=KEY)
    own = await _writes(authors, demo)
    assert isinstance(own, Made)
    assert own.asked == ('openai', KEY, 'gpt-5', '')
    assert await _writes(authors, demo) is own, 'its client is kept'
    assert await _writes(authors, studio.world.other.organization_id) is studio.author
    await ai.remove_key(admin)
    assert await _writes(authors, demo) is studio.author
    with pytest.raises(NotFound):
        await ai.remove_key(admin)


async def test_without_models_the_extractive_author_writes(
    studio: Studio, ai: AiSettingsService, authors: Authors
) -> None:
    await ai.set_limits(studio.demo.admin, enabled=False, budget=None)
    assert isinstance(await _writes(authors, studio.demo.organization_id), Extractive)


async def test_a_budget_stops_between_two_lessons_and_says_so(studio: Studio) -> None:
    ai = studio.services.ai
    workflow = await studio.begin()
    drafted = await studio.until(workflow.id, 'outline')
    spent = (await ai.get(studio.demo.admin)).spent
    assert spent > 0
    await ai.set_limits(studio.demo.admin, enabled=True, budget=spent + 1)
    await studio.decide(drafted)
    stopped = await studio.until(workflow.id, 'content', 'failed')
    assert 'used up' in (stopped.error or '')
    calls, total = await studio.services.ai_desk.history.calls(studio.demo.admin)
    made = [(call.purpose, call.result) for call in calls]
    assert made == [('lesson', 'budget'), ('lesson', 'ok'), ('outline', 'ok')], 'one call beyond the budget, no more'
    assert total == 3
    assert (await ai.get(studio.world.other.admin)).spent == 0
    await ai.set_limits(studio.demo.admin, enabled=True, budget=None)
    await studio.services.workflows.restart(studio.demo.instructor, workflow.id)
    await studio.until(workflow.id, 'content')
    assert studio.author.calls['Lesson 1'] == 1, 'what was written before is kept'


async def test_a_spent_budget_refuses_what_is_asked_for_at_once(studio: Studio) -> None:
    await studio.services.ai.set_limits(studio.demo.admin, enabled=True, budget=0)
    with pytest.raises(BudgetSpent):
        await studio.services.ondemand.syllabus(studio.demo.instructor, topic='Fume hoods', level='', hours=1)


async def test_only_administrators_see_and_change_it(studio: Studio, ai: AiSettingsService) -> None:
    for person in (studio.demo.instructor, studio.demo.reviewer, studio.demo.student, studio.demo.site):
        with pytest.raises(Forbidden):
            await ai.get(person)
        with pytest.raises(Forbidden):
            await ai.set_key(person, provider='openai', model='gpt-5', key=KEY)
        with pytest.raises(Forbidden):
            await ai.set_limits(person, enabled=True, budget=None)


async def _writes(authors: Authors, organization_id: UUID) -> Author:
    """Without the meter around it."""
    metered = await authors.of(organization_id)
    assert isinstance(metered, MeteredAuthor)
    return metered.author


async def _row(studio: Studio) -> ModelKey:
    async with studio.platform.gate.platform(studio.demo.organization_id) as work:
        scope: Scope = work.scope
        row = await model_key(scope)
        assert row is not None
        return row

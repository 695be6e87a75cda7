"""An administrator gives the organisation its own model key, sets a budget, and finds both in the audit trail; a course
waits for a model that is away, and every call stands in the AI ledger."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.api.members import Member, seed_people
from tests.browser.cast import enter, open_site, settled
from tests.doubles.model_server import ModelServer, Status
from tests.drills.drill import DOCUMENT
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations

pytestmark = pytest.mark.timeout(300)
Open = Callable[..., Awaitable[Page]]
KEY = 'sk-canary-0123456789-tail'


async def test_a_key_and_a_budget_are_set_and_stand_in_the_audit_trail(
    tmp_path: Path, start_application: Callable[..., Application], open_page: Open
) -> None:
    site = await open_site(tmp_path / 'data', start_application)
    page = await enter(await open_page(), site, 'admin', '/settings/ai')
    await page.get_by_label('Model', exact=True).fill('claude-sonnet-4-5')
    await page.get_by_label('Key', exact=True).fill(KEY)
    await page.get_by_role('button', name='Save key').click()
    await expect(page.get_by_text('claude-sonnet-4-5 with your own key writes.')).to_be_visible()
    await page.get_by_label('Budget a month').fill('500000')
    await page.get_by_role('button', name='Save', exact=True).click()
    await expect(page.get_by_text('0 of 500,000 used')).to_be_visible()

    await page.reload()
    await settled(page)
    assert await page.get_by_label('Key', exact=True).input_value() == ''
    assert await page.get_by_label('Key', exact=True).get_attribute('placeholder') == 'ends in tail'
    assert KEY not in await page.content()
    assert await accessibility_violations(page) == []

    await page.goto(f'{site.url}/settings/audit')
    await expect(page.locator('tr', has_text='Model key changed')).to_contain_text('claude-sonnet-4-5')
    await expect(page.locator('tr', has_text='Organization ai changed')).to_contain_text('500000')
    await page.get_by_role('button', name='Verify').click()
    await expect(page.get_by_text('The chain holds.')).to_be_visible()
    assert KEY not in await page.content()
    assert await accessibility_violations(page) == []

    await page.goto(f'{site.url}/settings/ai')
    await settled(page)
    await page.get_by_role('button', name='Forget the key').click()
    await page.get_by_role('dialog').get_by_role('button', name='Forget the key').click()
    await expect(page.get_by_text('The installation’s author writes.')).to_be_visible()


async def test_a_course_waits_for_its_model_and_the_ledger_tells_every_call(
    tmp_path: Path, start_application: Callable[..., Application], open_page: Open
) -> None:
    with ModelServer() as model:
        provider = {'LLM_PROVIDER': 'openai', 'LLM_BASE_URL': model.openai_url, 'LLM_MODEL': 'double'}
        url = f'sqlite+aiosqlite:///{tmp_path / "coursewright.db"}'
        await seed_people(url)
        settings = {**provider, 'LLM_API_KEY': 'key', 'LLM_RETRY_SECONDS': '600', 'DATABASE_URL': url}
        site = start_application(data_dir=tmp_path / 'data', env=settings)
        instructor = await asyncio.to_thread(Member.sign_in, site.url, 'instructor')
        document = await asyncio.to_thread(lambda: instructor.indexed(instructor.upload(DOCUMENT)['id'])['id'])
        model.faults.extend([Status(503, retry_after=0.01)] * 4)
        workflow = await asyncio.to_thread(instructor.begin, [document])
        page = await enter(await open_page(), site, 'instructor', f'/studio/{workflow["id"]}')
        await expect(page.get_by_text('Waiting for the model.')).to_be_visible()
        await expect(page.get_by_text('The next attempt is at')).to_be_visible()
        assert await accessibility_violations(page) == []
        await page.get_by_role('button', name='Try now').click()
        await expect(page.get_by_role('button', name='Approve')).to_be_visible(timeout=30_000)

    admin = await enter(await open_page(), site, 'admin', '/settings/ai/ledger')
    await expect(admin.locator('tr', has_text='no answer')).to_contain_text('Outline')
    await expect(admin.locator('tr', has_text='answered')).to_contain_text('double')
    await admin.get_by_role('button', name='Verify').click()
    await expect(admin.get_by_text('The ledger holds.')).to_be_visible()
    assert await accessibility_violations(admin) == []
    await admin.goto(f'{site.url}/settings/ai/prices')
    await admin.get_by_label('Name of the model').fill('double')
    await admin.get_by_label('Read', exact=True).fill('2')
    await admin.get_by_label('Written', exact=True).fill('8')
    await admin.get_by_role('button', name='Save price').click()
    await expect(admin.get_by_role('button', name='Forget the price of double')).to_be_visible()
    assert await accessibility_violations(admin) == []
    await admin.goto(f'{site.url}/settings/ai/style')
    await expect(admin.get_by_text('Nothing was approved yet')).to_be_visible()
    await admin.goto(f'{site.url}/settings/ai/history?result=ok')
    await expect(admin.locator('tr', has_text='Outline')).to_have_count(1)
    await expect(admin.locator('tr', has_text='Outline')).to_contain_text('unknown')
    assert await accessibility_violations(admin) == []

"""An administrator gives the organisation its own model key, sets a budget, and finds both in the audit trail."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.cast import enter, open_site, settled
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

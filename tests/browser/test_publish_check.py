"""The publish check in a browser: findings, a way to each, one click that mends, a reason that publishes."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from services.hashing import content_hash
from storage.courses import Block
from storage.database import Database
from tests.browser.cast import enter
from tests.browser.teaching import School, open_school
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations

pytestmark = pytest.mark.timeout(300)
Open = Callable[..., Awaitable[Page]]
Start = Callable[..., Application]
CLAIM = 'Gloves dissolve in acetone after a long evening of work.'


async def _plant(tmp_path: Path, school: School) -> None:
    database = Database(f'sqlite+aiosqlite:///{tmp_path / "data" / "coursewright.db"}')
    async with database.writing() as tx:
        block = await tx.get_one(Block, school.made.block_ids[0])
        block.content = {'html': f'{block.content["html"]}<p>{CLAIM}</p><h2>Sash</h2><h4>Height</h4>'}
        block.content_hash = block.approved_hash = content_hash(block.content)
        tx.add(block)
    await database.close()


async def test_what_is_found_is_mended_or_published_over_with_a_reason(
    tmp_path: Path, start_application: Start, open_page: Open
) -> None:
    school = await open_school(tmp_path / 'data', start_application, published=False)
    await _plant(tmp_path, school)
    page = await enter(await open_page(width=1440), school.site, 'admin', f'{school.course}/check')
    await expect(page.get_by_role('heading', name='2 findings block publishing')).to_be_visible()
    await expect(page.get_by_text(f'“{CLAIM}” has no source.')).to_be_visible()
    await expect(page.get_by_role('button', name='Publish 1.0')).to_have_attribute('aria-disabled', 'true')
    assert await accessibility_violations(page) == []

    await page.get_by_role('button', name='Back into review').click()
    await page.get_by_role('button', name='These are my own words').click()
    await page.locator('.q-dialog').get_by_role('button', name='They are mine').click()
    await expect(page.get_by_text(f'“{CLAIM}” has no source.')).to_have_count(0)
    await page.get_by_role('button', name='Undo').click()
    await expect(page.get_by_text(f'“{CLAIM}” has no source.')).to_be_visible()
    await page.get_by_role('button', name='Put the headings in order').click()
    await expect(page.get_by_text('The heading “Height” skips a level.')).to_have_count(0)

    phone = await enter(await open_page(width=390), school.site, 'admin', f'{school.course}/sources')
    await expect(phone.get_by_text('24 citations, 100 % stand word for word on their page')).to_be_visible()
    assert await accessibility_violations(phone) == []


async def test_an_administrator_publishes_over_a_finding(
    tmp_path: Path, start_application: Start, open_page: Open
) -> None:
    school = await open_school(tmp_path / 'data', start_application, published=False)
    await _plant(tmp_path, school)
    page = await enter(await open_page(width=390), school.site, 'admin', f'{school.course}/check')
    await page.get_by_role('button', name='Publish with a reason').click()
    await page.locator('.q-dialog textarea').fill('The supplier confirmed it by telephone.')
    await page.locator('.q-dialog').get_by_role('button', name='Publish', exact=True).click()
    await expect(
        page.get_by_text('published over 2 findings: “The supplier confirmed it by telephone.”')
    ).to_be_visible()

"""The studio in browsers: from the brief to the assembled course, with two people at once."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.cast import enter, open_site, uploaded
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations

pytestmark = pytest.mark.timeout(400)
Open = Callable[..., Awaitable[Page]]
_CURRENT = re.compile(r'\bcw-current\b')
_WRITING = 120_000  # milliseconds the author may take


async def test_a_course_is_written_reviewed_by_two_and_assembled(
    tmp_path: Path, start_application: Callable[..., Application], open_page: Open
) -> None:
    site = await open_site(tmp_path / 'data', start_application)
    ingrid = await enter(await open_page(width=1440), site, 'instructor', '/knowledge')
    await uploaded(ingrid, site, 'food-safety-handbook.pdf')

    await _brief(ingrid, site)
    await expect(ingrid.get_by_role('heading', level=1)).to_have_text('Outline for review', timeout=_WRITING)
    adwoa = await enter(await open_page(width=1440, dark=True), site, 'admin', '/reviews')
    await adwoa.get_by_role('link', name='Kitchen rules').first.click()
    await expect(adwoa.get_by_role('heading', level=1)).to_have_text('Outline for review')
    await _outline(ingrid, adwoa)

    for page in (ingrid, adwoa):
        await expect(page.locator('.cw-block').first).to_be_visible(timeout=_WRITING)
    await _edit_at_once(ingrid, adwoa)
    await _send_back(ingrid, adwoa)
    await _approve_all(ingrid)
    await ingrid.get_by_role('button', name='Assemble the course').click()
    await ingrid.get_by_role('button', name='Assemble', exact=True).click()
    for page in (ingrid, adwoa):
        await expect(page.get_by_role('heading', level=1)).to_have_text('Ready to publish', timeout=_WRITING)
    assert await accessibility_violations(ingrid) == []


async def test_whoever_may_not_write_courses_is_kept_out(
    tmp_path: Path, start_application: Callable[..., Application], open_page: Open
) -> None:
    site = await open_site(tmp_path / 'data', start_application)
    student = await enter(await open_page(), site, 'student', '/')
    for path in ('/knowledge', '/reviews', '/courses/new'):
        answer = await student.request.get(site.url + path)
        assert answer.status == 403, path
    hanne = await enter(await open_page(), site, 'reviewer', '/knowledge')
    await expect(hanne.get_by_text('Start with one document')).to_be_visible()
    await expect(hanne.get_by_role('button', name='Choose files')).to_have_count(0)
    await hanne.goto(f'{site.url}/studio/00000000-0000-4000-8000-000000000000')
    await expect(hanne.get_by_text('There is nothing here')).to_be_visible()


async def _brief(page: Page, site: Application) -> None:
    """Refused without a title; what was typed stays and is sent once it is complete."""
    await page.goto(f'{site.url}/courses/new')
    await page.get_by_label('What it is for').fill('Nobody falls ill.')
    await page.get_by_role('checkbox', name='food-safety-handbook.pdf').click()
    await page.get_by_role('button', name='Write the outline').click()
    await expect(page.get_by_text('Give the course a title.')).to_be_visible()
    await expect(page.get_by_label('What it is for')).to_have_value('Nobody falls ill.')
    assert await accessibility_violations(page) == []
    await page.get_by_label('Title').fill('Kitchen rules')
    await page.get_by_label('Learning time').fill('1')
    await page.get_by_role('button', name='Write the outline').click()
    await page.wait_for_url('**/studio/**')


async def _outline(ingrid: Page, adwoa: Page) -> None:
    """A rename reaches the other; words being typed survive; a comment is answered by the next draft."""
    await ingrid.locator('.cw-tree-lesson .cw-tree-name').first.click()
    await ingrid.locator('input.cw-tree-title').fill('What makes food unsafe')
    await ingrid.keyboard.press('Enter')
    await expect(adwoa.locator('.cw-tree').get_by_text('What makes food unsafe')).to_be_visible()

    await adwoa.locator('.cw-tree-lesson .cw-tree-name').first.click()
    typed = adwoa.locator('input.cw-tree-title')
    await typed.fill('What I was typing')
    await ingrid.locator('input.cw-tree-minutes').fill('14')
    await ingrid.keyboard.press('Enter')
    await expect(adwoa.get_by_text('Somebody else changed this outline')).to_be_visible()
    await expect(typed).to_have_value('What I was typing')
    await adwoa.get_by_role('button', name='Load the newest').click()
    await expect(typed).to_have_value('What makes food unsafe')
    assert await accessibility_violations(adwoa) == []

    await ingrid.get_by_label('Comment').fill('Shorten the part about pests.')
    await ingrid.get_by_role('button', name='Send back').click()
    await expect(adwoa.get_by_text('Draft 2, written')).to_be_visible(timeout=_WRITING)
    await expect(adwoa.locator('.cw-thread').get_by_text('Shorten the part about pests.')).to_be_visible()
    await adwoa.get_by_role('button', name='Approve outline').click()


async def _edit_at_once(ingrid: Page, adwoa: Page) -> None:
    """Both edit the first block; the second to save is told, keeps the words, and decides."""
    for page, words in ((ingrid, 'Ingrid was here. '), (adwoa, 'Adwoa was here. ')):
        await page.locator('.cw-block-head b').first.click()
        await page.get_by_role('button', name='Edit').first.click()
        if page is adwoa:
            await page.get_by_role('button', name='Take over').click()
            await page.locator('.q-dialog').get_by_role('button', name='Take over').click()
        await page.locator('.cw-written').click()
        await page.keyboard.press('Home')
        await page.keyboard.type(words)
    await ingrid.get_by_role('button', name='Save').click()
    await expect(ingrid.locator('.cw-block ins').first).to_contain_text('Ingrid was here.')
    await adwoa.get_by_role('button', name='Save').click()
    await expect(adwoa.get_by_text('Your words are still here')).to_be_visible()
    await expect(adwoa.locator('.cw-written')).to_contain_text('Adwoa was here.')
    await adwoa.get_by_role('button', name='Keep mine').click()
    await expect(ingrid.locator('.cw-block ins').first).to_contain_text('Adwoa')


async def _send_back(ingrid: Page, adwoa: Page) -> None:
    """By keyboard; only what was sent back is written again."""
    await ingrid.locator('.cw-block-head b').first.click()
    await ingrid.keyboard.press('a')
    await expect(_state(adwoa, 0)).to_have_text('Approved')
    await expect(ingrid.locator('.cw-block').nth(1)).to_have_class(_CURRENT)
    await ingrid.keyboard.press('r')
    await ingrid.locator('.q-dialog textarea').fill('Say it in simpler words.')
    await ingrid.locator('.q-dialog').get_by_role('button', name='Send back').click()
    await expect(adwoa.get_by_text('Say it in simpler words.')).to_be_visible()
    assert await accessibility_violations(ingrid) == []
    await ingrid.get_by_role('button', name='Rewrite 1 sent back').click()
    for page in (ingrid, adwoa):
        await expect(_state(page, 1)).to_have_text('Rewritten', timeout=_WRITING)
    await expect(_state(ingrid, 0)).to_have_text('Approved')


async def _approve_all(page: Page) -> None:
    lessons = await page.locator('.cw-lessons .cw-lesson').count()
    for done in range(1, lessons + 1):
        await page.get_by_role('button', name='Approve lesson').click()
        await expect(page.locator('.cw-lessons .cw-lesson .cw-ok')).to_have_count(done)


def _state(page: Page, place: int) -> Locator:
    return page.locator('.cw-block').nth(place).locator('.cw-block-head > .cw-status')

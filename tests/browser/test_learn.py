"""Learning in a browser: sources, the quiz, the way through the course, and who is kept out."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.cast import enter, settled
from tests.browser.teaching import open_school
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations

pytestmark = pytest.mark.timeout(300)
Open = Callable[..., Awaitable[Page]]
Start = Callable[..., Application]


async def test_a_learner_reads_answers_and_finishes_while_the_instructor_watches(
    tmp_path: Path, start_application: Start, open_page: Open
) -> None:
    school = await open_school(tmp_path / 'data', start_application)
    dashboard = await enter(await open_page(width=1440), school.site, 'instructor', school.analytics)
    completion = dashboard.locator('.cw-figure', has_text='Completion').locator('.cw-value')
    await expect(completion).to_have_text('0 %')
    page = await enter(await open_page(width=1440), school.site, 'student', school.learn)
    await expect(page.get_by_role('heading', level=1)).to_have_text('Lesson 1.1')
    await expect(page).to_have_url(re.compile(r'/learn/.+/.+'))

    await page.locator('.cw-reading sup a').first.click()
    await expect(page.locator('.cw-source-page mark')).to_have_text('Set the sash at the marked height')
    await page.keyboard.press('Escape')
    await expect(page.locator('.cw-source-page')).to_have_count(0)

    await _answer(page)
    await expect(page.get_by_text('2 of 4 right')).to_be_visible()
    await expect(page.locator('.cw-explain').first).to_contain_text('handbook.pdf, p. 1')
    await expect(page.locator('.cw-player-outline [aria-current]')).to_contain_text('2 / 4')
    score = dashboard.locator('.cw-figure', has_text='Average score').locator('.cw-value')
    await expect(score).to_have_text('50', timeout=1000)
    assert await accessibility_violations(page) == []

    await page.get_by_role('button', name='Mark done and go on').click()
    await expect(page.get_by_role('heading', level=1)).to_have_text('Lesson 1.2')
    await expect(completion).to_have_text('25 %', timeout=1000)
    row = dashboard.locator('tr', has_text='student@demo.example')
    await expect(row).to_contain_text('25 %', timeout=3000)

    await page.goto(school.site.url + school.learn)
    await expect(page.get_by_role('heading', level=1)).to_have_text('Lesson 1.2')
    for title in ('Lesson 2.1', 'Lesson 2.2'):
        await page.get_by_role('button', name='Mark done and go on').click()
        await expect(page.get_by_role('heading', level=1)).to_have_text(title)
    await page.get_by_role('button', name='Mark done and finish').click()
    await expect(page.get_by_role('heading', level=1)).to_have_text('You have finished this course')
    await expect(page.locator('.cw-figure', has_text='Average score').locator('.cw-value')).to_have_text('50 %')
    assert await accessibility_violations(page) == []


async def test_answers_survive_a_reload_until_they_are_handed_in(
    tmp_path: Path, start_application: Start, open_page: Open
) -> None:
    school = await open_school(tmp_path / 'data', start_application)
    page = await enter(await open_page(), school.site, 'student', school.learn)
    await page.get_by_label('15 cm behind').check()
    await page.locator('.cw-short').fill('15 cm')
    await page.wait_for_timeout(700)  # typing is sent on at most every 0.4 s
    await page.reload()
    await expect(page.get_by_label('15 cm behind')).to_be_checked()
    await expect(page.locator('.cw-short')).to_have_value('15 cm')
    await page.get_by_role('button', name='Check answers').click()
    await expect(page.get_by_text('2 of 4 right')).to_be_visible()
    await page.get_by_role('button', name='Try again').click()
    await expect(page.get_by_label('15 cm behind')).not_to_be_checked()


async def test_keys_turn_the_lessons_and_rest_while_somebody_types(
    tmp_path: Path, start_application: Start, open_page: Open
) -> None:
    school = await open_school(tmp_path / 'data', start_application)
    page = await enter(await open_page(), school.site, 'student', school.learn)
    heading = page.get_by_role('heading', level=1)
    await page.locator('.cw-short').press('j')
    await expect(heading).to_have_text('Lesson 1.1')
    await page.locator('body').press('Tab')
    await page.evaluate('document.activeElement.blur()')
    await page.keyboard.press('j')
    await expect(heading).to_have_text('Lesson 1.2')
    await page.keyboard.press('ArrowLeft')
    await expect(heading).to_have_text('Lesson 1.1')


async def test_nobody_else_learns_and_authors_get_a_preview(
    tmp_path: Path, start_application: Start, open_page: Open
) -> None:
    school = await open_school(tmp_path / 'data', start_application)
    classmate = await enter(await open_page(), school.site, 'classmate', school.learn)
    await expect(classmate.get_by_text('There is nothing here')).to_be_visible()
    stranger = await enter(await open_page(), school.site, 'instructor@other.example', school.learn)
    await expect(stranger.get_by_text('There is nothing here')).to_be_visible()
    await classmate.goto(f'{school.site.url}/learn/not-an-id')
    await expect(classmate.get_by_text('There is nothing here')).to_be_visible()
    author = await enter(await open_page(), school.site, 'reviewer', school.learn)
    await expect(author.get_by_text('Nothing you do here is kept.')).to_be_visible()
    await expect(author.get_by_role('button', name='Mark done')).to_have_count(0)


@pytest.mark.parametrize('dark', [False, True])
async def test_a_phone_has_the_outline_in_a_drawer(
    tmp_path: Path, start_application: Start, open_page: Open, dark: bool
) -> None:
    school = await open_school(tmp_path / 'data', start_application)
    page = await enter(await open_page(width=360, height=780, dark=dark), school.site, 'student', school.learn)
    await expect(page.get_by_role('heading', level=1)).to_have_text('Lesson 1.1')
    await expect(page.locator('.cw-player-outline')).to_be_hidden()
    await settled(page)
    await page.get_by_role('button', name='Lessons').click()
    await page.locator('.cw-player-outline').get_by_text('Lesson 2.1').click()
    await expect(page.get_by_role('heading', level=1)).to_have_text('Lesson 2.1')
    assert await page.evaluate('document.documentElement.scrollWidth <= innerWidth')
    assert await accessibility_violations(page) == []


async def _answer(page: Page) -> None:
    """Two of the four right: the single choice and true or false."""
    await page.get_by_label('15 cm behind').check()
    await page.get_by_label('Water').check()
    await page.get_by_label('True', exact=True).check()
    await page.locator('.cw-short').fill('a mile')
    await page.get_by_role('button', name='Check answers').click()

"""Courses in a browser: publish, enrol, export, throw away and take back, in two browsers at once."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.api.members import Member
from tests.browser.cast import enter
from tests.browser.teaching import open_school
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations

pytestmark = pytest.mark.timeout(300)
Open = Callable[..., Awaitable[Page]]
Start = Callable[..., Application]


async def test_a_course_is_published_and_people_are_enrolled(
    tmp_path: Path, start_application: Start, open_page: Open
) -> None:
    school = await open_school(tmp_path / 'data', start_application, published=False)
    home = await enter(await open_page(width=1440), school.site, 'admin', '/')
    await expect(home.get_by_role('heading', level=1)).to_have_text('One thing needs you')
    page = await enter(await open_page(width=1440), school.site, 'instructor', school.course)
    await expect(page.get_by_role('heading', name='Ready to publish')).to_be_visible()
    await page.get_by_role('button', name='Publish 1.0').click()
    await page.locator('.cw-dialog').get_by_role('button', name='Publish').click()
    await expect(page.get_by_text('Nobody is enrolled yet')).to_be_visible()
    await expect(home.get_by_role('heading', level=1)).to_have_text('Nothing needs you')

    await page.locator('.cw-page-header').get_by_role('button', name='Enrol students').click()
    await page.get_by_role('button', name='Enrol Classmate of Demo Academy').click()
    await expect(page.locator('.cw-people').get_by_text('Enrolled')).to_have_count(1)
    await page.get_by_text('Paste e-mails').click()
    await page.get_by_label('E-mails').fill('student@demo.example, nobody@demo.example')
    await page.get_by_role('button', name='Enrol them').click()
    await expect(page.get_by_text('Not in your organisation')).to_be_visible()
    await page.get_by_role('button', name='Done').click()
    await expect(page.get_by_text('2 learners')).to_be_visible()

    await page.get_by_role('button', name='Take Student of Demo Academy out').click()
    await expect(page.get_by_text('1 learner', exact=True)).to_be_visible()
    await page.get_by_role('button', name='Undo').click()
    await expect(page.get_by_text('2 learners')).to_be_visible()
    assert await accessibility_violations(page) == []


async def test_an_export_is_made_and_downloaded(tmp_path: Path, start_application: Start, open_page: Open) -> None:
    school = await open_school(tmp_path / 'data', start_application)
    page = await enter(await open_page(), school.site, 'instructor', school.course)
    await page.get_by_role('button', name='PDF').click()
    link = page.locator('.cw-exports a')
    await expect(link).to_be_visible(timeout=60_000)
    async with page.expect_download() as download:
        await link.click()
    assert (await download.value).suggested_filename == 'Safe handling 1.0.pdf'

    operator = Member.sign_in(school.site.url, 'site')
    switched = await asyncio.to_thread(operator.http.put, '/flags/exports', json={'is_on': False})
    assert switched.status_code == 200, switched.text
    await expect(link).to_be_hidden(timeout=30_000)  # the open page follows, with no restart


async def test_a_deleted_course_goes_everywhere_and_comes_back(
    tmp_path: Path, start_application: Start, open_page: Open
) -> None:
    school = await open_school(tmp_path / 'data', start_application)
    other = await enter(await open_page(), school.site, 'reviewer', school.course)
    await expect(other.get_by_role('heading', level=1)).to_have_text('Safe handling')
    page = await enter(await open_page(), school.site, 'instructor', '/courses')
    await page.get_by_role('button', name='Delete Safe handling').click()
    await expect(page.get_by_text('No courses yet')).to_be_visible()
    await expect(other.get_by_text('There is nothing here')).to_be_visible()
    await page.get_by_role('button', name='Undo').click()
    await expect(page.get_by_role('link', name='Safe handling')).to_be_visible()


async def test_the_state_filter_lives_in_the_address(tmp_path: Path, start_application: Start, open_page: Open) -> None:
    school = await open_school(tmp_path / 'data', start_application)
    page = await enter(await open_page(), school.site, 'instructor', '/courses?status=draft')
    await expect(page.get_by_text('No course matches')).to_be_visible()
    await page.get_by_role('button', name='State: In the making').click()
    await page.get_by_role('menu').get_by_text('Published').click()
    await expect(page.get_by_role('link', name='Safe handling')).to_be_visible()
    assert page.url.endswith('/courses?status=published')

"""The whole story in three browsers at once: an instructor, a reviewer and a student, on PostgreSQL with Redis."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from tests.api.members import seed_people
from tests.browser import story
from tests.conftest import Backend
from tests.servers.application import Application

pytestmark = pytest.mark.timeout(600)


# One engine: the other runs under every other test in a browser.
@pytest.mark.parametrize('backend', ['postgresql'], indirect=True)
async def test_documents_become_a_course_that_is_approved_learned_and_watched(
    backend: Backend,
    start_application: Callable[..., Application],
    open_page: Callable[..., Awaitable[Page]],
) -> None:
    await seed_people(backend.database_url)
    site = start_application(env=backend.settings)
    ingrid, hanne, marta = [await open_page(site.url, width=1440) for _ in range(3)]
    for page, who in ((ingrid, 'instructor'), (hanne, 'reviewer'), (marta, 'student')):
        await story.sign_in(page, who)

    await story.add_documents(ingrid)
    await story.search_and_open(ingrid)
    await story.write_brief(ingrid)
    await expect(story.heading(ingrid)).to_have_text('Outline for review', timeout=story.WRITING)
    await hanne.get_by_role('link', name='Reviews', exact=False).first.click()
    await hanne.get_by_role('link', name=story.TITLE).first.click()
    await expect(story.heading(hanne)).to_have_text('Outline for review')
    await story.edit_outline(ingrid, hanne)
    await story.send_outline_back(hanne, ingrid)
    await story.approve_outline(hanne, ingrid)

    for page in (ingrid, hanne):
        await story.read_as_it_is_written(page)
    await story.look_at_source(hanne)
    await story.make_bold(ingrid, hanne)
    await story.decide_by_keyboard(hanne, ingrid)
    await story.send_one_back(hanne, ingrid)
    await story.approve_lessons_and_assemble(hanne, ingrid)
    await story.publish_and_enrol(ingrid, 'Marta Villalobos')
    await story.take_away(ingrid)
    await ingrid.get_by_role('link', name='Analytics').last.click()
    completion = ingrid.locator('.cw-figure', has_text='Completion').locator('.cw-value')
    await expect(completion).to_have_text('0 %')

    await _learn(marta, await open_page(site.url, width=390, height=844), ingrid)


async def _learn(desktop: Page, phone: Page, instructor: Page) -> None:
    """On a desktop, then on a phone from where the learner left; the instructor watches without a reload."""
    await desktop.get_by_role('link', name=re.compile('Begin|Continue')).first.click()
    await expect(desktop.locator('.cw-quiz')).to_be_visible()
    first = await story.heading(desktop).inner_text()
    await story.answer_quiz(desktop)
    score = instructor.locator('.cw-figure', has_text='Average score').locator('.cw-value')
    await story.seen(score, r'\d', 'the score')
    await desktop.get_by_role('button', name=re.compile('Mark done and go on')).click()
    completion = instructor.locator('.cw-figure', has_text='Completion').locator('.cw-value')
    await story.seen(completion, r'[1-9]', 'the progress')
    await expect(instructor.locator('tr', has_text='student@demo.example')).to_contain_text(
        await completion.inner_text(), timeout=story.SEEN
    )
    await expect(story.heading(desktop)).not_to_have_text(first)
    second = await story.heading(desktop).inner_text()
    await desktop.reload()
    await expect(story.heading(desktop)).to_have_text(second)

    await story.sign_in(phone, 'student')
    await phone.get_by_role('link', name='Continue').first.click()
    await expect(story.heading(phone)).to_have_text(second)
    assert await phone.evaluate('document.documentElement.scrollWidth <= innerWidth')
    before = await completion.inner_text()
    await phone.get_by_role('button', name=re.compile('Mark done')).click()
    await expect(completion).not_to_have_text(before, timeout=story.SEEN)

"""Two people and the AI talk about a draft: an answer with its page, a card that waits, its acceptance seen by both."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.cast import enter, open_site, settled
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations

pytestmark = pytest.mark.timeout(300)
_WRITING = 120_000  # milliseconds the author may take
KITCHEN = """# Cold storage

A refrigerator is a cabinet that keeps food at 5 °C or below. Check the temperature of the fridge every morning. Raw
meat is stored below cooked food, so that nothing drips on it. A freezer holds food at -18 °C or below.

# Clean hands

Hands are washed for 20 seconds with soap and warm water. Wash your hands before you touch food and after every break.
Gloves do not replace clean hands. A cut is covered with a blue plaster that is seen when it falls into food.

# Hot holding

Hot food is held at 63 °C or above. A probe thermometer measures the core of the food. Food that stood below 63 °C for
more than two hours is thrown away. Reheat food only once, and serve it at once.
"""


async def test_a_question_is_answered_with_its_page_and_a_change_waits_for_somebody_to_accept_it(
    tmp_path: Path, start_application: Callable[..., Application], open_page: Callable[..., Awaitable[Page]]
) -> None:
    site = await open_site(tmp_path / 'data', start_application)
    ingrid = await enter(await open_page(width=1440), site, 'instructor', '/knowledge')
    (tmp_path / 'kitchen.md').write_text(KITCHEN)
    await ingrid.set_input_files('input[type=file]', str(tmp_path / 'kitchen.md'))
    await ingrid.locator('.cw-row', has_text='kitchen.md').get_by_text('Indexed').wait_for(timeout=_WRITING)
    await ingrid.goto(f'{site.url}/courses/new')
    await ingrid.get_by_role('checkbox', name='kitchen.md').click()
    await ingrid.get_by_label('Title').fill('Kitchen rules')
    await ingrid.get_by_label('Learning time').fill('1')
    await ingrid.get_by_role('button', name='Write the outline').click()
    await expect(ingrid.get_by_role('heading', level=1)).to_have_text('Outline for review', timeout=_WRITING)
    hanne = await enter(await open_page(width=390, height=844, dark=True), site, 'reviewer', '/')
    await hanne.goto(ingrid.url)
    await expect(hanne.get_by_role('heading', level=1)).to_have_text('Outline for review')
    for page in (ingrid, hanne):
        await settled(page)
        await page.keyboard.press('i')
        await expect(page.get_by_text('Nobody has said anything yet')).to_be_visible()

    field = ingrid.get_by_label('Ask, or say what should change')
    await field.fill('How often is the temperature of the fridge checked?')
    await field.press('Enter')
    for page in (ingrid, hanne):
        await expect(page.get_by_text('Word for word from the sources')).to_be_visible(timeout=_WRITING)
    await expect(field).to_have_value('')
    await ingrid.locator('.cw-chat-cites button').first.click()
    await expect(ingrid.get_by_role('dialog').locator('mark').first).to_be_visible()
    await ingrid.keyboard.press('Escape')

    await field.fill('Please rename module 1 to “Kitchen hygiene”')
    await field.press('Enter')
    card = ingrid.get_by_role('region', name='The outline would change')
    await expect(card.get_by_role('button', name='Accept')).to_be_visible(timeout=_WRITING)
    await expect(hanne.get_by_text('Waits for somebody who may write.')).to_be_visible()
    first = ingrid.locator('.cw-tree-module input').first
    title = await first.input_value()
    for page in (ingrid, hanne):
        await settled(page)
        assert await accessibility_violations(page) == []
    await card.get_by_role('button', name='Accept').click()
    await expect(first).to_have_value('Kitchen hygiene')
    await expect(hanne.get_by_text('Accepted by')).to_be_visible()
    await ingrid.reload()
    await settled(ingrid)
    await ingrid.get_by_role('button', name='Talk').click()
    await ingrid.get_by_role('button', name='Undo').click()
    await expect(ingrid.locator('.cw-tree-module input').first).to_have_value(title)

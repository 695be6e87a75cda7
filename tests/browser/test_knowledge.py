"""The knowledge pages in a browser: add, refuse, follow, search, open, remove and bring back."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.browser.cast import HANDBOOKS, enter, open_site, uploaded
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations

Open = Callable[..., Awaitable[Page]]


async def test_what_one_adds_the_other_sees_searches_and_opens(
    tmp_path: Path, start_application: Callable[..., Application], open_page: Open
) -> None:
    site = await open_site(tmp_path / 'data', start_application)
    ingrid = await enter(await open_page(), site, 'instructor', '/knowledge')
    adwoa = await enter(await open_page(dark=True), site, 'admin', '/knowledge')
    await expect(ingrid.get_by_text('Start with one document')).to_be_visible()
    assert await accessibility_violations(ingrid) == []

    await ingrid.set_input_files(
        'input[type=file]', [str(HANDBOOKS / 'puncture-repair.txt'), str(HANDBOOKS / 'food-safety-handbook.pdf')]
    )
    for name in ('puncture-repair.txt', 'food-safety-handbook.pdf'):
        row = adwoa.locator('.cw-row', has_text=name)
        await expect(row.get_by_text('Indexed')).to_be_visible(timeout=60_000)

    await adwoa.get_by_label('What are you looking for?').fill('How are hands washed?')
    await adwoa.keyboard.press('Enter')
    best = adwoa.locator('.cw-answers li').first
    await expect(best).to_contain_text('food-safety-handbook.pdf', timeout=30_000)
    await expect(best.locator('mark').first).to_be_visible()
    assert await accessibility_violations(adwoa) == []
    await best.locator('a').click()
    await expect(adwoa.get_by_role('heading', level=1)).to_have_text('food-safety-handbook.pdf')
    await expect(adwoa.locator('.cw-passage').first).to_be_visible()
    assert await accessibility_violations(adwoa) == []

    await ingrid.get_by_label('Remove puncture-repair.txt').click()
    await expect(ingrid.locator('.cw-row', has_text='puncture-repair.txt')).to_have_count(0)
    await ingrid.get_by_role('button', name='Undo').click()
    await expect(ingrid.locator('.cw-row', has_text='puncture-repair.txt').get_by_text('Indexed')).to_be_visible(
        timeout=60_000
    )


async def test_a_refused_file_is_named_with_the_reason_and_nothing_is_stored(
    tmp_path: Path, start_application: Callable[..., Application], browser: Browser
) -> None:
    site = await open_site(tmp_path / 'data', start_application)
    # a context without the watch over the console: browsers log every refused request there
    page = await enter(await browser.new_page(), site, 'instructor', '/knowledge')
    await page.set_input_files(
        'input[type=file]', {'name': 'rules.pdf', 'mimeType': 'application/pdf', 'buffer': b'only some words'}
    )
    refused = page.locator('.cw-refused')
    await expect(refused).to_contain_text('is named like a PDF but contains plain text')
    await refused.get_by_role('button').click()
    await expect(refused).to_have_count(0)
    await expect(page.get_by_text('Start with one document')).to_be_visible()


async def test_another_organisation_sees_nothing_of_it(
    tmp_path: Path, start_application: Callable[..., Application], open_page: Open
) -> None:
    site = await open_site(tmp_path / 'data', start_application)
    ingrid = await enter(await open_page(), site, 'instructor', '/knowledge')
    await uploaded(ingrid, site, 'puncture-repair.txt')
    address = await ingrid.locator('.cw-row a').first.get_attribute('href')
    outsider = await enter(await open_page(), site, 'instructor@other.example', '/knowledge')
    await expect(outsider.get_by_text('Start with one document')).to_be_visible()
    await outsider.goto(f'{site.url}{address}')
    await expect(outsider.get_by_text('There is nothing here')).to_be_visible()


async def test_a_document_is_put_in_order_replaced_and_judged(
    tmp_path: Path, start_application: Callable[..., Application], open_page: Open
) -> None:
    """A folder, a newer version, what was left out, a thumb, and what became of it."""
    site = await open_site(tmp_path / 'data', start_application)
    page = await enter(await open_page(), site, 'instructor', '/knowledge')
    await uploaded(page, site, 'puncture-repair.txt')

    await page.get_by_label('More ways to add').click()
    await page.get_by_role('menuitem', name='New folder').click()
    await page.get_by_role('dialog').get_by_label('Name').fill('Workshop')
    await page.keyboard.press('Enter')
    await expect(page.locator('.cw-row', has_text='Workshop')).to_contain_text('0 documents')
    await page.get_by_label('Move puncture-repair.txt', exact=True).click()
    await page.get_by_role('dialog').get_by_label('To', exact=True).click()
    await page.get_by_role('option', name='Workshop').click()
    await page.get_by_role('dialog').get_by_role('button', name='Move', exact=True).click()
    await expect(page.locator('.cw-row', has_text='Workshop')).to_contain_text('1 document')
    await page.get_by_role('link', name='Workshop').click()
    await page.get_by_role('link', name='puncture-repair.txt').click()
    await expect(page.get_by_role('button', name='Replace')).to_be_visible()

    newer = (HANDBOOKS / 'puncture-repair.txt').read_text() + '\n\nWear gloves.\u200b\u200b Glue the patch twice.\n'
    chosen = {'name': 'puncture-repair.txt', 'mimeType': 'text/plain', 'buffer': newer.encode()}
    await page.set_input_files('input[type=file]', chosen)  # type: ignore[arg-type]
    await expect(page.get_by_text('A newer version took its place')).to_be_visible(timeout=60_000)
    await page.get_by_role('link', name='Open it').click()
    await expect(page.get_by_text('2 hidden characters')).to_be_visible()
    await page.get_by_text('Look at it').click()
    await expect(page.get_by_text('ZERO WIDTH SPACE')).to_be_visible()
    await page.locator('.cw-passage-of').last.click()
    await expect(page.locator('.cw-passage.cw-on')).to_be_visible()
    assert await accessibility_violations(page) == []
    await page.get_by_role('button', name='Use version 1 again').click()
    await expect(page.get_by_text('This is version 2. A newer version took its place.')).to_be_visible(timeout=60_000)

    await page.goto(f'{site.url}/knowledge')
    await page.get_by_label('What are you looking for?').fill('How is a patch glued?')
    await page.keyboard.press('Enter')
    await page.get_by_label('This helped').first.click(timeout=30_000)
    await expect(page.get_by_text('the passage comes earlier')).to_be_visible()
    await page.get_by_role('link', name='Use', exact=True).click()
    row = page.locator('.cw-row', has_text='How is a patch glued?')
    await expect(row).to_contain_text('puncture-repair.txt')
    assert await accessibility_violations(page) == []
    await row.get_by_role('button').click()
    await expect(page.get_by_text('No thumb yet')).to_be_visible()

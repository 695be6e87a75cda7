"""Two people write in one lesson: nothing typed is lost, whoever saves first, whatever the network does."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from services.richtext import LONGEST, sanitise
from tests.browser.draft import Draft, make_draft
from tests.samples.written import EVERY_ELEMENT
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations

pytestmark = pytest.mark.timeout(300)
Open = Callable[..., Awaitable[Page]]


async def test_words_survive_saving_the_network_and_each_other(
    tmp_path: Path, start_application: Callable[..., Application], open_page: Open, browser: Browser
) -> None:
    draft = await make_draft(tmp_path / 'data', start_application)
    whole = sanitise(''.join(EVERY_ELEMENT))
    await draft.say(draft.made.block_ids[0], {'html': whole})
    draft.site.start()
    ingrid = await draft.enter(_unwatched(browser), draft.cast.instructor)
    await _saves_what_it_was_given(ingrid, draft, whole)
    await _keeps_what_is_typed(ingrid, draft)
    await _goes_on_without_network(ingrid)
    adwoa = await draft.enter(open_page, draft.cast.editor, width=390)
    await _writes_one_after_the_other(ingrid, adwoa, draft)
    await _refuses_a_flood(ingrid)


def _unwatched(browser: Browser) -> Open:
    """A browser whose console may complain, as it does without a network."""

    async def open_page() -> Page:
        context = await browser.new_context(viewport={'width': 1280, 'height': 900}, reduced_motion='reduce')
        context.set_default_timeout(15_000)
        return await context.new_page()

    return open_page


async def _saves_what_it_was_given(page: Page, draft: Draft, whole: str) -> None:
    """Opened and saved, every element is byte for byte what it was; a word more changes nothing else."""
    await _edit(page)
    await _save(page)
    assert (await draft.block(draft.made.block_ids[0])).content['html'] == whole
    await _edit(page)
    await page.keyboard.press('Control+Home')
    await page.keyboard.type('Now ')
    await _save(page)
    assert (await draft.block(draft.made.block_ids[0])).content['html'] == whole.replace('Plain', 'Now Plain', 1)


async def _keeps_what_is_typed(page: Page, draft: Draft) -> None:
    """In a list, in a table, and after a reload still there; the lesson is as it was."""
    before = (await draft.block(draft.made.block_ids[0])).content
    await _edit(page)
    await page.keyboard.press('Control+Home')
    await page.keyboard.type('Kept as typed. ')
    await expect(page.get_by_text('Saved as typed').first).to_be_visible()
    assert await accessibility_violations(page) == []
    await page.reload()
    await expect(page.locator('.cw-written')).to_contain_text('Kept as typed.')
    assert (await draft.block(draft.made.block_ids[0])).content == before


async def _goes_on_without_network(page: Page) -> None:
    """What is typed in a cut reaches the server after it; after a crash in it, from this browser."""
    text = page.locator('.cw-written')
    await page.context.set_offline(True)
    await text.click()
    await page.keyboard.press('Control+Home')
    await page.keyboard.type('In the tunnel. ')
    await expect(page.get_by_text('No connection.').first).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.get_by_text('Saved as typed').first).to_be_visible()
    await page.context.set_offline(True)
    await page.keyboard.type('Then it crashed. ')
    await expect(page.get_by_text('No connection.').first).to_be_visible()
    address = page.url
    await page.context.set_offline(False)
    await page.evaluate('() => { window.fetch = () => new Promise(() => {}); }')  # nothing leaves this page any more
    await page.goto(address)
    await expect(text).to_contain_text('In the tunnel. Then it crashed.')


async def _writes_one_after_the_other(ingrid: Page, adwoa: Page, draft: Draft) -> None:
    """Each sees the other; the second waits or takes over; both changes are put together."""
    await expect(adwoa.locator('.cw-lock')).to_contain_text('Instructor of Demo Academy is writing here.')
    await expect(adwoa.get_by_role('img', name='Also here: Instructor of Demo Academy')).to_be_attached()
    await expect(ingrid.get_by_role('img', name='Also here: Editor of Demo Academy')).to_be_attached()
    await adwoa.locator('.cw-block-head b').first.click()
    await adwoa.get_by_role('button', name='Edit', exact=True).first.click()
    await expect(adwoa.get_by_text('is writing in this block now.')).to_be_visible()
    await adwoa.get_by_role('button', name='Take over').click()
    await adwoa.locator('.q-dialog').get_by_role('button', name='Take over').click()
    await expect(ingrid.get_by_text('Editor of Demo Academy writes here now.')).to_be_visible()
    await adwoa.locator('.cw-written').click()
    await adwoa.keyboard.press('Control+End')
    await adwoa.keyboard.type('Adwoa at the end.')
    await _save(adwoa)
    await ingrid.get_by_role('button', name='Put both together').click()
    text = ingrid.locator('.cw-written')
    await expect(text).to_contain_text('Adwoa at the end.')
    await expect(text).to_contain_text('In the tunnel. Then it crashed.')
    await _save(ingrid)
    html = (await draft.block(draft.made.block_ids[0])).content['html']
    assert 'Then it crashed. ' in html
    assert html.endswith('Adwoa at the end.</p>')
    await adwoa.close()
    await expect(ingrid.get_by_role('img', name='Also here')).to_have_count(0)


async def _refuses_a_flood(page: Page) -> None:
    """More than a socket carries: it goes by HTTP, is kept, and refused as a block with every word still there."""
    words = '<p>' + 'Far too many words. ' * 60 + '</p>'
    await _edit(page)
    await page.evaluate(_PASTE, words * 1000)
    text = page.locator('.cw-written')
    await expect(text).not_to_have_attribute('aria-busy', 'true', timeout=60_000)
    await page.get_by_role('button', name='Save', exact=True).click()
    await expect(page.get_by_text(f'a block takes {LONGEST}').first).to_be_visible(timeout=60_000)
    assert await text.evaluate('one => one.textContent.length') > 1_190_000
    await page.get_by_role('button', name='Discard').click()
    await expect(text).to_have_count(0, timeout=60_000)
    assert await page.evaluate('window.socket?.connected ?? true')


async def _edit(page: Page) -> None:
    await page.locator('.cw-block-head b').first.click()
    await page.get_by_role('button', name='Edit', exact=True).first.click()
    await page.locator('.cw-written').click()


async def _save(page: Page) -> None:
    await page.get_by_role('button', name='Save', exact=True).click()
    await expect(page.locator('.cw-written')).to_have_count(0)


_PASTE = """(html) => {
    const brought = new DataTransfer();
    brought.setData('text/html', html);
    brought.setData('text/plain', 'words');
    document.querySelector('.cw-written').dispatchEvent(
        new ClipboardEvent('paste', {clipboardData: brought, bubbles: true, cancelable: true}));
}"""

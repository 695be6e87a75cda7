"""A review as a conversation in browsers: two people and a phone, from selected words to an accepted suggestion."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Page, expect
from sqlmodel import select

from app.banner import DEMO_PASSWORD
from services.clock import now
from services.identity import hashed
from storage.courses import Block, BlockRevision
from storage.database import Database, Scope
from storage.identity import User
from storage.migrate import upgrade
from storage.workflows import Review, Workflow
from tests.api.members import Member, eventually
from tests.browser.cast import enter, settled
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations
from tests.services.world import make_world

pytestmark = pytest.mark.timeout(180)
Open = Callable[..., Awaitable[Page]]
expect.set_options(timeout=20_000)

_SELECT = """(words) => {
    const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
    const range = document.createRange(), first = walker.nextNode();
    range.setStart(first, 0);
    range.setEnd(first, 12);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""


async def test_words_are_commented_on_a_suggestion_is_accepted_and_a_phone_approves(
    tmp_path: Path, start_application: Callable[..., Application], open_page: Open
) -> None:
    site, workflow_id, blocks = await _review(tmp_path / 'data', start_application)
    studio = f'/studio/{workflow_id}'
    hanne = await enter(await open_page(width=1440), site, 'reviewer', studio)
    editor = await enter(await open_page(width=1440, dark=True), site, 'editor', studio)
    reviewer = Member.sign_in(site.url, 'reviewer')
    seen = f'/workflows/{workflow_id}/changes'
    await hanne.locator('.cw-block').first.wait_for()
    await asyncio.to_thread(
        eventually, lambda: reviewer.http.get(seen).json()['total'] < blocks, said='what was on the screen being seen'
    )

    await _talk(hanne, editor)
    await _suggest(hanne, editor)

    await hanne.reload()
    await settled(hanne)
    await hanne.locator('.cw-filter').get_by_role('button', name='1 changed since').click()
    await expect(hanne.locator('.cw-block:visible')).to_have_count(1)
    await expect(hanne.locator('.cw-block ins').first).to_contain_text('First')
    await hanne.keyboard.press('v')
    await expect(hanne.locator('.cw-sides')).to_contain_text('What you saw')
    assert 'changes=side' in hanne.url
    await settled(hanne)
    assert await accessibility_violations(hanne) == []
    await hanne.keyboard.press('?')
    await expect(hanne.get_by_role('heading', name='Keys')).to_be_visible()
    await hanne.keyboard.press('Escape')

    await _by_thumb(await enter(await open_page(width=390, dark=True), site, 'admin', studio), hanne)


async def _talk(hanne: Page, editor: Page) -> None:
    """Words are selected and commented on, a colleague is named and answers, both see it at once."""
    await hanne.locator('.cw-block-words').first.evaluate(_SELECT)
    await hanne.get_by_role('button', name='Comment on these words').click()
    await hanne.get_by_label('Comment on “').fill('Which one? @Edi')
    await hanne.get_by_role('button', name='Editor of Demo Academy').click()
    await hanne.keyboard.press('Control+Enter')
    thread = editor.locator('.cw-thread-box').first
    await expect(thread.locator('.cw-mention')).to_have_text('@Editor of Demo Academy')
    await expect(thread.locator('q')).to_have_text('Set the sash')
    await thread.get_by_role('button', name='Reply').click()
    await editor.get_by_label('Answer Reviewer').fill('The lower one.\n<b>See page 1.</b>')
    await editor.locator('.cw-composer').get_by_role('button', name='Reply').click()
    await expect(hanne.locator('.cw-thread-box')).to_contain_text('<b>See page 1.</b>')
    await hanne.locator('.cw-thread-box').get_by_role('button', name='Resolve').click()
    await expect(editor.locator('.cw-thread-done summary')).to_contain_text('Resolved')


async def _suggest(hanne: Page, editor: Page) -> None:
    """Whoever may not edit suggests; the editor accepts by key."""
    await hanne.keyboard.press('s')
    box = hanne.locator('.cw-suggesting')
    await box.locator('[contenteditable=true]').click()
    await hanne.keyboard.press('Control+Home')
    await hanne.keyboard.type('First of all. ')
    await box.get_by_label('Why').fill('Order matters.')
    await box.get_by_role('button', name='Suggest').click()
    await expect(editor.locator('.cw-proposal')).to_contain_text('Order matters.')
    await editor.locator('.cw-block-head b').first.click()
    await editor.keyboard.press('y')
    await expect(editor.locator('.cw-proposal')).to_have_count(0)
    await expect(hanne.locator('.cw-block ins').first).to_contain_text('First')


async def _by_thumb(phone: Page, hanne: Page) -> None:
    """A comment in a sheet and an approval at the foot of the screen; nothing is wider than the phone."""
    thumbs = phone.get_by_role('toolbar', name='The block before you')
    await thumbs.get_by_role('button', name='Comment').click()
    sheet = phone.locator('.cw-sheet')
    await sheet.get_by_label('New comment').fill('Good now.')
    await sheet.get_by_role('button', name='Comment', exact=True).click()
    await expect(sheet.locator('.cw-threads')).to_contain_text('Good now.')
    await settled(phone)
    assert await accessibility_violations(phone) == []
    await sheet.get_by_role('button', name='Close').click()
    await expect(phone.locator('.cw-sheet')).to_have_count(0)
    approve = thumbs.get_by_role('button', name='Approve')
    box = await approve.bounding_box()
    assert box is not None
    assert box['height'] >= 44
    assert box['y'] > 650
    assert await phone.evaluate('document.documentElement.scrollWidth') <= 390
    await approve.click()
    await expect(phone.locator('.cw-block-head > .cw-status').first).to_have_text('Approved')
    await expect(hanne.locator('.cw-block-head > .cw-status').first).to_have_text('Approved')


async def _review(data_dir: Path, start: Callable[..., Application]) -> tuple[Application, UUID, int]:
    """A draft whose lessons wait for review, without waiting for it to be written; and how many blocks it has."""
    data_dir.mkdir(parents=True, exist_ok=True)
    url = f'sqlite+aiosqlite:///{data_dir / "coursewright.db"}'
    database = Database(url)
    await upgrade(database)
    world = await make_world(database)
    made = await world.course(world.demo, approved=False)
    async with database.writing() as tx:
        password = hashed(DEMO_PASSWORD)
        for user in (await tx.exec(select(User))).all():
            user.password_hash = password
            tx.add(user)
        scope = Scope(tx, world.demo.organization_id)
        for block in (await tx.exec(scope.rows(Block))).all():
            revision = {'number': 1, 'content': block.content, 'content_hash': block.content_hash}
            scope.add(BlockRevision(block_id=block.id, origin='ai', author='An author', **revision))
        workflow = Workflow(
            course_id=made.course_id, version_id=made.version_id, created_by=world.demo.instructor.user_id,
            title='Safe handling', brief='', audience='', level='', hours=1, language='en', document_ids=[],
            stage='content', status='awaiting_review', run_started_at=now(),
        )  # fmt: skip
        scope.add(workflow)
        await tx.flush()
        scope.add(Review(workflow_id=workflow.id, run=1, stage='content'))
    await database.close()
    return start(data_dir=data_dir, env={'DATABASE_URL': url}), workflow.id, len(made.block_ids)

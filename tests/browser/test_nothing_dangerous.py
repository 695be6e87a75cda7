"""Whatever a document, a model, a file name or a person brings: no page runs it, and none asks anybody for it."""

import io
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.async_api import Page, expect
from sqlalchemy.ext.asyncio import create_async_engine

from storage.tables import METADATA
from tests.browser.cast import settled
from tests.browser.draft import Draft, make_draft
from tests.matrix.rows import NOBODYS, fill_every_table
from tests.samples.xss import payloads
from tests.servers.application import Application
from tests.servers.trap import Trap

pytestmark = pytest.mark.timeout(300)
Open = Callable[..., Awaitable[Page]]

# Columns in which people, documents and models write what they like, in whichever table.
_WORDS = {
    'title', 'summary', 'audience', 'brief', 'name', 'full_name', 'comment', 'commented_by', 'text', 'subject',
    'reason', 'maker', 'author', 'approver', 'decider', 'answer', 'quote', 'document_name', 'heading', 'label',
    'note', 'body', 'term', 'definition', 'message', 'objective', 'content_text',
}  # fmt: skip
_LONGEST = 180  # a name may have 200 characters


async def test_no_page_runs_what_came_with_its_words(
    tmp_path: Path, start_application: Callable[..., Application], open_page: Open
) -> None:
    with Trap() as trap:
        draft = await make_draft(tmp_path / 'data', start_application)
        taught = await draft.world.taught(draft.cast)
        bad = payloads(trap.address)
        await _poison(draft, taught.block_ids, bad)
        draft.site.start()
        watched: list[str] = []
        admin = _watched(await draft.enter(open_page, draft.cast.admin, height=2000), watched, trap)
        await _in_the_studio(admin, bad)
        for path in (
            '/', '/reviews', '/courses', f'/courses/{taught.course_id}', '/knowledge', '/search?q=alert',
            f'/knowledge/{taught.document_id}', f'/analytics/{taught.course_id}', '/settings/members',
            '/settings/audit',
        ):  # fmt: skip
            await admin.goto(draft.site.url + path)
            await settled(admin)
        lesson = f'/learn/{taught.course_id}/{taught.lesson_ids[0]}'
        student = _watched(await draft.enter(open_page, draft.cast.student, lesson), watched, trap)
        await expect(student.locator('.cw-reading').first).to_be_visible()
        export = await _exported(admin, draft, str(taught.course_id), tmp_path)
        await student.goto(export.as_uri())
        await settled(student)
        assert watched == []
        assert trap.asked == []


async def _in_the_studio(page: Page, bad: list[str]) -> None:
    """The block, its history and differences, the source beside it; the editor's value, and everything pasted."""
    await expect(page.locator('.cw-block').first).to_be_visible()
    await page.locator('.cw-block-head b').first.click()
    await page.get_by_role('button', name='History').first.click()
    await settled(page)
    await page.keyboard.press('Escape')
    await page.get_by_role('button', name='Edit', exact=True).first.click()
    text = page.locator('.cw-written')
    await expect(text).to_be_visible()
    for html in ('<p>' + '</p><p>'.join(bad), *bad[:6]):
        await page.evaluate(_PASTE, html)
    await expect(text).not_to_have_attribute('aria-busy', 'true')
    await settled(page)


async def _exported(page: Page, draft: Draft, course_id: str, folder: Path) -> Path:
    """The course as a person would open it from a disk; the PDF has to be made as well."""
    made = {}
    for kind in ('html', 'pdf'):
        asked = {'data': {'course_id': course_id}, 'headers': {'Origin': draft.site.url}}
        answer = await page.request.post(f'{draft.site.url}/api/v1/export/{kind}', **asked)
        assert answer.ok, await answer.text()
        export = await answer.json()
        for _ in range(200):
            if export['status'] in ('ready', 'failed'):
                break
            await page.wait_for_timeout(100)
            export = await (await page.request.get(f'{draft.site.url}/api/v1/exports/{export["id"]}')).json()
        assert export['status'] == 'ready', export
        made[kind] = await (await page.request.get(f'{draft.site.url}/api/v1/exports/{export["id"]}/file')).body()
    assert made['pdf'].startswith(b'%PDF')
    with zipfile.ZipFile(io.BytesIO(made['html'])) as archive:
        archive.extractall(folder / 'export')
    return next((folder / 'export').rglob('index.html'))


async def _poison(draft: Draft, taught: tuple[Any, ...], bad: list[str]) -> None:
    """A row in every table, and everything that people may have written there written anew."""
    for block_id in (*draft.made.block_ids, *taught):
        block = await draft.block(block_id)
        if block.type == 'text':
            await draft.say(block_id, {'html': '<p>Before.</p>' + '\n'.join(reversed(bad))})
            await draft.say(block_id, {'html': '<p>First words.</p>' + '\n'.join(bad)})
        elif block.type == 'slide':
            await draft.say(block_id, {'title': bad[0], 'bullets': bad, 'notes': '\n'.join(bad)}, raw=True)
        else:
            options = [dict(one, text=f'{one["text"]} {bad[n]}') for n, one in enumerate(block.content['options'])]
            words = {'prompt': '\n'.join(bad), 'explanation': '\n'.join(bad), 'options': options}
            await draft.say(block_id, dict(block.content) | words, raw=True)
    engine = create_async_engine(draft.database.url)
    short = [one for one in bad if len(one) <= _LONGEST]
    async with engine.begin() as connection:
        await fill_every_table(connection, draft.cast.organization_id, draft.cast.admin.user_id)
        place = 0
        for table in METADATA.sorted_tables:
            for column in table.columns:
                if column.name not in _WORDS or not isinstance(column.type, sa.String) or table.name in NOBODYS:
                    continue
                rows = (await connection.execute(sa.select(table.c.id))).scalars().all()
                for row in rows:
                    words = {column.name: short[place % len(short)]}
                    await connection.execute(table.update().where(table.c.id == row).values(words))
                    place += 1
    await engine.dispose()


def _watched(page: Page, said: list[str], trap: Trap) -> Page:
    page.on('dialog', lambda dialog: said.append(f'a dialog: {dialog.message} at {page.url}'))
    page.on('request', lambda request: said.append(f'asked {request.url}') if trap.address in request.url else None)
    page.on('framenavigated', lambda frame: said.append(f'a frame: {frame.url}') if frame.parent_frame else None)
    return page


_PASTE = """(html) => {
    const brought = new DataTransfer();
    brought.setData('text/html', html);
    brought.setData('text/plain', 'words');
    document.querySelector('.cw-written').dispatchEvent(
        new ClipboardEvent('paste', {clipboardData: brought, bubbles: true, cancelable: true}));
}"""

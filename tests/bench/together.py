"""How soon one person's act is on another's screen: an approval in one browser until the other shows it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Page

from tests.bench.figures import Figure, Group, p95
from tests.browser.draft import Draft, make_draft
from tests.servers.application import Application
from tests.servers.chromium import chromium

_ROUNDS = 20
_STATE = '.cw-block .cw-block-head > .cw-status'


async def _measure(directory: Path) -> AsyncIterator[Figure]:
    draft = await make_draft(directory / 'data', _application)
    try:
        await asyncio.to_thread(draft.site.start)
        async with chromium() as browser:

            async def open_page() -> Page:
                return await (await browser.new_context(viewport={'width': 1280, 'height': 900})).new_page()

            acting = await draft.enter(open_page, draft.cast.reviewer)
            watching = await draft.enter(open_page, draft.cast.instructor)
            delays = [await _seen(draft, acting, watching, place % 2 == 0) for place in range(_ROUNDS)]
        yield Figure(
            name='two_browser_sync_p95_ms', value=p95(delays), unit='ms', most=300,
            note='approving and taking back in one Chromium, shown in another; both on these cores',
        )  # fmt: skip
    finally:
        await asyncio.to_thread(draft.site.stop)


def _application(*, data_dir: Path, env: dict[str, str], wait: bool) -> Application:
    assert not wait
    return Application(data_dir, env=env)


async def _seen(draft: Draft, acting: Page, watching: Page, approves: bool) -> float:
    """Milliseconds from the click to the word on the other screen, both measured in their browsers."""
    words = 'Approved' if approves else 'Waiting'
    await acting.locator('.cw-block-head b').first.click()
    act = acting.locator('.cw-block').first.locator(f'[data-act={"approve" if approves else "withdraw"}]')
    await act.wait_for()
    shown = asyncio.create_task(watching.evaluate(_WATCH, [_STATE, words]))
    await asyncio.sleep(0.2)  # the watch stands before the act
    clicked = await act.evaluate('one => { one.click(); return Date.now(); }')
    return float(await shown) - float(clicked)


_WATCH = """([where, words]) => new Promise((done) => {
    const look = () => document.querySelector(where)?.textContent.trim() === words && (done(Date.now()), true);
    if (look()) return;
    const watch = new MutationObserver(() => look() && watch.disconnect());
    watch.observe(document.body, {subtree: true, childList: true, characterData: true});
})"""
GROUP = Group(names=('two_browser_sync_p95_ms',), measure=_measure)

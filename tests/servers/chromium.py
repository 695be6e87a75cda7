"""Debian's Chromium, driven by Playwright."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from tests.servers.process import find_program

ARGUMENTS = [
    '--no-sandbox',  # the tests may run as root
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
]
# WCAG 2.2 AA is what the platform promises; "best-practice" is opinion
RULES = {'runOnly': {'type': 'tag', 'values': ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}}


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    program = find_program('chromium', package='chromium')
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=ARGUMENTS, timeout=60_000)
        try:
            yield browser
        finally:
            await browser.close()


class PageLog:
    """What a page complained about: errors on its console, exceptions, requests that left this machine."""

    def __init__(self, page: Page) -> None:
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.on('console', lambda message: self._hear(message) if message.type == 'error' else None)
        page.on('pageerror', lambda error: self.errors.append(str(error)))
        page.on('request', lambda request: self._note(request.url))

    def _hear(self, message: ConsoleMessage) -> None:
        self.errors.append(f'{message.text} ({message.location["url"]})')

    def _note(self, url: str) -> None:
        scheme, _, rest = url.partition('://')
        host = rest.split('/')[0].rsplit(':', 1)[0]
        local = host in ('127.0.0.1', 'localhost') or host.endswith('.localhost')
        if scheme in ('http', 'https', 'ws', 'wss') and not local:
            self.outside.append(url)


async def accessibility_violations(page: Page) -> list[str]:
    """One sentence for each rule of WCAG 2.2 AA that the page breaks, naming the first elements that do."""
    # what fades in has not its colours yet; the working sign turns for ever
    await page.evaluate("""() => Promise.race([
        Promise.allSettled(document.getAnimations()
            .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity).map((one) => one.finished)),
        new Promise((done) => setTimeout(done, 2000)),
    ])""")
    results = await Axe().run(page, options=RULES)
    return [
        f'{violation["id"]}: {violation["help"]} ({len(violation["nodes"])}×, '
        + '; '.join(' '.join(map(str, node['target'])) for node in violation['nodes'][:3])
        + ')'
        for violation in results.response['violations']
    ]


async def save_picture(page: Page, name: str) -> Path:
    """A screenshot in test-results/, for whoever looks into a failure."""
    path = Path(__file__).parents[2] / 'test-results' / f'{name}.png'
    path.parent.mkdir(exist_ok=True)
    await page.screenshot(path=path)
    return path

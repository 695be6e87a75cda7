"""People of the demo organisation in browsers of their own."""

from pathlib import Path

from playwright.async_api import Page

from app.banner import DEMO_PASSWORD
from app.demo.seed import HANDBOOKS
from tests.api.members import seed_people
from tests.servers.application import Application

__all__ = ['HANDBOOKS', 'enter', 'open_site', 'settled', 'uploaded']

_QUIET_MS, _PATIENCE_MS = 250, 5_000


async def open_site(data_dir: Path, start: object) -> Application:
    """The platform with the people of both organisations and nothing else."""
    data_dir.mkdir(parents=True, exist_ok=True)
    url = f'sqlite+aiosqlite:///{data_dir / "coursewright.db"}'
    await seed_people(url)
    application = start(data_dir=data_dir, env={'DATABASE_URL': url})  # type: ignore[operator]
    assert isinstance(application, Application)
    return application


async def enter(page: Page, application: Application, who: str, path: str) -> Page:
    """Signs in as `who` (a demo account, or a whole address) and goes to the path."""
    email = who if '@' in who else f'{who}@demo.example'
    form = {'email': email, 'password': DEMO_PASSWORD}
    answer = await page.request.post(f'{application.url}/auth/login', form=form, headers={'Origin': application.url})
    assert answer.ok, await answer.text()
    await page.goto(application.url + path)
    await settled(page)
    return page


async def settled(page: Page) -> None:
    """Waits until the page has drawn itself: nothing in it has moved for a moment. A person looks before they press,
    a script presses while a button is still moving away; pages that never rest are waited for five seconds."""
    await page.evaluate(
        """([quiet, patience]) => new Promise((done) => {
            let timer = setTimeout(finish, quiet);
            const last = setTimeout(finish, patience);
            const watch = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(finish, quiet); });
            watch.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
            function finish() { watch.disconnect(); clearTimeout(timer); clearTimeout(last); done(); }
        })""",
        [_QUIET_MS, _PATIENCE_MS],
    )


async def uploaded(page: Page, application: Application, name: str = 'food-safety-handbook.pdf') -> None:
    """Adds a handbook on the knowledge page and waits until it is indexed."""
    await page.goto(f'{application.url}/knowledge')
    await page.set_input_files('input[type=file]', str(HANDBOOKS / name))
    await page.locator('.cw-row', has_text=name).get_by_text('Indexed').wait_for(timeout=60_000)

"""One person at every door: registers, confirms, signs out, forgets, comes back; and two tabs that change places."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from storage.database import Database, Scope
from storage.identity import UserRole, organization_by_slug, user_by_email
from tests.api.members import seed_people
from tests.browser.cast import enter
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations

pytestmark = pytest.mark.timeout(300)
expect.set_options(timeout=20_000)

EMAIL, FIRST, SECOND = 'nora@work.example', 'four words lie here', 'a wholly different set'


async def test_one_registers_confirms_signs_out_forgets_and_comes_back(
    tmp_path: Path, start_application: Callable[..., Application], open_page: Callable[..., object]
) -> None:
    """No mail server is set: an administrator passes the links on from the outbox."""
    site = await _site(tmp_path, start_application)
    nora: Page = await open_page(f'{site.url}/sign-in', width=390)  # type: ignore[misc]
    admin = await enter(await open_page(), site, 'admin', '/settings/mail')  # type: ignore[misc]
    await expect(admin.get_by_text('Nothing was mailed yet')).to_be_visible()
    await expect(admin.get_by_text('No mail leaves this installation')).to_be_visible()

    await nora.get_by_role('link', name='Make an account').click()
    await nora.get_by_label('Name').fill('Nora Lind')
    await nora.get_by_label('E-mail').fill(EMAIL)
    await nora.get_by_label('Password').fill(FIRST)
    assert await accessibility_violations(nora) == []
    await nora.get_by_role('button', name='Make the account').click()
    await expect(nora.get_by_text(f'Confirm {EMAIL}')).to_be_visible()
    assert await accessibility_violations(nora) == []
    await nora.get_by_role('button', name='Send it again').click()
    await expect(nora.get_by_text('The mail is on its way')).to_be_visible()

    # the tab that shows it loses the line as soon as another one has confirmed
    other_tab = await nora.context.new_page()
    await other_tab.goto(await _link(admin, site, 'Confirm your e-mail address'))
    await other_tab.get_by_role('button', name='Confirm').click()
    await expect(other_tab.get_by_text(f'{EMAIL} is confirmed')).to_be_visible()
    await other_tab.close()
    await expect(nora.get_by_text(f'Confirm {EMAIL}')).to_be_hidden()

    await nora.get_by_role('button', name='Account of Nora Lind').click()
    await nora.get_by_role('button', name='Sign out').click()
    await nora.get_by_role('link', name='Forgot your password?').click()
    await nora.get_by_label('E-mail').fill(EMAIL)
    await nora.get_by_role('button', name='Send the link').click()
    await expect(nora.get_by_text('Look into your mail')).to_be_visible()
    await nora.goto(await _link(admin, site, 'Choose a new password'))
    await nora.get_by_label('New password').fill(SECOND)
    await nora.get_by_role('button', name='Set the password').click()
    await expect(nora.get_by_text('Your password is set')).to_be_visible()
    await nora.get_by_label('E-mail').fill(EMAIL)
    await nora.get_by_label('Password', exact=True).fill(SECOND)
    await nora.get_by_role('button', name='Sign in').click()
    await expect(nora.get_by_role('heading', level=1)).to_have_text('Welcome to Coursewright')
    await _two_tabs_change_places(site, nora)


async def _two_tabs_change_places(site: Application, here: Page) -> None:
    """Nora belongs to the other organisation, too."""
    await _also_elsewhere(site)
    await here.set_viewport_size({'width': 1280, 'height': 900})
    await here.goto(f'{site.url}/courses')
    there = await here.context.new_page()
    await there.set_viewport_size({'width': 1280, 'height': 900})
    await there.goto(f'{site.url}/courses')
    await here.get_by_role('button', name='Demo Academy. Go to another organisation').click()
    assert await accessibility_violations(here) == []
    await here.get_by_role('button', name='Other Institute').click()
    for page in (here, there):
        await expect(page.get_by_role('button', name='Other Institute. Go to another organisation')).to_be_visible()
        await expect(page).to_have_url(f'{site.url}/')
    await here.go_back()
    await expect(here.get_by_role('button', name='Other Institute. Go to another organisation')).to_be_visible()
    assert 'Demo Academy.' not in await here.content()
    await there.close()


async def _link(admin: Page, site: Application, subject: str) -> str:
    """As the administrator reads it in the newest mail with the subject."""
    await admin.get_by_role('button', name=subject).or_(admin.get_by_text(subject)).first.click()
    await admin.get_by_role('button', name='Show the link').click()
    letter = admin.locator('.cw-letter')
    await expect(letter).to_contain_text(re.compile(r'token=[\w-]{40,}'))
    found = re.search(r'http://\S+?(/\S+)', await letter.inner_text())
    assert found
    await admin.get_by_role('button', name='Close').click()
    await expect(letter).to_be_hidden()
    return site.url + found[1]


async def _site(data_dir: Path, start: Callable[..., Application]) -> Application:
    url = f'sqlite+aiosqlite:///{data_dir / "coursewright.db"}'
    await seed_people(url)
    return start(env={'DATABASE_URL': url})


async def _also_elsewhere(site: Application) -> None:
    database = Database(site.settings['DATABASE_URL'])
    async with database.writing() as tx:
        person, place = await user_by_email(tx, EMAIL), await organization_by_slug(tx, 'other')
        assert person is not None and place is not None
        Scope(tx, place.id).add(UserRole(user_id=person.id, role='student'))
    await database.close()

"""Those who run an installation, and the administrators of an organisation, in browsers of their own."""

import asyncio
import io
import re
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect

from tests.api.members import Member, seed_people
from tests.browser.cast import enter
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations

pytestmark = pytest.mark.timeout(400)
Open = Callable[..., Awaitable[Page]]
PASSWORD = 'a long walk in the north'
PATIENCE = 30_000


@pytest.fixture(scope='module')
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The people of both organisations and nothing else."""
    data_dir = tmp_path_factory.mktemp('administration') / 'data'
    data_dir.mkdir()
    url = f'sqlite+aiosqlite:///{data_dir / "coursewright.db"}'
    with ThreadPoolExecutor() as threads:  # a loop of its own, whatever runs here
        threads.submit(asyncio.run, seed_people(url)).result()
    application = Application(data_dir, env={'DATABASE_URL': url}).start(within=120)
    yield application
    application.stop()


async def test_an_organisation_is_made_suspended_restored_and_deleted(
    site: Application, open_page: Open, browser: Browser
) -> None:
    page = await enter(await open_page(width=1440), site, 'site', '/')
    await expect(page.get_by_role('heading', level=1)).to_have_text('Everything that is connected works')
    await page.get_by_role('link', name='Organisations', exact=True).click()
    await page.get_by_role('button', name='New organisation').click()
    form = page.locator('.cw-dialog')
    await form.get_by_label('Name', exact=True).first.fill('Ångström & Söhne')
    await expect(form.get_by_label('Short name')).to_have_value('angstrom-sohne')
    await form.get_by_label('E-mail', exact=True).last.fill('nobody')
    await form.get_by_role('button', name='Create').click()
    await expect(form.get_by_text('This is not an e-mail address')).to_be_visible(timeout=PATIENCE)
    await expect(page.get_by_text('2 organisations')).to_be_visible()
    await form.get_by_label('Short name').fill('demo')
    await form.get_by_label('E-mail', exact=True).last.fill('ada@north.example')
    await form.get_by_role('button', name='Create').click()
    await expect(form.get_by_text('Another organisation has this short name')).to_be_visible(timeout=PATIENCE)
    await form.get_by_label('Short name').fill('north')
    await form.get_by_role('button', name='Create').click()
    handed = page.get_by_role('textbox', name='Link to choose a password')
    await expect(handed).to_be_visible(timeout=PATIENCE)
    link = (await handed.inner_text()).partition('/reset-password')[2]
    await page.get_by_role('button', name='Done').click()
    await expect(page.get_by_text('3 organisations')).to_be_visible(timeout=PATIENCE)

    # a page without the watch over the console: it is shut out on purpose
    ada = await browser.new_page()
    await ada.goto(f'{site.url}/reset-password{link}')
    for field in await ada.locator('input[type=password]').all():
        await field.fill(PASSWORD)
    await ada.locator('form button[type=submit]').first.click()
    await expect(ada.locator('input[type=password]')).not_to_have_value(PASSWORD)
    answer = await ada.request.post(
        f'{site.url}/auth/login',
        form={'email': 'ada@north.example', 'password': PASSWORD},
        headers={'Origin': site.url},
    )
    assert answer.ok, await answer.text()
    await ada.goto(f'{site.url}/settings')
    await expect(ada.get_by_role('heading', name='Profile')).to_be_visible(timeout=PATIENCE)

    await page.get_by_role('button', name='Suspend Ångström & Söhne').click()
    await page.locator('.cw-dialog').get_by_role('button', name='Suspend').click()
    await expect(ada.get_by_role('heading', name='is suspended')).to_be_visible(timeout=PATIENCE)
    await page.get_by_role('button', name='Undo').click()
    await expect(page.get_by_text('Ångström & Söhne is back.')).to_be_visible(timeout=PATIENCE)
    await ada.goto(f'{site.url}/settings')
    await expect(ada.get_by_role('heading', name='Profile')).to_be_visible(timeout=PATIENCE)

    await page.get_by_role('button', name='Delete Ångström & Söhne').click()
    asked = page.locator('.cw-dialog')
    await asked.get_by_label('Type the name').fill('north')
    await asked.get_by_role('button', name='Delete').click()
    await expect(asked.get_by_text('Type the name exactly')).to_be_visible(timeout=PATIENCE)
    await asked.get_by_label('Type the name').fill('Ångström & Söhne')
    await asked.get_by_role('button', name='Delete').click()
    await expect(page.get_by_text('2 organisations')).to_be_visible(timeout=PATIENCE)
    await page.goto(f'{site.url}/site?status=deleted')
    await page.get_by_role('button', name='Restore Ångström & Söhne').click()
    await expect(page.get_by_text('No organisation matches')).to_be_visible(timeout=PATIENCE)
    assert await accessibility_violations(page) == []
    await ada.close()


async def test_a_refusal_is_in_the_log_at_once_and_a_switch_is_felt_without_a_restart(
    site: Application, open_page: Open
) -> None:
    page = await enter(await open_page(width=1440), site, 'site', '/site/security?kind=refusal&email=student')
    await expect(page.get_by_text('Nothing matches')).to_be_visible(timeout=PATIENCE)
    student = Member.sign_in(site.url, 'student')
    student.refused(403, 'forbidden', 'GET', '/security-log')
    await expect(page.get_by_role('cell', name='Not allowed')).to_be_visible(timeout=PATIENCE)
    async with page.expect_download() as download:
        await page.get_by_role('link', name='Export CSV').click()
    assert 'student@demo.example' in (await (await download.value).path()).read_text(encoding='utf-8-sig')

    register = await open_page(f'{site.url}/sign-in')
    await expect(register.locator('a[href^="/register"]')).to_be_visible()
    await page.goto(f'{site.url}/site/flags')
    switch = page.get_by_role('switch', name='Public registration, for everybody')
    await switch.click()
    await expect(switch).to_have_attribute('aria-checked', 'false', timeout=PATIENCE)
    await register.reload()
    await expect(register.get_by_role('heading', level=1)).to_have_text('Sign in')
    await expect(register.locator('a[href^="/register"]')).to_have_count(0)
    await switch.click()
    await expect(switch).to_have_attribute('aria-checked', 'true', timeout=PATIENCE)
    await page.goto(f'{site.url}/site/health')
    await expect(page.get_by_text('SQLite in the data directory')).to_be_visible(timeout=PATIENCE)


async def test_an_administrator_dresses_the_pages_of_everybody(site: Application, open_page: Open) -> None:
    learner = await enter(await open_page(), site, 'student', '/')
    admin = await enter(await open_page(width=1440), site, 'admin', '/settings')
    await expect(admin.get_by_label('Contact e-mail')).to_have_value('office@demo.example', timeout=PATIENCE)
    await admin.get_by_label('Name', exact=True).fill('Academy of Demonstrations')
    await admin.get_by_role('button', name='Save profile').click()
    place = learner.locator('.cw-org')
    await expect(place).to_contain_text('Academy of Demonstrations', timeout=PATIENCE)

    accent = admin.get_by_label('Accent optional')
    await accent.fill('red')
    await admin.get_by_role('button', name='Save colour').click()
    await expect(admin.get_by_text('Write the colour as #')).to_be_visible(timeout=PATIENCE)
    await accent.fill('#aa3366')
    await expect(admin.locator('.cw-preview').first).to_have_attribute('style', re.compile('--accent:#aa3366'))
    await admin.get_by_role('button', name='Save colour').click()
    for page in (learner, admin):
        await page.wait_for_function(
            "getComputedStyle(document.body).getPropertyValue('--accent') === '#aa3366'", timeout=PATIENCE
        )
    picture = io.BytesIO()
    Image.new('RGB', (64, 64), (170, 51, 102)).save(picture, 'PNG')
    await admin.set_input_files(
        'input[type=file]', {'name': 'logo.png', 'mimeType': 'image/png', 'buffer': picture.getvalue()}
    )
    await expect(place.locator('img')).to_be_visible(timeout=PATIENCE)
    shown = await learner.request.get(site.url + str(await place.locator('img').get_attribute('src')))
    assert (shown.status, shown.headers['content-type']) == (200, 'image/png')
    assert await accessibility_violations(admin) == []

    await admin.goto(f'{site.url}/settings/policy')
    await admin.get_by_role('switch', name='Work addresses only').click()
    await admin.get_by_label('Domains').fill('@Demo.example, other domain')
    await admin.get_by_role('button', name='Save policy').click()
    await expect(admin.get_by_text('“other” is not a domain')).to_be_visible(timeout=PATIENCE)
    await admin.get_by_label('Domains').fill('@Demo.example')
    await admin.get_by_role('button', name='Save policy').click()
    await expect(admin.get_by_text('The policy is saved')).to_be_visible(timeout=PATIENCE)
    await admin.reload()
    await expect(admin.get_by_label('Domains')).to_have_value('demo.example', timeout=PATIENCE)
    await expect(admin.get_by_role('switch', name='Work addresses only')).to_have_attribute('aria-checked', 'true')
    await admin.goto(f'{site.url}/settings/security?kind=sign_in')
    await expect(admin.get_by_role('cell', name='admin@demo.example').first).to_be_visible(timeout=PATIENCE)

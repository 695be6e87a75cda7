"""An administrator connects a real, certified identity provider, and people come in through it in real Chromium."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from tests.api.members import seed_people
from tests.browser.cast import enter
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations
from tests.servers.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProviderServer
from tests.servers.process import free_port

GRACE = {'email': 'grace@company.example', 'email_verified': True, 'name': 'Grace Hopper', 'groups': ['teachers']}
STUDENT = {'email': 'somebody@company.example', 'email_verified': True, 'name': 'Somebody', 'groups': []}
OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def application(tmp_path: Path) -> Any:
    url = f'sqlite+aiosqlite:///{tmp_path / "coursewright.db"}'
    await seed_people(url)
    port = free_port()
    # The provider sends the browser back to this address.
    env = {'DATABASE_URL': url, 'PUBLIC_URL': f'http://127.0.0.1:{port}'}
    running = Application(tmp_path / 'data', env=env, port=port)
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
def provider() -> Iterator[IdentityProviderServer]:
    server = IdentityProviderServer()
    yield server
    server.stop()


@pytest.mark.timeout(600)
async def test_people_sign_in_through_the_provider_of_their_organisation(
    application: Application, provider: IdentityProviderServer, open_page: OpenPage
) -> None:
    admin = await enter(await _patient(open_page), application, 'admin', '/settings/sign-in')
    redirect_uri = await _set_up(admin, provider)
    provider.start({'grace': GRACE, 'student': STUDENT}, redirect_uris=[redirect_uri])
    await _switch_on(admin)

    grace = await _patient(open_page, f'{application.url}/sign-in?organization=demo')
    assert await accessibility_violations(grace) == []
    planted = await grace.request.get(f'{redirect_uri}?code=stolen&state=of-somebody-else')
    assert planted.status == 403
    assert 'Start again' in (page := await planted.text()) and 'Sign in with Company login' in page
    await _through(grace, provider, 'grace')
    await grace.get_by_text('Grace Hopper').first.wait_for()
    assert await _roles(grace, application) == ['instructor', 'student']
    cookies = {cookie['name']: cookie for cookie in await grace.context.cookies(application.url)}
    assert 'coursewright-sign-on' not in cookies, 'what was carried to the provider is used up'
    assert (cookies['coursewright']['httpOnly'], cookies['coursewright']['sameSite']) == (True, 'Lax')
    assert cookies['coursewright']['expires'] == -1, 'gone with the browser'
    await admin.get_by_text('1 person').wait_for()

    provider.tell({'grace': GRACE | {'groups': []}, 'student': STUDENT})
    await grace.request.post(f'{application.url}/auth/logout', headers={'Origin': application.url})
    await grace.wait_for_url(f'{application.url}/sign-in**')  # the open page leaves by itself
    await grace.goto(f'{application.url}/sign-in?organization=demo')
    await grace.get_by_role('link', name='Sign in with Company login').click()
    await grace.wait_for_url(f'{application.url}/')
    assert await _roles(grace, application) == ['student']

    student = await enter(await _patient(open_page), application, 'student', '/account/company-sign-in')
    await student.get_by_role('button', name='Connect').click()
    await _answer(student, provider, 'student')
    await student.wait_for_url(f'{application.url}/account/company-sign-in')
    await student.get_by_role('button', name='Disconnect').wait_for()
    assert await accessibility_violations(student) == []

    await admin.get_by_role('button', name='Switch off').click()
    await admin.get_by_role('dialog').get_by_role('button', name='Switch off').click()
    await admin.get_by_role('button', name='Switch on').wait_for()
    await grace.wait_for_url(f'{application.url}/sign-in**')
    await student.get_by_text('switched off by an administrator').wait_for()


async def _patient(open_page: OpenPage, url: str = 'about:blank') -> Page:
    page = await open_page(url)
    page.context.set_default_timeout(60_000)
    return page


async def _set_up(admin: Page, provider: IdentityProviderServer) -> str:
    """Types what the provider's own administrator would tell, and gives the redirect URI to tell them."""
    await admin.get_by_role('button', name='Add a sign-in').click()
    form = admin.get_by_role('dialog')
    await form.get_by_label('Name', exact=True).fill('Company login')
    await form.get_by_label('Issuer').fill('http://elsewhere.example')
    await form.get_by_label('Client id').fill(CLIENT_ID)
    await form.get_by_label('Client secret').fill(CLIENT_SECRET)
    await form.get_by_label('Claim that roles').fill('groups')
    await form.get_by_role('button', name='Map a value').click()
    await form.get_by_label('Value').fill('teachers')
    await form.get_by_role('combobox', name='Roles Roles').click()
    await admin.get_by_role('option', name='Instructor').click()
    await form.get_by_label('Value').click()
    await form.get_by_role('button', name='Save').click()
    await form.get_by_text('has to begin with https').wait_for()
    await form.get_by_label('Issuer').fill(provider.issuer)
    await form.get_by_role('button', name='Save').click()
    redirect_uri = await admin.locator('code', has_text='/auth/oidc/').text_content()
    assert redirect_uri is not None
    return redirect_uri


async def _switch_on(admin: Page) -> None:
    await admin.get_by_role('button', name='Check').click()
    await admin.get_by_text('Its keys can be read').wait_for()
    assert await accessibility_violations(admin) == []
    await admin.get_by_role('button', name='Switch on').click()
    await admin.get_by_role('button', name='Switch off').wait_for()


async def _through(page: Page, provider: IdentityProviderServer, login: str) -> None:
    await page.get_by_role('link', name='Sign in with Company login').click()
    await _answer(page, provider, login)


async def _answer(page: Page, provider: IdentityProviderServer, login: str) -> None:
    """At the provider: who it is."""
    await page.wait_for_url(f'{provider.issuer}/interaction/**')
    await page.get_by_label('Name').fill(login)
    await page.get_by_role('button', name='Continue').click()


async def _roles(page: Page, application: Application) -> list[str]:
    answer = await page.request.get(f'{application.url}/api/v1/auth/me')
    return sorted((await answer.json())['roles'])

"""What every answer tells browsers, as strings, and as what Chromium makes of it."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from playwright.async_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.headers import SecurityHeaders, labs_source
from app.settings import Settings
from tests.app.stage import Stage

pytestmark = pytest.mark.timeout(300)
Open = Callable[..., Awaitable[Page]]


def client(address: str = 'http://coursewright.localhost:8080') -> httpx.AsyncClient:
    async def answer(request: httpx.Request) -> Response:
        answers: dict[str, Response] = {
            '/page': HTMLResponse('', headers={'X-NiceGUI-Content': 'page'}),
            '/sign-in': HTMLResponse(''),
            '/api/v1/courses': JSONResponse({}),
            '/files/1': Response(b'', headers={'Content-Security-Policy': 'sandbox', 'Cache-Control': 'private'}),
            '/static/x.css': PlainTextResponse('', headers={'Cache-Control': 'public'}),
        }
        return answers[request.url.path]

    site = SecurityHeaders(Starlette(routes=[Route('/{path:path}', answer)]), Settings(public_url=address))
    return httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=address)


async def test_every_answer_is_guarded_and_keeps_what_it_says_itself() -> None:
    async with client() as http:
        for path in ('/page', '/sign-in', '/api/v1/courses', '/files/1', '/static/x.css'):
            headers = (await http.get(path)).headers
            assert headers['x-content-type-options'] == 'nosniff', path
            assert headers['x-frame-options'] == 'DENY', path
            assert headers['referrer-policy'] == 'same-origin', path
            assert headers['cross-origin-opener-policy'] == 'same-origin', path
            assert 'camera=()' in headers['permissions-policy'], path
            assert 'strict-transport-security' not in headers, path
        assert (await http.get('/page')).headers['cache-control'] == 'no-store'
        assert (await http.get('/api/v1/courses')).headers['cache-control'] == 'no-store'
        assert (await http.get('/static/x.css')).headers['cache-control'] == 'public'
        picture = (await http.get('/files/1')).headers
        assert (picture['content-security-policy'], picture['cache-control']) == ('sandbox', 'private')


async def test_where_there_is_https_there_is_nothing_else() -> None:
    async with client('https://learn.example') as http:
        said = (await http.get('/sign-in')).headers['strict-transport-security']
    assert 'includeSubDomains' in said
    assert int(said.partition('max-age=')[2].partition(';')[0]) >= 365 * 86400


async def test_pages_load_nothing_from_elsewhere_and_plain_ones_run_nothing_of_their_own() -> None:
    async with client('https://learn.example') as http:
        page = _policy(await http.get('/page'))
        plain = _policy(await http.get('/sign-in'))
        data = _policy(await http.get('/api/v1/courses'))
        elsewhere = _policy(await http.get('/page', headers={'Host': 'evil.example'}))
    for policy in (page, plain):
        assert policy['object-src'] == policy['base-uri'] == policy['frame-ancestors'] == "'none'"
        assert policy['form-action'] == "'self'"
        assert 'https:' not in ' '.join(policy.values()).replace('https://', '').split()
        assert '*' not in ' '.join(value for name, value in policy.items() if name != 'frame-src').split()
    assert page['connect-src'] == "'self' wss://learn.example"
    assert page['img-src'] == "'self' data: blob:"
    assert page['frame-src'] == 'https://*.labs.coursewright.localhost'
    assert elsewhere['connect-src'] == "'self'"
    assert plain['script-src'] == "'self'"
    assert 'unsafe' not in str(plain)
    assert data['default-src'] == "'none'"


@pytest.mark.parametrize(
    ('address', 'labs', 'source'),
    [
        (
            'http://coursewright.localhost:8080',
            'labs.coursewright.localhost',
            'http://*.labs.coursewright.localhost:8080',
        ),
        ('https://learn.example', 'labs.example', 'https://*.labs.example'),
    ],
)
def test_labs_are_framed_from_their_own_names(address: str, labs: str, source: str) -> None:
    assert labs_source(Settings(public_url=address, labs_host=labs)) == source


async def test_the_reference_of_the_api_is_read_without_asking_anybody_else(stage: Stage, open_page: Open) -> None:
    page = await open_page(f'{stage.site.url}/api/v1/docs')  # fails for errors and for requests that leave
    await expect(page.locator('.opblock').first).to_be_visible(timeout=60_000)
    await expect(page.get_by_text('/auth/login')).to_be_visible()


async def test_chromium_runs_nothing_that_gets_into_a_page_and_frames_none_of_ours(
    stage: Stage, browser: Browser
) -> None:
    # pages without the watch over the console: a policy that holds is told there
    page = await browser.new_page()
    await page.goto(f'{stage.site.url}/sign-in')
    await page.evaluate("""() => {
        const script = document.createElement('script'); script.textContent = 'window.ran = true';
        document.body.append(script);
        const button = document.createElement('button'); button.setAttribute('onclick', 'window.ran = true');
        document.body.append(button); button.click();
    }""")
    assert await page.evaluate('window.ran') is None
    await page.locator('#password').fill('seen')
    await page.locator('#eye').click()
    await expect(page.locator('#password')).to_have_attribute('type', 'text')
    # a small site that frames us; only its own document is made up
    await page.route('http://elsewhere.localhost/', lambda route: route.fulfill(
        content_type='text/html', body=f'<iframe src="{stage.site.url}/sign-in"></iframe>'))  # fmt: skip
    await page.goto('http://elsewhere.localhost/')
    await expect(page.frame_locator('iframe').get_by_label('E-mail')).to_have_count(0)
    frame = page.frames[1]
    await frame.wait_for_load_state()
    assert 'sign-in' not in await frame.content()


async def test_our_own_faults_are_answered_with_the_same_headers(stage: Stage) -> None:
    async with stage.site.client() as http:
        for path in ('/sign-in', '/', '/nothing/here', '/api/v1/nothing', '/health/live', '/_nicegui/x'):
            headers = (await http.get(path)).headers
            assert headers['x-content-type-options'] == 'nosniff', path
            assert headers['x-frame-options'] == 'DENY', path


def _policy(answer: httpx.Response) -> dict[str, str]:
    parts = [part.strip().partition(' ') for part in answer.headers['content-security-policy'].split(';')]
    return {name: value for name, _, value in parts}

"""Every page for every role: no error, no barrier, nothing wider than a phone. Doors that stay shut are walked in
tests/matrix/test_screens.py."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, expect

from app.banner import DEMO_PASSWORD
from pages.screens import screens
from services.viewer import POLICY, Role
from tests.api.members import Member
from tests.browser.cast import enter
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations

pytestmark = pytest.mark.timeout(400)

Open = Callable[..., Awaitable[Page]]
UNKNOWN = '00000000-0000-4000-8000-000000000000'
PHONE, SMALLEST = 390, 360


@dataclass(frozen=True, kw_only=True)
class School:
    """The demo data: one published course, one whose lessons wait for review."""

    site: Application
    places: dict[str, list[str]]  # path of a screen -> addresses at which there is something to see

    def open_to(self, who: str) -> list[str]:
        """The addresses that this person's roles open."""
        roles = Member.sign_in(self.site.url, who).get('/auth/me')['roles']
        granted = set().union(*(POLICY[Role(role)] for role in roles))
        return [
            address
            for screen in screens()
            if screen.permission is None or screen.permission in granted
            for address in self.places[screen.path]
        ]

    def walked_by(self, who: str) -> list[str]:
        """Of those, what this person looks at: each area once, and nothing twice that an instructor sees as well."""
        areas = {'account': 'student', 'settings': 'admin', 'site': 'site'}
        chosen = [
            address
            for screen in screens()
            if areas.get(screen.area, who) == who and (who != 'admin' or screen.path.startswith('/settings'))
            for address in self.places[screen.path]
        ]
        return [address for address in self.open_to(who) if address in chosen]


@pytest.fixture(scope='module')
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    site = Application(tmp_path_factory.mktemp('school') / 'data', demo=True).start(within=170)
    instructor = Member.sign_in(site.url, 'instructor')
    courses = {course['status']: course['id'] for course in instructor.get('/courses')['items']}
    published = courses['published']
    part = instructor.post('/generate/parts', {'kind': 'quiz', 'topic': 'Gloves', 'count': 2})
    ids = {
        'part_id': [part['id']],
        'course_id': [published, courses['draft']],
        'workflow_id': [workflow['id'] for workflow in instructor.get('/workflows')['items']],
        'document_id': [instructor.get('/rag/documents')['items'][0]['id']],
        'lesson_id': [instructor.get(f'/courses/{published}')['modules'][0]['lessons'][0]['id']],
    }
    places = {}
    for screen in screens():
        names = re.findall(r'{(\w+)}', screen.path)
        several = ids[names[0]] if names and screen.path in ('/courses/{course_id}', '/studio/{workflow_id}') else ['']
        places[screen.path] = [screen.path.format(**{name: one or ids[name][0] for name in names}) for one in several]
    yield School(site=site, places=places)
    site.stop()


@pytest.mark.parametrize('who', ['instructor', 'reviewer', 'student', 'site', 'admin'])
async def test_every_page_of_a_role_is_sound_in_light_dark_and_on_a_phone(
    school: School, open_page: Open, who: str
) -> None:
    page = await enter(await open_page(), school.site, who, '/')
    faults: list[str] = []
    titles = set()
    for address in school.walked_by(who):
        await page.set_viewport_size({'width': 1280, 'height': 900})
        await page.emulate_media(color_scheme='light')
        await page.goto(school.site.url + address)
        await _settled(page)
        titles.add(await page.title())
        faults += [f'{address}: {fault}' for fault in await accessibility_violations(page)]
        await page.emulate_media(color_scheme='dark')
        await page.set_viewport_size({'width': PHONE, 'height': 844})
        await expect(page.locator('body')).to_have_class(re.compile('body--dark'))
        await _settled(page)
        faults += [f'{address}, dark phone: {fault}' for fault in await accessibility_violations(page)]
        for width in (PHONE, SMALLEST):
            await page.set_viewport_size({'width': width, 'height': 780})
            if await page.evaluate('document.documentElement.scrollWidth > innerWidth'):
                faults.append(f'{address}: scrolls sideways at {width} px')
    assert not faults, '\n'.join(faults)
    assert len(titles) > 3
    assert all(title.endswith('Coursewright') and title != 'Coursewright' for title in titles), titles


async def test_what_is_not_there_and_what_is_not_mine_look_the_same(school: School, open_page: Open) -> None:
    stranger = await enter(await open_page(), school.site, 'instructor@other.example', '/')
    for path in ('/courses/{course_id}', '/studio/{workflow_id}', '/knowledge/{document_id}', '/analytics/{course_id}'):
        foreign = school.places[path][0]
        missing = f'{foreign.rpartition("/")[0]}/{UNKNOWN}'
        nonsense = f'{foreign.rpartition("/")[0]}/not-an-id'
        seen = [await _shown(stranger, school.site.url + address) for address in (foreign, missing, nonsense)]
        assert 'There is nothing here' in seen[0][1]
        assert seen[0] == seen[1] == seen[2], path


async def test_an_address_that_leads_nowhere_says_so(school: School, browser: Browser) -> None:
    # a page without the watch over the console: browsers log every refused request there
    page = await enter(await browser.new_page(), school.site, 'instructor@demo.example', '/')
    answer = await page.goto(f'{school.site.url}/no/such/page')
    assert answer is not None
    assert answer.status == 404
    await expect(page.get_by_text('There is nothing here')).to_be_visible()


async def test_a_wrong_password_is_refused_without_a_hint(school: School, browser: Browser) -> None:
    # a page without the watch over the console: browsers log every refused request there
    page = await browser.new_page()
    said = []
    for email in ('instructor@demo.example', 'nobody@demo.example'):
        await page.goto(f'{school.site.url}/courses')
        await expect(page).to_have_url(re.compile(r'/sign-in\?next='))
        await page.get_by_label('E-mail').fill(email)
        await page.get_by_label('Password', exact=True).fill('not the password')
        await page.get_by_role('button', name='Sign in').click()
        await expect(page.locator('#said')).to_be_visible()
        await expect(page.get_by_label('E-mail')).to_have_value(email)
        said.append(await page.locator('#said').inner_text())
    assert said[0] == said[1]
    assert await accessibility_violations(page) == []


@pytest.mark.parametrize('dark', [False, True], ids=['light', 'dark'])
async def test_the_sign_in_page_is_sound(school: School, open_page: Open, dark: bool) -> None:
    page = await open_page(f'{school.site.url}/sign-in', width=SMALLEST, height=780, dark=dark)
    await expect(page.get_by_role('heading', level=1)).to_have_text('Sign in')
    assert await accessibility_violations(page) == []
    assert await page.evaluate('document.documentElement.scrollWidth <= innerWidth')


async def test_the_keyboard_alone_signs_in_and_gets_about(school: School, open_page: Open) -> None:
    page = await open_page(f'{school.site.url}/sign-in')
    await expect(page.get_by_label('E-mail')).to_be_focused()
    await page.keyboard.type('instructor@demo.example')
    await page.keyboard.press('Tab')
    await page.keyboard.type(DEMO_PASSWORD)
    await page.keyboard.press('Enter')
    await _settled(page)
    for name, address in (
        ('Courses', '/courses$'),
        ('Knowledge', '/knowledge$'),
        ('Courses', '/courses$'),
        ('Working at Height', '/courses/.+'),
    ):
        await _walk_to(page, name)
        await page.keyboard.press('Enter')
        await expect(page).to_have_url(re.compile(address))
        await _settled(page)


async def _walk_to(page: Page, name: str) -> None:
    """Presses Tab until a link of this name has the focus; every stop on the way must be visible."""
    for _ in range(80):
        await page.keyboard.press('Tab')
        focused = await page.evaluate("""() => {
            const at = document.activeElement, box = at.getBoundingClientRect();
            return [at.tagName, (at.title || at.textContent).trim(), box.width * box.height];
        }""")
        if focused[0] == 'A' and name in focused[1]:
            return
        assert focused[0] == 'BODY' or focused[2] > 0, f'an invisible stop: {focused}'
    raise AssertionError(f'Tab never came to {name}')


async def _settled(page: Page) -> None:
    """Drawn, everything there that is loaded after the first paint, and no colour on its way to another."""
    await expect(page.get_by_role('heading').first).to_be_visible()
    await expect(page.locator('.cw-skeleton:visible')).to_have_count(0)
    await page.evaluate("""() => Promise.allSettled(document.getAnimations()
        .filter(one => one.effect.getComputedTiming().endTime !== Infinity).map(one => one.finished))""")


async def _shown(page: Page, url: str) -> tuple[str, str]:
    await page.goto(url)
    await _settled(page)
    return await page.title(), await page.locator('main, .q-page-container').first.inner_text()

"""The two-organisation matrix of the screens: every entry of the table of screens, on ids of another organisation and
for every role that it is not open to."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page

from pages.screens import Screen, screens
from services.viewer import Viewer
from tests.browser.cast import settled
from tests.matrix.calls import noun_of
from tests.matrix.house import House, everything_of, open_house
from tests.matrix.rows import CANARY
from tests.servers.application import Application

pytestmark = pytest.mark.timeout(300)
Open = Callable[..., Awaitable[Page]]
Start = Callable[..., Application]
ROLES = ('admin', 'instructor', 'editor', 'reviewer', 'student', 'site')
# What stands on pages of the demo organisation and nowhere else.
THEIRS = (CANARY, 'of Demo Academy', 'Safe handling', 'demo.example')


async def test_no_screen_shows_what_is_another_organisations_or_another_roles(
    tmp_path: Path, start_application: Start, open_page: Open
) -> None:
    async with open_house(tmp_path) as house:
        cookies = {(org, who): await house.secret(_person(house, org, who)) for org, who in _visitors()}
        people = {key: _person(house, *key) for key in cookies}
        ids, name = house.ids, house.sessions.cookie
        before = await house.belongings()
    site_database = f'sqlite+aiosqlite:///{tmp_path}/matrix.sqlite'
    site = start_application(data_dir=tmp_path, env={'DATABASE_URL': site_database})
    table = screens()
    leaks = _refusals(site, table, ids, {who: (people['demo', who], cookies['demo', who]) for who in ROLES}, name)
    page = await open_page()
    for who in ('admin', 'site'):
        await page.context.add_cookies([{'name': name, 'value': cookies['other', who], 'url': site.url}])
        for screen in table:
            if screen.open_to(people['other', who]):
                leaks += await _shown(page, site.url + _address(screen, ids))
    assert leaks == [], '\n'.join(leaks)
    await page.goto('about:blank')
    site.stop()
    after = await everything_of(people['demo', 'admin'].organization_id, site_database)
    assert [name for name in before if before[name] != after[name]] == []


def _visitors() -> list[tuple[str, str]]:
    return [('demo', who) for who in ROLES] + [('other', who) for who in ROLES]


def _person(house: House, org: str, who: str) -> Viewer:
    person: Viewer = getattr(getattr(house.world, org), who)
    return person


def _address(screen: Screen, ids: dict[str, str]) -> str:
    return re.sub(r'{(\w+)}', lambda found: ids[noun_of(found[1])], screen.path)


def _refusals(
    site: Application,
    table: tuple[Screen, ...],
    ids: dict[str, str],
    people: dict[str, tuple[Viewer, str]],
    cookie: str,
) -> list[str]:
    """Screens that answer a role which they are not open to with anything but 403."""
    wrong = []
    for who, (person, secret) in people.items():
        with httpx.Client(base_url=site.url, cookies={cookie: secret}, trust_env=False, timeout=30) as http:
            for screen in table:
                if not screen.open_to(person):
                    answer = http.get(_address(screen, ids))
                    if (
                        answer.status_code != 403
                        or 'This page is not for your role' not in answer.text
                        or any(word in answer.text for word in (CANARY, 'Safe handling'))
                    ):
                        wrong.append(f'{screen.path} as {who}: {answer.status_code}')
    return wrong


async def _shown(page: Page, url: str) -> list[str]:
    await page.goto(url)
    await settled(page)
    said = await page.locator('body').inner_text() + await page.title()
    return [f'{url} shows “{word}”' for word in THEIRS if word in said]

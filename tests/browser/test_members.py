"""Who belongs to the organisation, on screens: added, given roles, removed, invited and imported."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.api.members import Member
from tests.browser.cast import enter, open_site

pytestmark = pytest.mark.timeout(400)

PATIENCE = 30_000
CSV = (
    'E-mail;Name;Role;Group\n' + ''.join(f'p{n}@new.example;Person {n};;Day shift\n' for n in range(3)) + 'nobody;X;;\n'
)


async def choose(page: Page, field: str, option: str) -> None:
    await page.get_by_label(field).last.click()
    await page.get_by_role('option', name=option, exact=True).click()
    await page.keyboard.press('Escape')


async def what_to_do(page: Page, name: str, act: str) -> None:
    await page.get_by_role('button', name=f'What to do about {name}').click()
    await page.get_by_role('button', name=act, exact=True).click()


async def test_an_administrator_looks_after_the_members(
    open_page: Callable[..., Awaitable[Page]], start_application: Callable[..., object], tmp_path: Path
) -> None:
    site = await open_site(tmp_path / 'site', start_application)
    admin = await enter(await open_page(width=1440), site, 'admin', '/settings/members')
    rows = admin.locator('tbody tr')
    await expect(rows.filter(has_text='Marta Villalobos')).to_contain_text('Active', timeout=PATIENCE)

    # somebody new is invited, a person with an account joins at once, a typing error stays to be mended
    await admin.get_by_role('button', name='Add people').click()
    await admin.get_by_label('E-mail addresses').fill('new@else.example, student@other.example\nnobody')
    await admin.get_by_role('button', name='Add people').last.click()
    await expect(admin.get_by_text('1 address was not added')).to_be_visible(timeout=PATIENCE)
    await expect(admin.get_by_label('E-mail addresses')).to_have_value('nobody')
    await admin.get_by_role('button', name='Cancel').click()
    await expect(admin.get_by_role('dialog')).to_have_count(0, timeout=PATIENCE)
    await expect(rows.filter(has_text='new@else.example')).to_contain_text('Invited', timeout=PATIENCE)
    await expect(rows.filter(has_text='student@other.example')).to_contain_text('Active')

    # the search and the filters stand in the address
    await admin.get_by_label('Name, e-mail or group').fill('Marta')
    await expect(rows).to_have_count(2, timeout=PATIENCE)
    await expect(admin).to_have_url(re.compile(r'q=Marta'))
    await admin.goto(f'{site.url}/settings/members?status=invited')
    await expect(rows).to_have_count(1, timeout=PATIENCE)

    # a new role shows in the open page of the member, without a new login
    student = await enter(await open_page(width=1440), site, 'student', '/')
    token = Member.sign_in(site.url, 'student')
    await expect(student.get_by_role('link', name='Courses').first).to_be_visible(timeout=PATIENCE)
    await expect(student.get_by_role('link', name='Reviews')).to_have_count(0)
    await admin.goto(f'{site.url}/settings/members?q=student%40demo')
    await expect(rows).to_have_count(1, timeout=PATIENCE)
    await what_to_do(admin, 'Marta Villalobos', 'Change roles')
    await choose(admin, 'Review roles', 'Reviewer')
    await admin.get_by_role('button', name='Save roles').click()
    await expect(rows.first).to_contain_text('Reviewer', timeout=PATIENCE)
    await expect(student.get_by_role('link', name='Reviews').first).to_be_visible(timeout=PATIENCE)

    # removed: the open page leaves and the token is refused; taken back within half a minute
    await what_to_do(admin, 'Marta Villalobos', 'Remove from the organisation')
    await expect(admin.get_by_text('is no longer a member')).to_be_visible(timeout=PATIENCE)
    await student.wait_for_url(re.compile('/sign-in'), timeout=PATIENCE)
    token.refused(401, 'not_signed_in', 'GET', '/courses')
    await admin.get_by_role('button', name='Undo').click()
    await expect(rows.filter(has_text='Marta Villalobos')).to_contain_text('Active', timeout=PATIENCE)

    # a table of people: looked through, then taken in
    await admin.goto(f'{site.url}/settings/members/import')
    await expect(admin.get_by_role('button', name='Choose a file')).to_be_visible(timeout=PATIENCE)
    file = {'name': 'people.csv', 'mimeType': 'text/csv', 'buffer': CSV.encode('utf-16')}
    await admin.set_input_files('input[type=file]', files=[file])  # type: ignore[list-item]
    await expect(admin.get_by_text('1 row is left out')).to_be_visible(timeout=PATIENCE)
    await expect(admin.get_by_text('1 new group: Day shift')).to_be_visible()
    await admin.get_by_role('button', name='Add 3 people').click()
    await expect(admin.get_by_text('3 invited, 0 joined at once')).to_be_visible(timeout=PATIENCE)

    # a link, which somebody of another organisation uses with one click
    await admin.goto(f'{site.url}/settings/invitations')
    await admin.get_by_role('button', name='Make a link').first.click(timeout=PATIENCE)
    await admin.get_by_role('button', name='Make the link').click()
    link = await admin.locator('.cw-secrets code').inner_text(timeout=PATIENCE)
    outsider = await enter(await open_page(), site, 'instructor@other.example', '/invite/' + link.rpartition('/')[2])
    await expect(outsider.get_by_role('heading', level=1)).to_contain_text('Demo Academy', timeout=PATIENCE)
    await outsider.get_by_role('button', name=re.compile('Join')).click()
    await admin.goto(f'{site.url}/settings/members?q=instructor%40other')
    await expect(rows).to_contain_text('Student', timeout=PATIENCE)

    # groups
    await admin.goto(f'{site.url}/settings/groups')
    await admin.get_by_role('button', name='New group').click(timeout=PATIENCE)
    await admin.get_by_role('textbox', name='Name').fill('Night shift')
    await admin.keyboard.press('Enter')
    await expect(admin.get_by_role('link', name='Night shift')).to_be_visible(timeout=PATIENCE)

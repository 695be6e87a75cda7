"""Reviews in browsers: rules are set, one of two approves from a phone, the other in the studio, and it goes on."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from services.clock import now
from services.generation.outlines import Outline, OutlineLesson, OutlineModule
from services.generation.state import CREATED
from storage.courses import Course, CourseVersion
from storage.database import Database, Scope
from storage.identity import user_by_email
from storage.workflows import OutlineDraftRow, Review, Workflow, WorkflowEvent
from tests.browser.cast import enter, open_site, settled
from tests.servers.application import Application
from tests.servers.chromium import accessibility_violations
from tests.services.world import _written

pytestmark = pytest.mark.timeout(300)
Open = Callable[..., Awaitable[Page]]


async def test_two_people_approve_one_of_them_from_a_phone(
    tmp_path: Path, start_application: Callable[..., Application], open_page: Open
) -> None:
    site = await open_site(tmp_path / 'data', start_application)
    outline, _content = await _drafts(tmp_path / 'data')
    admin = await enter(await open_page(width=1280), site, 'admin', '/settings/reviews')
    await _rules(admin)
    await _name_reviewers(admin, site, outline)

    phone = await enter(await open_page(width=390, height=844), site, 'reviewer', '/reviews')
    await _approve_from_phone(phone)
    await _approve_in_studio(admin, site, outline)
    await _history(admin)


async def _rules(page: Page) -> None:
    await page.get_by_role('switch', name='Two people have to approve').click()
    await page.get_by_label('Time for a review').fill('3')
    await page.get_by_role('button', name='Save rules').click()
    await expect(page.get_by_text('The rules are saved.')).to_be_visible()
    await page.get_by_role('button', name='New subject').click()
    await page.get_by_role('textbox', name='Name').fill('Chemistry')
    await page.get_by_role('dialog').get_by_role('button', name='Save').click()
    await expect(page.get_by_text('nobody in particular')).to_be_visible()
    assert await accessibility_violations(page) == []


async def _name_reviewers(page: Page, site: Application, workflow_id: UUID) -> None:
    """One is too few where two have to approve; the choice stays in the dialog, and with a second it is kept."""
    await page.goto(f'{site.url}/studio/{workflow_id}')
    await page.get_by_role('button', name='Reviewers').first.click()
    dialog = page.get_by_role('dialog')
    for place, name in enumerate(('Hanne Brekke', 'Adwoa Mensah')):
        field = dialog.get_by_role('combobox', name='Reviewers')
        await field.click()
        await page.get_by_role('option').filter(has_text=name.split()[0]).first.click()
        await page.keyboard.press('Escape')
        await dialog.get_by_role('button', name='Save').click()
        if place == 0:
            await expect(dialog.get_by_text('name at least two reviewers')).to_be_visible()
    await expect(page.get_by_text('The reviewers are saved')).to_be_visible()
    await expect(page.locator('.cw-standing').get_by_text('decide here')).to_be_visible()


async def _approve_from_phone(phone: Page) -> None:
    await expect(phone.get_by_role('heading', level=1)).to_have_text('2 drafts wait for you')
    assert await accessibility_violations(phone) == []
    row = phone.locator('.cw-row', has_text='Kitchen rules')
    target = row.get_by_role('button', name='Read and approve')
    box = await target.bounding_box()
    assert box is not None
    assert box['height'] >= 44
    await target.click()
    dialog = phone.get_by_role('dialog')
    await expect(dialog.get_by_text('You decide on exactly this')).to_be_visible()
    await expect(dialog.get_by_text('What makes food unsafe')).to_be_visible()
    await dialog.get_by_label('Comment').fill('Read on the train.')
    assert await accessibility_violations(phone) == []
    await phone.reload()  # what was typed is kept
    await settled(phone)
    await target.click()
    await expect(dialog.get_by_label('Comment')).to_have_value('Read on the train.')
    await dialog.get_by_role('button', name='Approve').click()
    await expect(phone.get_by_text('It needs one more person')).to_be_visible()
    await expect(phone.get_by_role('heading', level=1)).to_have_text('1 draft waits for you')
    await phone.get_by_role('button', name='Decided by me').click()
    await expect(phone.get_by_text('waits for another').first).to_be_attached()


async def _approve_in_studio(page: Page, site: Application, workflow_id: UUID) -> None:
    await page.goto(f'{site.url}/reviews?stage=outline')
    await expect(page.get_by_text('1 of 2 approvals')).to_be_visible()
    await page.get_by_role('link', name='Kitchen rules').click()
    await expect(page.locator('.cw-standing').get_by_text('1 of 2 approvals')).to_be_visible()
    assert await accessibility_violations(page) == []
    await page.get_by_role('button', name='Approve outline').click()
    await expect(page.get_by_role('heading', level=1)).not_to_have_text('Outline for review')


async def _history(page: Page) -> None:
    await page.get_by_role('button', name='Whole history').click()
    dialog = page.get_by_role('dialog')
    await expect(dialog.get_by_text('exactly what is stored')).to_be_visible()
    await dialog.get_by_role('button', name='Decisions').click()
    await expect(dialog.get_by_text('as the first of two')).to_be_visible()
    assert await accessibility_violations(page) == []


async def _drafts(data_dir: Path) -> tuple[UUID, UUID]:
    """An outline and the lessons of another course, both waiting for review."""
    database = Database(f'sqlite+aiosqlite:///{data_dir / "coursewright.db"}')
    async with database.writing() as tx:
        ingrid = await user_by_email(tx, 'instructor@demo.example')
        assert ingrid is not None
        organization_id = await _organization_of(tx, ingrid.id)
        scope = Scope(tx, organization_id)
        who = SimpleNamespace(user_id=ingrid.id)
        cast: Any = SimpleNamespace(instructor=who, reviewer=who, organization_id=organization_id)
        made = await _written(scope, cast, 'Safe handling', approved=False)
        course = Course(title='Kitchen rules', created_by=ingrid.id, updated_at=now())
        scope.add(course)
        await tx.flush()
        version = CourseVersion(course_id=course.id, number='1.0', title=course.title)
        scope.add(version)
        await tx.flush()
        outline = await _waiting(scope, ingrid.id, 'Kitchen rules', course.id, version.id, 'outline')
        content = await _waiting(scope, ingrid.id, 'Safe handling', made.course_id, made.version_id, 'content')
        draft = Outline(
            title='Kitchen rules',
            objectives=['Keep food at safe temperatures.'],
            modules=[
                OutlineModule(
                    title='Food and germs', lessons=[OutlineLesson(title='What makes food unsafe', minutes=12)]
                )
            ],
        )
        scope.add(
            OutlineDraftRow(
                workflow_id=outline, number=1, run=1, content=draft.model_dump(mode='json'), content_hash=draft.hash
            )
        )
    await database.close()
    return outline, content


async def _organization_of(tx: Any, user_id: UUID) -> UUID:
    from storage.identity import organizations_of

    return (await organizations_of(tx, user_id))[0]


async def _waiting(scope: Scope, person: UUID, title: str, course_id: UUID, version_id: UUID, stage: str) -> UUID:
    workflow = Workflow(
        course_id=course_id, version_id=version_id, created_by=person, author_name='Ingrid Instructor', title=title,
        brief='', audience='', level='', hours=1, language='en', document_ids=[], stage=stage, status='awaiting_review',
        run_started_at=now(),
    )  # fmt: skip
    scope.add(workflow)
    await scope.tx.flush()
    scope.add(Review(workflow_id=workflow.id, run=1, stage=stage, created_at=now() - timedelta(hours=3)))
    steps = [CREATED, 'outline.drafted', *(['outline.approved', 'content.drafted'] if stage == 'content' else [])]
    for seq, step in enumerate(steps, 1):
        scope.add(
            WorkflowEvent(workflow_id=workflow.id, seq=seq, type=step, at=now(), actor='Coursewright', payload={})
        )
    await scope.tx.flush()
    return workflow.id

"""The consistency check names what is broken: each invariant with a fault planted by hand."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import select

from app.fsck import check, trails
from app.platform import build_services
from app.settings import Settings
from services.enrollments import EnrollmentService
from services.quizzes import QuizService
from storage.database import Database, Scope
from storage.identity import Organization, User
from storage.migrate import upgrade
from storage.organizations import Group, Invitation
from tests.doubles.author import ScriptedAuthor
from tests.doubles.embedder import LetterEmbedder
from tests.services.world import make_world

Plant = Callable[[Database], str]


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """A small sound installation: a published course with a learner who handed in a quiz."""
    found = Settings(data_dir=tmp_path)
    database = Database(found.database_url)
    await upgrade(database)
    world = await make_world(database)
    made = await world.taught(world.demo)
    await world.course(world.other)
    quiz, *_ = await world.quizzes(world.demo, made)
    await QuizService(world.gate).submit(world.demo.student, quiz.id, {})
    await EnrollmentService(world.gate).complete(world.demo.student, made.lesson_ids[0])
    for cast in (world.demo, world.other):
        path = tmp_path / 'files' / str(cast.organization_id) / 'e3'
        path.mkdir(parents=True)
        (path / EMPTY).touch()
    async with database.engine.begin() as connection:
        await connection.execute(text(f"UPDATE documents SET sha256 = '{EMPTY}'"))
        await connection.execute(
            text(
                'INSERT INTO block_revisions SELECT id, organization_id, created_at, id, 1, content, content_hash,'
                " origin, NULL, 'An author', '' FROM blocks"
            )
        )
    await database.close()
    return found


EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

FAULTS = {
    'I1': "UPDATE blocks SET content = '{}' WHERE id = (SELECT id FROM blocks LIMIT 1)",
    'I3': 'UPDATE blocks SET approved_hash = NULL WHERE id = (SELECT id FROM blocks WHERE version_id IN '
    "(SELECT id FROM course_versions WHERE state = 'published') LIMIT 1)",
    'I6': f"UPDATE documents SET sha256 = '{'0' * 64}'",
    'I10': "UPDATE lessons SET organization_id = (SELECT id FROM organizations WHERE slug = 'other') WHERE id = "
    "(SELECT l.id FROM lessons l JOIN organizations o ON o.id = l.organization_id WHERE o.slug = 'demo' LIMIT 1)",
}


async def test_a_sound_installation_holds_all_ten(settings: Settings) -> None:
    findings = await check(settings)
    assert [finding.invariant for finding in findings] == [f'I{number}' for number in range(1, 11)]
    assert [finding.line for finding in findings if finding.broken] == []


@pytest.mark.parametrize('invariant', FAULTS)
async def test_a_planted_fault_is_named(settings: Settings, invariant: str) -> None:
    database = Database(settings.database_url)
    async with database.engine.begin() as connection:
        await connection.execute(text(FAULTS[invariant]))
    await database.close()
    broken = [finding.invariant for finding in await check(settings) if finding.broken]
    assert invariant in broken


async def test_a_changed_audit_row_is_named_by_both_commands(settings: Settings) -> None:
    assert [(trail.organization, trail.rows, trail.fault) for trail in await trails(settings)] == [
        ('Demo Academy', 5, ''),
        ('Other Institute', 1, ''),
    ]
    database = Database(settings.database_url)
    async with database.engine.begin() as connection:
        await connection.execute(text('DROP TRIGGER guard_audit_logs_update'))
        await connection.execute(text("UPDATE audit_logs SET because = 'for fun' WHERE seq = 2"))
    await database.close()
    said = subprocess.run(
        [sys.executable, '-m', 'app', 'verify-audit', '--data-dir', str(settings.data_dir)],
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith('COURSEWRIGHT_')},
    )
    assert said.returncode == 1
    assert 'Demo Academy: BROKEN  Row 2 (' in said.stdout
    assert 'Other Institute: holds   1 rows' in said.stdout
    [line] = [finding.line for finding in await check(settings) if finding.broken]
    assert line.startswith('I8  BROKEN')
    assert 'Demo Academy: Row 2 (' in line


async def test_a_list_that_names_a_row_of_another_organisation_is_named(settings: Settings) -> None:
    database = Database(settings.database_url)
    async with database.writing() as tx:
        demo, other = [
            (await tx.exec(select(Organization).where(Organization.slug == slug))).one() for slug in ('demo', 'other')
        ]
        theirs = Group(name='Theirs')
        Scope(tx, other.id).add(theirs)
        await tx.flush()
        person = (await tx.exec(select(User).limit(1))).one()
        Scope(tx, demo.id).add(
            Invitation(group_ids=[str(theirs.id)], secret_hash='x', invited_by=person.id, expires_at=person.created_at)
        )
    await database.close()
    [line] = [finding.line for finding in await check(settings) if finding.broken]
    assert line.startswith('I10 BROKEN')
    assert 'invitations' in line


async def test_a_workflow_that_lost_its_question_or_its_history_is_named(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    platform = build_services(settings, embedder=LetterEmbedder(), author=ScriptedAuthor())
    await upgrade(platform.database)
    world = await make_world(platform.database, platform.gate)
    made = await world.course(world.demo, approved=False)
    async with platform.database.engine.begin() as connection:
        await connection.execute(
            text(
                'INSERT INTO workflows (id, organization_id, created_at, course_id, version_id, created_by,'
                ' author_name, title, brief, audience, level, hours, language, document_ids,'
                ' provider, stage, status, run,'
                ' run_started_at, progress, activity)'
                " SELECT :id, organization_id, created_at, course_id, id, :by, '',"
                " 'Hoods', '', '', '', 1, 'en', '[]', 'offline', 'outline', 'awaiting_review', 1, created_at, 0, ''"
                ' FROM course_versions WHERE id = :version'
            ),
            {'id': uuid4().hex, 'by': world.demo.instructor.user_id.hex, 'version': made.version_id.hex},
        )
    await platform.database.close()
    broken = {finding.invariant: finding for finding in await check(settings) if finding.broken}
    assert 'with 0 open reviews' in broken['I2'].line
    assert 'does not lead to where it stands' in broken['I8'].line

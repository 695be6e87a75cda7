"""PostgreSQL keeps organisations apart, whatever a statement forgets: the second wall behind the scoped queries."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, func, select

from app.platform import build_services
from app.schema import migrated
from app.settings import Settings
from storage.audit import AuditEvent
from storage.courses import Course
from storage.database import Database, Scope
from storage.guards import tenant_tables
from storage.identity import UserRole, organizations_of
from storage.migrate import SchemaBehind
from storage.postgres import Sighted
from storage.roles import UnfitRole, refuse_unfit_role
from storage.sight import look_across_organizations
from storage.tables import METADATA
from tests.architecture.test_tables import GLOBAL_TABLES
from tests.doubles.author import ScriptedAuthor
from tests.doubles.embedder import LetterEmbedder
from tests.servers.postgres import PostgresServer, owner_url
from tests.services.world import World, make_world


@pytest.fixture
async def world(postgres_url: str) -> AsyncIterator[World]:
    database = Database(postgres_url)
    yield await make_world(database)
    await database.close()


async def test_every_table_of_organisations_is_guarded_for_reading_and_writing(postgres_url: str) -> None:
    assert set(tenant_tables()) == set(METADATA.tables) - set(GLOBAL_TABLES)
    with psycopg.connect(postgres_url.replace('+asyncpg', '')) as connection:
        tables = connection.execute('SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class').fetchall()
        policies = connection.execute(
            'SELECT tablename, qual, with_check FROM pg_policies WHERE permissive = %s AND cmd = %s',
            ('PERMISSIVE', 'ALL'),
        ).fetchall()
    guarded = {name for name, enabled, forced in tables if enabled and forced}
    both = {table for table, using, check in policies if 'app.organization_id' in using and using == check}
    assert set(tenant_tables()) - guarded == set()
    assert set(tenant_tables()) - both == set()


async def test_without_an_organisation_nothing_is_seen_and_nothing_can_be_written(world: World) -> None:
    made = await world.course(world.demo)
    async with world.database.reading() as tx:
        for table in tenant_tables():
            assert (await tx.exec(text(f'SELECT count(*) FROM {table}'))).scalar_one() == 0, table
    async with world.database.writing() as tx:
        changed = await tx.exec(text("UPDATE courses SET title = 'Taken'"))
        assert changed.rowcount == 0
    course = Course(organization_id=world.demo.organization_id, title='Put in', created_by=world.demo.admin.user_id)
    with pytest.raises(ProgrammingError, match='row-level security'):
        async with world.database.writing() as tx:
            tx.add(course)
    async with world.database.reading() as tx:
        found = await Scope(tx, world.demo.organization_id).find(Course, made.course_id)
        assert found is not None
        assert found.title == 'Safe handling'


async def test_a_query_that_forgets_its_filter_shows_one_organisation_only(world: World) -> None:
    await world.course(world.demo, 'Of the demo')
    theirs = await world.course(world.other, 'Of the others')
    async with world.database.reading() as tx:
        Scope(tx, world.demo.organization_id)
        assert (await tx.exec(select(Course.title))).all() == ['Of the demo']
        assert (await tx.exec(select(Course).where(Course.id == theirs.course_id))).first() is None


async def test_a_row_cannot_be_written_into_or_moved_to_another_organisation(world: World) -> None:
    made = await world.course(world.demo)
    other = world.other.organization_id
    with pytest.raises(ProgrammingError, match='row-level security'):
        async with world.database.writing() as tx:
            Scope(tx, world.demo.organization_id)
            tx.add(Course(organization_id=other, title='Put in', created_by=world.other.admin.user_id))
    with pytest.raises(ProgrammingError, match='row-level security'):
        async with world.database.writing() as tx:
            await tx.exec(
                text('UPDATE courses SET organization_id = :other WHERE id = :id'),
                params={'other': other, 'id': made.course_id},
            )
            Scope(tx, world.demo.organization_id)
            await tx.exec(
                text('UPDATE courses SET organization_id = :other WHERE id = :id'),
                params={'other': other, 'id': made.course_id},
            )


async def test_two_hundred_transactions_on_two_connections_do_not_leak(world: World, postgres_url: str) -> None:
    await world.course(world.demo)
    await world.course(world.other)
    small = Database(postgres_url)
    await small.engine.dispose()
    small.engine = create_async_engine(postgres_url, pool_size=2, max_overflow=0, module=Sighted())
    seen: Counter[str] = Counter()

    async def look(number: int) -> None:
        cast = (world.demo, world.other)[number % 2]
        if number % 5 == 4:  # nobody's: what was told to the connection before is gone
            async with small.reading() as tx:
                await asyncio.sleep(random.random() / 500)
                assert (await tx.exec(select(func.count()).select_from(Course))).one() == 0
                seen['nobody'] += 1
            return
        try:
            async with small.writing() as tx:
                scope = Scope(tx, cast.organization_id)
                assert set((await tx.exec(select(Course.organization_id))).all()) == {cast.organization_id}
                await asyncio.sleep(random.random() / 500)
                scope.add(Course(title=f'Course {number}', created_by=cast.admin.user_id))
                await tx.flush()
                async with tx.begin_nested() as savepoint:
                    Scope(tx, uuid4())
                    await tx.exec(select(Course.id))
                    await savepoint.rollback()
                assert set((await tx.exec(select(Course.organization_id))).all()) == {cast.organization_id}
                if number % 3 == 0:
                    raise LookupError  # rolled back: the connection goes back to the pool after a fault as well
        except LookupError:
            seen['rolled back'] += 1
        else:
            seen['committed'] += 1

    await asyncio.gather(*(look(number) for number in range(200)))
    await small.close()
    assert sum(seen.values()) == 200
    assert min(seen.values()) > 20
    assert len(seen) == 3


async def test_who_signs_in_finds_their_own_organisations_and_nobody_elses(world: World) -> None:
    async with world.database.reading() as tx:
        assert await organizations_of(tx, world.demo.student.user_id) == [world.demo.organization_id]
        assert set((await tx.exec(select(UserRole.user_id))).all()) == {world.demo.student.user_id}


async def test_only_who_says_so_looks_across_organisations(world: World) -> None:
    await world.course(world.demo)
    await world.course(world.other)
    async with world.database.reading() as tx:
        look_across_organizations(tx, because='the test says so')
        whose = set((await tx.exec(select(Course.organization_id))).all())
    assert whose == {world.demo.organization_id, world.other.organization_id}
    async with world.database.reading() as tx:
        assert (await tx.exec(select(Course.id))).all() == []


async def test_a_transaction_that_opened_two_scopes_sees_both_and_each_scope_its_own(world: World) -> None:
    for cast in (world.demo, world.other):
        await world.course(cast)
    async with world.database.writing() as tx:
        here, there = Scope(tx, world.demo.organization_id), Scope(tx, world.other.organization_id)
        assert len((await tx.exec(select(Course.id))).all()) == 2
        for scope in (here, there):
            [course] = (await tx.exec(scope.rows(Course))).all()
            assert course.organization_id == scope.organization_id


async def test_the_role_may_add_to_the_audit_trail_and_do_nothing_else_to_it(world: World) -> None:
    await world.published(world.demo)
    for statement in ("UPDATE audit_logs SET actor = 'Nobody'", 'DELETE FROM audit_logs', 'TRUNCATE audit_logs'):
        with pytest.raises(ProgrammingError, match='permission denied'):
            async with world.database.writing() as tx:
                Scope(tx, world.demo.organization_id)
                await tx.exec(text(statement))
    owner = Database(owner_url(world.database.url))
    for statement in ("UPDATE audit_logs SET actor = 'Nobody'", 'DELETE FROM audit_logs', 'TRUNCATE audit_logs'):
        with pytest.raises(DBAPIError, match='only ever added'):
            async with owner.writing() as tx:
                Scope(tx, world.demo.organization_id)
                await tx.exec(text(statement))
    await owner.close()
    async with world.database.reading() as tx:
        assert (await tx.exec(Scope(tx, world.demo.organization_id).rows(AuditEvent))).all()


async def test_even_the_owner_of_the_tables_sees_one_organisation_only(world: World) -> None:
    """As in development, where one role does everything."""
    await world.course(world.demo)
    owner = Database(owner_url(world.database.url))
    async with owner.reading() as tx:
        assert (await tx.exec(select(func.count(col(Course.id))))).one() == 0
    await owner.close()


async def test_production_refuses_a_role_that_row_level_security_does_not_hold_for(
    postgres: PostgresServer, postgres_url: str, tmp_path: Path
) -> None:
    plain = Database(postgres_url)
    await refuse_unfit_role(plain)
    await plain.close()
    for role, fault in (
        ('coursewright_owner', 'owns the tables'),
        ('postgres', 'is a superuser'),
        ('unbound', 'has BYPASSRLS'),
        ('heir', 'owns the tables'),
    ):
        with psycopg.connect(f'host=127.0.0.1 port={postgres.port} user=postgres', autocommit=True) as connection:
            if role == 'unbound':
                connection.execute('DROP ROLE IF EXISTS unbound')
                connection.execute('CREATE ROLE unbound LOGIN BYPASSRLS')
            if role == 'heir':
                connection.execute('DROP ROLE IF EXISTS heir')
                connection.execute('CREATE ROLE heir LOGIN IN ROLE coursewright_owner')
        database = Database(postgres_url.replace('//coursewright@', f'//{role}@'))
        with pytest.raises(UnfitRole, match=fault) as refusal:
            await refuse_unfit_role(database)
        await database.close()
        assert 'COURSEWRIGHT_DATABASE_OWNER_URL' in str(refusal.value)
    settings = Settings(
        data_dir=tmp_path, environment='production', secret_key='x' * 40, database_url=owner_url(postgres_url)
    )
    platform = build_services(settings, embedder=LetterEmbedder(), author=ScriptedAuthor())
    with pytest.raises(UnfitRole, match='owns the tables'):
        await platform.start()
    await platform.close()


async def test_the_owner_migrates_and_the_other_role_works(postgres: PostgresServer, tmp_path: Path) -> None:
    url = postgres.create_database()
    settings = Settings(data_dir=tmp_path, database_url=url)
    early = build_services(settings, embedder=LetterEmbedder(), author=ScriptedAuthor())
    with pytest.raises(SchemaBehind, match='COURSEWRIGHT_DATABASE_OWNER_URL'):
        await early.start()
    await early.close()
    settings = Settings(
        data_dir=tmp_path,
        environment='production',
        secret_key='x' * 40,
        database_url=url,
        database_owner_url=owner_url(url).replace('+asyncpg', ''),
    )
    platform = build_services(settings, embedder=LetterEmbedder(), author=ScriptedAuthor())
    await migrated(settings, platform.database)  # and the start finds everything done
    await platform.start()
    world = await make_world(platform.database, platform.gate)
    await world.published(world.demo)
    assert 'course.published' in await world.audit(world.demo)
    await platform.close()
    postgres.drop_database(url)

"""What no form and no route lets through is stopped by the database too, when somebody writes SQL."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from services.viewer import Role
from storage import constraints
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import METADATA
from tests.servers.postgres import owner_url
from tests.services.conftest import database_url, sqlite_template, world  # noqa: F401
from tests.services.world import World

GARBAGE = {
    'organizations': {
        'slug': ['', 'Demo', 'de mo', '-demo', 'demo-', 'dé', 'a/b', 'x' * 64],
        'name': ['', '   ', 'x' * 201],
        'accent': ['red', '#12345', '#1234567', '#12345g', '#12345\n'],
        'password_length': ['3', '1000'],
        'ai_monthly_tokens': ['-1'],
    },
    'users': {
        'email': ['', 'nobody', '@x', 'x@', 'Capital@demo.example', 'x' * 251 + '@y.z'],
        'full_name': ['', '  ', 'x' * 201],
        'theme': ['pink', ''],
        'locale': ['', 'x' * 36],
        'time_zone': [''],
    },
    'user_roles': {'role': ['', 'owner', 'ORG_ADMIN']},
    'sessions': {'kind': ['', 'robot']},
    'courses': {'title': ['', ' ', 'x' * 501]},
    'course_versions': {'state': ['', 'live']},
    'blocks': {'review_state': ['fine'], 'origin': ['robot'], 'type': ['']},
    'documents': {'name': [''], 'status': ['done'], 'size': ['-1']},
    'enrollments': {'status': ['maybe']},
    'quizzes': {'pass_mark': ['1.5', '-0.1']},
    'lessons': {'minutes': ['-5']},
}


@pytest.fixture
async def taught(world: World) -> World:  # noqa: F811
    await world.taught(world.demo)
    return world


async def test_garbage_is_stopped_by_a_constraint(taught: World) -> None:
    for table, columns in GARBAGE.items():
        for column, values in columns.items():
            for value in values:
                quoted = value.replace("'", "''")
                said = f"UPDATE {table} SET {column} = '{quoted}'"
                with pytest.raises(IntegrityError, match=r'(?i)check constraint') as refusal:
                    async with taught.database.engine.begin() as connection:
                        if not taught.database.is_sqlite:
                            await connection.execute(text("SELECT set_config('app.platform', 'on', true)"))
                        await connection.execute(text(f'{said} WHERE id = (SELECT id FROM {table} LIMIT 1)'))
                assert f'{table}_{column}' in str(refusal.value), said


async def test_a_row_that_refers_to_nothing_or_stands_there_twice_is_stopped(taught: World) -> None:
    organization = taught.demo.organization_id
    for statement, fault in (
        ('INSERT INTO groups (id, organization_id, created_at, name) VALUES (:id, :nobody, :now, :name)', 'foreign'),
        ('INSERT INTO organizations SELECT * FROM organizations LIMIT 1', 'unique'),
        ("UPDATE organizations SET slug = 'demo' WHERE slug = 'other'", 'unique'),
        ('UPDATE enrollments SET course_id = :nobody', 'foreign'),
    ):
        with pytest.raises(IntegrityError, match=f'(?i){fault}'):
            async with taught.database.engine.begin() as connection:
                if not taught.database.is_sqlite:
                    await connection.execute(text("SELECT set_config('app.platform', 'on', true)"))
                values = {'id': uuid4().hex, 'nobody': uuid4().hex, 'now': '2026-01-01 00:00:00', 'name': 'Fume hoods'}
                used = {name: value for name, value in values.items() if f':{name}' in statement}
                bound = text(statement if taught.database.is_sqlite else _typed(statement))
                await connection.execute(bound, used)
    assert organization


async def test_the_roles_the_database_knows_are_those_of_the_policy() -> None:
    assert set(constraints.ROLES) == set(Role)


def test_every_constraint_is_about_a_column_there_is() -> None:
    class Columns(dict[str, str]):
        def __missing__(self, column: str) -> str:
            named.add(column)
            return column

    for table, conditions in constraints.CONSTRAINTS.items():
        for condition in conditions.values():
            named: set[str] = set()
            for sql in (condition.sqlite, condition.postgres):
                sql.format_map(Columns())
            assert named - set(METADATA.tables[table].c.keys()) == set()


async def test_what_was_there_before_is_left_alone_and_guards_come_back(database_url: str) -> None:  # noqa: F811
    """A migration that writes a table anew loses its triggers and constraints; the next start puts them up again."""
    database = Database(database_url if database_url.startswith('sqlite') else owner_url(database_url))
    await upgrade(database)
    async with database.engine.begin() as connection:
        if database.is_sqlite:
            await connection.execute(text('DROP TRIGGER guard_organizations_slug_form_insert'))
            await connection.execute(text('PRAGMA user_version = 0'))
        else:
            await connection.execute(text('ALTER TABLE organizations DROP CONSTRAINT organizations_slug_form'))
            await connection.execute(text("COMMENT ON TABLE alembic_version IS ''"))
        await connection.execute(text(_insert('Old Slug')))
    await upgrade(database)
    with pytest.raises(IntegrityError, match='slug_form'):
        async with database.engine.begin() as connection:
            await connection.execute(text(_insert('New Slug')))
    async with database.engine.connect() as connection:
        assert (await connection.execute(text('SELECT slug FROM organizations'))).scalars().all() == ['Old Slug']
    await database.close()


async def test_a_second_start_asks_and_changes_nothing(database_url: str) -> None:  # noqa: F811
    database = Database(database_url)
    asked: list[str] = []

    @event.listens_for(database.engine.sync_engine, 'before_cursor_execute')
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    await upgrade(database)
    await database.close()
    changing = ('CREATE', 'DROP', 'ALTER', 'DO ', 'COMMENT', 'INSERT', 'UPDATE')
    assert [statement for statement in asked if statement.lstrip().upper().startswith(changing)] == []


def _typed(statement: str) -> str:
    """PostgreSQL wants to know of what kind a text is."""
    for name, kind in (('now', 'timestamptz'), ('nobody', 'uuid'), ('id', 'uuid')):
        statement = re.sub(rf':{name}\b', f'CAST(CAST(:{name} AS text) AS {kind})', statement)
    return statement


def _insert(slug: str) -> str:
    columns = {column.name: column for column in METADATA.tables['organizations'].c}
    given = {'id': f"'{uuid4().hex}'", 'created_at': "'2026-01-01 00:00:00'", 'name': "'Old'", 'slug': f"'{slug}'"}
    given |= {
        name: {'BOOLEAN': 'false', 'INTEGER': '12', 'JSON': "'[]'"}.get(str(column.type), "''")
        for name, column in columns.items()
        if name not in given and not column.nullable
    }
    return f'INSERT INTO organizations ({", ".join(given)}) VALUES ({", ".join(given.values())})'

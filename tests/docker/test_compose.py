"""docker/compose.yaml, as far as it can be tried without pulling the images of PostgreSQL and Redis."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
import yaml

from app.settings import Settings
from tests.servers.postgres import PostgresServer

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / 'docker' / 'compose.yaml').read_text())


def test_every_setting_that_the_image_and_the_compose_file_name_exists() -> None:
    named = set(re.findall(r'COURSEWRIGHT_([A-Z_]+)', (ROOT / 'Dockerfile').read_text()))
    named |= {name.removeprefix('COURSEWRIGHT_') for name in COMPOSE['services']['app']['environment']}
    assert named - {name.upper() for name in Settings.model_fields} == set()


def test_the_platform_runs_with_no_more_rights_than_it_needs() -> None:
    app = COMPOSE['services']['app']
    assert app['read_only'] is True
    assert app['cap_drop'] == ['ALL']
    assert 'no-new-privileges:true' in app['security_opt']
    assert [name for name, service in COMPOSE['services'].items() if 'ports' in service] == ['app']


def test_the_platform_starts_when_what_it_needs_is_well_and_the_tables_are_there() -> None:
    needed = COMPOSE['services']['app']['depends_on']
    assert needed.pop('migrate') == {'condition': 'service_completed_successfully'}
    assert COMPOSE['services']['migrate']['command'] == ['migrate']
    for name, dependency in needed.items():
        assert dependency == {'condition': 'service_healthy'}
        assert COMPOSE['services'][name]['healthcheck']['test'][0] == 'CMD'


def test_what_serves_people_does_not_know_the_owner_of_the_tables() -> None:
    assert 'POSTGRES_PASSWORD' not in str(COMPOSE['services']['app'])
    assert 'COURSEWRIGHT_DATABASE_OWNER_URL' in COMPOSE['services']['migrate']['environment']


def test_the_database_gets_an_owner_and_a_role_that_owns_nothing(postgres: PostgresServer, tmp_path: Path) -> None:
    roles = ('coursewright', 'coursewright_owner')
    with psycopg.connect(f'host=127.0.0.1 port={postgres.port} user=postgres', autocommit=True) as connection:
        for role in roles:
            connection.execute(f'ALTER ROLE {role} RENAME TO {role}_set_aside')
    try:
        _run_as_the_image_does(COMPOSE['configs']['role']['content'].replace('$$', '$'), postgres, tmp_path)
        there = f'host=127.0.0.1 port={postgres.port} dbname=coursewright'
        with psycopg.connect(f'{there} user=coursewright_owner', autocommit=True) as connection:
            connection.execute('CREATE TABLE course (title text)')
        with psycopg.connect(f'{there} user=coursewright', autocommit=True) as connection:
            assert connection.execute("SELECT current_setting('is_superuser')").fetchone() == ('off',)
            for refused in ('CREATE TABLE lesson (title text)', 'SELECT * FROM course', 'CREATE SCHEMA dbos'):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(refused)
    finally:
        with psycopg.connect(f'host=127.0.0.1 port={postgres.port} user=postgres', autocommit=True) as connection:
            connection.execute('DROP DATABASE IF EXISTS coursewright WITH (FORCE)')
            for role in roles:
                connection.execute(f'DROP ROLE IF EXISTS {role}')
                connection.execute(f'ALTER ROLE {role}_set_aside RENAME TO {role}')


def _run_as_the_image_does(script: str, postgres: PostgresServer, folder: Path) -> None:
    if shutil.which('psql') is None:
        pytest.skip('psql is not installed. On Debian or Ubuntu: apt-get install postgresql-client')
    path = folder / 'role.sh'
    path.write_text(script)
    server = {'PGHOST': '127.0.0.1', 'PGPORT': str(postgres.port), 'POSTGRES_PASSWORD': "it's a secret"}
    server['DATABASE_PASSWORD'] = "it's another"
    subprocess.run(['bash', '-euo', 'pipefail', path], env=os.environ | server, check=True, timeout=60)

"""A real PostgreSQL on a private port, with databases that cost a few milliseconds each."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from threading import Thread

import psycopg
from psycopg.sql import SQL, Identifier

from services.durable import migrate_journal
from storage.database import Database
from storage.migrate import upgrade
from tests.servers.process import Process, find_program, free_port

ROLE, OWNER = 'coursewright', 'coursewright_owner'


class PostgresServer:
    """Owns a data directory below the system's temporary one; `stop` removes it.

    As in production there are two ordinary roles: one owns the databases and whatever tables are made in them, the
    other works with the tables. The URLs given out here are the second one's, so row-level security holds for them.
    """

    def __init__(self) -> None:
        # initdb and the server are no commands of everybody: Debian keeps them out of PATH, newest version last
        places = sorted(Path('/usr/lib/postgresql').glob('*/bin'), reverse=True)
        places = [Path('/usr/lib/postgresql/15/bin'), *places]
        initdb = find_program('initdb', package='postgresql-15', places=places)
        self._bin = initdb.resolve().parent
        self._user = 'postgres' if os.geteuid() == 0 else None
        self._directory = Path(tempfile.mkdtemp(prefix='coursewright-postgres-'))
        self._directory.chmod(0o755)
        self.log = self._directory / 'log'
        self.port = free_port()
        self._numbers = count(1)
        self._templates: dict[str, str] = {}
        self._initialise(initdb)
        self._process = self._start()
        for role in (ROLE, OWNER):
            self._execute(SQL('CREATE ROLE {} LOGIN').format(Identifier(role)))

    def migrated_database(self) -> str:
        """A database with the newest schema and no rows. Returns its URL."""
        self.prepare_template('migrated', _migrate)
        return self.create_database('migrated')

    def create_database(self, template: str | None = None) -> str:
        """A fresh database: empty, or as `prepare_template` left the template of that name. Returns its URL."""
        name = f'test_{next(self._numbers)}'
        source = self._templates[template] if template else 'template0'
        self._execute(
            SQL('CREATE DATABASE {} OWNER {} TEMPLATE {}').format(
                Identifier(name), Identifier(OWNER), Identifier(source)
            )
        )
        return self.url(name)

    def prepare_template(self, name: str, prepare: Callable[[str], None]) -> None:
        """Run `prepare(url)` as the owner of an empty database, once; `create_database(name)` copies the outcome.

        `prepare` has to close its connections: PostgreSQL copies no database that is in use.
        """
        if name in self._templates:
            return
        database = f'template_{name}'
        self._execute(SQL('CREATE DATABASE {} OWNER {}').format(Identifier(database), Identifier(OWNER)))
        prepare(owner_url(self.url(database)))
        self._templates[name] = database

    def drop_database(self, url: str) -> None:
        """Drop the database, ending whatever connections are left."""
        self._execute(SQL('DROP DATABASE IF EXISTS {} WITH (FORCE)').format(Identifier(url.rsplit('/', 1)[1])))

    def url(self, database: str, *, driver: str = 'postgresql+asyncpg') -> str:
        return f'{driver}://{ROLE}@127.0.0.1:{self.port}/{database}'

    def restart(self) -> None:
        """Stop and start on the same data: what a client sees when its database is upgraded."""
        self._process.stop()
        self._process = self._start()

    def pause(self) -> None:
        """Stop without starting: until `resume`, connections are refused."""
        self._process.stop()

    def resume(self) -> None:
        self._process = self._start()

    def stop(self) -> None:
        self._process.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _initialise(self, initdb: Path) -> None:
        cluster = self._directory / 'data'
        cluster.mkdir(mode=0o700)
        if self._user:
            for path in (self._directory, cluster):
                shutil.chown(path, self._user, self._user)
        command = [
            initdb,
            '-D',
            cluster,
            '-U',
            'postgres',
            '-A',
            'trust',
            '-E',
            'UTF8',
            '--locale=C.UTF-8',
            '--no-sync',
        ]
        process = Process(command, log=self.log, user=self._user, cwd=self._directory)
        code = process.wait(within=60)
        if code:
            raise subprocess.CalledProcessError(code, 'initdb', process.tail())

    def _start(self) -> Process:
        settings = {
            'listen_addresses': '127.0.0.1',
            'port': str(self.port),
            'unix_socket_directories': str(self._directory),
            'fsync': 'off',  # a crash of the machine may cost us a test database
            'full_page_writes': 'off',
            'synchronous_commit': 'off',
            'shared_buffers': '64MB',
            'max_connections': '200',
            'autovacuum': 'off',
        }
        options = [part for name, value in settings.items() for part in ('-c', f'{name}={value}')]
        process = Process(
            [self._bin / 'postgres', '-D', self._directory / 'data', *options],
            log=self.log,
            user=self._user,
            cwd=self._directory,
            stop_with=signal.SIGINT,  # "fast": ends the clients' sessions, where SIGTERM waits for them
        )
        process.wait_until(self._answers, within=30)
        return process

    def _answers(self) -> bool:
        try:
            self._execute(SQL('SELECT 1'))
        except psycopg.OperationalError:
            return False
        return True

    def _execute(self, statement: psycopg.sql.Composable) -> None:
        administration = f'host=127.0.0.1 port={self.port} user=postgres dbname=postgres connect_timeout=5'
        with psycopg.connect(administration, autocommit=True) as connection:
            connection.execute(statement)


def owner_url(url: str) -> str:
    """The same database for the role that owns its tables."""
    return url.replace(f'//{ROLE}@', f'//{OWNER}@')


def _migrate(owner: str) -> None:
    """In a thread of its own, where no event loop runs yet."""
    thread = Thread(target=lambda: asyncio.run(_upgrade(owner)))
    thread.start()
    thread.join()
    migrate_journal(owner, ROLE)


async def _upgrade(owner: str) -> None:
    builder, database = Database(owner), Database(owner.replace(f'//{OWNER}@', f'//{ROLE}@'))
    await upgrade(database, owner=builder)
    await builder.close()
    await database.close()

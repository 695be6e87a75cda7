"""A real Redis on a private port that keeps nothing on disk."""

import shutil
import tempfile
from pathlib import Path

import redis

from tests.servers.process import Process, find_program, free_port


class RedisServer:
    def __init__(self) -> None:
        self._program = find_program('redis-server', package='redis-server')
        self._directory = Path(tempfile.mkdtemp(prefix='coursewright-redis-'))
        self.port = free_port()
        self.url = f'redis://127.0.0.1:{self.port}/0'
        self._process = self._start()

    def flush(self) -> None:
        """Forget everything, clients' subscriptions excepted."""
        with redis.Redis(port=self.port) as client:
            client.flushall()

    def pause(self) -> None:
        """Stop without starting: until `resume`, connections are refused and what was held is lost."""
        self._process.stop()

    def resume(self) -> None:
        self._process = self._start()

    def stop(self) -> None:
        self._process.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _start(self) -> Process:
        settings = {'port': self.port, 'bind': '127.0.0.1', 'save': '', 'appendonly': 'no', 'dir': self._directory}
        options = [str(part) for name, value in settings.items() for part in (f'--{name}', value)]
        process = Process([self._program, *options], log=self._directory / 'log', cwd=self._directory)
        process.wait_until(self._answers, within=15)
        return process

    def _answers(self) -> bool:
        try:
            with redis.Redis(port=self.port, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

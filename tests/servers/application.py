"""The platform itself, started as `make run` starts it, in a process of its own."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.servers.process import Process, ServerFailed, free_port

ROOT = Path(__file__).parents[2]
# A test asks as fast as it can, from one address and with one session: what slows people down would slow it too.
# Tests of the limits themselves give RATE_LIMITS.
_UNHURRIED = ('api', 'api_anonymous', 'pages', 'pages_anonymous', 'sign_in_address', 'upload', 'generate', 'export')
_LIMITS = {'COURSEWRIGHT_RATE_LIMITS': json.dumps(dict.fromkeys(_UNHURRIED, 1_000_000))}


class Application:
    """`python -m app serve` on a free port of 127.0.0.1 and on a data directory that survives restarts."""

    def __init__(
        self, data_dir: Path, *, env: dict[str, str] | None = None, demo: bool = False, port: int | None = None
    ) -> None:
        """`env` holds settings without their prefix: {'DATABASE_URL': …, 'REDIS_URL': …}."""
        self.data_dir = data_dir
        self.port = port or free_port()
        self.url = f'http://127.0.0.1:{self.port}'
        self.log = data_dir.parent / f'{data_dir.name}.log'
        self.demo = demo
        self.settings = env or {}
        self._process: Process | None = None

    @property
    def process(self) -> Process:
        if self._process is None:
            raise AssertionError('The application was not started.')
        return self._process

    def start(self, *, within: float = 60) -> 'Application':
        """Start and wait for /health/ready."""
        self.launch()
        self.process.wait_until(self.is_ready, within=within)
        return self

    async def ready(self, *, within: float = 60) -> None:
        """Wait after `launch` without blocking the event loop of the test."""
        deadline = time.monotonic() + within
        while not await asyncio.to_thread(self.is_ready):
            if not self.process.alive or time.monotonic() > deadline:
                raise ServerFailed(f'The application was not ready within {within:g} s.\n{self.process.tail()}')
            await asyncio.sleep(0.05)

    def launch(self) -> None:
        """Start without waiting."""
        command = [sys.executable, '-m', 'app', 'serve', '--host', '127.0.0.1', '--port', str(self.port)]
        command += ['--data-dir', str(self.data_dir)] + ([] if self.demo else ['--no-demo'])
        self._process = Process(command, log=self.log, env=self._environment(), cwd=ROOT)

    def stop(self, *, within: float = 20) -> int:
        """SIGTERM, as a deploy does. Returns the exit code; -9 says that it had to be killed."""
        return self.process.stop(within=within) if self._process else 0

    def kill(self) -> None:
        """`kill -9` of the server and of every process it started."""
        self.process.kill()

    def restart(self, *, within: float = 60) -> None:
        """Stop if it still runs, and start again on the same port, data and settings."""
        self.stop()
        self.start(within=within)

    def command(self, *arguments: str, within: float = 60) -> 'subprocess.CompletedProcess[str]':
        """Another command of the platform, on the same data and settings: `command('fsck')`."""
        return subprocess.run(
            [sys.executable, '-m', 'app', *arguments, '--data-dir', str(self.data_dir)],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=within,
            check=False,
        )

    def freeze(self) -> None:
        """Stop the clock of the server only: sockets stay open and nobody answers. `thaw` goes on."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def is_ready(self) -> bool:
        try:
            return httpx.get(f'{self.url}/health/ready', timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        """For /api/v1 and the rest; with `token` as the one it belongs to."""
        headers = {'Authorization': f'Bearer {token}'} if token else {}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30)

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith('COURSEWRIGHT_')}
        ours = {f'COURSEWRIGHT_{name}': value for name, value in self.settings.items()}
        return inherited | {'PYTHONUNBUFFERED': '1', 'NO_PROXY': '127.0.0.1,localhost'} | _LIMITS | ours

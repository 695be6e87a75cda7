"""A server started by a test: bounded in time, logged to a file, gone when the tests are gone."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest


class ServerFailed(Exception):
    """A server did not start, or ended before it was asked to; the message holds the end of its log."""


class Process:
    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
        user: str | None = None,
        stop_with: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Start `command`; its output is appended to `log`.

        `user` is whom root becomes for it (PostgreSQL refuses to run as root).
        When the tests die, the kernel sends `stop_with`.
        """
        self.name = Path(command[0]).name
        self.log = log
        self._stop_with = stop_with
        with log.open('ab') as output:
            self._popen = subprocess.Popen(
                [*_wrapper(user, stop_with), *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def wait_until(self, ready: Callable[[], bool], *, within: float) -> None:
        """Return once `ready()` is true; raise ServerFailed when the process ends or time is up."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if not self.alive:
                raise ServerFailed(f'{self.name} ended with {self._popen.returncode}.\n{self.tail()}')
            if ready():
                return
            time.sleep(0.03)
        raise ServerFailed(f'{self.name} was not ready within {within:g} s.\n{self.tail()}')

    def wait(self, *, within: float) -> int:
        """The exit code, once the process has ended by itself."""
        return self._popen.wait(within)

    def stop(self, *, within: float = 15) -> int:
        """Ask the process to end; kill it when it does not. Returns its exit code."""
        if self.alive:
            self._popen.send_signal(self._stop_with)
        try:
            return self._popen.wait(within)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """As `kill -9` does, children included: nothing gets to say goodbye."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        return self._popen.wait(10)

    def tail(self, lines: int = 60) -> str:
        return '\n'.join(self.log.read_text(errors='replace').splitlines()[-lines:])


def find_program(name: str, *, package: str, places: Sequence[Path] = ()) -> Path:
    """Where the program is. Without it the test is skipped, and with CI=true that fails the run."""
    for place in places:
        if os.access(place / name, os.X_OK):
            return place / name
    found = shutil.which(name)
    if found is None:
        pytest.skip(f'{name} is not installed. On Debian or Ubuntu: apt-get install {package}')
    return Path(found)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        port: int = probe.getsockname()[1]
    return port


def accepts_connections(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(('127.0.0.1', port)) == 0


def _wrapper(user: str | None, stop_with: signal.Signals) -> list[str]:
    setpriv = shutil.which('setpriv')
    if setpriv is None:
        return []  # not Linux: servers outlive tests that are killed
    become = [f'--reuid={user}', f'--regid={user}', '--init-groups'] if user and os.geteuid() == 0 else []
    return [setpriv, *become, '--pdeathsig', stop_with.name.removeprefix('SIG')]

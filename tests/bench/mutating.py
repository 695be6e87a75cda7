"""How many faults planted into the policy its tests find: mutmut for the code, and every entry of the table flipped."""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from services.viewer import POLICY, Permission, Role
from tests.bench.figures import Figure, Group
from tests.services import test_policy

ROOT = Path(__file__).parents[2]
_SETTINGS = """
[tool.mutmut]
source_paths = ["services"]
only_mutate = ["services/viewer.py"]
pytest_add_cli_args_test_selection = ["tests"]
[tool.pytest.ini_options]
pythonpath = ["."]
"""


async def measure(directory: Path) -> AsyncIterator[Figure]:
    killed, planted = await _in_the_code(directory)
    found, flipped = _in_the_table()
    note = f'{killed} of {planted} in the code, {found} of {flipped} in the table of roles'
    score = 100 * (killed + found) / (planted + flipped)
    yield Figure(name='policy_mutation_score', value=score, unit='%', least=90, note=note)


async def _in_the_code(directory: Path) -> tuple[int, int]:
    """(killed, planted) by mutmut, in a project of nothing but the policy and its tests."""
    for name in ('services/__init__.py', 'services/viewer.py', 'services/errors.py', 'tests/services/test_policy.py'):
        copy = directory / name.replace('tests/services', 'tests')
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, copy)
    (directory / 'pyproject.toml').write_text(_SETTINGS)
    for command in ('run', 'export-cicd-stats'):
        running = await asyncio.create_subprocess_exec(
            sys.executable, '-m', 'mutmut', command, cwd=directory, stdout=asyncio.subprocess.DEVNULL
        )
        if await running.wait():
            raise RuntimeError(f'mutmut {command} ended with {running.returncode}')
    stats = json.loads((directory / 'mutants' / 'mutmut-cicd-stats.json').read_text())
    return stats['killed'], stats['total']


def _in_the_table() -> tuple[int, int]:
    """(found, flipped): each permission of each role, given where it was not and taken where it was."""
    found = 0
    for role in Role:
        for permission in Permission:
            kept = POLICY[role]
            POLICY[role] = kept ^ {permission}
            try:
                test_policy.test_a_role_may_this_and_nothing_else(role)
            except AssertionError:
                found += 1
            finally:
                POLICY[role] = kept
    return found, len(Role) * len(Permission)


GROUP = Group(names=('policy_mutation_score',), measure=measure)

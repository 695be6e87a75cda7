"""Writes requirements.txt and requirements-dev.txt from pyproject.toml and what is installed: `make pins`.

A pin is `name==version` for a declared dependency and for everything below it.
The order is the alphabet, with torch at the top: whoever installs line by line never lets
another package choose torch's build for them.
"""

import platform
import re
import tomllib
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
# Debian 12's. Some packages need one more package there: it has to be installed here to be pinned.
OLDEST_PYTHON = '3.11.2'
PYTHONS = (OLDEST_PYTHON, platform.python_version())


def main() -> None:
    project = tomllib.loads((ROOT / 'pyproject.toml').read_text())['project']
    runtime = closure(project['dependencies'])
    development = closure(project['optional-dependencies']['dev']) - runtime
    (ROOT / 'requirements.txt').write_text(lines('What the platform runs on.', runtime))
    (ROOT / 'requirements-dev.txt').write_text(lines('What checks and tests need on top of it.', development))


def closure(declared: list[str]) -> set[str]:
    """Normalised names of the declared packages and of all that they need on this platform."""
    found: set[str] = set()
    waiting = [Requirement(line) for line in declared]
    seen: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        name = normalised(requirement.name)
        if name == 'pip':
            continue  # whoever installs has it already
        found.add(name)
        for line in _installed()[name].requires or []:
            needed = Requirement(line)
            if any(_holds(needed, extra, version) for extra in ('', *requirement.extras) for version in PYTHONS):
                waiting.append(needed)
    return found


def lines(title: str, names: set[str]) -> str:
    first_torch = sorted(names, key=lambda name: (name != 'torch', name))
    pins = [f'{name}=={_installed()[name].version.split("+")[0]}' for name in first_torch]
    return '\n'.join([f'# {title} Written by `make pins`.', *pins, ''])


def _holds(needed: Requirement, extra: str, version: str) -> bool:
    environment = {'extra': extra, 'python_full_version': version}
    return needed.marker is None or needed.marker.evaluate(environment)


def normalised(name: str) -> str:
    return re.sub(r'[-_.]+', '-', name).lower()


@cache
def _installed() -> dict[str, Distribution]:
    return {normalised(found.name): found for found in distributions()}


if __name__ == '__main__':
    main()

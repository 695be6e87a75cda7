"""The pinned packages against published advisories: `make audit`.

Fails for a known vulnerability. Where the source of advisories does not answer, it says so and lets the run go on:
a network that is shut says nothing about the packages.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PINS = ('requirements.txt', 'requirements-dev.txt')
PATIENCE_SECONDS = 30
# Advisory -> why it does not concern us. Signed here and nowhere else.
ACCEPTED: dict[str, str] = {}


def main() -> int:
    told = answer()
    if told is None:
        print('pip-audit: the advisory source does not answer from here; nothing was audited')
        return 0
    print(report(told))
    return 1 if findings(told) else 0


def answer() -> dict[str, Any] | None:
    """What pip-audit found out, None if that is nothing."""
    command = [sys.executable, '-m', 'pip_audit', '--format', 'json', '--progress-spinner', 'off', '--no-deps']
    command += ['--disable-pip', '--timeout', '5', *(part for pins in PINS for part in ('-r', str(ROOT / pins)))]
    try:
        process = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
        told: dict[str, Any] = json.loads(process.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None
    return told if any(_was_audited(package) for package in told['dependencies']) else None


def report(told: dict[str, Any]) -> str:
    packages = told['dependencies']
    audited = sum(map(_was_audited, packages))
    wrong = findings(told)
    return '\n'.join([*wrong, f'pip-audit: {audited} of {len(packages)} packages audited, {len(wrong)} known faults'])


def findings(told: dict[str, Any]) -> list[str]:
    return [
        f'{package["name"]} {package["version"]}: {fault["id"]}, mended in {", ".join(fault["fix_versions"]) or "none"}'
        for package in filter(_was_audited, told['dependencies'])
        for fault in package['vulns']
        if not {fault['id'], *fault.get('aliases', ())} & set(ACCEPTED)
    ]


def _was_audited(package: dict[str, Any]) -> bool:
    return 'vulns' in package


if __name__ == '__main__':
    sys.exit(main())

"""What the audit of the packages says of what pip-audit found out."""

import subprocess
from typing import Any

import pytest

from tests import advisories

FAULT = {'id': 'PYSEC-2030-1', 'aliases': ['CVE-2030-1'], 'fix_versions': ['2.0'], 'description': ''}


def told(*packages: dict[str, Any]) -> dict[str, Any]:
    return {'dependencies': list(packages), 'fixes': []}


SOUND = {'name': 'sound', 'version': '1.0', 'vulns': []}
FAULTY = {'name': 'faulty', 'version': '1.0', 'vulns': [FAULT]}
UNKNOWN = {'name': 'unknown', 'skip_reason': 'Dependency not found'}


def test_a_known_fault_fails_and_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(advisories, 'answer', lambda: told(SOUND, FAULTY, UNKNOWN))
    assert advisories.main() == 1
    said = capsys.readouterr().out
    assert 'faulty 1.0: PYSEC-2030-1, mended in 2.0' in said
    assert '2 of 3 packages audited, 1 known faults' in said


def test_a_signed_exception_does_not_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advisories, 'answer', lambda: told(FAULTY))
    monkeypatch.setitem(advisories.ACCEPTED, 'CVE-2030-1', 'we do not call it')
    assert advisories.main() == 0


def test_a_source_that_is_silent_is_said_and_does_not_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def hang(command: list[str], **options: Any) -> None:
        raise subprocess.TimeoutExpired(command, options['timeout'])

    monkeypatch.setattr(advisories.subprocess, 'run', hang)
    assert advisories.main() == 0
    assert 'nothing was audited' in capsys.readouterr().out

"""Looking at the rows of every organisation at once is for the few acts that have none, or all. Each is signed here."""

from pathlib import Path

from tests.architecture.rules import Source, ast

ROOT = Path(__file__).parents[2]
ACROSS = {
    'services/durable.py': 'the sweep starts work that is owed, whose ever it is',
    'services/revocation.py': 'whoever lost a right may have started a job anywhere',
    'storage/audit_verdict.py': 'verify-audit and fsck read every chain, from the command line',
    'storage/checks.py': 'the consistency check looks at every organisation, from the command line',
    'storage/own_account.py': 'the installation may not lose the last person who runs it',
    'storage/sign_on.py': 'at the door of a provider nobody has an organisation yet',
}


def looks_across(path: str, text: str) -> bool:
    source = Source(path=path, text=text, tree=ast.parse(text))
    return any(word == 'look_across_organizations' for _, word in source.calls())


def test_whoever_looks_across_organisations_is_signed_and_still_does() -> None:
    packages = ('app', 'pages', 'components', 'services', 'storage')
    files = {str(path.relative_to(ROOT)): path for package in packages for path in (ROOT / package).rglob('*.py')}
    assert {name for name, path in files.items() if looks_across(name, path.read_text())} == set(ACROSS)


def test_a_planted_call_is_seen() -> None:
    assert looks_across('services/courses.py', "sight.look_across_organizations(tx, because='it is quicker')")
    assert not looks_across('services/courses.py', 'Scope(tx, organization_id)')

"""The rules hold for every file, and each rule catches what it is there for."""

import subprocess
from pathlib import Path

import pytest

from tests.architecture.rules import BROAD_EXCEPTS, LONG_FILES, QUERIES_ELSEWHERE, RULES, UNSCOPED_QUERIES, violations

ROOT = Path(__file__).parents[2]
PACKAGES = ('app', 'pages', 'components', 'services', 'storage')
MADE_BY_TOOLS = ('storage/migrations/',)


def product_files() -> list[str]:
    found = (path.relative_to(ROOT).as_posix() for package in PACKAGES for path in (ROOT / package).rglob('*.py'))
    return sorted(path for path in found if not path.startswith(MADE_BY_TOOLS))


def test_every_file_of_the_product_keeps_every_rule() -> None:
    found = [line for path in product_files() for line in violations(path, (ROOT / path).read_text())]
    assert not found, '\n' + '\n'.join(found)


def test_tests_are_short_files_too() -> None:
    long = [str(path) for path in (ROOT / 'tests').rglob('*.py') if path.read_text().count('\n') > 300]
    assert not long


PLANTED = [
    ('pages/courses.py', 'from __future__ import annotations'),
    ('components/lesson.py', 'ui.html(text, sanitize=False)'),
    ('pages/courses.py', "ui.add_head_html('<script>')"),
    ('pages/courses.py', "ui.run_javascript(f'alert({name})')"),
    ('pages/courses.py', "ui.run_javascript('alert(' + name + ')')"),
    ('pages/courses.py', 'ui.run_javascript(code)'),
    ('pages/courses.py', "ui.run_javascript('go(%s, %s)' % (self.id, name))"),
    ('pages/courses.py', "ui.run_javascript(f'go({self.id}, {json.dumps(name)}, {name})')"),
    ('pages/courses.py', 'ui.navigate.to(course.address)'),
    ('pages/courses.py', 'ui.navigate.to(f"{course.address}/x")'),
    ('pages/courses.py', "ui.link('Open', course.address)"),
    ('components/card.py', 'html = f\'<a href="{address}">x</a>\''),
    ('pages/courses.py', 'ui.add_body_html(text)'),
    ('components/card.py', "ui.label().style('color: #1f2937')"),
    ('components/card.py', "ui.label().style(f'width: {x}; gap: 12px')"),
    ('services/courses.py', "import os\nkey = os.environ['KEY']"),
    ('services/courses.py', 'from os import getenv'),
    ('app/assembly.py', "import os\nkey = os.getenv('KEY')"),
    ('pages/courses.py', "@ui.page('/courses')\ndef courses() -> None: ..."),
    ('services/courses.py', 'try:\n    run()\nexcept Exception:\n    pass'),
    ('pages/courses.py', 'try:\n    run()\nexcept (ValueError, BaseException) as error:\n    print(error)'),
    ('services/courses.py', 'try:\n    run()\nexcept:\n    pass'),
    ('services/courses.py', 'from sqlmodel import select'),
    ('app/api/courses.py', 'def read() -> None:\n    from sqlalchemy import text'),
    ('pages/courses.py', 'import sqlalchemy'),
    ('storage/courses.py', 'def all(tx: Transaction) -> None:\n    return tx.exec(select(Course))'),
    ('services/audit.py', 'from services.courses import CourseService'),
    ('services/identity/service.py', 'from services.knowledge.documents import Documents'),
    ('services/bus.py', 'from services import analytics'),
    ('services/courses.py', 'from dbos import DBOS'),
    ('services/courses.py', 'def stop() -> None:\n    import docker'),
    ('services/knowledge/documents.py', 'import lancedb.expr'),
    ('services/courses.py', 'a = 1\n' * 301),
]

INNOCENT = [
    ('components/markup.py', 'ui.html(text, sanitize=True)'),
    ('components/theme.py', "ui.add_head_html(head)\ncolour = '#1f2937'"),
    ('pages/courses.py', "ui.run_javascript('window.print()')"),
    ('pages/courses.py', "ui.navigate.to(f'/courses/{course.id}')\nui.navigate.to(safe_link(address))"),
    ('pages/courses.py', "ui.run_javascript(f'go({self.id}, {json.dumps(name)})')"),
    ('components/rich_editor.py', 'ui.run_javascript(_INSERT % (self.id, json.dumps(name)))'),
    ('components/card.py', '"""A card of 12px and #fff."""\nlink = "/courses#add"'),
    ('components/card.py', "sign = '&#8217;'\nplace = '/review#block'"),
    ('app/settings.py', "import os\nkey = os.environ['KEY']"),
    ('pages/shell.py', "@ui.page('/')\ndef shell() -> None: ..."),
    ('services/courses.py', 'try:\n    run()\nexcept ValueError:\n    pass'),
    ('storage/database.py', 'try:\n    run()\nexcept BaseException:\n    undo()\n    raise'),
    ('storage/courses.py', 'from sqlmodel import select'),
    (
        'storage/courses.py',
        'def all(scope: Scope) -> None:\n    return scope.tx.exec(select(Course).where(scope.mine))',
    ),
    (
        'storage/courses.py',
        'def all(tx, key):\n    return tx.exec(select(Course).where(Course.organization_id == key))',
    ),
    ('services/courses.py', 'from services.audit import record'),
    ('services/audit.py', 'from services.errors import PlatformError\nfrom services import clock'),
    ('services/durable.py', 'from dbos import DBOS'),
    ('services/courses.py', 'a = 1\n' * 300),
]


@pytest.mark.parametrize(('path', 'text'), PLANTED)
def test_a_planted_violation_is_caught(path: str, text: str) -> None:
    assert len(violations(path, text)) == 1


@pytest.mark.parametrize(('path', 'text'), INNOCENT)
def test_what_is_allowed_is_not_reported(path: str, text: str) -> None:
    assert violations(path, text) == []


def test_every_rule_has_a_planted_violation() -> None:
    caught = ' '.join(line for path, text in PLANTED for line in violations(path, text))
    sentences = ['postponed', 'sanitize=False', 'belongs in', 'run_javascript with', 'value of its own', 'environment']
    sentences += [
        '@ui.page',
        'catching everything',
        'outside storage',
        'without saying whose',
        'may not know',
        'imported only in',
        'lines,',
    ]
    assert [sentence for sentence in sentences if sentence not in caught] == []
    assert len(RULES) <= len(sentences)


SIGNED = [*BROAD_EXCEPTS, *QUERIES_ELSEWHERE, *LONG_FILES, *(place.split(':')[0] for place in UNSCOPED_QUERIES)]


@pytest.mark.parametrize('path', SIGNED)
def test_every_signed_exception_is_still_needed(path: str) -> None:
    assert violations(f'{Path(path).parent}/unsigned.py', (ROOT / path).read_text()) != []


def test_docker_is_a_folder_without_python_so_that_the_sdk_stays_importable() -> None:
    assert list((ROOT / 'docker').rglob('*.py')) == []


def test_test_folders_are_no_packages() -> None:
    assert list((ROOT / 'tests').rglob('__init__.py')) == []


def test_every_package_says_what_it_is_for() -> None:
    folders = {(ROOT / path).parent for path in product_files()}
    assert [str(folder) for folder in folders if not (folder / '__init__.py').exists()] == []


def test_nothing_large_or_secret_is_tracked() -> None:
    listed = subprocess.run(['git', 'ls-files', '-z'], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    tracked = [ROOT / name for name in listed.split('\0') if name and (ROOT / name).exists()]
    assert [str(path) for path in tracked if path.stat().st_size > 5_000_000] == []
    assert [str(path) for path in tracked if path.name in ('.env', 'secret_key') or path.suffix == '.pem'] == []

"""Log lines: one for each event whatever is in it, with the act it belongs to, and with no secret."""

import json
import logging
import secrets
import sys
from typing import Any
from uuid import uuid4

import pytest

from app.logs import formatter
from services.tracing import Origin, acts, coming_from
from services.viewer import Role, Viewer

PASSWORD = 'a canary in a coal mine'


def record(message: str, *args: object, **extra: Any) -> logging.LogRecord:
    made = logging.LogRecord('somebody', logging.WARNING, __file__, 1, message, args, None)
    for name, value in extra.items():
        setattr(made, name, value)
    return made


def line(message: str, *args: object, **extra: Any) -> dict[str, Any]:
    written = formatter(as_json=True).format(record(message, *args, **extra))
    assert '\n' not in written
    return dict(json.loads(written))


@pytest.mark.parametrize('as_json', [True, False])
@pytest.mark.parametrize('forgery', ['\n', '\r\n', '\x1b[2K', '\u2028', '\x85', '\u202e'])
def test_what_somebody_typed_stays_in_its_line(forgery: str, as_json: bool) -> None:
    typed = f'hello{forgery} CRITICAL root: everything is lost'
    written = formatter(as_json=as_json).format(record('A page says: %s', typed))
    assert forgery not in written
    assert len(written.splitlines()) == 1
    assert 'everything is lost' in written


def test_a_crash_is_one_line_with_its_traceback() -> None:
    made = record('It broke')
    try:
        raise ValueError('first\nsecond')
    except ValueError:
        made.exc_info = sys.exc_info()
    written = formatter(as_json=True).format(made)
    assert len(written.splitlines()) == 1
    assert 'ValueError: first\nsecond' in json.loads(written)['exception']


def test_a_line_tells_whose_act_it_was_and_never_the_session_itself() -> None:
    viewer = Viewer(
        user_id=uuid4(), organization_id=uuid4(), session_id=uuid4(), email='a@x.example', full_name='A',
        organization_name='X', roles=frozenset({Role.STUDENT}),
    )  # fmt: skip
    with coming_from(Origin(request_id='abc', address='192.0.2.1')):
        acts(viewer)
        told = line('Something')
    assert (told['request_id'], told['user_id']) == ('abc', str(viewer.user_id))
    assert told['organization_id'] == str(viewer.organization_id)
    assert str(viewer.session_id) not in json.dumps(told)
    assert len(told['session']) == 12


def test_only_named_fields_are_taken_along() -> None:
    told = line('Answered', status=200, color_message='\x1b[1mAnswered', hidden='x')
    assert told['status'] == 200
    assert 'color_message' not in told and 'hidden' not in told


SECRETS = {
    'password in a form': 'email=a%40x.example&password={secret}&next=/',
    'password in JSON': '{{"email": "a@x.example", "password": "{secret}"}}',
    'password with spaces, printed by Python': "{{'new_password': '{secret} and more', 'locale': 'en'}}",
    'access token': "'access_token': '{secret}'",
    'refresh token': 'refresh_token={secret}',
    'authorization header': "[(b'authorization', b'Bearer {secret}')]",
    'authorization of another kind': 'Authorization: Digest user="a", response="{secret}"',
    'bearer in a sentence': 'refused Bearer {secret} from 192.0.2.1',
    'cookie': 'Cookie: theme=dark; __Host-coursewright={secret}; x=1',
    'set cookie': "('set-cookie', '__Host-coursewright={secret}; Path=/; HttpOnly')",
    'page of NiceGUI in an upload': 'POST /_nicegui/client/{page}/upload/7 took long',
    'socket of NiceGUI': '/_nicegui_ws/socket.io/?client_id={page}&tab_id={page}&EIO=4',
    'tab of NiceGUI': "{{'tab_id': '{page}', 'old_tab_id': None}}",
    'query of an address': 'http://localhost/reset?link={secret} not found',
    'link from a mail': 'GET /invitations/{token}/accept',
    'API token by its look': 'cannot read {token} here',
    'signed token': 'refused eyJhbGciOiJIUzI1NiJ9.{secret}.c2lnbmF0dXJl',
    'hash of a password': '$argon2id$v=19$m=65536,t=3,p=4${secret}$abc',
    'provider key': 'key sk-ant-{secret} was refused',
    'database address': 'postgresql+asyncpg://coursewright:{secret}@db.example/coursewright',
}


@pytest.mark.parametrize('kind', SECRETS)
def test_secrets_are_left_out(kind: str) -> None:
    told = {'secret': 'canaryCANARY-7f3e', 'token': secrets.token_urlsafe(32), 'page': str(uuid4())}
    said = SECRETS[kind].format(**told)
    assert any(value in said for value in told.values())
    written = json.dumps(line('Seen: %s', said))
    assert not [value for value in told.values() if value in written]
    assert '[redacted]' in written


def test_a_configured_secret_is_known_wherever_it_turns_up() -> None:
    written = formatter(as_json=True, secrets=[PASSWORD, '']).format(record('Somebody typed “%s”', PASSWORD))
    assert PASSWORD not in written


@pytest.mark.parametrize(
    'harmless',
    [
        'Took 812 input_tokens and 90 output_tokens',
        'input_tokens=812 output_tokens=90',
        'Work on 3f0c1f0e-5d0b-4c55-9d6e-0a2d8f0b7a11 failed',
        'Content hash 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        'The secretary asked: is this passable?',
        'File "/srv/coursewright/services/generation/test_a_rather_long_name_of_a_module.py", line 3',
    ],
)
def test_what_is_harmless_is_left_as_it_is(harmless: str) -> None:
    assert line(harmless)['event'] == harmless


@pytest.mark.parametrize('hostile', ['a-' * 20_000, 'password' * 8_000, '"' * 60_000, 'token=' * 9_000, '\n' * 60_000])
def test_long_nonsense_is_cut_and_costs_little(hostile: str) -> None:
    assert len(json.dumps(line(hostile))) < 40_000


def test_of_a_long_traceback_the_end_is_kept() -> None:
    told = line('It broke', stack='first\n' + 'x' * 90_000 + '\nNoSuchTable: users')['stack']
    assert told.startswith('first')
    assert told.endswith('NoSuchTable: users')
    assert len(told) < 25_000

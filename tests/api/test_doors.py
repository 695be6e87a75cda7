"""A program at every door of a running platform whose mail leaves by a real mail server."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.members import eventually, refusal, seed_people
from tests.servers.application import Application
from tests.servers.mail_catcher import MailCatcher

EMAIL, FIRST, SECOND = 'nora@work.example', 'four words lie here', 'a wholly different set'
NEW = {'email': EMAIL, 'password': FIRST, 'full_name': 'Nora Lind'}


@pytest.fixture
def catcher() -> Iterator[MailCatcher]:
    running = MailCatcher().start()
    yield running
    running.stop()


async def test_a_program_registers_confirms_forgets_and_signs_out(
    tmp_path: Path, catcher: MailCatcher, start_application: Callable[..., Application]
) -> None:
    url = f'sqlite+aiosqlite:///{tmp_path / "coursewright.db"}'
    await seed_people(url)
    site = start_application(env={'DATABASE_URL': url, 'SMTP_URL': catcher.url, 'ACCESS_MINUTES': '1'})
    async with site.client() as http:
        made = await _asked(http, 'register', **NEW)
        assert made.status_code == 201, made.text
        tokens = made.json()
        assert tokens['user'] | {'id': '', 'organization_id': ''} == {
            'id': '', 'email': EMAIL, 'full_name': 'Nora Lind', 'roles': ['student'], 'organization_id': ''
        }  # fmt: skip
        refusal(await _asked(http, 'register', **NEW), 'already_registered')
        assert (await _asked(http, 'register', **NEW | {'role': 'org_admin'})).status_code == 422
        _says_who_and_until_when(tokens)

        assert (await _asked(http, 'verify', token=_mailed(catcher, 'Confirm your e-mail address'))).status_code == 204
        renewed = (await _asked(http, 'refresh', refresh_token=tokens['refresh_token'])).json()
        me = await http.get('/api/v1/auth/me', headers=_bearer(renewed))
        assert me.json()['email'] == EMAIL
        refusal(await _asked(http, 'refresh', refresh_token=tokens['refresh_token']), 'not_signed_in')
        dead = await http.get('/api/v1/auth/me', headers=_bearer(renewed))
        assert dead.status_code == 401, 'the whole session ended'

        known, unknown = [await _asked(http, 'password/forgot', email=one) for one in (EMAIL, 'nobody@work.example')]
        assert (known.status_code, known.text) == (unknown.status_code, unknown.text) == (202, 'null')
        token = _mailed(catcher, 'Choose a new password')
        weak = await _asked(http, 'password/reset', token=token, new_password='password1')
        assert '12 characters or more' in refusal(weak, 'invalid')['fields']['new_password']
        assert (await _asked(http, 'password/reset', token=token, new_password=SECOND)).status_code == 204
        refusal(await _asked(http, 'login', email=EMAIL, password=FIRST), 'wrong_credentials')

        here, there = [(await _asked(http, 'login', email=EMAIL, password=SECOND)).json() for _ in range(2)]
        changed = await _asked(
            http, 'password/change', headers=_bearer(here), current_password=SECOND, new_password=FIRST
        )
        assert changed.status_code == 200, changed.text
        assert (await http.get('/api/v1/auth/me', headers=_bearer(there))).status_code == 401
        places = await http.get('/api/v1/auth/organizations', headers=_bearer(changed.json()))
        assert [(place['name'], place['is_current']) for place in places.json()['items']] == [('Demo Academy', True)]
        elsewhere = tokens['user']['id']  # no organisation of theirs
        gone = await _asked(http, 'switch', headers=_bearer(changed.json()), organization_id=elsewhere)
        assert refusal(gone, 'not_found')
        assert (await _asked(http, 'logout-everywhere', headers=_bearer(changed.json()))).status_code == 204
        assert (await http.get('/api/v1/auth/me', headers=_bearer(changed.json()))).status_code == 401


async def _asked(
    http: httpx.AsyncClient, path: str, *, headers: dict[str, str] | None = None, **body: str
) -> httpx.Response:
    return await http.post(f'/api/v1/auth/{path}', json=body, headers=headers)


def _bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {'Authorization': f'Bearer {tokens["access_token"]}'}


def _says_who_and_until_when(tokens: dict[str, Any]) -> None:
    body = tokens['access_token'].split('.')[1]
    claims = json.loads(base64.urlsafe_b64decode(body + '=' * (-len(body) % 4)))
    assert set(claims) == {'sub', 'sid', 'email', 'role', 'organization_id', 'iat', 'exp'}
    assert claims['exp'] - claims['iat'] == tokens['expires_in'] == 60, 'as COURSEWRIGHT_ACCESS_MINUTES says'


def _mailed(catcher: MailCatcher, subject: str) -> str:
    """The token in the mail with the subject, once it has come."""

    def letter() -> str:
        found = [mail for mail in catcher.caught if mail['Subject'] == subject]
        return str(found[-1].get_content()) if found else ''  # type: ignore[attr-defined]

    text = eventually(letter, said=f'the mail “{subject}”')
    found = re.search(r'token=([\w-]+)', text)
    assert found, text
    return found[1]

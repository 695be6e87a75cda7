"""The sockets of pages: opened by the session that built the page, heard about that page, closed with the session."""

import asyncio
import json
import re

import pytest

from tests.app.stage import Stage, changed
from tests.servers.socket_client import Listener, Refused, connected, load

pytestmark = pytest.mark.timeout(300)
RELOAD = 'Implicit handshake failed'  # on these words NiceGUI's script loads the page again
PATIENCE = 20.0


async def test_only_the_session_that_built_a_page_opens_its_socket(stage: Stage) -> None:
    async with stage.site.client() as http:
        page = await load(http, '/', await stage.cookie('admin'))
        another = await stage.cookie('admin')  # another device of the same person
        foreign = await stage.cookie('other/admin')
        refused = {
            'nobody': {'cookie': ''},
            'nobody, from nowhere': {'cookie': '', 'origin': ''},
            'a made-up cookie': {'cookie': 'coursewright=made-up', 'origin': ''},
            'a page of elsewhere': {'origin': 'https://evil.example'},
            'a page in a sandbox': {'origin': 'null'},
            'a file': {'origin': 'file://'},
            'a look-alike': {'origin': f'{page.url}.evil.example'},
            'somebody else': {'cookie': foreign},
            'somebody else, from nowhere': {'cookie': foreign, 'origin': ''},
            'another session': {'cookie': another},
            'a page that is not there': {'client_id': '00000000-0000-4000-8000-000000000000'},
            'no page': {'client_id': ''},
            'another tab': {'tab_id': 'x' * 65},
        }
        answers = {}
        async with connected(page, origin=''):  # a program of the person's own sends no Origin
            for who, changes in refused.items():
                with pytest.raises(Refused) as refusal:
                    async with connected(page, **changes):
                        pass
                answers[who] = '403' if '403' in str(refusal.value) else RELOAD if RELOAD in str(refusal.value) else ''
    loads_again = {'nobody', 'somebody else', 'another session', 'a page that is not there'}
    assert {who for who, answer in answers.items() if answer == RELOAD} == loads_again
    assert {who for who, answer in answers.items() if answer == '403'} == set(refused) - loads_again
    assert (await stage.refusals()).count('opened a page of another session') == 3


async def test_there_is_no_way_but_the_socket_itself(stage: Stage) -> None:
    """Long polling would reflect any origin, and carry the key to a socket in its addresses."""
    async with stage.site.client() as http:
        page = await load(http, '/', await stage.cookie('student'))
        query = {'EIO': '4', 'transport': 'polling', 'client_id': page.client_id}
        answer = await http.get('/_nicegui_ws/socket.io/', params=query, headers={'Cookie': page.cookie})
        assert answer.status_code == 404
        assert 'access-control-allow-origin' not in answer.headers
        with pytest.raises(Refused):
            async with connected(page, transport='polling'):
                pass


async def test_a_word_about_somebody_elses_page_ends_the_socket_that_says_it(stage: Stage) -> None:
    async with stage.site.client() as http:
        theirs = await load(http, '/courses', await stage.cookie('admin'))
        async with connected(theirs) as owner:
            await owner.heard_out()
            listener = theirs.listeners[0]
            told = len(owner.heard)
            before = await stage.rows()
            words = {
                'event': {'id': listener.element_id, 'listener_id': listener.listener_id, 'args': ['{}']},
                'handshake': {'tab_id': theirs.tab_id, 'document_id': 'x', 'next_message_id': 0},
                'log': {'level': 'error', 'message': 'forged'},
                'ack': {'next_message_id': 10**6},
                'javascript_response': {'request_id': 'x', 'result': 1},
            }
            for name, word in words.items():
                mine = await load(http, '/', await stage.cookie('other/student'))
                async with connected(mine) as socket:
                    for _ in range(3):
                        await socket.say(name, {'client_id': theirs.client_id, **word})
                    await socket.closed(within=PATIENCE)
            await owner.heard_out()
            assert not owner.is_closed
            assert [message for message in owner.heard[told:] if message.startswith('42')] == []
        assert (await stage.refusals()).count('spoke for a page of another session') == len(words)
        assert changed(before, await stage.rows()) <= {'security_events', 'sessions'}
        assert 'forged' not in stage.log


async def test_the_socket_closes_with_its_session_and_the_page_asks_again(stage: Stage) -> None:
    async with stage.site.client() as http:
        cookie = await stage.cookie('classmate')
        pages = [await load(http, path, cookie) for path in ('/', '/courses')]
        stays = await load(http, '/', await stage.cookie('student'))
        async with connected(pages[0]) as one, connected(pages[1]) as two, connected(stays) as three:
            headers = {'Cookie': cookie, 'Origin': stage.site.url}
            assert (await http.post('/auth/logout', headers=headers)).status_code == 303
            for socket in (one, two):
                await socket.closed(within=PATIENCE)
                assert any('location.reload' in message for message in socket.heard)
            await three.heard_out()
            assert not three.is_closed
        with pytest.raises(Refused, match=RELOAD):
            async with connected(pages[0]):
                pass
        assert (await http.get('/', headers={'Cookie': cookie})).status_code == 303


async def test_a_flood_of_events_ends_the_socket_and_nobody_else_notices(stage: Stage) -> None:
    async with stage.site.client() as http:
        flooding = await load(http, '/', await stage.cookie('student'))
        calm = await load(http, '/', await stage.cookie('instructor'))
        async with connected(calm) as other, connected(flooding) as socket:
            await other.heard_out()
            listener = next(listener for listener in flooding.listeners if listener.acts)
            word = {
                'id': listener.element_id,
                'client_id': flooding.client_id,
                'listener_id': listener.listener_id,
                'args': ['{}'],
            }
            for _ in range(6000):
                await socket.say('event', word)
            await socket.closed(within=PATIENCE)
            await other.heard_out()
            assert not other.is_closed
        with pytest.raises(Refused, match='403'):  # for a moment
            async with connected(flooding):
                pass
        again = await load(http, '/', await stage.cookie('student'))
        async with connected(again):  # other sessions of the same person are no party to it
            pass
    assert 'sent too many events at once' in await stage.refusals()


async def test_what_a_page_says_to_the_log_is_one_line_and_nonsense_is_no_accident(stage: Stage) -> None:
    async with stage.site.client() as http:
        page = await load(http, '/', await stage.cookie('editor'))
        known = next(listener for listener in page.listeners if listener.acts)
        async with connected(page) as socket:
            log = {
                'client_id': page.client_id,
                'level': 'error',
                'message': 'broken\n2026-01-01 CRITICAL forged \x1b[2J',
            }
            await socket.say('log', log)
            await socket.say('log', {**log, 'level': ['error'], 'message': {'said': 'at no known level'}})
            await socket.event(Listener(element_id=known.element_id, listener_id='made-up', type='click'), {})
            await socket.event(Listener(element_id=10**9, listener_id=known.listener_id, type='click'), {})
            here = {'client_id': page.client_id, 'id': known.element_id, 'listener_id': known.listener_id}
            for args in (['{'], 'x', [1], None, [None] * 9):
                await socket.say('event', {**here, 'args': args})
            for word in ({**here, 'id': []}, {**here, 'listener_id': {}}, {'client_id': page.client_id}, [], 'x', None):
                await socket.say('event', word)
            for name in ('ack', 'javascript_response', 'handshake', 'no such word', 'disconnect', 'connect'):
                await socket.say(name, {'client_id': page.client_id, 'next_message_id': 'x'})
            for frame in (
                '42',
                '42[]',
                '42{',
                '42["event"',
                '42["event"]',
                '45-',
                '451-["x"]',
                '43',
                '44',
                '4',
                '9',
                'x',
            ):
                await socket.raw(frame)
        again = await load(http, '/', page.cookie)
        async with connected(again) as socket:
            await socket.heard_out()
    lines = [line for line in stage.log.splitlines() if 'forged' in line]
    assert len(lines) == 1, lines
    assert 'broken' in lines[0]
    assert '\x1b' not in stage.log
    # what pages that close early have not answered yet is a TimeoutError
    assert re.findall(r'(?:Key|Type|Value|Index|Attribute|JSONDecode)Error', stage.log) == []


async def test_uploads_of_nicegui_are_shut_and_strangers_build_nothing(stage: Stage) -> None:
    async with stage.site.client() as http:
        page = await load(http, '/', await stage.cookie('instructor'))
        for cookie in ('', page.cookie):
            upload = f'POST /_nicegui/client/{page.client_id}/upload/1 HTTP/1.1'
            assert (await _half_sent(stage, upload, cookie)).split()[1] in (b'403', b'404')
        before = set((stage.site.data_dir).rglob('*'))
        told = {}
        for address in (
            '/',
            '/courses/1',
            '/wp-admin',
            '/_nicegui/x',
            '/_nicegui_ws/x',
            '/api/x',
            '/sign-in/x',
            '/auth/x',
        ):
            answer = await http.get(address)
            told[address] = (answer.status_code, answer.headers.get('location'))
            assert 'client_id' not in answer.text
        assert told.pop('/') == (303, '/sign-in?next=/')
        assert told.pop('/courses/1') == (303, '/sign-in?next=/courses/1')
        assert set(told.values()) == {(404, None)}
        assert (await http.post('/courses')).status_code == 405
        assert (await http.get('/', headers={'Cookie': 'coursewright=made-up'})).status_code == 303
        assert set((stage.site.data_dir).rglob('*')) == before


async def test_a_page_is_known_by_nothing_that_a_log_could_hold(stage: Stage) -> None:
    """The address of a socket holds the ids of its page and tab; no log line does."""
    async with stage.site.client() as http:
        page = await load(http, '/', await stage.cookie('reviewer'))
        async with connected(page) as socket:
            await socket.heard_out()
    assert page.client_id not in stage.log
    assert page.tab_id not in stage.log
    assert json.dumps(page.cookie.partition('=')[2]) not in stage.log


async def _half_sent(stage: Stage, line: str, cookie: str) -> bytes:
    """The answer to a request whose body never comes to its end."""
    reader, writer = await asyncio.open_connection('127.0.0.1', stage.site.port)
    writer.write(f'{line}\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nContent-Length: 1000000\r\n\r\nx'.encode())
    async with asyncio.timeout(PATIENCE):
        answer = await reader.readline()
    writer.close()
    return answer

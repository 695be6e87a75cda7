"""Every listener of every screen, told what its page would tell it and what it would not: by those whose page it is,
by others, and by nobody. New screens come from the table of screens by themselves."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AsyncExitStack

import httpx
import pytest

from pages.screens import Screen, screens
from tests.app.stage import Stage, changed, open_stage
from tests.servers.application import Application
from tests.servers.socket_client import Page, Refused, asked, connected, load

pytestmark = pytest.mark.timeout(400)
Acts = dict[str, set[tuple[str, str]]]  # path of a screen -> what anybody may do there
_AT_ONCE = 4
_MOST_LOADS = 5

# What everybody leaves behind: what was refused, when a session was last used, changes to one's own account.
OWN = {
    'audit_heads',
    'audit_logs',
    'mail_messages',
    'notifications',
    'one_time_links',
    'recovery_codes',
    'security_events',
    'sessions',
    'users',
}
LEARNING = {'enrollments', 'lesson_completions', 'quiz_attempts'}
LEDGER = {'ai_acts', 'ai_ledger_ends'}  # what one did with a model's words
# The tables in which a role may leave a trace, whatever its pages are told. In this order: exports are made later on.
MAY_WRITE = {
    'student': OWN | LEARNING,
    'viewer': OWN | {'exports'},
    'reviewer': OWN
    | LEARNING
    | LEDGER
    | {'approvals', 'blocks', 'exports', 'reviews', 'workflow_events', 'workflows'}
    | {'chat_messages', 'model_calls'},
}


@pytest.fixture(scope='module')
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = open_stage(tmp_path_factory.mktemp('listeners') / 'data', Application)
    yield stage
    stage.site.stop()


async def test_no_listener_hears_strangers_and_roles_write_only_what_is_theirs(stage: Stage) -> None:
    async with stage.site.client() as http:
        acts = await _strangers_are_not_heard(stage, http)
        for who, may_write in MAY_WRITE.items():
            before, others = await stage.rows(), await stage.of_the_others()
            heard = await _told_everything(stage, http, who, acts)
            written = changed(before, await stage.rows())
            assert written - may_write == set(), who
            assert changed(others, await stage.of_the_others()) == set(), who
            assert heard > 100, f'{who} was hardly heard: the test does not do what it says'
            assert written & OWN, f'nothing of what {who} said had any effect'


async def _strangers_are_not_heard(stage: Stage, http: httpx.AsyncClient) -> Acts:
    """Whoever is somebody else, or nobody, changes nothing on any screen; gives what the screens offer."""
    acts: Acts = defaultdict(set)
    pages: list[Page] = []
    async with AsyncExitStack() as kept_open:
        for who in ('admin', 'site'):
            cookie = await stage.cookie(who)
            turn = asyncio.Semaphore(_AT_ONCE)

            async def opened(screen: Screen, cookie: str = cookie, turn: asyncio.Semaphore = turn) -> None:
                async with turn:
                    if not await _may_open(http, stage, screen, cookie):
                        return
                    page = await load(http, stage.address(screen), cookie)
                    await (await kept_open.enter_async_context(connected(page))).heard_out()
                assert page.listeners, page.path
                acts[screen.path] |= {act for listener in page.listeners for act in listener.acts}
                pages.append(page)

            await asyncio.gather(*(opened(screen) for screen in screens() if screen.path not in acts))
        assert {screen.path for screen in screens()} == set(acts)
        before = await stage.rows()
        foreign = await load(http, '/search', await stage.cookie('other/admin'))
        for page in pages:
            for cookie in (foreign.cookie, '', 'coursewright=made-up'):
                with pytest.raises(Refused):
                    async with connected(page, cookie=cookie):
                        pass
            async with connected(foreign) as socket:
                for listener in page.listeners:
                    await socket.event(listener, {}, client_id=page.client_id)
                await socket.closed(within=20)
        assert changed(before, await stage.rows()) <= {'security_events', 'sessions'}
    return acts


async def _told_everything(stage: Stage, http: httpx.AsyncClient, who: str, acts: Acts) -> int:
    """All that the pages of this person listen for, and what opens on it; gives how many listeners heard it. What sends
    away from a page is heard once: it is loaded again for those that have not heard yet."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def told(screen: Screen) -> int:
        forged = acts[screen.path] - acts['/search']  # what others have here beyond the frame
        done: set[tuple[int, str]] = set()
        for _ in range(_MOST_LOADS):
            page = await load(http, stage.address(screen), await stage.cookie(who))
            async with connected(page) as socket:
                await socket.heard_out()
                waiting = [listener for listener in page.listeners if listener.place not in done]
                heard = await socket.replay(waiting, forged)
                done |= heard
                known = {listener.listener_id for listener in waiting}
                await socket.replay([one for one in page.listeners if one.listener_id not in known])
            if not heard or heard == {listener.place for listener in waiting}:
                break
        return len(done)

    async def in_turn(screen: Screen) -> int:
        async with turn:
            if screen.area == 'account' and who != 'student':  # the same for every role
                return 0
            return await told(screen) if await _may_open(http, stage, screen, await stage.cookie(who)) else 0

    return sum(await asyncio.gather(*(in_turn(screen) for screen in screens())))


async def _may_open(http: httpx.AsyncClient, stage: Stage, screen: Screen, cookie: str) -> bool:
    return (await asked(http, stage.address(screen), cookie)).status_code != 403

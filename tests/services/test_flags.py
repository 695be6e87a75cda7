"""Features that are switched while the platform runs: for everybody, for one organisation, by operators only."""

import pytest

from services.bus import Bus
from services.errors import Forbidden, NotFound
from services.flags import API_DOCS, EXPORTS, SELF_SIGNUP, FlagService, SwitchedOff
from services.security_events import Asked, SecurityEventService
from services.security_log import note
from services.viewer import Permission
from services.work import Gate
from storage.identity import User
from tests.services.world import World


async def test_a_switch_is_felt_at_once_and_says_where_it_differs(world: World) -> None:
    flags, heard = FlagService(world.gate), world.heard('flags')
    assert await flags.on(world.demo.student, EXPORTS)
    assert await flags.on(None, SELF_SIGNUP)
    await flags.switch(world.demo.site, EXPORTS, False)
    assert not await flags.on(world.demo.student, EXPORTS)
    with pytest.raises(SwitchedOff):
        await flags.require(world.demo.student, EXPORTS)
    assert await flags.on(None, API_DOCS)
    seen = await flags.switch(world.demo.site, EXPORTS, True, organization_id=world.other.organization_id)
    assert (seen.is_on, list(seen.exceptions)) == (False, [(world.other.organization_id, 'Other Institute', True)])
    assert await flags.on(world.other.student, EXPORTS)
    assert not await flags.on(world.demo.student, EXPORTS)
    assert not await flags.on(None, EXPORTS)
    await flags.switch(world.demo.site, EXPORTS, None)
    await flags.switch(world.demo.site, EXPORTS, None, organization_id=world.other.organization_id)
    assert [(one.is_on, list(one.exceptions)) for one in await flags.list(world.demo.site)] == [(True, [])] * 3
    assert heard == ['flags'] * 4
    assert await world.audit(world.demo) == ['flag.switched'] * 4


async def test_another_replica_feels_a_switch_whose_word_was_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = FlagService(world.gate), FlagService(Gate(world.database, Bus()))
    clock = [1000.0]
    monkeypatch.setattr('services.flags.time.monotonic', lambda: clock[0])
    assert await there.on(world.demo.student, EXPORTS)
    await here.switch(world.demo.site, EXPORTS, False)
    clock[0] += 1.01
    assert not await there.on(world.demo.student, EXPORTS)


async def test_only_operators_switch_and_only_what_there_is(world: World) -> None:
    flags = FlagService(world.gate)
    for viewer in (world.demo.admin, world.demo.student):
        with pytest.raises(Forbidden):
            await flags.switch(viewer, EXPORTS, False)
        with pytest.raises(Forbidden):
            await flags.list(viewer)
    with pytest.raises(NotFound):
        await flags.switch(world.demo.site, 'no_such_feature', True)
    with pytest.raises(NotFound):
        await flags.switch(world.demo.site, EXPORTS, False, organization_id=world.demo.student.user_id)


async def test_a_refusal_stands_in_the_security_log_and_is_found(world: World) -> None:
    events, heard = SecurityEventService(world.gate), world.heard('security')
    for viewer in (world.demo.student, world.other.student):
        with pytest.raises(Forbidden):
            await world.gate.check(viewer, Permission.COURSE_WRITE)
    assert heard == ['security'] * 2
    found, total = await events.list(world.demo.site, Asked(kind='refusal'))
    assert (total, {one.email for one in found}) == (2, {'student@demo.example', 'student@other.example'})
    assert {one.organization for one in found} == {'Demo Academy', 'Other Institute'}
    assert (await events.list(world.demo.site, Asked(email='OTHER.ex', outcome='refused')))[1] == 1
    for nothing in (
        Asked(outcome='success'),
        Asked(kind='sign_in'),
        Asked(email='%'),
        Asked(address='10.'),
        Asked(until=found[-1].at),
        Asked(organization_id=world.demo.student.user_id),
    ):
        assert (await events.list(world.demo.site, nothing))[1] == 0, nothing
    assert (await events.list(world.demo.site, Asked(since=found[-1].at), limit=1, offset=1))[0] == [found[-1]]
    assert await events.kinds(world.demo.site) == ['refusal']


async def test_administrators_read_their_own_part_and_nobody_else_reads_any(world: World) -> None:
    events = SecurityEventService(world.gate)
    for viewer in (world.demo.student, world.other.student):
        with pytest.raises(Forbidden):
            await events.list(viewer, Asked())
    asked = Asked(organization_id=world.other.organization_id)  # asking for another's part changes nothing
    found, total = await events.list(world.demo.admin, asked)
    assert ([one.email for one in found], total) == (['student@demo.example'], 1)
    with pytest.raises(Forbidden):
        await events.kinds(world.demo.admin)


async def test_the_exported_log_is_safe_to_open_and_complete(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('services.security_events._EXPORT_AT_ONCE', 2)
    events = SecurityEventService(world.gate)
    for _ in range(5):
        with pytest.raises(Forbidden):
            await world.gate.check(world.demo.student, Permission.COURSE_WRITE)
    async with world.gate.writing(world.demo.student, None) as work:
        user = await work.tx.get_one(User, world.demo.student.user_id)
        note(work.tx, 'sign_in', allowed=False, email='=HYPERLINK("http://evil.example")', user_id=user.id)
    written = b''.join([part async for part in events.export(world.demo.site, Asked())]).decode('utf-8-sig')
    lines = written.strip().split('\r\n')
    assert len(lines) == 7
    assert '"\'=hyperlink(""http://evil.example"")"' in lines[1]
    own = b''.join([part async for part in events.export(world.demo.admin, Asked(), own=True)])
    assert own.count(b'\r\n') == 7
    with pytest.raises(Forbidden):
        await anext(events.export(world.demo.instructor, Asked()))

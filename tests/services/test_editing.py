"""Words not saved yet, locks on blocks, who is at a lesson, pasted HTML, and two versions made one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.bus import Bus
from services.clock import now
from services.editing.locks import IDLE, LASTS, BlockIsBeingWritten
from services.editing.merging import merged
from services.editing.parts import Editing, build
from services.editing.pasting import cleaned
from services.editing.presence import PresenceService
from services.editing.unsaved import LARGEST
from services.errors import Forbidden, NotFound, TooLarge
from services.generation.blocks import BlockService
from services.links import is_safe, safe_link
from services.richtext import sanitise
from storage.courses import Block
from storage.database import Database, Scope
from storage.editing import lock_of
from storage.migrate import upgrade
from tests.conftest import Backend
from tests.services.world import Made, World, make_world


@pytest.fixture
async def world(backend: Backend) -> AsyncIterator[World]:
    database = Database(backend.database_url)
    if database.is_sqlite:
        await upgrade(database)
    yield await make_world(database)
    await database.close()


@pytest.fixture
async def made(world: World) -> Made:
    return await world.course(world.demo, approved=False)


@pytest.fixture
def editing(world: World) -> Editing:
    return build(world.gate, world.bus)


async def test_people_write_in_one_draft_without_losing_a_word(
    world: World, made: Made, editing: Editing, backend: Backend
) -> None:
    block = made.block_ids[0]
    await _words_are_kept_for_whoever_typed_them(world, made, editing)
    await _one_writes_at_a_time(world, block, editing)
    await _both_changes_are_put_together(world, block, editing)
    await _everybody_sees_who_is_there(world, made, backend)


async def _words_are_kept_for_whoever_typed_them(world: World, made: Made, editing: Editing) -> None:
    ingrid, emil, block = world.demo.instructor, world.demo.editor, made.block_ids[0]
    heard = world.heard(f'unsaved:{ingrid.user_id}')
    for words in ('One', 'One two'):
        await editing.unsaved.keep(ingrid, block, 'hash', {'html': f'<p onclick="x()">{words}</p>'})
    kept = await editing.unsaved.get(ingrid, block)
    assert (kept.content, kept.base_hash) == ({'html': '<p>One two</p>'}, 'hash')
    assert heard == [f'unsaved:{ingrid.user_id}']
    with pytest.raises(NotFound):
        await editing.unsaved.get(emil, block)
    for stranger in (world.other.instructor, world.other.admin):
        with pytest.raises(NotFound):
            await editing.unsaved.keep(stranger, block, '', {'html': 'x'})
    with pytest.raises(Forbidden):
        await editing.unsaved.keep(world.demo.student, block, '', {'html': 'x'})
    with pytest.raises(TooLarge):
        await editing.unsaved.keep(ingrid, block, '', {'html': 'x' * LARGEST})
    await editing.unsaved.keep(emil, made.lesson_ids[0], '', {'html': '<p>New</p>'})
    assert (await editing.unsaved.get(emil, made.lesson_ids[0])).lesson_id == made.lesson_ids[0]
    for _ in range(2):
        await editing.unsaved.discard(ingrid, block)
    with pytest.raises(NotFound):
        await editing.unsaved.get(ingrid, block)


async def _one_writes_at_a_time(world: World, block: UUID, editing: Editing) -> None:
    ingrid, emil, locks = world.demo.instructor, world.demo.editor, editing.locks
    heard = world.heard(f'lock:{block}')
    lock = await locks.take(ingrid, block, 'window 1')
    assert (lock.name, lock.idle) == (ingrid.full_name, False)
    with pytest.raises(BlockIsBeingWritten, match=ingrid.full_name):
        await locks.take(emil, block, 'window 2')
    with pytest.raises(NotFound):
        await locks.take(world.other.instructor, block, 'x', over=True)
    await locks.take(emil, block, 'window 2', over=True)
    assert await locks.sign(ingrid, block, 'window 1') is None
    await locks.release(ingrid, block, 'window 1')
    found = await locks.get(ingrid, block)
    assert found is not None
    assert found.name == emil.full_name
    assert len(heard) == 2
    await _aged(world, block, IDLE)
    signed = await locks.sign(emil, block, 'window 2')
    assert signed is not None
    assert signed.idle
    await _aged(world, block, LASTS)
    assert await locks.get(ingrid, block) is None
    await locks.take(ingrid, block, 'window 1')
    await locks.release(ingrid, block, 'window 1')
    assert await locks.get(ingrid, block) is None


async def _aged(world: World, block: UUID, by: timedelta) -> None:
    async with world.database.writing() as tx:
        lock = await lock_of(Scope(tx, world.demo.organization_id), block)
        assert lock is not None
        lock.seen_at, lock.typed_at = now() - by - timedelta(seconds=1), now() - by - timedelta(seconds=1)
        tx.add(lock)


async def _both_changes_are_put_together(world: World, block: UUID, editing: Editing) -> None:
    blocks, ingrid, emil = BlockService(world.gate), world.demo.instructor, world.demo.editor
    async with world.gate.reading(ingrid) as work:
        shown = (await work.get(Block, block)).content_hash
    began = await blocks.edit(ingrid, block, shown, {'html': '<p>One.</p><p>Two.</p><p>Three.</p>'})
    await blocks.edit(emil, block, began.hash, {'html': '<p>One.</p><p>Two.</p><p>Three, says Emil.</p>'})
    mine = {'html': '<p>One, says Ingrid.</p><p>Two.</p><p>Three.</p>'}
    both = await editing.merges.merge(ingrid, block, began.hash, mine)
    assert both.content == {'html': '<p>One, says Ingrid.</p><p>Two.</p><p>Three, says Emil.</p>'}
    saved = await blocks.edit(ingrid, block, both.hash, both.content)
    against = {'html': '<p>One, says Emil.</p><p>Two.</p><p>Three.</p>'}
    clash = await editing.merges.merge(emil, block, began.hash, against)
    assert (clash.content, clash.hash) == (None, saved.hash)
    with pytest.raises(NotFound):
        await editing.merges.merge(world.other.instructor, block, began.hash, mine)


async def _everybody_sees_who_is_there(world: World, made: Made, backend: Backend) -> None:
    """On two replicas where there is Redis, on one otherwise."""
    lesson, changes = made.lesson_ids[0], asyncio.Event()
    buses = [Bus(Redis.from_url(backend.redis_url)) for _ in range(2)] if backend.redis_url else [Bus()] * 2
    for bus in dict.fromkeys(buses):
        await bus.start()
    here = PresenceService(world.gate, buses[0])
    there = PresenceService(world.gate, buses[1]) if backend.redis_url else here
    ingrid = await here.enter(world.demo.instructor, lesson, 'window 1', changes.set)
    emil = await there.enter(world.demo.editor, lesson, 'window 2', changes.set)
    both = sorted([world.demo.instructor.full_name, world.demo.editor.full_name])
    for visit in (ingrid, emil):
        await _until(changes, lambda visit=visit: [one.name for one in visit.people()] == both)
    with pytest.raises(NotFound):
        await here.enter(world.other.admin, lesson, 'window 3', changes.set)
    emil.leave()
    await _until(changes, lambda: [one.name for one in ingrid.people()] == [world.demo.instructor.full_name])
    assert [one.name for one in await here.people(world.demo.reviewer, lesson)] == [world.demo.instructor.full_name]
    ingrid.leave()
    for bus in dict.fromkeys(buses):
        await bus.close()


async def _until(changes: asyncio.Event, holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            changes.clear()
            try:
                await asyncio.wait_for(changes.wait(), 0.2)
            except TimeoutError:
                continue


_SAMPLES = ['<p>a</p>', '<p>b</p>', '<ul><li>c</li></ul>', '<h2>d</h2>', '<p>e<br>f</p>']
_PARTS = st.lists(st.sampled_from(_SAMPLES), max_size=6)


@given(base=_PARTS, side=_PARTS)
def test_what_only_one_of_two_changed_is_what_both_get(base: list[str], side: list[str]) -> None:
    was, new = ({'html': ''.join(parts)} for parts in (base, side))
    assert merged('text', was, new, was) == new
    assert merged('text', was, was, new) == new
    assert merged('text', was, new, new) == new


@given(base=_PARTS, mine=_PARTS, theirs=_PARTS)
def test_a_merge_drops_no_part_that_somebody_added(base: list[str], mine: list[str], theirs: list[str]) -> None:
    both = merged('text', *({'html': ''.join(parts)} for parts in (base, mine, theirs)))
    if both is not None:
        for part in {*mine, *theirs} - set(base):
            assert part in both['html']


def test_fields_and_points_of_other_blocks_are_merged_one_by_one() -> None:
    was = {'title': 'Hoods', 'bullets': ['one', 'two', 'three'], 'notes': ''}
    mine = was | {'bullets': ['ONE', 'two', 'three']}
    theirs = was | {'bullets': ['one', 'two', 'three', 'four'], 'notes': 'n'}
    both = {'title': 'Hoods', 'bullets': ['ONE', 'two', 'three', 'four'], 'notes': 'n'}
    assert merged('slide', was, mine, theirs) == both
    assert merged('slide', was, was | {'title': 'A'}, was | {'title': 'B'}) is None


def test_pasted_html_says_what_was_left_out_of_it() -> None:
    word = (
        '<html><head><style>p{color:red}</style></head><body><!--StartFragment--><p class=MsoNormal style="color:red">'
        'Kept <b>bold</b><o:p></o:p></p><img src="file:///C:/x.png"><script>x()</script><iframe src="//x"></iframe>'
        '<a href="javascript:x()">y</a><form><input></form><video src="x"></video><!--EndFragment--></body></html>'
    )
    pasted = cleaned(word)
    assert pasted.html == sanitise(pasted.html)
    assert '<p>Kept <strong>bold</strong></p>' in pasted.html
    assert pasted.left_out == ('embeds', 'forms', 'links', 'pictures', 'recordings', 'scripts')
    assert cleaned('<p>Plain</p>').left_out == ()


_LINKS = st.one_of(
    st.text(),
    st.builds(
        '{}{}{}'.format,
        st.sampled_from(
            ['javascript:', 'JaVaScRiPt:', 'data:', 'vbscript:', 'https://', 'mailto:', '/', '//', '/\\', '#']
        ),
        st.text(max_size=8),
        st.sampled_from(['', '\n', '\t', '\x00', '\\', '//x', ':', '@']),
    ),
)


@given(_LINKS)
def test_a_link_leads_to_the_web_to_mail_or_to_our_own_pages(address: str) -> None:
    safe = safe_link(address)
    assert safe in ('#', address)
    if is_safe(address):
        scheme = address.partition(':')[0].lower() if ':' in address.split('/')[0].split('?')[0].split('#')[0] else ''
        assert scheme in ('http', 'https', 'mailto', '')
        assert not address.startswith(('//', '/\\', '\\'))

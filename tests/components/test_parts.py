"""Parts that are elements, on a page without a browser."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from nicegui import context, events, ui

from components.action import action, sentence
from components.button import button
from components.card import card
from components.data_table import BulkAct, Column, Page, Request, data_table
from components.field import required, text_field
from components.frame import NavItem, bench_frame, here
from components.live import live
from components.markup import markup
from components.outline_edits import LessonRow, ModuleRow, ObjectiveRow
from components.outline_summary import outline_summary_html
from components.outline_tree import outline_tree
from services.errors import Forbidden, InvalidInput
from tests.components.open_page import on_a_page

MODULES = (
    ModuleRow(id='m1', title='Before',
    lessons=(LessonRow(id='a', title='Labels', minutes=20), LessonRow(id='b', title='Classes', minutes=20))),
    ModuleRow(id='m2', title='At the bench',
    lessons=(LessonRow(id='c', title='Gloves', minutes=25, objectives=(ObjectiveRow(id='o', text='choose gloves'),)),)),
)  # fmt: skip


class FakeBus:
    def __init__(self) -> None:
        self.callbacks: list[Callable[[], Any]] = []

    def subscribe(self, topic: str, callback: Callable[[], Any], /) -> Callable[[], None]:
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    def listen(self, topic: str, callback: Callable[[Any], Any], /) -> Callable[[], None]:
        return self.subscribe(topic, lambda: callback(None))

    def publish(self) -> None:
        for callback in list(self.callbacks):
            callback()


def said(element: ui.element, kind: str, args: Any) -> Any:
    """As if the browser had sent it."""
    event = events.GenericEventArguments(sender=element, client=element.client, args=args)
    listener = next(one for one in element._event_listeners.values() if one.type == kind)
    assert listener.handler is not None
    return listener.handler(event)


@on_a_page
async def test_a_burst_of_changes_is_one_refresh_more() -> None:
    bus, runs, gate = FakeBus(), 0, asyncio.Event()

    async def refresh() -> None:
        nonlocal runs
        runs += 1
        await gate.wait()

    live(ui.element('div'), bus, 'course:1', refresh)
    for _ in range(5):
        bus.publish()
        await asyncio.sleep(0)
    assert runs == 1
    gate.set()
    await asyncio.sleep(0.01)
    assert runs == 2


@on_a_page
async def test_a_part_that_is_gone_hears_nothing_more() -> None:
    bus = FakeBus()
    box = ui.element('div')
    with box:
        part = ui.element('div')
    live(part, bus, 'course:1', lambda: None)
    box.clear()
    assert bus.callbacks == []


@on_a_page
async def test_a_refresh_draws_inside_its_element() -> None:
    bus, box = FakeBus(), ui.element('div')
    live(box, bus, 'course:1', lambda: ui.label('new') and None)
    bus.publish()
    await asyncio.sleep(0.01)
    assert [child.text for child in box.default_slot.children if isinstance(child, ui.label)] == ['new']


@on_a_page
async def test_a_refusal_becomes_a_sentence_and_a_fault_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(ui, 'notify', lambda message, **rest: shown.append(message))

    @action
    async def refused() -> None:
        raise Forbidden()

    @action
    def broken() -> None:
        raise ZeroDivisionError

    await refused()
    assert shown == [sentence(Forbidden())]
    with pytest.raises(ZeroDivisionError):
        await broken()


@on_a_page
async def test_what_is_wrong_with_a_field_stands_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(ui, 'notify', lambda message, **rest: shown.append(message))
    title = text_field('Title', check=required('A course needs a title.'))

    @action(fields={'title': title})
    async def create() -> None:
        if title.value != 'Chemistry':
            raise InvalidInput('Look at the fields.', fields={'title': 'There is such a course already.'})

    await create()
    assert title.error == 'There is such a course already.'
    assert shown == []
    title.value = 'Chemistry'
    await create()
    assert title.error is None


@on_a_page
async def test_a_locked_button_says_why_and_ignores_clicks() -> None:
    publish = button('Publish', kind='primary', icon='rocket', locked='Two findings block publishing.')
    assert publish.is_ignoring_events
    assert publish.props['aria-disabled'] == 'true'
    assert publish.props['title'] == 'Two findings block publishing.'
    publish.unlock()
    assert not publish.is_ignoring_events
    assert publish.props['icon'] == 'sym_o_rocket'


@on_a_page
async def test_clearing_a_card_keeps_its_head() -> None:
    box = card('Waiting for you')
    with box:
        ui.label('row')
    box.clear()
    assert not box.body.default_slot.children
    assert box.aside.default_slot.children


@pytest.mark.parametrize('args', [None, 'open', ['open'], ['open', 7], ['open', 'x', 'y'], {'0': 'open'}])
@on_a_page
async def test_a_forged_click_does_nothing(args: Any) -> None:
    heard: list[str] = []
    part = markup('<button data-act="open">x</button>', on_act=lambda act, of: heard.append(act))
    said(part, 'click', args)
    assert heard == []


@on_a_page
async def test_the_outline_moves_a_lesson_on_into_the_next_module() -> None:
    kept: list[tuple[ModuleRow, ...]] = []
    tree = outline_tree(MODULES, on_change=kept.append)
    said(tree, 'tree', ['down', 'b'])
    assert [[lesson.id for lesson in module.lessons] for module in kept[-1]] == [['a'], ['b', 'c']]


@on_a_page
async def test_the_outline_keeps_edits_and_drops_what_is_deleted() -> None:
    kept: list[tuple[ModuleRow, ...]] = []
    tree = outline_tree(MODULES, on_change=kept.append)
    said(tree, 'tree', ['title', 'a', ' Reading labels '])
    said(tree, 'tree', ['minutes', 'a', '35'])
    said(tree, 'tree', ['delete', 'm2'])
    assert [module.id for module in tree.modules] == ['m1']
    assert (tree.modules[0].lessons[0].title, tree.modules[0].lessons[0].minutes) == ('Reading labels', 35)
    assert len(kept) == 3


@pytest.mark.parametrize(
    'args',
    [
        ['title', 'a', '  '],
        ['minutes', 'a', '-3'],
        ['minutes', 'a', '1e9'],
        ['drop', 'a', 'nowhere', True],
        ['up', 'm1'],
        ['sudo', 'a'],
    ],
)
@on_a_page
async def test_an_edit_that_makes_no_sense_changes_nothing(args: list[Any]) -> None:
    tree = outline_tree(MODULES, on_change=lambda modules: pytest.fail('kept'))
    said(tree, 'tree', args)
    assert tree.modules == MODULES


@on_a_page
async def test_dragging_puts_a_lesson_where_it_was_dropped() -> None:
    tree = outline_tree(MODULES, on_change=lambda modules: None)
    said(tree, 'tree', ['drop', 'c', 'a', False])
    assert [[lesson.id for lesson in module.lessons] for module in tree.modules] == [['c', 'a', 'b'], []]
    said(tree, 'tree', ['drop', 'm2', 'm1', False])
    assert [module.id for module in tree.modules] == ['m2', 'm1']


@on_a_page
async def test_a_frozen_outline_cannot_be_edited() -> None:
    tree = outline_tree(MODULES, on_change=lambda modules: pytest.fail('kept'), frozen=True)
    said(tree, 'tree', ['delete', 'a'])
    assert tree.modules == MODULES


def test_the_outline_says_whether_it_fits() -> None:
    assert 'Fits' in outline_summary_html(MODULES, asked_minutes=60)
    assert '55 min short' in outline_summary_html(MODULES, asked_minutes=120)
    assert '35 min over' in outline_summary_html(MODULES, asked_minutes=30)


@on_a_page
async def test_the_table_asks_only_for_pages_and_orders_there_are() -> None:
    asked: list[Request] = []

    async def fetch(request: Request) -> Page:
        asked.append(request)
        last = min(request.offset + request.size, 12)
        return Page(rows=[{'id': str(n), 'name': f'row {n}'} for n in range(request.offset, last)], total=12)

    table = data_table(label='Rows', columns=[Column(name='name', title='Name', sortable=True, lead=True)], fetch=fetch)
    await table.refresh()
    for args in (['page', '99'], ['sort', 'name'], ['sort', 'name'], ['sort', 'password'], ['page', 'x']):
        result = said(table._table, 'click', args)
        if isinstance(result, Awaitable):
            await result
    assert [(one.page, one.sort, one.descending) for one in asked[-3:]] == [
        (2, '', False),
        (1, 'name', False),
        (1, 'name', True),
    ]


@on_a_page
async def test_only_rows_that_are_shown_can_be_picked_and_acted_on() -> None:
    done: list[tuple[str, list[str]]] = []

    async def fetch(request: Request) -> Page:
        return Page(rows=[{'id': 'a', 'name': 'A'}, {'id': 'b', 'name': 'B'}], total=2)

    table = data_table(
        label='Rows', columns=[Column(name='name', title='Name', lead=True)], fetch=fetch,
        bulk=[BulkAct(act='suspend', words='Suspend')], on_bulk=lambda act, ids: done.append((act, ids)),
    )  # fmt: skip
    await table.refresh()
    for args in (['suspend', ''], ['pick', 'b'], ['pick', 'somebody-else'], ['delete-all', ''], ['suspend', '']):
        await said(table._table, 'click', args)
    assert done == [('suspend', ['b'])]


@on_a_page
async def test_the_bench_shows_where_one_is() -> None:
    frame = bench_frame(
        person='Ingrid Solberg',
        organization='Nordfeld',
        role='instructor',
        items=[NavItem(path='/courses', title='Courses', icon='book_2')],
    )
    here(('Courses', '/courses'), 'Chemistry', nav='/courses')
    frame.count('/courses', 5)
    assert 'aria-current="page"' in frame._nav.content
    assert '>5<' in frame._nav.content
    assert '<a href="/courses">Courses</a>' in frame._crumbs.content
    assert context.client.title == 'Chemistry · Courses · Coursewright'

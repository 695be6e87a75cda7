"""The two-organisation matrix: every REST operation, as everybody who must not, on what belongs to the first.

Operations come from the OpenAPI document, tables from the metadata, so what is added later is walked too; an operation
that tests/matrix/policy.py does not know fails the run.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlmodel import select

from storage.database import Scope
from tests.matrix.calls import calls, open_objects
from tests.matrix.house import House, open_house
from tests.matrix.policy import REST, Kind
from tests.matrix.walk import Report, as_strangers, changed, without_permission

# One house for the whole walk, on one loop.
pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope='module'),
]


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(tmp_path_factory.mktemp('house')) as opened:
        yield opened


async def test_every_operation_stands_in_the_table_of_who_may(house: House) -> None:
    assert {call.name for call in calls(house.rest.openapi())} == set(REST)


async def test_another_organisation_finds_nothing_and_changes_nothing(house: House) -> None:
    report = Report()
    await as_strangers(house, report)
    print(f'matrix_cells {report.cells}')
    assert report.leaks == [], '\n'.join(report.leaks)


async def test_without_the_permission_nothing_is_read_or_changed(house: House) -> None:
    report = Report()
    await without_permission(house, report)
    print(f'matrix_cells {report.cells}')
    assert report.leaks == [], '\n'.join(report.leaks)


async def test_whoever_is_not_signed_in_is_asked_to(house: House) -> None:
    before, leaks = await house.belongings(), []
    async with house.client() as client:
        for call in calls(house.rest.openapi()):
            answer = await client.request(call.method, call.address(house.ids), **call.request(house.ids))
            if REST[call.name] is not Kind.OPEN and answer.status_code != 401:
                leaks.append(f'{call.name}: {answer.status_code}')
    assert leaks == []
    assert changed(before, await house.belongings()) == []


async def test_no_body_takes_a_field_that_it_does_not_name(house: House) -> None:
    openapi = house.rest.openapi()
    open_bodies = [
        f'{call.name}: {name}'
        for call in calls(openapi)
        if call.schema is not None
        for name in open_objects(call.schema, call.components)
    ]
    assert open_bodies == []


async def test_a_lookup_that_forgets_the_organisation_is_found(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk can fail: one slip in the place where every tenant query starts, and it says so."""
    monkeypatch.setattr(Scope, 'rows', lambda self, table: select(table))
    report = Report()
    await as_strangers(house, report, ('reviewer',))
    assert any('GET /courses/{course_id}' in leak for leak in report.leaks)
    assert any('GET /workflows/{workflow_id}' in leak for leak in report.leaks)

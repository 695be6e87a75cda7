"""Every operation of the OpenAPI document with what its schema admits and what it does not: no answer is a fault of
ours, and none is one that the document does not announce."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks
from schemathesis.core.result import Ok

from tests.matrix.house import open_house
from tests.servers.application import Application

pytestmark = pytest.mark.timeout(300)
EXAMPLES = 8
Start = Callable[..., Application]

_CHECKS = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
)


@pytest.fixture
def cookies(tmp_path: Path) -> Iterator[list[str]]:
    """Sessions of an administrator of a furnished organisation: one for each operation, since some end their own."""
    with ThreadPoolExecutor() as threads:  # a loop of its own
        yield threads.submit(asyncio.run, _signed_in(tmp_path)).result()


def test_no_operation_answers_with_a_fault_or_with_what_is_not_announced(
    cookies: list[str], tmp_path: Path, start_application: Start
) -> None:
    site = start_application(data_dir=tmp_path, env={'DATABASE_URL': f'sqlite+aiosqlite:///{tmp_path}/matrix.sqlite'})
    schema = schemathesis.openapi.from_url(f'{site.url}/api/v1/openapi.json')
    faults = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        try:
            _walk(operation, {'Cookie': cookies.pop(), 'Sec-Fetch-Site': 'same-origin'}, f'{site.url}/api/v1')
        except (AssertionError, BaseExceptionGroup) as error:
            faults.append(f'{operation.label}: {error}')
    assert faults == [], '\n\n'.join(faults)


def _walk(operation: schemathesis.schemas.APIOperation, headers: dict[str, str], url: str) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def one(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=url, headers=headers, checks=_CHECKS, timeout=30)

    one()


async def _signed_in(data_dir: Path) -> list[str]:
    async with open_house(data_dir) as house:
        admin = house.world.demo.admin
        count = len(house.rest.openapi()['paths']) * 5
        return [f'{house.sessions.cookie}={await house.secret(admin)}' for _ in range(count)]

"""The walks of the two-organisation matrix: who asks for what, and what must not come back."""

from dataclasses import dataclass, field

import httpx

from services.viewer import Permission, Viewer
from tests.matrix.calls import Call, calls
from tests.matrix.house import House
from tests.matrix.policy import REST, Kind
from tests.matrix.rows import CANARY

STRANGERS = ('admin', 'instructor', 'reviewer', 'student', 'site')
# Not the classmate: the rows are theirs.
LOWER_ROLES = ('student', 'editor', 'reviewer', 'instructor', 'site')


@dataclass
class Report:
    """`cells` are calls that were judged; `leaks` say what came back that must not, or what was written."""

    cells: int = 0
    leaks: list[str] = field(default_factory=list)


async def as_strangers(house: House, report: Report, people: tuple[str, ...] = STRANGERS) -> None:
    """Everybody of the other organisation, on what belongs to the first."""
    before = await house.belongings()
    for who in people:
        await _walk_as_stranger(house, getattr(house.world.other, who), report)
    report.leaks += changed(before, await house.belongings())


async def without_permission(house: House, report: Report) -> None:
    """Everybody of the first organisation, on what their roles do not allow."""
    before = await house.belongings()
    for who in LOWER_ROLES:
        await _walk_without_permission(house, getattr(house.world.demo, who), report)
    report.leaks += changed(before, await house.belongings())


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [f'{table}: rows were changed' for table in before if before[table] != after[table]]


async def _walk_as_stranger(house: House, stranger: Viewer, report: Report) -> None:
    """An id of the first organisation must answer exactly as one that nobody has."""
    async with house.client() as client:
        for call in calls(house.rest.openapi()):
            if REST[call.name] is Kind.OPEN or _runs_the_installation(stranger, call):
                continue
            report.cells += 1
            cell = f'{call.name} as {stranger.email}'
            foreign = await _ask(client, house, call, stranger, house.ids)
            if CANARY in foreign.text or _named(house, call, foreign):
                report.leaks.append(f'{cell}: shows what is not theirs: {foreign.text[:200]}')
            if foreign.status_code >= 500:
                report.leaks.append(f'{cell}: {foreign.status_code} {foreign.text[:200]}')
            if not call.nouns:
                continue
            missing = await _ask(client, house, call, stranger, house.nothing)
            # a list that is filtered by a foreign id is as empty as one that is filtered by an unknown id
            if (foreign.is_success and '{' in call.path) or (foreign.status_code, foreign.text) != (
                missing.status_code,
                missing.text,
            ):
                report.leaks.append(f'{cell}: {foreign.status_code} {foreign.text[:200]} is not {missing.text[:200]}')
            elif foreign.status_code == 403 and _may(stranger, call):
                report.leaks.append(f'{cell}: 403 says that it exists')


async def _walk_without_permission(house: House, member: Viewer, report: Report) -> None:
    async with house.client() as client:
        for call in calls(house.rest.openapi()):
            if _may(member, call):
                continue
            report.cells += 1
            answer = await _ask(client, house, call, member, house.ids)
            if answer.status_code not in (403, 404) or CANARY in answer.text:
                report.leaks.append(f'{call.name} as {member.email}: {answer.status_code} {answer.text[:200]}')


async def _ask(
    client: httpx.AsyncClient, house: House, call: Call, person: Viewer, ids: dict[str, str]
) -> httpx.Response:
    headers = await house.cookie(person)
    return await client.request(call.method, call.address(ids), headers=headers, **call.request(ids))


def _may(person: Viewer, call: Call) -> bool:
    asked = REST[call.name]
    if isinstance(asked, Kind):
        return True
    return any(person.may(permission) for permission in ({asked} if isinstance(asked, Permission) else asked))


def _runs_the_installation(person: Viewer, call: Call) -> bool:
    """Whether the operation is one of those with which every organisation is looked after."""
    asked = REST[call.name]
    named = {asked} if isinstance(asked, Permission) else asked
    return not isinstance(named, Kind) and Permission.SITE_OPERATE in named and person.may(Permission.SITE_OPERATE)


def _named(house: House, call: Call, answer: httpx.Response) -> bool:
    """Whether the answer names a row of the first organisation that the call did not name itself."""
    if not answer.is_success:
        return False
    asked = {house.ids[noun] for noun in call.nouns if noun in house.ids}
    return any(row_id in answer.text for row_id in set(house.ids.values()) - asked - {house.ids['unknown']})

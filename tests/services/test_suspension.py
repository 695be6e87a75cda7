"""A suspended organisation is shut and quiet, and comes back as it was."""

from uuid import UUID

import pytest

from services.clock import now
from services.generation.state import log
from services.generation.suspension import Suspension
from services.organizations import OrganizationService
from services.viewer import Permission, Suspended, Viewer
from storage.database import Scope
from storage.identity import Organization, organizations_of
from storage.pending import owed
from storage.sight import look_across_organizations
from storage.workflows import Workflow
from tests.services.world import World


class Started:
    """Stands where the durable engine does: remembers what was begun."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, UUID]] = []

    def start(self, kind: str, organization_id: UUID, row_id: UUID, run: int) -> None:
        self.begun.append((kind, row_id))


@pytest.fixture
def started() -> Started:
    return Started()


@pytest.fixture
def organizations(world: World, started: Started) -> OrganizationService:
    suspension = Suspension(started)  # type: ignore[arg-type]
    return OrganizationService(
        world.gate, address='https://courses.example', rest=suspension.rest, resume=suspension.resume
    )


async def gets_in(world: World, viewer: Viewer) -> bool:
    try:
        await world.gate.check(viewer, Permission.LEARN)
    except Suspended:
        return False
    return True


async def test_a_suspended_organisation_is_shut_and_opens_again_as_it_was(
    world: World, organizations: OrganizationService
) -> None:
    heard = world.heard('sessions', f'organization:{world.other.organization_id}')
    assert await gets_in(world, world.other.student)
    suspended = await organizations.suspend(world.demo.site, world.other.organization_id, because='Not paid')
    assert suspended.status == 'suspended'
    assert set(heard) == {'sessions', f'organization:{world.other.organization_id}'}
    assert not await gets_in(world, world.other.student)
    async with world.database.reading() as tx:
        assert await organizations_of(tx, world.other.student.user_id) == []
    assert await gets_in(world, world.demo.student)
    found, _ = await organizations.list(world.demo.site, status='suspended')
    assert [one.slug for one in found] == ['other']
    await organizations.suspend(world.demo.site, world.other.organization_id)  # again: nothing happens
    await organizations.restore(world.demo.site, world.other.organization_id)
    assert await gets_in(world, world.other.student)
    assert [action for action in await world.audit(world.other) if 'organization' in action] == [
        'organization.suspended',
        'organization.restored',
    ]


async def test_what_runs_for_a_suspended_organisation_rests_and_goes_on_afterwards(
    world: World, organizations: OrganizationService, started: Started
) -> None:
    running, stopped = [await drafting(world, title) for title in ('Goes on', 'Stopped by a person')]
    async with world.gate.platform(world.other.organization_id) as work:
        row = await work.get(Workflow, stopped)
        row.status = 'cancelled'
        work.tx.add(row)
        await log(work, stopped, 'phase.stopped')
    await organizations.suspend(world.demo.site, world.other.organization_id)
    assert await statuses(world) == {running: 'cancelled', stopped: 'cancelled'}
    assert await owed_workflows(world) == 0
    await organizations.restore(world.demo.site, world.other.organization_id)
    assert await statuses(world) == {running: 'running', stopped: 'cancelled'}
    assert started.begun == [('workflow', running)]


async def test_queued_work_waits_for_the_organisation(world: World, organizations: OrganizationService) -> None:
    await drafting(world, 'Queued')
    async with world.database.writing() as tx:  # as if its beginning had been lost
        organization = await tx.get_one(Organization, world.other.organization_id)
        organization.is_active = False
        tx.add(organization)
    assert await owed_workflows(world) == 0
    await organizations.restore(world.demo.site, world.other.organization_id)
    assert await owed_workflows(world) == 1


async def drafting(world: World, title: str) -> UUID:
    made = await world.course(world.other, title, approved=False)
    async with world.gate.platform(world.other.organization_id) as work:
        workflow = work.add(
            Workflow(
                course_id=made.course_id,
                version_id=made.version_id,
                created_by=world.other.instructor.user_id,
                author_name='Instructor',
                title=title,
                brief='Why',
                audience='All',
                level='Introductory',
                hours=1,
                language='en',
                document_ids=[],
                provider='offline',
                run_started_at=now(),
            )
        )
        await work.tx.flush()
        await log(work, workflow.id, 'workflow.created')
        return workflow.id


async def owed_workflows(world: World) -> int:
    async with world.database.reading() as tx:
        look_across_organizations(tx, because='as the sweep does')
        return len((await owed(tx))['workflow'])


async def statuses(world: World) -> dict[UUID, str]:
    async with world.database.reading() as tx:
        found = (await tx.exec(Scope(tx, world.other.organization_id).rows(Workflow))).all()
    return {row.id: row.status for row in found}

"""Accounts of other people, and groups: in the hands of the administrators they belong to."""

import pytest

from services.errors import Conflict, Forbidden, InvalidInput, NotFound, NotSignedIn
from services.members.groups import NameTaken
from services.viewer import Permission
from storage.identity import user_by_email
from tests.services.office import Office, make_office
from tests.services.world import World


@pytest.fixture
def office(world: World) -> Office:
    return make_office(world)


async def test_a_deleted_person_vanishes_and_can_be_restored(office: Office) -> None:
    demo = office.demo
    await office.people.delete(demo.admin, demo.student.user_id)
    with pytest.raises(NotSignedIn):
        await office.world.gate.check(demo.student, Permission.LEARN)
    assert 'student' not in await office.emails()
    assert await office.emails(status='deleted') == ['student']
    with pytest.raises(NotFound):
        await office.members.set_roles(demo.admin, demo.student.user_id, ['reviewer'])
    restored = await office.people.restore(demo.admin, demo.student.user_id)
    assert not restored.deleted
    assert 'student' in await office.emails()
    with pytest.raises(Conflict):
        await office.people.delete(demo.admin, demo.admin.user_id)
    with pytest.raises(Forbidden):
        await office.people.delete(demo.instructor, demo.student.user_id)


async def test_who_belongs_elsewhere_too_is_removed_not_deleted(office: Office) -> None:
    demo, other = office.demo, office.world.other
    await office.members.add(demo.admin, [other.student.email], ['student'])
    with pytest.raises(Conflict, match='Remove the person'):
        await office.people.delete(demo.admin, other.student.user_id)
    with pytest.raises(Conflict):
        await office.people.rename(demo.admin, other.student.user_id, 'Somebody')
    await office.people.delete(demo.site, other.student.user_id)
    async with office.world.database.reading() as tx:
        user = await user_by_email(tx, other.student.email)
    assert user is not None
    assert user.deleted_at is not None


async def test_an_administrator_corrects_a_name(office: Office) -> None:
    demo = office.demo
    view = await office.people.rename(demo.admin, demo.student.user_id, '  Marta   Lima ')
    assert view.full_name == 'Marta Lima'
    assert 'user.renamed' in await office.world.audit(demo)
    with pytest.raises(InvalidInput):
        await office.people.rename(demo.admin, demo.student.user_id, ' ')


async def test_groups_are_made_renamed_filled_and_deleted(office: Office) -> None:
    demo, other = office.demo, office.world.other
    group = await office.groups.create(demo.admin, ' Night   shift ')
    assert group.name == 'Night shift'
    with pytest.raises(NameTaken):
        await office.groups.create(demo.admin, 'night SHIFT')
    assert (await office.groups.rename(demo.admin, group.id, 'NIGHT shift')).name == 'NIGHT shift'
    await office.groups.put_in(demo.admin, group.id, [demo.student.user_id, demo.editor.user_id])
    await office.groups.put_in(demo.admin, group.id, [demo.student.user_id])
    await office.groups.take_out(demo.admin, group.id, demo.editor.user_id)
    assert [(one.name, one.members) for one in await office.groups.list(demo.admin)] == [('NIGHT shift', 1)]
    for act in (
        office.groups.put_in(demo.admin, group.id, [other.student.user_id]),
        office.groups.rename(other.admin, group.id, 'Ours'),
        office.groups.delete(other.admin, group.id),
        office.groups.put_in(other.admin, group.id, [other.student.user_id]),
    ):
        with pytest.raises(NotFound):
            await act
    with pytest.raises(Forbidden):
        await office.groups.list(demo.instructor)
    await office.groups.delete(demo.admin, group.id)
    assert await office.groups.list(demo.admin) == []
    assert 'student' in await office.emails()

"""Groups: people of an organisation who belong together, to filter by and to invite into."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services import fields
from services.errors import Conflict, InvalidInput, NotFound
from services.members.views import GroupView
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import members as people
from storage import organizations as rows
from storage.organizations import Group, GroupMember

LONGEST_NAME = 80


class NameTaken(Conflict):
    code = 'group_name_taken'

    def __init__(self) -> None:
        super().__init__('There is a group of this name already. Choose another.')


class GroupService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def list(self, viewer: Viewer) -> Sequence[GroupView]:
        """By name."""
        async with self._gate.reading(viewer, Permission.PEOPLE_MANAGE) as work:
            sizes = await rows.group_sizes(work.scope)
            return [
                GroupView(id=group.id, name=group.name, members=sizes.get(group.id, 0))
                for group in await rows.groups(work.scope)
            ]

    async def create(self, viewer: Viewer, name: str) -> GroupView:
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            await rows.locked_organization(work.scope)
            group = Group(name=await _free(work, name))
            work.add(group)
            work.record('group.created', group, after={'name': group.name})
            _say(work)
            return GroupView(id=group.id, name=group.name, members=0)

    async def rename(self, viewer: Viewer, group_id: UUID, name: str) -> GroupView:
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            await rows.locked_organization(work.scope)
            group = await work.get(Group, group_id, lock=True)
            before = group.name
            group.name = await _free(work, name, but=group)
            work.tx.add(group)
            work.record('group.renamed', group, before={'name': before}, after={'name': group.name})
            _say(work)
            sizes = await rows.group_sizes(work.scope)
            return GroupView(id=group.id, name=group.name, members=sizes.get(group.id, 0))

    async def delete(self, viewer: Viewer, group_id: UUID) -> None:
        """The people stay; only that they belonged together is forgotten."""
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            group = await work.get(Group, group_id, lock=True)
            inside = await rows.memberships_in(work.scope, group.id)
            work.record('group.deleted', group, before={'name': group.name, 'members': len(inside)})
            await rows.remove_group(work.scope, group.id)
            _say(work)

    async def put_in(self, viewer: Viewer, group_id: UUID, user_ids: Collection[UUID]) -> None:
        """Members only; those who are in it already stay."""
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            group = await work.get(Group, group_id, lock=True)
            wanted = list(dict.fromkeys(user_ids))
            held = await people.roles_by_person(work.scope, wanted)
            if not all(held[user_id] for user_id in wanted):
                raise NotFound()
            inside = await rows.memberships_in(work.scope, group.id)
            news = [user_id for user_id in wanted if user_id not in inside]
            for user_id in news:
                work.add(GroupMember(group_id=group.id, user_id=user_id))
            if news:
                work.record('group.joined', group, after={'user_ids': [str(user_id) for user_id in news]})
                _say(work)

    async def take_out(self, viewer: Viewer, group_id: UUID, user_id: UUID) -> None:
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            group = await work.get(Group, group_id, lock=True)
            if user_id in await rows.memberships_in(work.scope, group.id):
                await rows.leave_groups(work.scope, user_id, [group.id])
                work.record('group.left', group, before={'user_ids': [str(user_id)]})
                _say(work)


async def named(work: Work, name: str) -> Group:
    """The group of that name, made where there is none. Call it under the lock of the organisation."""
    group = await rows.group_named(work.scope, name)
    if group is None:
        group = Group(name=name)
        work.add(group)
        await work.tx.flush()
        work.record('group.created', group, after={'name': name})
        _say(work)
    return group


async def _free(work: Work, typed: str, *, but: Group | None = None) -> str:
    name = fields.line('name', typed, limit=LONGEST_NAME)
    if not name:
        fault = 'Give the group a name.'
        raise InvalidInput(fault, fields={'name': fault})
    taken = await rows.group_named(work.scope, name)
    if taken is not None and (but is None or taken.id != but.id):
        raise NameTaken()
    return name


def _say(work: Work) -> None:
    work.changed(f'groups:{work.scope.organization_id}', f'members:{work.scope.organization_id}')

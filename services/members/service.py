"""The members of an organisation: found, added, given roles, suspended, removed and taken back."""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from services import fields
from services.clock import now
from services.errors import Conflict, InvalidInput, NotFound
from services.members import membership
from services.members.adding import Newcomer, add_all
from services.members.inviting import InvitationService
from services.members.views import Added, Counts, MemberView
from services.notifications import notify
from services.viewer import Permission, Role, Viewer
from services.work import Gate, Work
from storage import members as people
from storage import organizations as rows
from storage.identity import Organization, User, UserRole

MOST_AT_ONCE = 500
_READ_AT_ONCE = 500
EXPORT_HEADER = ('E-mail', 'Name', 'Roles', 'Groups', 'Member since', 'Last seen')


class MemberService:
    def __init__(self, gate: Gate, invitations: InvitationService) -> None:
        self._gate = gate
        self._invitations = invitations

    async def me(self, viewer: Viewer) -> Viewer:
        """The viewer as they are at this moment: an open page asks when their roles may have changed."""
        async with self._gate.database.reading() as tx:
            return await self._gate.afresh(tx, viewer.session_id)

    async def list(
        self,
        viewer: Viewer,
        *,
        search: str = '',
        role: str = '',
        group_id: UUID | None = None,
        status: str = '',
        sort: str = 'name',
        descending: bool = False,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[Sequence[MemberView], int]:
        """One page and how many there are. `status` is active, suspended, invited or deleted; '' is all but the last.
        `sort` is name, email, since or status."""
        async with self._gate.reading(viewer, Permission.PEOPLE_MANAGE) as work:
            wanted = people.MemberFilter(
                search=fields.line('search', search), role=role, group_id=group_id, status=status
            )
            found, total = await people.members_page(
                work.scope, wanted, now(), sort=sort, descending=descending, limit=limit, offset=offset
            )
            return await _views(work, found), total

    async def get(self, viewer: Viewer, user_id: UUID) -> MemberView:
        async with self._gate.reading(viewer, Permission.PEOPLE_MANAGE) as work:
            return await _view(work, await member(work, user_id))

    async def counts(self, viewer: Viewer) -> Counts:
        async with self._gate.reading(viewer, Permission.PEOPLE_MANAGE) as work:
            counts = await people.status_counts(work.scope, now())
            return Counts(members=counts[people.ACTIVE], invited=counts[people.INVITED])

    async def add(
        self, viewer: Viewer, emails: Collection[str], roles: Collection[str], *, group_ids: Collection[UUID] = ()
    ) -> Sequence[Added]:
        """Whoever has an account joins at once, the others are invited by mail; says what became of each address."""
        if len(emails) > MOST_AT_ONCE:
            fault = f'These are {len(emails)} addresses. Add {MOST_AT_ONCE} at a time, or import a CSV file.'
            raise InvalidInput(fault, fields={'emails': fault})
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            wanted = membership.assignable(roles)
            groups = [group.id for group in await membership.known_groups(work, group_ids)]
            refused, newcomers = [], {}
            for typed in emails:
                try:
                    email = fields.email('emails', typed)
                except InvalidInput as error:
                    refused.append(Added(email=typed[:254], outcome='refused', reason=str(error)))
                else:
                    newcomers[email] = Newcomer(email=email, roles=frozenset(wanted), group_ids=tuple(groups))
            if not newcomers and not refused:
                fault = 'Type at least one e-mail address.'
                raise InvalidInput(fault, fields={'emails': fault})
            added = await add_all(work, list(newcomers.values()), self._invitations)
            organization = await work.tx.get_one(Organization, work.scope.organization_id)
            told = [{'email': one.email, 'outcome': one.outcome} for one in added]
            work.record('members.added', organization, after={'roles': sorted(wanted), 'people': told})
            return [*added, *refused]

    async def set_roles(self, viewer: Viewer, user_id: UUID, roles: Collection[str]) -> MemberView:
        """Exactly these roles; who runs the installation goes on doing so."""
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            await membership.held_still(work)
            wanted = membership.assignable(roles)
            user = await member(work, user_id)
            await _change_roles(work, user, wanted)
            return await _view(work, user)

    async def set_roles_of(self, viewer: Viewer, user_ids: Collection[UUID], roles: Collection[str]) -> None:
        """The same for several people, all or none."""
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            await membership.held_still(work)
            wanted = membership.assignable(roles)
            for user_id in dict.fromkeys(user_ids):
                await _change_roles(work, await member(work, user_id), wanted)

    async def remove(self, viewer: Viewer, user_id: UUID) -> None:
        """Ends the membership: roles and groups go, what the person did and learned stays. `take_back` undoes it."""
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            await membership.held_still(work)
            await _hold_back(work, await member(work, user_id), rows.REMOVED, 'member.removed')

    async def suspend(self, viewer: Viewer, user_id: UUID) -> None:
        """Nobody gets in, nothing is lost: the roles wait until `take_back`."""
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            await membership.held_still(work)
            if user_id == work.viewer.user_id:
                raise Conflict('You cannot suspend yourself. Ask another administrator.')
            await _hold_back(work, await member(work, user_id), rows.SUSPENDED, 'member.suspended')

    async def take_back(self, viewer: Viewer, user_id: UUID) -> MemberView:
        """Gives a removed or suspended member the roles and groups they had."""
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            await membership.held_still(work)
            kept = await rows.held_membership(work.scope, user_id)
            user = await work.tx.get(User, user_id) if kept else None
            if kept is None or user is None or user.deleted_at is not None:
                raise NotFound()
            roles = await membership.give(work, user, kept.roles, [UUID(group_id) for group_id in kept.group_ids])
            work.record('member.taken_back', user, before={'state': kept.state}, after={'roles': sorted(roles)})
            await work.tx.flush()
            return await _view(work, user)

    async def leave(self, viewer: Viewer) -> None:
        """The viewer leaves the organisation; only an administrator of it can add them again."""
        async with self._gate.writing(viewer, in_person=True) as work:
            await rows.locked_organization(work.scope)
            user = await member(work, work.viewer.user_id)
            await _hold_back(work, user, rows.REMOVED, 'member.left')

    async def export(self, viewer: Viewer) -> Sequence[tuple[object, ...]]:
        """Every member as the rows of a table, under EXPORT_HEADER, read in parts."""
        table: list[tuple[object, ...]] = []
        after: UUID | None = None
        while True:
            async with self._gate.reading(viewer, Permission.PEOPLE_MANAGE) as work:
                found = await people.members_after(work.scope, after, limit=_READ_AT_ONCE)
                table.extend(await _table_rows(work, found))
            if len(found) < _READ_AT_ONCE:
                break
            after = found[-1].id
        async with self._gate.writing(viewer, Permission.PEOPLE_MANAGE) as work:
            organization = await work.tx.get_one(Organization, work.scope.organization_id)
            work.record('members.exported', organization, after={'people': len(table)})
        return sorted(table, key=lambda row: str(row[1]).casefold())


async def member(work: Work, user_id: UUID) -> User:
    """Somebody who holds a role here; NotFound otherwise, and for those whose account is deleted."""
    user = await work.tx.get(User, user_id)
    if user is None or user.deleted_at is not None or not await rows.roles_held(work.scope, user_id):
        raise NotFound()
    return user


async def _change_roles(work: Work, user: User, wanted: frozenset[Role]) -> None:
    held = {row.role for row in await rows.roles_held(work.scope, user.id)}
    after = {*map(str, wanted), *(held & {Role.SITE_ADMIN})}
    if after == held:
        return
    if Role.ORG_ADMIN in held - after:
        await membership.keep_an_administrator(work, user.id)
    await rows.take_roles(work.scope, user.id, held - after)
    for role in sorted(after - held):
        work.add(UserRole(user_id=user.id, role=role))
    work.record('member.role_changed', user, before={'roles': sorted(held)}, after={'roles': sorted(after)})
    await notify(work, [user.id], 'Your roles were changed', subject=work.viewer.organization_name, path='/')
    await membership.say_changed(work, user.id)
    await work.tx.flush()


async def _hold_back(work: Work, user: User, state: str, action: str) -> None:
    roles = {row.role for row in await rows.roles_held(work.scope, user.id)}
    if Role.SITE_ADMIN in roles:
        raise membership.RunsTheInstallation()
    if Role.ORG_ADMIN in roles:
        await membership.keep_an_administrator(work, user.id)
    kept = await membership.hold_back(work, user.id, state)
    work.record(action, user, before={'email': user.email, 'roles': kept.roles})


async def _view(work: Work, user: User) -> MemberView:
    since = (await people.joined_at(work.scope, [user.id])).get(user.id, user.created_at)
    row = people.MemberRow(status=people.ACTIVE, id=user.id, name=user.full_name, email=user.email, since=since)
    return (await _views(work, [row]))[0]


async def _views(work: Work, found: Sequence[people.MemberRow]) -> list[MemberView]:
    persons = [row.id for row in found if row.status != people.INVITED]
    roles, groups = await people.roles_by_person(work.scope, persons), await rows.groups_of(work.scope, persons)
    seen, held = await people.last_seen(work.scope, persons), await people.held_by_person(work.scope, persons)
    invited = await people.invitations_by_id(work.scope, [row.id for row in found if row.status == people.INVITED])
    names = {str(group.id): group.name for group in await rows.groups(work.scope)}

    def view(row: people.MemberRow) -> MemberView:
        waiting = invited.get(row.id) or (held.get(row.id) if row.status == rows.SUSPENDED else None)
        if waiting is not None:
            theirs, groups_there = waiting.roles, [names[key] for key in waiting.group_ids if key in names]
        else:
            theirs, groups_there = roles.get(row.id, []), [name for _, name in groups.get(row.id, [])]
        return MemberView(
            id=row.id,
            status=row.status,
            name=row.name,
            email=row.email,
            roles=tuple(theirs),
            groups=tuple(groups_there),
            since=row.since,
            last_seen=seen.get(row.id),
        )

    return [view(row) for row in found]


async def _table_rows(work: Work, users: Sequence[User]) -> Iterator[tuple[object, ...]]:
    ids = [user.id for user in users]
    roles, groups = await people.roles_by_person(work.scope, ids), await rows.groups_of(work.scope, ids)
    seen, joined = await people.last_seen(work.scope, ids), await people.joined_at(work.scope, ids)
    return (
        (
            user.email,
            user.full_name,
            '; '.join(roles[user.id]),
            '; '.join(name for _, name in groups[user.id]),
            joined[user.id],
            seen.get(user.id),
        )
        for user in users
    )

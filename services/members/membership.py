"""Becoming a member, getting other roles, leaving: what every way in and out shares, inside the caller's transaction.

Whoever holds a role in an organisation is a member of it. What changes is said to the pages, tokens and jobs of the
person at once: `sessions` empties what is remembered of viewers, `session:ID` lets open pages look again.
"""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from services.clock import now
from services.errors import Conflict, Forbidden, InvalidInput
from services.viewer import POLICY, Permission, Role
from services.work import Work
from storage import members as people
from storage import organizations as rows
from storage.identity import Organization, User, UserRole
from storage.organizations import Group, GroupMember, HeldMembership

ASSIGNABLE = tuple(role for role in Role if role is not Role.SITE_ADMIN)


class LastAdministrator(Conflict):
    code = 'last_administrator'

    def __init__(self) -> None:
        super().__init__(
            'This is the only administrator of the organisation. Make somebody else an administrator first.'
        )


class RunsTheInstallation(Forbidden):
    code = 'runs_the_installation'

    def __init__(self) -> None:
        super().__init__('This person runs the installation. Only another site administrator can take that away.')


def assignable(roles: Iterable[str]) -> frozenset[Role]:
    """The roles as an organisation may give them, at least one."""
    try:
        wanted = frozenset(Role(role) for role in roles)
    except ValueError as error:
        fault = 'There is no such role. Choose from: {roles}.'
        listed = ', '.join(ASSIGNABLE)
        raise InvalidInput(fault, fields={'roles': fault.format(roles=listed)}, roles=listed) from error
    if Role.SITE_ADMIN in wanted:
        raise Forbidden('Only who runs the installation can make somebody a site administrator.')
    if not wanted:
        fault = 'Choose at least one role. To end a membership, remove the person.'
        raise InvalidInput(fault, fields={'roles': fault})
    return wanted


async def held_still(work: Work) -> Organization:
    """Holds the organisation until the commit and looks again whether the viewer still administers it.

    Two administrators who demote each other follow each other here: the second is none any more.
    """
    organization = await rows.locked_organization(work.scope)
    assert organization is not None
    if work.person is not None:
        mine = await rows.roles_held(work.scope, work.viewer.user_id)
        if not any(Permission.PEOPLE_MANAGE in POLICY[Role(held.role)] for held in mine):
            raise Forbidden()
    return organization


async def keep_an_administrator(work: Work, user_id: UUID) -> None:
    """Refuses to take the role from the last one who has it; call it under `held_still`."""
    if await rows.count_of_role(work.scope, Role.ORG_ADMIN, but=user_id) == 0:
        raise LastAdministrator()


async def give(work: Work, user: User, roles: Collection[str], group_ids: Collection[UUID] = ()) -> frozenset[str]:
    """Adds what the person does not have yet, and says which roles they hold now."""
    held = {row.role for row in await rows.roles_held(work.scope, user.id)}
    for role in sorted(set(map(str, roles)) - held):
        work.add(UserRole(user_id=user.id, role=role))
    await put_into_groups(work, user.id, group_ids)
    await rows.forget_held(work.scope, user.id)
    await say_changed(work, user.id)
    return frozenset(held | set(map(str, roles)))


async def hold_back(work: Work, user_id: UUID, state: str) -> HeldMembership:
    """Takes roles and groups from a member and keeps them, so that it can be undone; ends what is signed in here."""
    held = await rows.roles_held(work.scope, user_id)
    groups = (await rows.groups_of(work.scope, [user_id]))[user_id]
    await rows.forget_held(work.scope, user_id)
    kept = HeldMembership(
        user_id=user_id,
        state=state,
        roles=sorted(row.role for row in held),
        group_ids=[str(group_id) for group_id, _ in groups],
        joined_at=min(row.created_at for row in held),
        held_at=now(),
        held_by=work.person.user_id if work.person else None,
    )
    work.add(kept)
    await rows.take_roles(work.scope, user_id, kept.roles)
    await rows.leave_groups(work.scope, user_id)
    await end_here(work, user_id)
    return kept


async def put_into_groups(work: Work, user_id: UUID, group_ids: Collection[UUID]) -> None:
    """Groups that are gone meanwhile are passed over."""
    if not group_ids:
        return
    inside = {group_id for group_id, _ in (await rows.groups_of(work.scope, [user_id]))[user_id]}
    for group in await rows.groups_by_id(work.scope, set(group_ids) - inside):
        work.add(GroupMember(group_id=group.id, user_id=user_id))


async def known_groups(work: Work, group_ids: Collection[UUID]) -> Sequence[Group]:
    found = await rows.groups_by_id(work.scope, group_ids)
    if len(found) != len(set(group_ids)):
        fault = 'One of these groups is no longer there. Choose again.'
        raise InvalidInput(fault, fields={'group_ids': fault})
    return found


async def end_here(work: Work, user_id: UUID, *, everywhere: bool = False) -> None:
    """Signs the person out of this organisation, on every device and with every token."""
    ended = await people.end_sessions(work.scope, user_id, now(), everywhere=everywhere)
    _say(work, user_id, ended)


async def say_changed(work: Work, user_id: UUID) -> None:
    """Lets everything that acts for the person look again at what they may do."""
    _say(work, user_id, await people.sessions_here(work.scope, user_id))


def _say(work: Work, user_id: UUID, session_ids: Iterable[UUID]) -> None:
    # First what forgets the remembered viewers, then what looks again.
    work.changed('sessions', *(f'session:{session_id}' for session_id in session_ids))
    work.changed(f'user:{user_id}', f'members:{work.scope.organization_id}')

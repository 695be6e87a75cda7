"""Somebody else's account, in the hands of an administrator: its name, and deleting it so that it can be restored."""

from dataclasses import dataclass
from uuid import UUID

from services import fields
from services.clock import now
from services.errors import Conflict, Forbidden, InvalidInput, NotFound
from services.members import membership
from services.viewer import Permission, Role, Viewer
from services.work import Gate, Work
from storage import members as people
from storage import organizations as rows
from storage.identity import User


@dataclass(frozen=True, kw_only=True)
class AccountView:
    id: UUID
    email: str
    full_name: str
    is_active: bool
    deleted: bool


class PeopleAccounts:
    """The organisation's administrators, for people who belong to no other; operators, for everybody."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def rename(self, viewer: Viewer, user_id: UUID, full_name: str) -> AccountView:
        async with self._gate.writing(viewer) as work:
            user = await _theirs(work, user_id)
            name = fields.line('full_name', full_name, limit=120)
            if not name:
                fault = 'Type a name.'
                raise InvalidInput(fault, fields={'full_name': fault})
            if name != user.full_name:
                work.record('user.renamed', user, before={'full_name': user.full_name}, after={'full_name': name})
                user.full_name = name
                work.tx.add(user)
                await membership.say_changed(work, user.id)
            return _view(user)

    async def delete(self, viewer: Viewer, user_id: UUID) -> None:
        """The person vanishes from lists and can sign in nowhere; what they did stays, and `restore` brings them
        back."""
        async with self._gate.writing(viewer) as work:
            user = await _theirs(work, user_id)
            if user.id == work.viewer.user_id:
                raise Conflict('This is your own account. You can delete it under Account.')
            roles = {row.role for row in await rows.roles_held(work.scope, user.id)}
            if Role.ORG_ADMIN in roles:
                await rows.locked_organization(work.scope)
                await membership.keep_an_administrator(work, user.id)
            user.deleted_at = now()
            work.tx.add(user)
            work.record('user.deleted', user, before={'email': user.email, 'full_name': user.full_name})
            await membership.end_here(work, user.id, everywhere=True)

    async def restore(self, viewer: Viewer, user_id: UUID) -> AccountView:
        async with self._gate.writing(viewer) as work:
            user = await _theirs(work, user_id, deleted=True)
            if not user.is_active:
                raise Conflict('This person erased the account, with everything personal in it. Invite them anew.')
            user.deleted_at = None
            work.tx.add(user)
            work.record('user.restored', user, after={'email': user.email, 'full_name': user.full_name})
            await membership.say_changed(work, user.id)
            return _view(user)


async def _theirs(work: Work, user_id: UUID, *, deleted: bool = False) -> User:
    """The account, if the viewer may change it; NotFound where it is not theirs to see."""
    viewer = work.viewer
    operates, manages = viewer.may(Permission.SITE_OPERATE), viewer.may(Permission.PEOPLE_MANAGE)
    if not operates and not manages:
        raise Forbidden()
    user = await work.tx.get(User, user_id, with_for_update=True)
    if user is None or (user.deleted_at is not None) is not deleted:
        raise NotFound()
    if operates:
        return user
    held = await rows.roles_held(work.scope, user.id)
    kept = await rows.held_membership(work.scope, user.id)
    if not held and (kept is None or kept.state != rows.SUSPENDED):
        raise NotFound()
    if any(row.role == Role.SITE_ADMIN for row in held):
        raise membership.RunsTheInstallation()
    if await people.belongs_elsewhere(work.scope, user.id):
        raise Conflict('This account is not of this organisation alone. Remove the person from it instead.')
    return user


def _view(user: User) -> AccountView:
    return AccountView(
        id=user.id,
        email=user.email,
        full_name=user.full_name,
        is_active=user.is_active,
        deleted=user.deleted_at is not None,
    )

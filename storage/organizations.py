"""Groups of people inside an organisation, invitations into it, and memberships that are held back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint, delete, update
from sqlmodel import JSON, Field, col, func, select

from storage.base import TenantRow, UtcDateTime
from storage.database import Scope
from storage.identity import Organization, User, UserRole

SUSPENDED, REMOVED = 'suspended', 'removed'


class Group(TenantRow, table=True):
    __tablename__ = 'groups'
    __table_args__ = (UniqueConstraint('organization_id', 'name'),)

    name: str


class GroupMember(TenantRow, table=True):
    __tablename__ = 'group_members'
    __table_args__ = (UniqueConstraint('organization_id', 'group_id', 'user_id'),)

    group_id: UUID = Field(foreign_key='groups.id', index=True)
    user_id: UUID = Field(foreign_key='users.id', index=True)


class Invitation(TenantRow, table=True):
    """A way in with these roles: for one address, or, with an empty `email`, for whoever has the link."""

    __tablename__ = 'invitations'

    email: str = Field(default='', index=True)
    name: str = ''  # as whoever invited calls them, until they say it themselves
    roles: list[str] = Field(default_factory=list, sa_type=JSON)
    group_ids: list[str] = Field(default_factory=list, sa_type=JSON)  # those that are gone meanwhile are passed over
    secret_hash: str = Field(unique=True)
    invited_by: UUID = Field(foreign_key='users.id')
    expires_at: datetime = Field(sa_type=UtcDateTime)
    uses_left: int = 1
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class HeldMembership(TenantRow, table=True):
    """A membership that is suspended, or was removed: its roles and groups wait here, the person holds none of them."""

    __tablename__ = 'held_memberships'
    __table_args__ = (UniqueConstraint('organization_id', 'user_id'),)

    user_id: UUID = Field(foreign_key='users.id', index=True)
    state: str
    roles: list[str] = Field(default_factory=list, sa_type=JSON)
    group_ids: list[str] = Field(default_factory=list, sa_type=JSON)
    joined_at: datetime = Field(sa_type=UtcDateTime)
    held_at: datetime = Field(sa_type=UtcDateTime)
    held_by: UUID | None = Field(default=None, foreign_key='users.id')


async def locked_organization(scope: Scope) -> Organization | None:
    """Held until the commit: whoever changes who administers an organisation follows whoever does it now."""
    statement = select(Organization).where(Organization.id == scope.organization_id).with_for_update()
    return (await scope.tx.exec(statement.execution_options(populate_existing=True))).first()


async def roles_held(scope: Scope, user_id: UUID) -> Sequence[UserRole]:
    return (await scope.tx.exec(scope.rows(UserRole).where(UserRole.user_id == user_id))).all()


async def take_roles(scope: Scope, user_id: UUID, roles: Collection[str]) -> None:
    await scope.tx.exec(
        delete(UserRole).where(
            col(UserRole.organization_id) == scope.organization_id,
            col(UserRole.user_id) == user_id,
            col(UserRole.role).in_(roles),
        )
    )


async def count_of_role(scope: Scope, role: str, *, but: UUID) -> int:
    """How many people who may sign in hold the role, leaving one out."""
    statement = (
        select(func.count(col(UserRole.id)))
        .join(User, col(User.id) == col(UserRole.user_id))
        .where(
            UserRole.organization_id == scope.organization_id,
            UserRole.role == role,
            UserRole.user_id != but,
            col(User.is_active),
            col(User.deleted_at).is_(None),
        )
    )
    return (await scope.tx.exec(statement)).one()


async def held_membership(scope: Scope, user_id: UUID) -> HeldMembership | None:
    return (await scope.tx.exec(scope.rows(HeldMembership).where(HeldMembership.user_id == user_id))).first()


async def forget_held(scope: Scope, user_id: UUID) -> None:
    await scope.tx.exec(
        delete(HeldMembership).where(
            col(HeldMembership.organization_id) == scope.organization_id, col(HeldMembership.user_id) == user_id
        )
    )


async def invitation_by_secret(scope: Scope, secret_hash: str) -> Invitation | None:
    """Held until the commit, so that two people who use its last place follow each other."""
    statement = scope.rows(Invitation).where(Invitation.secret_hash == secret_hash).with_for_update()
    return (await scope.tx.exec(statement)).first()


async def use_up(scope: Scope, invitation_id: UUID) -> bool:
    """Takes one use of the invitation; False where none is left."""
    statement = (
        update(Invitation)
        .where(
            col(Invitation.organization_id) == scope.organization_id,
            col(Invitation.id) == invitation_id,
            col(Invitation.uses_left) > 0,
            col(Invitation.revoked_at).is_(None),
        )
        .values(uses_left=Invitation.uses_left - 1)
        .execution_options(synchronize_session=False)
    )
    return (await scope.tx.exec(statement)).rowcount == 1


async def open_invitations_to(scope: Scope, emails: Collection[str], at: datetime) -> Sequence[Invitation]:
    statement = scope.rows(Invitation).where(
        col(Invitation.email).in_(emails),
        col(Invitation.revoked_at).is_(None),
        Invitation.uses_left > 0,
        Invitation.expires_at > at,
    )
    return (await scope.tx.exec(statement)).all()


async def invitations(scope: Scope, *, open_at: datetime | None = None) -> Sequence[tuple[Invitation, str]]:
    """Newest first, each with the name of who invited; with `open_at` only those that still let somebody in."""
    statement = (
        select(Invitation, User.full_name)
        .join(User, col(User.id) == col(Invitation.invited_by))
        .where(Invitation.organization_id == scope.organization_id)
    )
    if open_at is not None:
        statement = statement.where(
            col(Invitation.revoked_at).is_(None), Invitation.uses_left > 0, Invitation.expires_at > open_at
        )
    return (await scope.tx.exec(statement.order_by(col(Invitation.created_at).desc(), col(Invitation.id)))).all()


async def groups(scope: Scope) -> Sequence[Group]:
    return (await scope.tx.exec(scope.rows(Group).order_by(func.lower(Group.name), col(Group.id)))).all()


async def group_named(scope: Scope, name: str) -> Group | None:
    return (await scope.tx.exec(scope.rows(Group).where(func.lower(Group.name) == name.lower()))).first()


async def group_sizes(scope: Scope) -> dict[UUID, int]:
    statement = (
        select(GroupMember.group_id, func.count(col(GroupMember.id)))
        .where(GroupMember.organization_id == scope.organization_id)
        .group_by(col(GroupMember.group_id))
    )
    return dict((await scope.tx.exec(statement)).all())


async def groups_of(scope: Scope, user_ids: Collection[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """person -> (id, name) of their groups, by name."""
    statement = (
        select(GroupMember.user_id, Group.id, Group.name)
        .join(Group, col(Group.id) == col(GroupMember.group_id))
        .where(GroupMember.organization_id == scope.organization_id, col(GroupMember.user_id).in_(user_ids))
        .order_by(func.lower(Group.name))
    )
    found: dict[UUID, list[tuple[UUID, str]]] = {user_id: [] for user_id in user_ids}
    for user_id, group_id, name in (await scope.tx.exec(statement)).all():
        found[user_id].append((group_id, name))
    return found


async def memberships_in(scope: Scope, group_id: UUID) -> set[UUID]:
    statement = select(GroupMember.user_id).where(
        GroupMember.organization_id == scope.organization_id, GroupMember.group_id == group_id
    )
    return set((await scope.tx.exec(statement)).all())


async def leave_groups(scope: Scope, user_id: UUID, group_ids: Collection[UUID] | None = None) -> None:
    """All of them, or those named."""
    statement = delete(GroupMember).where(
        col(GroupMember.organization_id) == scope.organization_id, col(GroupMember.user_id) == user_id
    )
    if group_ids is not None:
        statement = statement.where(col(GroupMember.group_id).in_(group_ids))
    await scope.tx.exec(statement)


async def remove_group(scope: Scope, group_id: UUID) -> None:
    """With who was in it."""
    for table, key in ((GroupMember, GroupMember.group_id), (Group, Group.id)):
        await scope.tx.exec(
            delete(table).where(col(table.organization_id) == scope.organization_id, col(key) == group_id)
        )


async def groups_by_id(scope: Scope, ids: Collection[UUID]) -> Sequence[Group]:
    return (await scope.tx.exec(scope.rows(Group).where(col(Group.id).in_(ids)))).all()

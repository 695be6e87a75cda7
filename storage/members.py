"""The people of one organisation as a list: found, filtered, sorted and paged in the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, literal, or_, union_all, update
from sqlmodel import col, func, select

from storage.database import Scope
from storage.identity import Session, User, UserRole
from storage.organizations import SUSPENDED, Group, GroupMember, HeldMembership, Invitation
from storage.sight import look_at_own_roles

ACTIVE, INVITED, DELETED = 'active', 'invited', 'deleted'


@dataclass(frozen=True, kw_only=True)
class MemberFilter:
    """Empty fields filter nothing. Without a status everybody is listed but those whose account was deleted."""

    search: str = ''
    role: str = ''
    group_id: UUID | None = None
    status: str = ''


@dataclass(frozen=True, kw_only=True)
class MemberRow:
    """`id` is a person's, or an invitation's where `status` is invited."""

    status: str
    id: UUID
    name: str
    email: str
    since: datetime


async def members_page(
    scope: Scope, wanted: MemberFilter, at: datetime, *, sort: str, descending: bool, limit: int, offset: int
) -> tuple[Sequence[MemberRow], int]:
    """One page and the number of all. `sort` is name, email, since or status."""
    parts = [
        statement
        for status, statement in (
            (ACTIVE, _present(scope, wanted, deleted=False)),
            (SUSPENDED, _suspended(scope, wanted)),
            (INVITED, _invited(scope, wanted, at)),
            (DELETED, _present(scope, wanted, deleted=True)),
        )
        if wanted.status == status or (not wanted.status and status != DELETED)
    ]
    if not parts:
        return [], 0
    everyone = union_all(*parts).subquery() if len(parts) > 1 else parts[0].subquery()
    total = (await scope.tx.exec(select(func.count()).select_from(everyone))).one()
    by: Any = {
        'email': func.lower(everyone.c.email),
        'since': everyone.c.since,
        'status': everyone.c.status,
    }.get(sort, func.lower(everyone.c.name))
    first = by.desc() if descending else by.asc()
    page: Any = (
        select(*everyone.c).order_by(first, func.lower(everyone.c.email), everyone.c.id).limit(limit).offset(offset)
    )
    found = (await scope.tx.exec(page)).all()
    return [
        MemberRow(status=row.status, id=row.id, name=row.name, email=row.email, since=row.since) for row in found
    ], total


async def members_after(scope: Scope, after: UUID | None, *, limit: int) -> Sequence[User]:
    """The people who hold a role, in the order of their ids, from the one after `after`: for who reads all of them."""
    held = select(UserRole.user_id).where(UserRole.organization_id == scope.organization_id)
    statement = select(User).where(col(User.id).in_(held), col(User.deleted_at).is_(None))
    if after is not None:
        statement = statement.where(User.id > after)
    return (await scope.tx.exec(statement.order_by(col(User.id)).limit(limit))).all()


async def status_counts(scope: Scope, at: datetime) -> dict[str, int]:
    """How many are active and how many are invited."""
    counts = {}
    for status in (ACTIVE, INVITED):
        nothing = MemberFilter()
        part = _present(scope, nothing, deleted=False) if status == ACTIVE else _invited(scope, nothing, at)
        counts[status] = (await scope.tx.exec(select(func.count()).select_from(part.subquery()))).one()
    return counts


async def roles_by_person(scope: Scope, user_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    statement = (
        select(UserRole.user_id, UserRole.role)
        .where(UserRole.organization_id == scope.organization_id, col(UserRole.user_id).in_(user_ids))
        .order_by(col(UserRole.role))
    )
    found: dict[UUID, list[str]] = {user_id: [] for user_id in user_ids}
    for user_id, role in (await scope.tx.exec(statement)).all():
        found[user_id].append(role)
    return found


async def joined_at(scope: Scope, user_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Since when each of them holds a role."""
    statement = (
        select(UserRole.user_id, func.min(UserRole.created_at))
        .where(UserRole.organization_id == scope.organization_id, col(UserRole.user_id).in_(user_ids))
        .group_by(col(UserRole.user_id))
    )
    return dict((await scope.tx.exec(statement)).all())


async def last_seen(scope: Scope, user_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When somebody was last here, on any device: only those who ever were."""
    statement = (
        select(Session.user_id, func.max(func.coalesce(Session.last_seen_at, Session.created_at)))
        .where(Session.organization_id == scope.organization_id, col(Session.user_id).in_(user_ids))
        .group_by(col(Session.user_id))
    )
    return {user_id: at for user_id, at in (await scope.tx.exec(statement)).all() if at is not None}


async def held_by_person(scope: Scope, user_ids: Collection[UUID]) -> dict[UUID, HeldMembership]:
    statement = scope.rows(HeldMembership).where(col(HeldMembership.user_id).in_(user_ids))
    return {held.user_id: held for held in (await scope.tx.exec(statement)).all()}


async def invitations_by_id(scope: Scope, ids: Collection[UUID]) -> dict[UUID, Invitation]:
    statement = scope.rows(Invitation).where(col(Invitation.id).in_(ids))
    return {invitation.id: invitation for invitation in (await scope.tx.exec(statement)).all()}


async def users_by_email(scope: Scope, emails: Collection[str]) -> dict[str, User]:
    """People of the installation, whether of this organisation or not: whoever adds an address finds who has it."""
    statement = select(User).where(col(User.email).in_(emails), col(User.deleted_at).is_(None))
    return {user.email: user for user in (await scope.tx.exec(statement)).all()}


async def sessions_here(scope: Scope, user_id: UUID) -> Sequence[UUID]:
    """The person's devices and tokens that are signed in to this organisation."""
    statement = select(Session.id).where(
        Session.organization_id == scope.organization_id,
        Session.user_id == user_id,
        col(Session.revoked_at).is_(None),
    )
    return (await scope.tx.exec(statement)).all()


async def end_sessions(scope: Scope, user_id: UUID, at: datetime, *, everywhere: bool = False) -> Sequence[UUID]:
    """Ends what is signed in to this organisation, or everywhere, and gives the ids."""
    mine = select(Session.id).where(Session.user_id == user_id, col(Session.revoked_at).is_(None))
    if not everywhere:
        mine = mine.where(Session.organization_id == scope.organization_id)
    ids = (await scope.tx.exec(mine)).all()
    statement = update(Session).where(col(Session.id).in_(ids)).values(revoked_at=at)
    await scope.tx.exec(statement.execution_options(synchronize_session=False))
    return ids


async def belongs_elsewhere(scope: Scope, user_id: UUID) -> bool:
    """Whether the person is a member of another organisation too, suspended ones included."""
    look_at_own_roles(scope.tx, user_id)
    for table in (UserRole, HeldMembership):
        statement = select(table.id).where(table.user_id == user_id, table.organization_id != scope.organization_id)
        if table is HeldMembership:
            statement = statement.where(HeldMembership.state == SUSPENDED)
        if (await scope.tx.exec(statement.limit(1))).first() is not None:
            return True
    return False


def _present(scope: Scope, wanted: MemberFilter, *, deleted: bool) -> Any:
    joined = (
        select(UserRole.user_id, func.min(UserRole.created_at).label('since'))
        .where(UserRole.organization_id == scope.organization_id)
        .group_by(col(UserRole.user_id))
    )
    if wanted.role:
        holders = select(UserRole.user_id).where(
            UserRole.organization_id == scope.organization_id, UserRole.role == wanted.role
        )
        joined = joined.where(col(UserRole.user_id).in_(holders))
    seats = joined.subquery()
    gone = col(User.deleted_at)
    statement = (
        _columns(
            literal(DELETED if deleted else ACTIVE).label('status'),
            col(User.id).label('id'),
            col(User.full_name).label('name'),
            col(User.email).label('email'),
            seats.c.since,
        )
        .join(seats, seats.c.user_id == col(User.id))
        .where(gone.is_not(None) if deleted else gone.is_(None))
    )
    return _narrowed(scope, statement, wanted, col(User.id))


def _suspended(scope: Scope, wanted: MemberFilter) -> Any:
    statement = (
        _columns(
            literal(SUSPENDED).label('status'),
            col(User.id).label('id'),
            col(User.full_name).label('name'),
            col(User.email).label('email'),
            col(HeldMembership.joined_at).label('since'),
        )
        .join(HeldMembership, col(HeldMembership.user_id) == col(User.id))
        .where(
            HeldMembership.organization_id == scope.organization_id,
            HeldMembership.state == SUSPENDED,
            col(User.deleted_at).is_(None),
        )
    )
    if wanted.role:
        statement = statement.where(_listed(HeldMembership.roles, wanted.role))
    if wanted.group_id is not None:
        statement = statement.where(_listed(HeldMembership.group_ids, str(wanted.group_id)))
    return _named(statement, wanted, User.full_name, User.email)


def _invited(scope: Scope, wanted: MemberFilter, at: datetime) -> Any:
    statement = _columns(
        literal(INVITED).label('status'),
        col(Invitation.id).label('id'),
        col(Invitation.name).label('name'),
        col(Invitation.email).label('email'),
        col(Invitation.created_at).label('since'),
    ).where(
        Invitation.organization_id == scope.organization_id,
        Invitation.email != '',
        Invitation.uses_left > 0,
        Invitation.expires_at > at,
        col(Invitation.revoked_at).is_(None),
    )
    if wanted.role:
        statement = statement.where(_listed(Invitation.roles, wanted.role))
    if wanted.group_id is not None:
        statement = statement.where(_listed(Invitation.group_ids, str(wanted.group_id)))
    return _named(statement, wanted, Invitation.name, Invitation.email)


def _narrowed(scope: Scope, statement: Any, wanted: MemberFilter, user_id: Any) -> Any:
    if wanted.group_id is not None:
        inside = select(GroupMember.user_id).where(
            GroupMember.organization_id == scope.organization_id, GroupMember.group_id == wanted.group_id
        )
        statement = statement.where(user_id.in_(inside))
    if not wanted.search:
        return statement
    named = (
        select(GroupMember.user_id)
        .join(Group, col(Group.id) == col(GroupMember.group_id))
        .where(
            GroupMember.organization_id == scope.organization_id,
            col(Group.name).icontains(wanted.search, autoescape=True),
        )
    )
    return statement.where(or_(_like(wanted, User.full_name), _like(wanted, User.email), user_id.in_(named)))


def _named(statement: Any, wanted: MemberFilter, name: Any, email: Any) -> Any:
    return statement.where(or_(_like(wanted, name), _like(wanted, email))) if wanted.search else statement


def _like(wanted: MemberFilter, column: Any) -> ColumnElement[bool]:
    matches: ColumnElement[bool] = col(column).icontains(wanted.search, autoescape=True)
    return matches


def _listed(column: Any, word: str) -> ColumnElement[bool]:
    """Whether a JSON list of plain words holds this one."""
    holds: ColumnElement[bool] = cast(col(column), String).contains(f'"{word}"', autoescape=True)
    return holds


def _columns(*columns: Any) -> Any:
    """Columns that are put together here have no types that the checker could know."""
    return select(*columns)

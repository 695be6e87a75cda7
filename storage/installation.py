"""The installation as those who operate it see it: every organisation, and what happened at every door."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import col, func, or_, select

from storage.courses import Course
from storage.database import Scope, Transaction
from storage.identity import Organization, SecurityEvent, UserRole

_ORDERS = {'name': func.lower(Organization.name), 'created': Organization.created_at, 'slug': Organization.slug}


class Counts(NamedTuple):
    members: int
    courses: int


async def organization(tx: Transaction, organization_id: UUID, *, lock: bool = False) -> Organization | None:
    """Suspended and deleted ones too."""
    statement = select(Organization).where(Organization.id == organization_id)
    return (await tx.exec(statement.with_for_update() if lock else statement)).first()


async def organizations(
    tx: Transaction, *, search: str, status: str, order: str, descending: bool, limit: int, offset: int
) -> tuple[Sequence[Organization], int]:
    """`status` is active, suspended, deleted, or '' for all that are not deleted."""
    deleted = col(Organization.deleted_at)
    statement = select(Organization).where(deleted.is_not(None) if status == 'deleted' else deleted.is_(None))
    if status in ('active', 'suspended'):
        statement = statement.where(Organization.is_active if status == 'active' else ~col(Organization.is_active))
    if search:
        named = (col(Organization.name), col(Organization.slug), col(Organization.contact_email))
        statement = statement.where(or_(*(column.icontains(search, autoescape=True) for column in named)))
    total = (await tx.exec(select(func.count()).select_from(statement.subquery()))).one()
    by: Any = _ORDERS.get(order, _ORDERS['created'])
    ordered = statement.order_by(by.desc() if descending else by, col(Organization.id))
    return (await tx.exec(ordered.limit(limit).offset(offset))).all(), total


async def counts(scope: Scope) -> Counts:
    """How many people and live courses the organisation has."""
    people = select(func.count(func.distinct(UserRole.user_id))).where(
        UserRole.organization_id == scope.organization_id
    )
    courses = select(func.count()).select_from(scope.rows(Course).subquery())
    return Counts(members=(await scope.tx.exec(people)).one(), courses=(await scope.tx.exec(courses)).one())


async def names_of(tx: Transaction, organization_ids: Sequence[UUID]) -> dict[UUID, str]:
    statement = select(Organization.id, Organization.name).where(col(Organization.id).in_(set(organization_ids)))
    return dict((await tx.exec(statement)).all())


async def organization_names(tx: Transaction) -> dict[UUID, str]:
    """Every organisation that is not deleted, by name."""
    statement = select(Organization.id, Organization.name).where(col(Organization.deleted_at).is_(None))
    return dict((await tx.exec(statement.order_by(func.lower(Organization.name)).limit(500))).all())


async def security_events(
    tx: Transaction,
    *,
    organization_id: UUID | None = None,
    of_members: bool = False,
    kind: str = '',
    outcome: str = '',
    email: str = '',
    address: str = '',
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[Sequence[SecurityEvent], int]:
    """Newest first. `of_members` adds what the organisation's members did at a door that belongs to nobody yet."""
    statement = select(SecurityEvent)
    if organization_id is not None:
        whose: Any = SecurityEvent.organization_id == organization_id
        if of_members:
            people = select(UserRole.user_id).where(UserRole.organization_id == organization_id)
            nobodys = col(SecurityEvent.organization_id).is_(None) & col(SecurityEvent.user_id).in_(people)
            whose = or_(whose, nobodys)
        statement = statement.where(whose)
    if kind:
        statement = statement.where(SecurityEvent.kind == kind)
    if outcome:
        statement = statement.where(SecurityEvent.outcome == outcome)
    if email:
        statement = statement.where(col(SecurityEvent.email).icontains(email, autoescape=True))
    if address:
        statement = statement.where(col(SecurityEvent.address).startswith(address, autoescape=True))
    if since is not None:
        statement = statement.where(SecurityEvent.created_at >= since)
    if until is not None:
        statement = statement.where(SecurityEvent.created_at < until)
    total = (await tx.exec(select(func.count()).select_from(statement.subquery()))).one()
    ordered = statement.order_by(col(SecurityEvent.created_at).desc(), col(SecurityEvent.id))
    return (await tx.exec(ordered.limit(limit).offset(offset))).all(), total


async def security_kinds(tx: Transaction) -> Sequence[str]:
    """Every kind of event that has happened."""
    return sorted((await tx.exec(select(SecurityEvent.kind).distinct())).all())

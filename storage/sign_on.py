"""Signing in through an organisation's own identity provider (OpenID Connect)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint, delete, func, update
from sqlmodel import JSON, Field, col, select

from storage.accounts import OneTimeLink
from storage.base import GlobalRow, TenantRow, UtcDateTime
from storage.database import Scope, Transaction
from storage.identity import Organization, Session
from storage.sight import look_across_organizations

SPENT = 'sign_on'  # the purpose of a one-time link that stands for a sign-on that was used up


class IdentityProvider(TenantRow, table=True):
    """`role_map` maps a value of the claim `role_claim` to our roles; `default_roles` are for everybody who signs in.
    `client_secret` is sealed, or '' for a public client. `offered_by_domain`: strangers who type an address of the
    organisation's domains are shown the way to it."""

    __tablename__ = 'identity_providers'
    __table_args__ = (UniqueConstraint('organization_id', 'issuer'),)

    name: str
    issuer: str
    client_id: str
    client_secret: str
    is_enabled: bool = False
    creates_accounts: bool = True
    offered_by_domain: bool = False
    role_claim: str = ''
    role_map: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSON)
    default_roles: list[str] = Field(default_factory=list, sa_type=JSON)


class ExternalIdentity(GlobalRow, table=True):
    """Who a person is at a provider: the pair (issuer, subject), never an e-mail address.

    `granted_roles` are those that the role map gave, and may take.
    """

    __tablename__ = 'external_identities'
    __table_args__ = (UniqueConstraint('provider_id', 'issuer', 'subject'),)

    provider_id: UUID = Field(foreign_key='identity_providers.id', index=True)
    issuer: str
    subject: str
    user_id: UUID = Field(foreign_key='users.id', index=True)
    granted_roles: list[str] = Field(default_factory=list, sa_type=JSON)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def provider_at_the_door(tx: Transaction, provider_id: UUID) -> tuple[IdentityProvider, Organization] | None:
    """Nobody is signed in yet: the provider says which organisation it is about."""
    look_across_organizations(tx, because='the address of a provider does not say whose it is')
    statement = (
        select(IdentityProvider, Organization)
        .join(Organization, col(Organization.id) == col(IdentityProvider.organization_id))
        .where(IdentityProvider.id == provider_id)
    )
    return (await tx.exec(statement)).first()


async def enabled_providers(scope: Scope) -> Sequence[IdentityProvider]:
    statement = scope.rows(IdentityProvider).where(col(IdentityProvider.is_enabled))
    return (await scope.tx.exec(statement.order_by(IdentityProvider.name))).all()


async def offered_by_domain(tx: Transaction) -> Sequence[tuple[IdentityProvider, Organization]]:
    """Every provider that strangers may be led to, with its organisation, by the organisation's name."""
    look_across_organizations(tx, because='whoever types an address has no organisation yet')
    statement = (
        select(IdentityProvider, Organization)
        .join(Organization, col(Organization.id) == col(IdentityProvider.organization_id))
        .where(IdentityProvider.is_enabled, IdentityProvider.offered_by_domain)
        .where(Organization.is_active, col(Organization.deleted_at).is_(None))
        .order_by(Organization.name, IdentityProvider.name)
    )
    return (await tx.exec(statement)).all()


async def providers(scope: Scope) -> Sequence[tuple[IdentityProvider, int]]:
    """With the number of people who are connected, by name."""
    statement = scope.rows(IdentityProvider).order_by(IdentityProvider.name)
    counted = select(ExternalIdentity.provider_id, func.count()).group_by(col(ExternalIdentity.provider_id))
    counts = dict((await scope.tx.exec(counted)).all())
    return [(row, counts.get(row.id, 0)) for row in (await scope.tx.exec(statement)).all()]


async def identity_of(tx: Transaction, provider_id: UUID, issuer: str, subject: str) -> ExternalIdentity | None:
    statement = select(ExternalIdentity).where(
        ExternalIdentity.provider_id == provider_id,
        ExternalIdentity.issuer == issuer,
        ExternalIdentity.subject == subject,
    )
    return (await tx.exec(statement)).first()


async def identities_of(scope: Scope, user_id: UUID) -> Sequence[tuple[ExternalIdentity, IdentityProvider]]:
    """Where this organisation's providers know the person, oldest first."""
    statement = (
        select(ExternalIdentity, IdentityProvider)
        .join(IdentityProvider, col(IdentityProvider.id) == col(ExternalIdentity.provider_id))
        .where(ExternalIdentity.user_id == user_id, IdentityProvider.organization_id == scope.organization_id)
        .order_by(col(ExternalIdentity.created_at))
    )
    return (await scope.tx.exec(statement)).all()


async def has_external_identity(tx: Transaction, user_id: UUID) -> bool:
    """Whether some provider, of whatever organisation, knows the person."""
    known = select(ExternalIdentity.id).where(ExternalIdentity.user_id == user_id)
    return (await tx.exec(known.limit(1))).first() is not None


async def forget_identities(tx: Transaction, provider_id: UUID) -> None:
    await tx.exec(delete(ExternalIdentity).where(col(ExternalIdentity.provider_id) == provider_id))


async def end_sessions_of(tx: Transaction, provider_id: UUID, at: datetime) -> Sequence[UUID]:
    """Ends every session that was opened through the provider, and says which."""
    living = select(Session.id).where(Session.provider_id == provider_id, col(Session.revoked_at).is_(None))
    ended = (await tx.exec(living)).all()
    await tx.exec(update(Session).where(col(Session.id).in_(ended)).values(revoked_at=at))
    return ended


async def is_spent(tx: Transaction, state_hash: str) -> bool:
    return (await tx.exec(select(OneTimeLink.id).where(OneTimeLink.secret_hash == state_hash))).first() is not None


async def forget_spent(tx: Transaction, user_id: UUID, before: datetime) -> None:
    old = (OneTimeLink.user_id == user_id, OneTimeLink.purpose == SPENT, col(OneTimeLink.expires_at) < before)
    await tx.exec(delete(OneTimeLink).where(*old))  # type: ignore[arg-type]

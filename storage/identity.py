"""People, their roles, their sessions, and what happened at the door."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint, update
from sqlmodel import JSON, Field, col, select

from storage.base import GlobalRow, TenantRow, UtcDateTime
from storage.database import Transaction
from storage.sight import look_at_own_roles


class Organization(GlobalRow, table=True):
    __tablename__ = 'organizations'

    name: str
    slug: str = Field(unique=True)
    is_active: bool = True  # False: suspended, nobody gets in, nothing is lost
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    address: str = ''
    contact_email: str = ''
    phone: str = ''
    accent: str = ''  # '#rrggbb', or '' for the product's own
    logo_sha256: str = ''
    self_signup: bool = False  # whether strangers may register, as students
    password_length: int = 12
    work_email_only: bool = False
    email_domains: list[str] = Field(default_factory=list, sa_type=JSON)  # empty: every domain
    second_factor_required: bool = False
    ai_enabled: bool = True
    ai_monthly_tokens: int | None = None


class User(GlobalRow, table=True):
    """A person; may belong to several organisations. `email` is kept in lower case."""

    __tablename__ = 'users'

    email: str = Field(unique=True)
    full_name: str
    password_hash: str
    locale: str = 'en'
    theme: str = 'auto'
    time_zone: str = 'UTC'
    is_active: bool = True
    deleted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    email_verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    password_changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    second_factor: str = ''  # the sealed TOTP secret
    second_factor_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # None: not confirmed, not asked for
    second_factor_step: int = 0  # the newest 30 s step that was used up, so that a code works once

    @property
    def has_password(self) -> bool:
        """Not so for who only ever signs on elsewhere."""
        return self.password_hash.startswith('$')


class UserRole(TenantRow, table=True):
    __tablename__ = 'user_roles'
    __table_args__ = (UniqueConstraint('organization_id', 'user_id', 'role'),)

    user_id: UUID = Field(foreign_key='users.id', index=True)
    role: str


class Session(GlobalRow, table=True):
    """One signed-in device, or one API token. Cookies and tokens name it; only hashes of their secrets are kept.

    `kind` is 'browser', 'program' (signed in over REST) or 'token' (an API token: `name`, `hint` and `scopes` are its
    own). `scopes` None: everything the person may; otherwise no more than these permissions.
    """

    __tablename__ = 'sessions'

    user_id: UUID = Field(foreign_key='users.id', index=True)
    organization_id: UUID = Field(foreign_key='organizations.id', index=True)
    secret_hash: str = Field(unique=True)
    refresh_hash: str | None = Field(default=None, unique=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    address: str = ''
    user_agent: str = ''
    kind: str = 'browser'
    name: str = ''
    hint: str = ''
    scopes: list[str] | None = Field(default=None, sa_type=JSON)
    last_seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # Signed on through this provider: good for its organisation only, because only that one trusts it.
    provider_id: UUID | None = Field(default=None, index=True)


class SecurityEvent(GlobalRow, table=True):
    """The security log: sign-ins that worked or failed, refusals. `outcome` is 'success' or 'refused'."""

    __tablename__ = 'security_events'

    kind: str = Field(index=True)
    email: str = ''
    user_id: UUID | None = Field(default=None, index=True)
    organization_id: UUID | None = Field(default=None, index=True)
    address: str = ''
    outcome: str = ''
    detail: str = ''
    request_id: str = ''


async def user_by_email(tx: Transaction, email: str) -> User | None:
    return (await tx.exec(select(User).where(User.email == email.strip().lower()))).first()


async def session_by_secret(tx: Transaction, secret_hash: str) -> Session | None:
    return (await tx.exec(select(Session).where(Session.secret_hash == secret_hash))).first()


async def session_by_refresh(tx: Transaction, refresh_hash: str) -> Session | None:
    return (await tx.exec(select(Session).where(Session.refresh_hash == refresh_hash))).first()


async def signed_in(tx: Transaction, session_id: UUID) -> tuple[Session, User, Organization, frozenset[str]] | None:
    """The session with its person, organisation and the roles held there, in two queries."""
    statement = (
        select(Session, User, Organization)
        .join(User, col(User.id) == col(Session.user_id))
        .join(Organization, col(Organization.id) == col(Session.organization_id))
        .where(Session.id == session_id)
    )
    found = (await tx.exec(statement)).first()
    if found is None:
        return None
    session, user, organization = found
    look_at_own_roles(tx, user.id)
    return session, user, organization, await roles_of(tx, user.id, organization.id)


async def roles_of(tx: Transaction, user_id: UUID, organization_id: UUID) -> frozenset[str]:
    held = select(UserRole.role).where(UserRole.user_id == user_id, UserRole.organization_id == organization_id)
    return frozenset((await tx.exec(held)).all())


async def organizations_of(tx: Transaction, user_id: UUID) -> Sequence[UUID]:
    """Where the person holds a role, oldest first."""
    look_at_own_roles(tx, user_id)
    statement = (
        select(UserRole.organization_id)
        .join(Organization, col(Organization.id) == col(UserRole.organization_id))
        .where(UserRole.user_id == user_id, Organization.is_active, col(Organization.deleted_at).is_(None))
        .order_by(col(UserRole.created_at))
    )
    return list(dict.fromkeys((await tx.exec(statement)).all()))


async def places_of(tx: Transaction, user_id: UUID) -> Sequence[Organization]:
    """Every organisation in which the person holds a role, suspended ones too, oldest membership first."""
    look_at_own_roles(tx, user_id)
    statement = (
        select(Organization)
        .join(UserRole, col(UserRole.organization_id) == col(Organization.id))
        .where(UserRole.user_id == user_id, col(Organization.deleted_at).is_(None))
        .order_by(col(UserRole.created_at), col(Organization.id))
    )
    return list({place.id: place for place in (await tx.exec(statement)).all()}.values())


async def last_place(tx: Transaction, user_id: UUID) -> UUID | None:
    """The organisation in which the person was last, if they were ever here."""
    statement = select(Session.organization_id).where(Session.user_id == user_id, Session.kind != 'token')
    return (await tx.exec(statement.order_by(col(Session.created_at).desc()).limit(1))).first()


async def open_for_signup(tx: Transaction) -> Sequence[Organization]:
    """The organisations into which strangers may register."""
    statement = select(Organization).where(
        Organization.self_signup, Organization.is_active, col(Organization.deleted_at).is_(None)
    )
    return (await tx.exec(statement.order_by(Organization.name))).all()


async def members(tx: Transaction, organization_id: UUID, roles: frozenset[str] | None = None) -> Sequence[User]:
    """The people who hold a role there (any of `roles`, if given), by name."""
    held: Any = select(UserRole.user_id).where(UserRole.organization_id == organization_id)
    if roles is not None:
        held = held.where(col(UserRole.role).in_(roles))
    here = select(User).where(col(User.id).in_(held), col(User.deleted_at).is_(None))
    return (await tx.exec(here.order_by(User.full_name))).all()


async def end_session(tx: Transaction, session_id: UUID, at: datetime) -> None:
    await tx.exec(update(Session).where(col(Session.id) == session_id).values(revoked_at=at))


async def end_sessions_of(
    tx: Transaction, user_id: UUID, at: datetime, *, but: UUID | None = None, tokens: bool = True
) -> list[UUID]:
    """Ends every live session of the person, `but` one; API tokens too unless told otherwise. Gives the ended ones."""
    living = select(Session.id).where(Session.user_id == user_id, col(Session.revoked_at).is_(None))
    if but is not None:
        living = living.where(Session.id != but)
    if not tokens:
        living = living.where(Session.kind != 'token')
    ended = list((await tx.exec(living)).all())
    await tx.exec(update(Session).where(col(Session.id).in_(ended)).values(revoked_at=at))
    return ended


async def rotate_refresh(tx: Transaction, session_id: UUID, old_hash: str, new_hash: str) -> bool:
    """Whether the old refresh token was still the one; of two who bring it at once, one is."""
    statement = update(Session).where(col(Session.id) == session_id, col(Session.refresh_hash) == old_hash)
    return bool((await tx.exec(statement.values(refresh_hash=new_hash))).rowcount)


async def seen(tx: Transaction, session_ids: Sequence[UUID], at: datetime) -> None:
    await tx.exec(update(Session).where(col(Session.id).in_(session_ids)).values(last_seen_at=at))


async def organization_by_slug(tx: Transaction, slug: str) -> Organization | None:
    return (await tx.exec(select(Organization).where(Organization.slug == slug))).first()

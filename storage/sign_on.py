"""Signing in through an organisation's own identity provider (OpenID Connect)."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import JSON, Field

from storage.base import GlobalRow, TenantRow


class IdentityProvider(TenantRow, table=True):
    """`role_map` maps a value of the claim `role_claim` to our roles; `default_roles` are for everybody who signs in.
    `client_secret` is sealed."""

    __tablename__ = 'identity_providers'
    __table_args__ = (UniqueConstraint('organization_id', 'issuer'),)

    name: str
    issuer: str
    client_id: str
    client_secret: str
    is_enabled: bool = False
    creates_accounts: bool = True
    role_claim: str = ''
    role_map: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSON)
    default_roles: list[str] = Field(default_factory=list, sa_type=JSON)


class ExternalIdentity(GlobalRow, table=True):
    """Who a person is at a provider: the pair (issuer, subject), never an e-mail address."""

    __tablename__ = 'external_identities'
    __table_args__ = (UniqueConstraint('provider_id', 'issuer', 'subject'),)

    provider_id: UUID = Field(foreign_key='identity_providers.id', index=True)
    issuer: str
    subject: str
    user_id: UUID = Field(foreign_key='users.id', index=True)

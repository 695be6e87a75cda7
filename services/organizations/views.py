"""What is told about an organisation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from storage.identity import Organization
from storage.installation import Counts

Status = Literal['active', 'suspended', 'deleted']


@dataclass(frozen=True, kw_only=True)
class OrganizationView:
    """`restorable_until` is set for a deleted one; `members` and `courses` are counts."""

    id: UUID
    name: str
    slug: str
    address: str
    contact_email: str
    phone: str
    status: Status
    members: int
    courses: int
    created_at: datetime
    restorable_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Created:
    """`admin_link` is where a new administrator sets a password, once; empty for a person who has an account."""

    organization: OrganizationView
    admin_email: str
    admin_link: str


@dataclass(frozen=True, kw_only=True)
class LookView:
    """`accent` is '#rrggbb' or '' for the product's own; `logo` is the path of its picture or ''."""

    organization_id: UUID
    name: str
    accent: str
    logo: str


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How people get in. `email_domains` empty: every domain; `self_signup`: strangers may register, as students."""

    password_length: int = 12
    work_email_only: bool = False
    email_domains: tuple[str, ...] = ()
    self_signup: bool = False
    second_factor_required: bool = False


def view(organization: Organization, counts: Counts, restorable_until: datetime | None) -> OrganizationView:
    return OrganizationView(
        id=organization.id,
        name=organization.name,
        slug=organization.slug,
        address=organization.address,
        contact_email=organization.contact_email,
        phone=organization.phone,
        status=status_of(organization),
        members=counts.members,
        courses=counts.courses,
        created_at=organization.created_at,
        restorable_until=restorable_until,
    )


def status_of(organization: Organization) -> Status:
    if organization.deleted_at is not None:
        return 'deleted'
    return 'active' if organization.is_active else 'suspended'

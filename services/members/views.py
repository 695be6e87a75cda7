"""What is known of the people of an organisation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class MemberView:
    """`status` is active, suspended, invited or deleted; an invited one has the id of the invitation."""

    id: UUID
    status: str
    name: str
    email: str
    roles: tuple[str, ...]
    groups: tuple[str, ...]
    since: datetime
    last_seen: datetime | None


@dataclass(frozen=True, kw_only=True)
class Counts:
    members: int
    invited: int


@dataclass(frozen=True, kw_only=True)
class Added:
    """What became of one address: joined, invited, already (a member), suspended or refused, then with a `reason`."""

    email: str
    outcome: str
    reason: str = ''


@dataclass(frozen=True, kw_only=True)
class GroupView:
    id: UUID
    name: str
    members: int

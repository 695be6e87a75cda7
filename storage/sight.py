"""What a transaction may see: the organisations whose scopes were opened in it, and nothing else.

PostgreSQL holds every transaction to this by row-level security (storage/guards.py), whatever a statement says.
On SQLite the scoped statement stands alone, and this is only kept.
"""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

_KEY = 'sight'


class HasInfo(Protocol):
    """A session of the database, asynchronous or not."""

    @property
    def info(self) -> dict[object, object]: ...


@dataclass
class Sight:
    organizations: dict[UUID, None] = field(default_factory=dict)  # in the order in which they were opened
    user_id: UUID | None = None
    everything: bool = False

    @property
    def words(self) -> dict[str, str]:
        """Settings of PostgreSQL by name, as the policies read them."""
        return {
            'app.organization_id': ','.join(map(str, self.organizations)),
            'app.user_id': str(self.user_id or ''),
            'app.platform': 'on' if self.everything else '',
        }


def sight_of(tx: HasInfo) -> Sight:
    found = tx.info.setdefault(_KEY, Sight())
    assert isinstance(found, Sight)
    return found


def look_at_own_roles(tx: HasInfo, user_id: UUID) -> None:
    """From here on the transaction also reads the roles of this person, in whatever organisation."""
    sight_of(tx).user_id = user_id


def look_across_organizations(tx: HasInfo, *, because: str) -> None:
    """From here on the transaction sees the rows of every organisation.

    For the few acts that have none, or all: tests/architecture/rules.py lists the places. `because` is for the reader.
    """
    assert because
    sight_of(tx).everything = True

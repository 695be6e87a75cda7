"""The company sign-ins of a person's own account: which are connected, and which could be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.errors import Conflict, NotFound
from services.viewer import Viewer
from services.work import Gate
from storage import sign_on as rows
from storage.identity import User


class OnlyWayIn(Conflict):
    code = 'only_way_in'

    def __init__(self) -> None:
        super().__init__('This is your only way in: you have no password here. It stays connected.')


@dataclass(frozen=True, kw_only=True)
class Connection:
    """A provider of the organisation where the viewer is; `id` is None where it is not connected yet."""

    id: UUID | None
    provider_id: UUID
    name: str
    is_enabled: bool
    since: datetime | None = None
    last_used_at: datetime | None = None


class ConnectedService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def all(self, viewer: Viewer) -> Sequence[Connection]:
        """Connected ones first, then what else the organisation offers."""
        async with self._gate.reading(viewer, in_person=True) as work:
            mine = await rows.identities_of(work.scope, work.viewer.user_id)
            offered = await rows.enabled_providers(work.scope)
        found = [
            Connection(
                id=identity.id,
                provider_id=provider.id,
                name=provider.name,
                is_enabled=provider.is_enabled,
                since=identity.created_at,
                last_used_at=identity.last_used_at,
            )
            for identity, provider in mine
        ]
        known = {connection.provider_id for connection in found}
        found += [
            Connection(id=None, provider_id=provider.id, name=provider.name, is_enabled=True)
            for provider in offered
            if provider.id not in known
        ]
        return found

    async def disconnect(self, viewer: Viewer, identity_id: UUID) -> None:
        """Not the only way in: who has no password keeps it."""
        async with self._gate.writing(viewer, in_person=True) as work:
            mine = await rows.identities_of(work.scope, work.viewer.user_id)
            found = next((pair for pair in mine if pair[0].id == identity_id), None)
            if found is None:
                raise NotFound()
            user = await work.tx.get_one(User, work.viewer.user_id)
            if not user.has_password:
                raise OnlyWayIn()
            identity, provider = found
            await work.tx.delete(identity)
            work.record('identity.disconnected', user, before={'provider': provider.name})
            work.changed(f'user:{user.id}')

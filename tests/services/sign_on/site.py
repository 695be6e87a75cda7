"""A site with one more way in: services over a real database, and the browser played by hand.

`go` follows what the provider is asked, `come` brings its answer back.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import select

from services.clock import now
from services.identity import IdentityService, SignIn
from services.members import membership
from services.sign_on.connected import ConnectedService
from services.sign_on.providers import ProviderDraft, ProviderService, ProviderView
from services.sign_on.service import Departure, SignOnService
from services.viewer import Viewer
from storage import checks
from storage.database import Scope
from storage.identity import Organization, SecurityEvent, Session, UserRole
from storage.organizations import take_roles
from storage.sight import look_across_organizations
from storage.sign_on import IdentityProvider
from storage.tables import METADATA
from tests.doubles.hostile_provider import CLIENT_ID, CLIENT_SECRET, HostileProvider, Json
from tests.services.world import Cast, World

DRAFT: Json = {
    'name': 'Company login',
    'client_id': CLIENT_ID,
    'client_secret': CLIENT_SECRET,
    'role_claim': 'groups',
    'role_map': {'teachers': ['instructor', 'editor'], 'bosses': ['org_admin']},
    'default_roles': ['student'],
}
ADDRESS = 'http://coursewright.localhost:8080'


@dataclass(frozen=True, kw_only=True)
class Site:
    world: World
    identity: IdentityService
    sign_on: SignOnService
    providers: ProviderService
    own: ConnectedService

    async def provider(self, cast: Cast, issuer: str, **changes: Any) -> ProviderView:
        """Set up and switched on by the administrator."""
        made = await self.providers.add(cast.admin, ProviderDraft(**DRAFT | {'issuer': issuer} | changes))
        return await self.providers.enable(cast.admin, made.id)

    async def go(self, provider_id: UUID, viewer: Viewer | None = None) -> Departure:
        ticket = await self.sign_on.ticket(viewer, provider_id) if viewer else ''
        return await self.sign_on.start(provider_id, next='/courses', viewer=viewer, ticket=ticket)

    async def come(self, provider_id: UUID, departure: Departure, answer: dict[str, str]) -> SignIn:
        arrival = await self.sign_on.finish(provider_id, departure.flow, answer)
        assert arrival.signed_in is not None and arrival.next == '/courses'
        return arrival.signed_in

    async def sign_in(self, provider: ProviderView, there: HostileProvider, **claims: Any) -> SignIn:
        departure = await self.go(provider.id)
        return await self.come(provider.id, departure, there.authorize(departure.url, claims))

    async def connect(self, provider: ProviderView, there: HostileProvider, viewer: Viewer, **claims: Any) -> None:
        departure = await self.go(provider.id, viewer)
        answer = there.authorize(departure.url, claims)
        await self.sign_on.finish(provider.id, departure.flow, answer, viewer=viewer)

    async def rows(self) -> Json:
        """How many rows every table has, but for the security log."""
        async with self.world.database.reading() as tx:
            look_across_organizations(tx, because='a test counts')
            return {
                name: (await tx.exec(select(func.count()).select_from(table))).one()
                for name, table in METADATA.tables.items()
                if name != 'security_events'
            }

    async def refusals(self) -> list[SecurityEvent]:
        async with self.world.database.reading() as tx:
            return [event for event in await checks.security_events(tx) if event.outcome == 'refused']

    async def planted(self, provider: ProviderView, **values: Any) -> None:
        """Into the row itself, past the service."""
        async with self.world.database.writing() as tx:
            look_across_organizations(tx, because='a test plants a row')
            row = await tx.get_one(IdentityProvider, provider.id)
            row.sqlmodel_update(values)
            tx.add(row)

    async def organization(self, cast: Cast, **values: Any) -> None:
        async with self.world.database.writing() as tx:
            row = await tx.get_one(Organization, cast.organization_id)
            row.sqlmodel_update(values)
            tx.add(row)
        await self.world.bus.publish('sessions')

    async def give(self, cast: Cast, user_id: UUID, role: str) -> None:
        async with self.world.database.writing() as tx:
            Scope(tx, cast.organization_id).add(UserRole(user_id=user_id, role=role))

    async def take(self, cast: Cast, user_id: UUID, role: str) -> None:
        async with self.world.database.writing() as tx:
            await take_roles(Scope(tx, cast.organization_id), user_id, [role])

    async def remove(self, viewer: Viewer) -> None:
        """As an administrator removes a member."""
        async with self.world.gate.platform(viewer.organization_id) as work:
            await membership.hold_back(work, viewer.user_id, 'removed')

    async def session(self, cast: Cast, user_id: UUID) -> Viewer:
        """Signed in there, with a password."""
        async with self.world.database.writing() as tx:
            row = Session(
                user_id=user_id,
                organization_id=cast.organization_id,
                secret_hash=uuid4().hex,
                expires_at=now().replace(year=now().year + 1, day=1),
            )
            tx.add(row)
            await tx.flush()
            return await self.world.gate.current(tx, row.id)

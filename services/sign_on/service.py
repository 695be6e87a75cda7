"""At the door: away to the provider, back again, and in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from services import security_log
from services.clock import now
from services.egress import EgressFailed, EgressRefused
from services.errors import NotFound
from services.identity import IdentityService, SignIn
from services.identity.sessions import Opened
from services.identity.signing_in import end_session_of
from services.limits import PAGES_ANONYMOUS, SIGN_IN_ADDRESS, Limits
from services.sealing import Sealer
from services.sign_on import admission
from services.sign_on.admission import NO_ROLE, Claims
from services.sign_on.errors import NOT_NOW, ProviderFaulty, SignOnRefused
from services.sign_on.exchange import Exchange
from services.sign_on.flow import FLOW_SECONDS, Flow, Ticket, opened
from services.tracing import origin
from services.viewer import Viewer
from services.work import Gate, Work
from storage import identity as people
from storage import sign_on as rows
from storage.accounts import OneTimeLink
from storage.database import Scope
from storage.identity import Organization, User
from storage.sign_on import IdentityProvider

START_AGAIN = 'This sign-in was begun elsewhere, took too long or was used already. Start again.'
_MOST_OFFERS = 3
# A working day: then the provider is asked again, and who left the company stays outside.
SESSION_SECONDS = 12 * 3600


class NoSuchSignOn(NotFound):
    def __init__(self) -> None:
        super().__init__('This company sign-in is not available. Sign in with your password.')


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A button on the sign-in page."""

    provider_id: UUID
    name: str
    organization: str


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Where the browser goes, and the sealed flow that it carries in a cookie meanwhile."""

    url: str
    flow: str
    seconds: int = FLOW_SECONDS


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """`signed_in` is None where somebody who was signed in connected their account."""

    signed_in: SignIn | None
    next: str


class SignOnService:
    def __init__(
        self, gate: Gate, identity: IdentityService, limits: Limits, exchange: Exchange, sealer: Sealer, *, address: str
    ) -> None:
        self._gate = gate
        self._identity = identity
        self._limits = limits
        self._exchange = exchange
        self._sealer = sealer
        self._address = address.rstrip('/')

    def redirect_uri(self, provider_id: UUID) -> str:
        return f'{self._address}/auth/oidc/{provider_id}/callback'

    async def offered(self, slug: str) -> Sequence[Offer]:
        """To whoever knows the organisation's short name: its sign-ins that are switched on."""
        async with self._gate.database.reading() as tx:
            organization = await people.organization_by_slug(tx, slug) if slug else None
            if organization is None or not _is_open(organization):
                return []
            found = await rows.enabled_providers(Scope(tx, organization.id))
        return [_offer(row, organization) for row in found]

    async def offered_to(self, email: str) -> Sequence[Offer]:
        """By the domain alone: nobody learns who has an account. Only where the administrator switched it on."""
        domain = email.strip().lower().rpartition('@')[2]
        if not domain:
            return []
        async with self._gate.database.reading() as tx:
            found = await rows.offered_by_domain(tx)
        return [_offer(row, home) for row, home in found if domain in home.email_domains][:_MOST_OFFERS]

    async def offer(self, provider_id: UUID) -> Offer | None:
        """To start again after a refusal."""
        try:
            return _offer(*await self._provider(provider_id))
        except NoSuchSignOn:
            return None

    async def may_find(self) -> bool:
        """Whether a typed address can lead anywhere at all."""
        async with self._gate.database.reading() as tx:
            return bool(await rows.offered_by_domain(tx))

    async def ticket(self, viewer: Viewer, provider_id: UUID) -> str:
        """Lets this session begin to connect its account; without one, any site could send a browser to do that."""
        async with self._gate.reading(viewer, in_person=True) as work:
            provider = await work.get(IdentityProvider, provider_id)
            if not provider.is_enabled:
                raise NoSuchSignOn()
            return Ticket(provider_id=provider.id, session_id=work.viewer.session_id).sealed(self._sealer)

    async def start(self, provider_id: UUID, *, next: str, viewer: Viewer | None = None, ticket: str = '') -> Departure:
        """With a viewer and their ticket: to connect their account. Nothing is written."""
        await self._limits.spend(SIGN_IN_ADDRESS, origin().address)
        provider, organization = await self._provider(provider_id)
        if viewer is not None and not Ticket.holds(ticket, self._sealer, provider.id, viewer.session_id):
            raise SignOnRefused('no ticket to connect with', START_AGAIN)
        flow = Flow.begin(provider.id, next, viewer.session_id if viewer else None)
        try:
            url = await self._exchange.authorization_url(provider, flow, self.redirect_uri(provider.id))
        except (EgressFailed, EgressRefused, ProviderFaulty) as error:
            await self._note(provider, organization, str(error))
            raise SignOnRefused(str(error), NOT_NOW, name=provider.name) from error
        return Departure(url=url, flow=flow.sealed(self._sealer))

    async def finish(
        self,
        provider_id: UUID,
        sealed: str,
        answer: Mapping[str, str],
        *,
        viewer: Viewer | None = None,
        instead_of: str = '',
    ) -> Arrival:
        """What the browser brought back. A refusal leaves nothing behind but its line in the security log.

        `instead_of` is the cookie the browser had until now: its session ends where another begins.
        """
        await self._limits.spend(PAGES_ANONYMOUS, origin().address)
        provider, organization = await self._provider(provider_id)
        claims: Claims | None = None
        try:
            flow = opened(sealed, self._sealer)
            if flow is None or not flow.answers(provider.id, answer.get('state', '')):
                raise SignOnRefused('state is not this browser’s', START_AGAIN)
            if flow.session_id != (viewer.session_id if viewer and flow.session_id else None):
                raise SignOnRefused('begun in another session', START_AGAIN)
            claims = await self._exchange.claims(provider, flow, answer, self.redirect_uri(provider.id))
            if viewer is not None and flow.session_id is not None:
                await self._connect(viewer, provider, flow, claims)
                return Arrival(signed_in=None, next=flow.next)
            return Arrival(signed_in=await self._enter(provider, flow, claims, instead_of), next=flow.next)
        except SignOnRefused as refusal:
            await self._note(provider, organization, refusal.reason, claims)
            raise
        except (EgressFailed, EgressRefused, ProviderFaulty) as error:
            await self._note(provider, organization, str(error), claims)
            raise SignOnRefused(str(error), NOT_NOW, name=provider.name) from error

    async def _enter(self, provider: IdentityProvider, flow: Flow, claims: Claims, instead_of: str) -> SignIn:
        sessions = self._identity.parts.sessions
        entered: Opened | None = None
        async with _once(), self._gate.platform(provider.organization_id) as work:
            admitted = await admission.admit(work, await work.get(IdentityProvider, provider.id), claims)
            await _spend(work, flow, admitted.user)
            if admitted.roles:
                ended = await end_session_of(work.tx, instead_of)
                work.changed(*(['sessions', f'session:{ended}'] if ended else []))
                entered = sessions.open(
                    work.tx,
                    admitted.user.id,
                    provider.organization_id,
                    kind='browser',
                    provider_id=provider.id,
                    seconds=SESSION_SECONDS,
                )
                security_log.note(
                    work.tx,
                    'sign_in',
                    allowed=True,
                    email=admitted.user.email,
                    user_id=admitted.user.id,
                    organization_id=provider.organization_id,
                    detail=f'through {provider.name}',
                )
        if entered is None:
            # The roles that the map took are gone all the same.
            raise SignOnRefused('no_role', NO_ROLE)
        return await sessions.issued(entered)

    async def _connect(self, viewer: Viewer, provider: IdentityProvider, flow: Flow, claims: Claims) -> None:
        async with _once(), self._gate.writing(viewer, in_person=True) as work:
            user = await work.tx.get_one(User, work.viewer.user_id)
            await admission.still_welcome(work, user, provider)
            if await rows.identity_of(work.tx, provider.id, claims.issuer, claims.subject) is not None:
                raise SignOnRefused('connected already', 'This company sign-in belongs to an account already.')
            await _spend(work, flow, user)
            identity = admission.connected(work, provider, user, claims)
            work.record('identity.connected', user, after={'provider': provider.name, 'identity': str(identity.id)})
            work.changed(f'user:{user.id}')

    async def _provider(self, provider_id: UUID) -> tuple[IdentityProvider, Organization]:
        async with self._gate.database.reading() as tx:
            found = await rows.provider_at_the_door(tx, provider_id)
        if found is None or not found[0].is_enabled or not _is_open(found[1]):
            raise NoSuchSignOn()
        return found

    async def _note(
        self, provider: IdentityProvider, organization: Organization, reason: str, claims: Claims | None = None
    ) -> None:
        async with self._gate.database.writing() as tx:
            security_log.note(
                tx,
                'sign_in',
                allowed=False,
                email=claims.email if claims else '',
                organization_id=organization.id,
                detail=f'through {provider.name}: {reason}',
            )


class _once:
    """Two who bring the same answer at once: the table of what was spent lets one of them in."""

    async def __aenter__(self) -> None: ...

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, IntegrityError):
            raise SignOnRefused('used twice at once', START_AGAIN) from error


async def _spend(work: Work, flow: Flow, user: User) -> None:
    if await rows.is_spent(work.tx, flow.state_hash):
        raise SignOnRefused('state was used already', START_AGAIN)
    await rows.forget_spent(work.tx, user.id, now())
    work.tx.add(
        OneTimeLink(
            user_id=user.id,
            purpose=rows.SPENT,
            email=user.email,
            secret_hash=flow.state_hash,
            expires_at=now() + timedelta(seconds=FLOW_SECONDS),
            used_at=now(),
        )
    )
    await work.tx.flush()


def _is_open(organization: Organization) -> bool:
    return organization.is_active and organization.deleted_at is None


def _offer(row: IdentityProvider, organization: Organization) -> Offer:
    return Offer(provider_id=row.id, name=row.name, organization=organization.name)

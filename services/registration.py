"""Making an account: with an invitation, or alone where an organisation lets strangers in, as a student."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from services import mail, security_log
from services.clock import now
from services.errors import Conflict, Forbidden, InvalidInput
from services.fields import email as email_address
from services.fields import line
from services.flags import SELF_SIGNUP, FlagService
from services.identity import IdentityService, SignIn, check_password, hashed
from services.identity.addresses import check_address
from services.identity.hashing import in_turn
from services.identity.links import LIFE, VERIFY, make_link, use_link
from services.identity.signing_in import end_session_of
from services.limits import MAIL_ACCOUNT, MAIL_ADDRESS, ONE_TIME_LINK, REGISTER
from services.members.invitations import accept, look, organization_of
from services.tracing import origin
from services.viewer import Role, Viewer
from services.work import Gate, Work
from storage import identity as rows
from storage.database import Scope, Transaction
from storage.identity import Organization, User, UserRole

_HELLO = (
    'Hello {name},\n\nplease confirm that this is your address. Open the link and press the button; it works once, '
    'for {hours} hours:\n{link}\n\nIf you have not registered at {place} on Coursewright, leave this mail alone.\n'
)


class AlreadyRegistered(Conflict):
    code = 'already_registered'

    def __init__(self) -> None:
        super().__init__('This e-mail address is already registered. Sign in, or ask for a new password.')


class RegistrationClosed(Forbidden):
    code = 'registration_closed'

    def __init__(self) -> None:
        super().__init__('Nobody can register here without an invitation. Ask your administrator for one.')


@dataclass(frozen=True, kw_only=True)
class Opening:
    """An organisation that takes people in; `email` is fixed where the invitation was sent to one address."""

    slug: str
    name: str
    password_length: int
    email: str = ''
    full_name: str = ''


class RegistrationService:
    def __init__(self, gate: Gate, identity: IdentityService, flags: FlagService, *, address: str) -> None:
        self._gate = gate
        self._identity = identity
        self._flags = flags
        self._address = address.rstrip('/')

    async def openings(self) -> tuple[Opening, ...]:
        """Where strangers may register, by name."""
        return tuple(_opening(place) for place in await self._open())

    async def invited(self, invitation: str) -> Opening:
        """What an invitation offers; refused in a clear sentence where it lets nobody in any more."""
        async with self._gate.database.reading() as tx:
            work = Work(Scope(tx, organization_of(invitation)), None)
            offered = await look(work, invitation)
            place = await work.tx.get_one(Organization, offered.organization_id)
            return replace(_opening(place), email=offered.email, full_name=offered.name)

    async def register(
        self,
        *,
        email: str,
        password: str,
        full_name: str,
        organization: str = '',
        invitation: str = '',
        kind: str = 'program',
        instead_of: str = '',
    ) -> SignIn:
        """A new person, signed in. `organization` is a slug, needed only where several let strangers in."""
        parts = self._identity.parts
        await parts.limits.spend(REGISTER, origin().address)
        address = email_address('email', email)
        name = line('full_name', full_name, limit=100)
        if not name:
            fault = 'Write your name, as others shall see it.'
            raise InvalidInput(fault, fields={'full_name': fault})
        async with self._gate.database.reading() as tx:
            taken = await rows.user_by_email(tx, address)
        place_id = organization_of(invitation) if invitation else await self._place(organization, address)
        if taken is not None:
            await parts.refused('register', email=address, user=taken, detail='already registered')
            raise AlreadyRegistered()
        shortest = await self._shortest(place_id)
        check_password(password, shortest=shortest, person=(address, name))
        password_hash = await in_turn(hashed, password)
        try:
            async with self._gate.platform(place_id) as work:
                user = await self._written(work, address, name, password_hash, invitation)
                ended = await end_session_of(work.tx, instead_of)
                opened = parts.sessions.open(work.tx, user.id, place_id, kind=kind)
        except IntegrityError as error:  # somebody took the address in the same moment
            raise AlreadyRegistered() from error
        if ended is not None:
            await parts.sessions.ended(ended)
        return await parts.sessions.issued(opened)

    async def send_verification(self, viewer: Viewer) -> None:
        """The mail once more; the link before ends. Nothing where the address is confirmed already."""
        limits = self._identity.parts.limits
        await limits.spend(MAIL_ACCOUNT, viewer.email)
        await limits.spend(MAIL_ADDRESS, origin().address)
        async with self._gate.writing(viewer, in_person=True) as work:
            user = await work.tx.get_one(User, work.viewer.user_id)
            if user.email_verified_at is None:
                await self._ask_to_verify(work, user, work.viewer.organization_name)

    async def verify(self, token: str) -> str:
        """Confirms the address that the link was sent to, and gives it."""
        await self._identity.parts.limits.spend(ONE_TIME_LINK, origin().address)
        async with self._gate.database.writing() as tx:
            user = await tx.get_one(User, await use_link(tx, VERIFY, token))
            user.email_verified_at = now()
            tx.add(user)
            _note(tx, 'verify_email', user)
        await self._gate.bus.publish(f'account:{user.id}')
        return user.email

    async def _place(self, slug: str, email: str) -> UUID:
        """The organisation that a stranger means: the one they name, or the only one."""
        open_ones = await self._open()
        if slug:
            open_ones = [place for place in open_ones if place.slug == slug]
        if not open_ones:
            raise RegistrationClosed()
        if len(open_ones) > 1:
            fault = 'Say which organisation you belong to.'
            raise InvalidInput(fault, fields={'organization': fault})
        check_address(open_ones[0], email)
        return open_ones[0].id

    async def _open(self) -> list[Organization]:
        """Those that let strangers in, and for which registering is not switched off."""
        async with self._gate.database.reading() as tx:
            places = await rows.open_for_signup(tx)
        return [place for place in places if await self._flags.on_for(place.id, SELF_SIGNUP)]

    async def _shortest(self, place_id: UUID) -> int:
        async with self._gate.database.reading() as tx:
            place = await tx.get(Organization, place_id)
        return place.password_length if place else 12

    async def _written(self, work: Work, email: str, name: str, password_hash: str, invitation: str) -> User:
        place = await work.tx.get(Organization, work.scope.organization_id)
        user = User(email=email, full_name=name, password_hash=password_hash, password_changed_at=now())
        work.tx.add(user)
        await work.tx.flush()
        proven = False
        if invitation:
            accepted = await accept(work, invitation, user)
            proven = accepted.proves_email
            if not proven and place is not None:
                check_address(place, email)
        else:
            work.add(UserRole(user_id=user.id, role=Role.STUDENT))
            work.changed(f'members:{work.scope.organization_id}')
        if proven:
            user.email_verified_at = now()
        else:
            await self._ask_to_verify(work, user, place.name if place else '')
        work.record('user.registered', user, after={'email': email, 'full_name': name})
        _note(work.tx, 'register', user, organization_id=work.scope.organization_id)
        return user

    async def _ask_to_verify(self, work: Work, user: User, place: str) -> None:
        link = await make_link(work.tx, user, VERIFY, self._address)
        hours = int(LIFE[VERIFY].total_seconds() // 3600)
        text = _HELLO.format(name=user.full_name, hours=hours, link=link, place=place)
        mail.write(work, user.email, 'Confirm your e-mail address', text, user_id=user.id)


def _opening(place: Organization) -> Opening:
    return Opening(slug=place.slug, name=place.name, password_length=place.password_length)


def _note(tx: Transaction, kind: str, user: User, *, organization_id: UUID | None = None) -> None:
    security_log.note(tx, kind, allowed=True, email=user.email, user_id=user.id, organization_id=organization_id)

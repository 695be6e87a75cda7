"""What a signed-in person does with their own account: leave, change the password, go to another organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services import mail, security_log
from services.clock import now
from services.errors import Conflict, InvalidInput, NotFound, NotSignedIn
from services.identity.hashing import hashed, in_turn, matches
from services.identity.parts import Parts
from services.identity.passwords import check_password
from services.identity.sessions import SignIn
from services.limits import CHANGE_PASSWORD
from services.viewer import Suspended, Viewer
from services.work import Work
from storage import identity as rows
from storage.accounts import end_links
from storage.database import Transaction
from storage.identity import Organization, User

THEMES = ('auto', 'light', 'dark')
_CHANGED = (
    'Hello {name},\n\nthe password of your Coursewright account was changed, and every other device was signed out.\n\n'
    'If this was not you, ask for a new password on the sign-in page and tell your administrator.\n'
)


class ElsewhereByPassword(Conflict):
    code = 'sign_in_there'

    def __init__(self, name: str) -> None:
        super().__init__(
            'You signed in through an organisation, which vouches for you inside it only. '
            'Sign in with your password to go to {name}.',
            name=name,
        )


@dataclass(frozen=True, kw_only=True)
class Place:
    """An organisation of a person; `is_here`: this session is in it now."""

    id: UUID
    name: str
    is_active: bool
    is_here: bool


@dataclass(frozen=True, kw_only=True)
class Person:
    """What the frame of every page shows of its viewer."""

    theme: str
    email_verified: bool
    places: tuple[Place, ...]


class Account:
    _parts: Parts

    async def person(self, viewer: Viewer) -> Person:
        async with self._parts.gate.reading(viewer, in_person=viewer.scopes is None) as work:
            user = await work.tx.get_one(User, work.viewer.user_id)
            places = await rows.places_of(work.tx, user.id)
            return Person(
                theme=user.theme,
                email_verified=user.email_verified_at is not None,
                places=_places(places, work.viewer.organization_id),
            )

    async def set_theme(self, viewer: Viewer, theme: str) -> None:
        """auto, light or dark, for this person on every device."""
        async with self._parts.gate.writing(viewer, in_person=True) as work:
            user = await work.tx.get_one(User, work.viewer.user_id)
            user.theme = theme if theme in THEMES else 'auto'
            work.tx.add(user)

    async def theme(self, viewer: Viewer) -> str:
        return (await self.person(viewer)).theme

    async def has_moved(self, viewer: Viewer) -> bool:
        """Whether this session lives on in another organisation than the one that the viewer's page shows."""
        try:
            async with self._parts.gate.database.reading() as tx:
                current = await self._parts.gate.current(tx, viewer.session_id)
        except (NotSignedIn, Suspended):
            return False
        return current.organization_id != viewer.organization_id

    async def sign_out(self, viewer: Viewer) -> None:
        async with self._parts.gate.database.writing() as tx:
            await rows.end_session(tx, viewer.session_id, now())
            _note(tx, 'sign_out', viewer)
        await self._parts.sessions.ended(viewer.session_id)

    async def sign_out_everywhere(self, viewer: Viewer) -> int:
        """Ends every session of the person, API tokens too; how many these were."""
        viewer.require_in_person()
        async with self._parts.gate.database.writing() as tx:
            user_id, _ = await self._standing(tx, viewer)
            ended = await rows.end_sessions_of(tx, user_id, now())
            _note(tx, 'sign_out_everywhere', viewer, detail=f'{len(ended)} sessions')
        await self._parts.sessions.ended(*ended)
        return len(ended)

    async def change_password(self, viewer: Viewer, current: str, new: str, *, kind: str = 'browser') -> SignIn:
        """Signs out the other devices and gives this one a new secret; API tokens stay, as they are listed apart.

        `kind` of the session: the new secret has to reach whoever holds the old one, by cookie or as tokens.
        """
        gate, limits = self._parts.gate, self._parts.limits
        viewer.require_in_person()
        await limits.spend(CHANGE_PASSWORD, str(viewer.user_id))
        async with gate.reading(viewer, in_person=True) as work:
            user = await work.tx.get_one(User, work.viewer.user_id)
            shortest = await shortest_password(work.tx, user.id)
        if not user.has_password:
            raise Conflict('You sign in through your organisation and have no password here.')
        if not await in_turn(matches, user.password_hash, current):
            await self._parts.refused('password_change', email=user.email, user=user, detail='wrong password')
            fault = 'This is not your password. Try again.'
            raise InvalidInput(fault, fields={'current_password': fault})
        if new == current:
            fault = 'This is the password you have. Take another one.'
            raise InvalidInput(fault, fields={'new_password': fault})
        check_password(new, shortest=shortest, person=(user.email, user.full_name), field='new_password')
        password_hash = await in_turn(hashed, new)
        async with gate.writing(viewer, in_person=True) as work:
            ended = await set_password(work, user.id, password_hash, but=viewer.session_id, tokens=False)
            session = await work.tx.get_one(rows.Session, viewer.session_id)
            _same_way(session, kind)
            opened = self._parts.sessions.rotate(work.tx, session)
            _note(work.tx, 'password_change', viewer)
        await limits.forgive(CHANGE_PASSWORD, str(viewer.user_id))
        await self._parts.sessions.ended(*ended)
        return await self._parts.sessions.issued(opened)

    async def organizations(self, viewer: Viewer) -> tuple[Place, ...]:
        """Where the person holds a role, suspended ones too; open to whom a suspended organisation keeps out."""
        viewer.require_in_person()
        async with self._parts.gate.database.reading() as tx:
            user_id, session = await self._standing(tx, viewer)
            return _places(await rows.places_of(tx, user_id), session.organization_id)

    async def switch(self, viewer: Viewer, organization_id: UUID, *, kind: str = 'browser') -> SignIn:
        """This session goes to another organisation of the person, under a new secret.

        Call `announce` once the person has the new secret: until then their other pages could not load again.
        """
        viewer.require_in_person()
        async with self._parts.gate.database.writing() as tx:
            user_id, session = await self._standing(tx, viewer)
            _same_way(session, kind)
            place = next((place for place in await rows.places_of(tx, user_id) if place.id == organization_id), None)
            if place is None:
                raise NotFound()
            if session.provider_id is not None and place.id != session.organization_id:
                raise ElsewhereByPassword(place.name)
            if not place.is_active:
                raise Suspended(place.name)
            session.organization_id = place.id
            opened = self._parts.sessions.rotate(tx, session)
            _note(tx, 'switch', viewer, detail=f'to {place.name}', organization_id=place.id)
        await self._parts.sessions.ended()
        return await self._parts.sessions.issued(opened)

    async def announce(self, viewer: Viewer) -> None:
        """Every open page of this session looks again who it belongs to."""
        await self._parts.gate.bus.publish(f'session:{viewer.session_id}')

    async def _standing(self, tx: Transaction, viewer: Viewer) -> tuple[UUID, rows.Session]:
        """The person and the session as they are now, whatever became of its organisation."""
        found = await rows.signed_in(tx, viewer.session_id)
        if found is None:
            raise NotSignedIn()
        session, user, _, _ = found
        if session.revoked_at or session.expires_at <= now() or not user.is_active or user.deleted_at:
            raise NotSignedIn('You were signed out. Sign in to go on.')
        return user.id, session


async def shortest_password(tx: Transaction, user_id: UUID) -> int:
    """The longest minimum of the person's organisations; twelve where they have none."""
    return max((place.password_length for place in await rows.places_of(tx, user_id)), default=12)


async def set_password(
    work: Work, user_id: UUID, password_hash: str, *, but: UUID | None = None, tokens: bool = True
) -> list[UUID]:
    """Writes it, ends sessions (`but` one, with or without API tokens) and mailed links, and tells the person."""
    user = await work.tx.get_one(User, user_id)
    user.password_hash, user.password_changed_at = password_hash, now()
    work.tx.add(user)
    ended = await rows.end_sessions_of(work.tx, user_id, now(), but=but, tokens=tokens)
    await end_links(work.tx, user_id, 'reset_password', now())
    work.record('user.password_changed', user, after={'sessions_ended': len(ended)})
    mail.write(work, user.email, 'Your password was changed', _CHANGED.format(name=user.full_name), user_id=user_id)
    return ended


def _same_way(session: rows.Session, kind: str) -> None:
    if session.kind != kind:
        raise Conflict('This session is a browser’s, and its cookie would be lost. Do this on our pages instead.')


def _places(places: Sequence[Organization], here: UUID) -> tuple[Place, ...]:
    return tuple(
        Place(id=place.id, name=place.name, is_active=place.is_active, is_here=place.id == here) for place in places
    )


def _note(tx: Transaction, kind: str, viewer: Viewer, *, detail: str = '', organization_id: UUID | None = None) -> None:
    security_log.note(
        tx,
        kind,
        allowed=True,
        email=viewer.email,
        user_id=viewer.user_id,
        organization_id=organization_id or viewer.organization_id,
        detail=detail,
    )

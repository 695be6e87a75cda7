"""Signing in: a password, then a code where the person has a second factor, and a session that did not exist before."""

import json
import secrets
import time
from collections.abc import Sequence
from uuid import UUID

from services import security_log
from services.clock import now
from services.errors import NotSignedIn, PlatformError
from services.identity.hashing import hashed, in_turn, is_outdated, matches
from services.identity.parts import Parts
from services.identity.sessions import Opened, SignIn
from services.identity.tokens import digest
from services.limits import SECOND_FACTOR, SIGN_IN, SIGN_IN_ACCOUNT, SIGN_IN_ADDRESS
from services.sealing import SealBroken
from services.second_factor import passes
from services.tracing import origin
from services.viewer import Suspended, Viewer
from storage import identity as rows
from storage.database import Transaction
from storage.identity import Organization, User

PENDING_SECONDS = 600


class WrongCredentials(PlatformError):
    status_code = 401
    code = 'wrong_credentials'

    def __init__(self) -> None:
        super().__init__('E-mail or password is not right. Try again.')


class SecondFactorRequired(PlatformError):
    """The password was right. `pending` is sealed proof of it for some minutes, for the browser that sent it."""

    status_code = 401
    code = 'second_factor_required'

    def __init__(self, pending: str) -> None:
        super().__init__('This account has a second factor. Send the code of your authenticator app too, as `code`.')
        self.pending = pending


class WrongCode(PlatformError):
    status_code = 401
    code = 'wrong_code'

    def __init__(self) -> None:
        super().__init__('This code is not right, or was used. Wait for the next one and try again.')


class SigningIn:
    _parts: Parts

    async def sign_in(
        self, email: str, password: str, *, code: str = '', kind: str = 'program', instead_of: str = ''
    ) -> SignIn:
        """One neutral refusal for a wrong password, an unknown person and one without a place anywhere.

        `kind` is 'browser' or 'program'. `instead_of` is the cookie the browser had until now: its session ends.
        """
        parts, account = self._parts, email.strip().lower()
        await self._spend(account)
        async with parts.gate.database.reading() as tx:
            user = await rows.user_by_email(tx, account)
        right = await in_turn(matches, user.password_hash if user else '', password)
        if user is None or not right or not user.is_active or user.deleted_at:
            await parts.refused('sign_in', email=account, user=user)
            raise WrongCredentials()
        await parts.limits.forgive(SIGN_IN, account, origin().address)
        await parts.limits.forgive(SIGN_IN_ACCOUNT, account)
        if is_outdated(user.password_hash):
            await self._hash_again(user, password)
        if user.second_factor_at is None:
            return await self.let_in(user.id, kind=kind, instead_of=instead_of)
        if not code:
            raise SecondFactorRequired(self._seal(user))
        return await self._with_code(user, code, kind=kind, instead_of=instead_of)

    async def confirm(self, pending: str, code: str, *, kind: str = 'browser', instead_of: str = '') -> SignIn:
        """The second step, with the sealed proof of the first."""
        user = await self._pending(pending)
        return await self._with_code(user, code, kind=kind, instead_of=instead_of)

    async def let_in(
        self, user_id: UUID, *, kind: str, organization_id: UUID | None = None, instead_of: str = '', by: str = ''
    ) -> SignIn:
        """A new session for a person who has proven who they are; `by` says how, for the security log.

        In `organization_id`, or where they were last, or in the oldest of their organisations that is not suspended.
        """
        parts = self._parts
        opened: Opened | None = None
        ended: UUID | None = None
        async with parts.gate.database.writing() as tx:
            user = await tx.get_one(User, user_id)
            places = await rows.places_of(tx, user_id)
            place = _chosen(places, organization_id or await rows.last_place(tx, user_id))
            if user.is_active and not user.deleted_at and place is not None and place.is_active:
                ended = await end_session_of(tx, instead_of)
                opened = parts.sessions.open(tx, user_id, place.id, kind=kind)
            security_log.note(
                tx,
                'sign_in' if opened or place is None else 'suspended',
                allowed=opened is not None,
                email=user.email,
                user_id=user_id,
                organization_id=place.id if place else None,
                detail=by if opened else 'suspended' if place else 'no organisation to go to',
            )
        if ended is not None:
            await parts.sessions.ended(ended)
        if opened is not None:
            return await parts.sessions.issued(opened)
        if place is not None and user.is_active:
            raise Suspended(place.name)
        raise WrongCredentials()

    async def refresh(self, refresh_token: str) -> SignIn:
        """New tokens for a refresh token, which is used up by it. Two who bring the same: the session ends."""
        parts = self._parts
        session_id = parts.sessions.tokens.session_of(refresh_token)
        if session_id is None:
            raise NotSignedIn('This refresh token is not valid. Sign in again.')
        async with parts.gate.database.writing() as tx:
            viewer = await parts.gate.current(tx, session_id)
            session = await tx.get_one(rows.Session, session_id)
            fresh = parts.sessions.tokens.refresh(session_id)
            first = await rows.rotate_refresh(tx, session_id, digest(refresh_token), digest(fresh))
            if not first:
                await rows.end_session(tx, session_id, now())
                _note_reuse(tx, viewer)
        if not first:
            await parts.sessions.ended(session_id)
            raise NotSignedIn('This refresh token was used before. The session has ended for safety. Sign in again.')
        left = int((session.expires_at - now()).total_seconds())
        return await parts.sessions.issued(Opened(session_id=session_id, secret='', refresh_token=fresh, max_age=left))

    async def from_cookie(self, secret: str) -> Viewer:
        async with self._parts.gate.database.reading() as tx:
            session = await rows.session_by_secret(tx, digest(secret))
            if session is None or session.kind == 'token':
                raise NotSignedIn()
            return await self._parts.gate.current(tx, session.id)

    async def from_token(self, token: str) -> Viewer:
        """From an access token, or from an API token, which has no dots."""
        if '.' not in token:
            return await self._from_api_token(token)
        session_id, organization_id = self._parts.sessions.tokens.read(token)
        async with self._parts.gate.database.reading() as tx:
            viewer = await self._parts.gate.current(tx, session_id)
        if viewer.organization_id != organization_id:
            raise NotSignedIn('This access token belongs to an organisation that you have left. Use the new one.')
        return viewer

    async def _from_api_token(self, token: str) -> Viewer:
        async with self._parts.gate.database.reading() as tx:
            session = await rows.session_by_secret(tx, digest(token))
            if session is None or session.kind != 'token':
                raise NotSignedIn('This access token is not valid or has expired. Sign in again.')
            return await self._parts.gate.current(tx, session.id)

    async def _spend(self, account: str) -> None:
        limits, address = self._parts.limits, origin().address
        await limits.spend(SIGN_IN_ADDRESS, address)
        await limits.spend(SIGN_IN, account, address)
        await limits.spend(SIGN_IN_ACCOUNT, account)

    async def _with_code(self, user: User, code: str, *, kind: str, instead_of: str) -> SignIn:
        parts = self._parts
        await parts.limits.spend(SECOND_FACTOR, str(user.id))
        async with parts.gate.database.writing() as tx:
            right = await passes(tx, await tx.get_one(User, user.id), code, parts.sealer)
        if not right:
            await parts.refused('second_factor', email=user.email, user=user, detail='wrong code at sign-in')
            raise WrongCode()
        await parts.limits.forgive(SECOND_FACTOR, str(user.id))
        return await self.let_in(user.id, kind=kind, instead_of=instead_of, by='password and code')

    def _seal(self, user: User) -> str:
        proof = {'for': user.id.hex, 'until': int(time.time()) + PENDING_SECONDS, 'with': _mark(user)}
        return self._parts.sealer.seal(json.dumps(proof | {'salt': secrets.token_hex(8)}))

    async def _pending(self, pending: str) -> User:
        try:
            proof = json.loads(self._parts.sealer.open(pending))
            user_id, until, mark = UUID(proof['for']), int(proof['until']), str(proof['with'])
        except (SealBroken, ValueError, KeyError, TypeError) as error:
            raise NotSignedIn('Begin again with your password.') from error
        async with self._parts.gate.database.reading() as tx:
            user = await tx.get(User, user_id)
        if user is None or until < time.time() or mark != _mark(user):
            raise NotSignedIn('That took longer than ten minutes. Begin again with your password.')
        return user

    async def _hash_again(self, user: User, password: str) -> None:
        """At today's cost: the only moment at which the password is known."""
        dearer = await in_turn(hashed, password)
        async with self._parts.gate.database.writing() as tx:
            kept = await tx.get_one(User, user.id)
            if kept.password_hash == user.password_hash:
                kept.password_hash = dearer
                tx.add(kept)


def _chosen(places: Sequence[Organization], wanted: UUID | None) -> Organization | None:
    """The wanted one if it is open; otherwise the first that is; otherwise a suspended one, which is refused."""
    living = [place for place in places if place.is_active]
    return next((place for place in living if place.id == wanted), None) or next(iter(living or places), None)


def _mark(user: User) -> str:
    """Changes with the password: what was proven before it no longer counts."""
    return digest(user.password_hash)[:16]


async def end_session_of(tx: Transaction, secret: str) -> UUID | None:
    """The session of the cookie that the browser had until now, if it had one."""
    session = await rows.session_by_secret(tx, digest(secret)) if secret else None
    if session is None or session.revoked_at is not None:
        return None
    await rows.end_session(tx, session.id, now())
    return session.id


def _note_reuse(tx: Transaction, viewer: Viewer) -> None:
    security_log.note(
        tx,
        'refresh_reuse',
        allowed=False,
        email=viewer.email,
        user_id=viewer.user_id,
        organization_id=viewer.organization_id,
        detail='a used refresh token came again: the session was ended',
    )

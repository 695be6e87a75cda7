"""Signing in and out: a session behind every cookie and every token, so that all of them can be ended at once."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from services.clock import now
from services.errors import NotSignedIn, PlatformError
from services.viewer import Viewer
from services.work import Gate
from storage import identity as rows
from storage.database import Transaction

_HASHER = PasswordHasher()
# Compared against where no such person exists, so that both cases take the same time.
_NOBODY = _HASHER.hash(secrets.token_hex())
_LEEWAY_SECONDS = 0


class WrongCredentials(PlatformError):
    status_code = 401
    code = 'wrong_credentials'

    def __init__(self) -> None:
        super().__init__('E-mail or password is not right. Try again.')


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """A new session: `secret` goes into the cookie, the tokens to programs. `expires_in` is in seconds."""

    viewer: Viewer
    secret: str
    access_token: str
    refresh_token: str
    expires_in: int
    max_age: int


class IdentityService:
    def __init__(self, gate: Gate, secret_key: str, *, access_minutes: int = 60, session_days: int = 14) -> None:
        self._gate = gate
        self._key = OctKey.import_key(hashlib.sha256(secret_key.encode()).digest())
        self._access_seconds = access_minutes * 60
        self._session_seconds = session_days * 86400

    async def sign_in(self, email: str, password: str, *, address: str = '', user_agent: str = '') -> SignIn:
        """One neutral refusal for a wrong password, an unknown person and one without a place anywhere."""
        async with self._gate.database.reading() as tx:
            user = await rows.user_by_email(tx, email)
        right = await asyncio.to_thread(_matches, user.password_hash if user else _NOBODY, password)
        async with self._gate.database.writing() as tx:
            places = await rows.organizations_of(tx, user.id) if user else []
            allowed = right and user is not None and user.is_active and bool(places)
            tx.add(
                rows.SecurityEvent(
                    kind='sign_in',
                    email=email.strip().lower()[:254],
                    user_id=user.id if user else None,
                    address=address,
                    outcome='success' if allowed else 'refused',
                )
            )
            opened = await self._open(tx, user.id, places[0], address, user_agent) if user and allowed else None
        if opened is None:
            raise WrongCredentials()
        return await self._issued(*opened)

    async def refresh(self, refresh_token: str, *, address: str = '') -> SignIn:
        """New tokens for an old refresh token, which is used up by it."""
        async with self._gate.database.writing() as tx:
            session = await rows.session_by_refresh(tx, _digest(refresh_token))
            if session is None or session.revoked_at is not None or session.expires_at <= now():
                raise NotSignedIn('This refresh token was used or has expired. Sign in again.')
            secret, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
            session.secret_hash, session.refresh_hash = _digest(secret), _digest(refresh)
            tx.add(session)
        return await self._issued(session.id, secret, refresh)

    async def sign_out(self, viewer: Viewer) -> None:
        async with self._gate.database.writing() as tx:
            await rows.end_session(tx, viewer.session_id, now())
            tx.add(rows.SecurityEvent(kind='sign_out', email=viewer.email, user_id=viewer.user_id, outcome='success'))
        await self._gate.bus.publish('sessions')
        await self._gate.bus.publish(f'session:{viewer.session_id}')

    async def from_cookie(self, secret: str) -> Viewer:
        async with self._gate.database.reading() as tx:
            session = await rows.session_by_secret(tx, _digest(secret))
            if session is None:
                raise NotSignedIn()
            return await self._gate.current(tx, session.id)

    async def from_token(self, token: str) -> Viewer:
        try:
            claims = jwt.decode(token, self._key, algorithms=['HS256']).claims
            jwt.JWTClaimsRegistry(leeway=_LEEWAY_SECONDS, exp={'essential': True}).validate(claims)
            session_id = UUID(claims['sid'])
        except (JoseError, KeyError, ValueError) as error:
            raise NotSignedIn('This access token is not valid or has expired. Sign in again.') from error
        async with self._gate.database.reading() as tx:
            return await self._gate.current(tx, session_id)

    async def set_theme(self, viewer: Viewer, theme: str) -> None:
        """auto, light or dark, for this person on every device."""
        async with self._gate.writing(viewer, in_person=True) as work:
            user = await work.tx.get_one(rows.User, work.viewer.user_id)
            user.theme = theme if theme in ('auto', 'light', 'dark') else 'auto'
            work.tx.add(user)

    async def theme(self, viewer: Viewer) -> str:
        async with self._gate.reading(viewer, in_person=True) as work:
            return (await work.tx.get_one(rows.User, work.viewer.user_id)).theme

    async def _open(
        self, tx: Transaction, user_id: UUID, organization_id: UUID, address: str, user_agent: str
    ) -> tuple[UUID, str, str]:
        secret, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        session = rows.Session(
            user_id=user_id,
            organization_id=organization_id,
            secret_hash=_digest(secret),
            refresh_hash=_digest(refresh),
            expires_at=now() + timedelta(seconds=self._session_seconds),
            address=address,
            user_agent=user_agent[:300],
        )
        tx.add(session)
        return session.id, secret, refresh

    async def _issued(self, session_id: UUID, secret: str, refresh: str) -> SignIn:
        async with self._gate.database.reading() as tx:
            viewer = await self._gate.current(tx, session_id)
        issued_at = int(now().timestamp())
        claims = {
            'sub': str(viewer.user_id),
            'sid': str(viewer.session_id),
            'email': viewer.email,
            'role': sorted(viewer.roles),
            'organization_id': str(viewer.organization_id),
            'iat': issued_at,
            'exp': issued_at + self._access_seconds,
        }
        return SignIn(
            viewer=viewer,
            secret=secret,
            access_token=jwt.encode({'alg': 'HS256'}, claims, self._key),
            refresh_token=refresh,
            expires_in=self._access_seconds,
            max_age=self._session_seconds,
        )


def hashed(password: str) -> str:
    """An argon2id hash; takes tens of milliseconds, so call it in a thread."""
    return _HASHER.hash(password)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

"""Opening sessions: the one place where a cookie's secret and a program's tokens are made."""

import math
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.clock import now
from services.identity.tokens import Tokens, digest, new_secret
from services.tracing import origin
from services.viewer import Viewer
from services.work import Gate
from storage.database import Transaction
from storage.identity import Session


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """A session: `secret` goes into the cookie, the tokens to programs. `expires_in` and `max_age` are in seconds."""

    viewer: Viewer
    secret: str
    access_token: str
    refresh_token: str
    expires_in: int
    max_age: int


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Written, not yet committed."""

    session_id: UUID
    secret: str
    refresh_token: str
    max_age: int


class Sessions:
    def __init__(self, gate: Gate, tokens: Tokens, *, seconds: int) -> None:
        self._gate = gate
        self._seconds = seconds
        self.tokens = tokens

    def open(
        self, tx: Transaction, user_id: UUID, organization_id: UUID, *, kind: str, provider_id: UUID | None = None,
        seconds: int | None = None,
    ) -> Opened:  # fmt: skip
        """`kind` is 'browser' (a cookie) or 'program' (tokens); `provider_id` vouches for it, here and only here."""
        session = Session(
            user_id=user_id,
            organization_id=organization_id,
            secret_hash='',
            expires_at=now() + timedelta(seconds=min(seconds or self._seconds, self._seconds)),
            address=origin().address,
            user_agent=origin().user_agent[:300],
            kind=kind,
            last_seen_at=now(),
            provider_id=provider_id,
        )
        return self.rotate(tx, session)

    def rotate(self, tx: Transaction, session: Session) -> Opened:
        """New secrets for a session: whoever holds the old ones is a stranger from the commit on."""
        secret = new_secret()
        refresh = self.tokens.refresh(session.id) if session.kind == 'program' else ''
        session.secret_hash = digest(secret)
        session.refresh_hash = digest(refresh) if refresh else None
        tx.add(session)
        left = math.ceil((session.expires_at - now()).total_seconds())
        return Opened(session_id=session.id, secret=secret, refresh_token=refresh, max_age=left)

    async def issued(self, opened: Opened) -> SignIn:
        """What the person is given, once it is committed."""
        async with self._gate.database.reading() as tx:
            viewer = await self._gate.current(tx, opened.session_id)
        return SignIn(
            viewer=viewer,
            secret=opened.secret,
            access_token=self.tokens.access(viewer),
            refresh_token=opened.refresh_token,
            expires_in=self.tokens.access_seconds,
            max_age=opened.max_age,
        )

    async def ended(self, *session_ids: UUID) -> None:
        """Says so: pages, sockets and tokens of these sessions are dead from here on."""
        await self._gate.bus.publish('sessions')
        for session_id in session_ids:
            await self._gate.bus.publish(f'session:{session_id}')

"""API tokens: a session of its own for each program, which may do no more than it was given, and ends."""

import hashlib
import secrets
import string
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services import fields, security_log
from services.clock import now
from services.errors import Conflict, InvalidInput, NotFound
from services.tracing import origin
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage.identity import Session, end_session
from storage.own_account import living_sessions, own_session

PREFIX = 'cwt_'  # so that scanners for leaked secrets know one when they see it
DAYS, MOST_DAYS, MOST_TOKENS = 90, 365, 50
_ALPHABET = string.ascii_letters + string.digits
_LENGTH = 43  # 256 bits


@dataclass(frozen=True, kw_only=True)
class Token:
    """`hint` is the end of the secret, to tell tokens apart; the secret itself is kept nowhere."""

    id: UUID
    name: str
    hint: str
    scopes: tuple[str, ...]
    organization: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    expired: bool


@dataclass(frozen=True, kw_only=True)
class NewToken:
    """`secret` is shown once."""

    id: UUID
    secret: str
    expires_at: datetime


class TokenService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def list(self, viewer: Viewer) -> Sequence[Token]:
        """Newest first; expired ones stay until they are revoked, so that one sees why a program stopped."""
        async with self._gate.reading(viewer, in_person=True) as work:
            found = await living_sessions(work.tx, work.viewer.user_id, now(), tokens=True)
            return [_view(session, place.name) for session, place in found]

    async def make(self, viewer: Viewer, name: str, scopes: Collection[str], *, days: int = DAYS) -> NewToken:
        """A token for this organisation. `scopes` are permissions that the person holds now."""
        async with self._gate.writing(viewer, in_person=True) as work:
            me = work.viewer
            kept_name, wanted = _checked(name, scopes, days, me)
            living = await living_sessions(work.tx, me.user_id, now(), tokens=True)
            if len(living) >= MOST_TOKENS:
                raise Conflict('You have {most} tokens. Revoke those that nothing uses any more.', most=MOST_TOKENS)
            secret = PREFIX + ''.join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
            session = Session(
                user_id=me.user_id,
                organization_id=me.organization_id,
                secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
                expires_at=now() + timedelta(days=days),
                address=origin().address,
                user_agent=origin().user_agent[:300],
                kind='token',
                name=kept_name,
                hint=secret[-4:],
                scopes=sorted(wanted),
            )
            work.tx.add(session)
            await work.tx.flush()
            self._noted(work, session, 'token.created')
            return NewToken(id=session.id, secret=secret, expires_at=session.expires_at)

    async def revoke(self, viewer: Viewer, token_id: UUID) -> None:
        """It is refused from now on; NotFound for what is not the person's."""
        async with self._gate.writing(viewer, in_person=True) as work:
            session = await own_session(work.tx, work.viewer.user_id, token_id)
            if session is None or session.kind != 'token':
                raise NotFound()
            await end_session(work.tx, session.id, now())
            self._noted(work, session, 'token.revoked')
            work.changed('sessions', f'session:{session.id}')

    def _noted(self, work: Work, session: Session, action: str) -> None:
        me = work.viewer
        told = {'name': session.name, 'scopes': session.scopes, 'expires_at': session.expires_at.isoformat()}
        work.record(action, session, after=told)
        security_log.note(
            work.tx,
            'token',
            allowed=True,
            email=me.email,
            user_id=me.user_id,
            organization_id=me.organization_id,
            detail=f'{action.rpartition(".")[2]}: {session.name}',
        )
        work.changed(f'account:{me.user_id}')


def grantable(viewer: Viewer) -> Sequence[Permission]:
    """What the viewer may give to a token: what they may do themselves, in the order of the policy."""
    return [permission for permission in Permission if viewer.may(permission)]


def _checked(name: str, scopes: Collection[str], days: int, viewer: Viewer) -> tuple[str, set[str]]:
    faults = {}
    kept = fields.line('name', name, limit=80)
    if not kept:
        faults['name'] = 'Name the token after the program that will use it.'
    wanted, held = set(scopes), set(map(str, grantable(viewer)))
    if not wanted:
        faults['scopes'] = 'Choose at least one thing that the token may do.'
    elif not wanted <= held:
        faults['scopes'] = f'A token can do no more than you: {", ".join(sorted(held)) or "nothing"}.'
    if not 1 <= days <= MOST_DAYS:
        faults['days'] = f'Say for how many days it works: 1 to {MOST_DAYS}.'
    if faults:
        raise InvalidInput(' '.join(faults.values()), fields=faults)
    return kept, wanted


def _view(session: Session, organization: str) -> Token:
    return Token(
        id=session.id,
        name=session.name,
        hint=session.hint,
        scopes=tuple(session.scopes or ()),
        organization=organization,
        created_at=session.created_at,
        expires_at=session.expires_at,
        last_used_at=session.last_seen_at,
        expired=session.expires_at <= now(),
    )

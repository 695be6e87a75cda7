"""What a browser carries between leaving for the provider and coming back: sealed, its own, good for ten minutes."""

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from services.clock import now
from services.sealing import SealBroken, Sealer

FLOW_SECONDS = 600
_FLOW, _TICKET = 'sign-on flow', 'sign-on ticket'


@dataclass(frozen=True, kw_only=True)
class Flow:
    """`session_id` is set where somebody who is signed in connects their account; otherwise somebody signs in."""

    provider_id: UUID
    state: str
    nonce: str
    verifier: str
    next: str
    expires_at: int
    session_id: UUID | None = None

    @classmethod
    def begin(cls, provider_id: UUID, next: str, session_id: UUID | None = None) -> 'Flow':
        return cls(
            provider_id=provider_id,
            state=f'{provider_id.hex}.{secrets.token_urlsafe(32)}',
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(64),
            next=next,
            expires_at=int(now().timestamp()) + FLOW_SECONDS,
            session_id=session_id,
        )

    @property
    def state_hash(self) -> str:
        return hashlib.sha256(f'sign-on:{self.state}'.encode()).hexdigest()

    def sealed(self, sealer: Sealer) -> str:
        return sealer.seal(json.dumps({'purpose': _FLOW} | asdict(self), default=str))

    def answers(self, provider_id: UUID, state: str) -> bool:
        """Whether the answer came to the address of the provider that was asked, with the state that was sent."""
        ours = self.provider_id == provider_id and hmac.compare_digest(self.state.encode(), state.encode())
        return ours and self.expires_at > now().timestamp()


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """From a button of our own pages to the way out: this session wants to connect its account."""

    provider_id: UUID
    session_id: UUID

    def sealed(self, sealer: Sealer) -> str:
        until = int(now().timestamp()) + FLOW_SECONDS
        return sealer.seal(json.dumps({'purpose': _TICKET, 'until': until} | asdict(self), default=str))

    @classmethod
    def holds(cls, sealed: str, sealer: Sealer, provider_id: UUID, session_id: UUID) -> bool:
        found = _unsealed(sealed, sealer, _TICKET)
        wanted = {'provider_id': str(provider_id), 'session_id': str(session_id)}
        return found is not None and found.pop('until') > now().timestamp() and found == wanted


def opened(sealed: str, sealer: Sealer) -> Flow | None:
    """None where this browser began nothing, or something else sealed is shown in its place."""
    found = _unsealed(sealed, sealer, _FLOW)
    if found is None:
        return None
    session_id = found.pop('session_id')
    found |= {'provider_id': UUID(found['provider_id']), 'session_id': UUID(session_id) if session_id else None}
    return Flow(**found)


def _unsealed(sealed: str, sealer: Sealer, purpose: str) -> dict[str, Any] | None:
    try:
        found = json.loads(sealer.open(sealed))
    except (SealBroken, ValueError):
        return None
    return found if isinstance(found, dict) and found.pop('purpose', None) == purpose else None

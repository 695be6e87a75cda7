"""The security log: what happened at the door. Written in a transaction of its own, so that refusals stay."""

from uuid import UUID

from services.tracing import origin
from storage.database import Transaction
from storage.identity import SecurityEvent


def note(
    tx: Transaction,
    kind: str,
    *,
    allowed: bool,
    email: str = '',
    user_id: UUID | None = None,
    organization_id: UUID | None = None,
    detail: str = '',
) -> None:
    """`kind`: sign_in, sign_out, refusal, password_change, second_factor, token, …"""
    tx.add(
        SecurityEvent(
            kind=kind,
            email=email.strip().lower()[:254],
            user_id=user_id,
            organization_id=organization_id,
            address=origin().address,
            outcome='success' if allowed else 'refused',
            detail=detail[:500],
            request_id=origin().request_id,
        )
    )

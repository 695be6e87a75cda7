"""What the parts of signing in share."""

from dataclasses import dataclass

from services import security_log
from services.identity.sessions import Sessions
from services.limits import Limits
from services.sealing import Sealer
from services.work import Gate
from storage.identity import User


@dataclass(frozen=True, kw_only=True)
class Parts:
    gate: Gate
    sessions: Sessions
    limits: Limits
    sealer: Sealer

    async def refused(self, kind: str, *, email: str, user: User | None, detail: str = '') -> None:
        """A line in the security log, in a transaction of its own: the refusal that follows takes nothing back."""
        async with self.gate.database.writing() as tx:
            security_log.note(tx, kind, allowed=False, email=email, user_id=user.id if user else None, detail=detail)

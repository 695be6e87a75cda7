"""Signing in and out: a session behind every cookie and every token, so that all of them can be ended at once."""

from services.identity.accounts import Account
from services.identity.parts import Parts
from services.identity.sessions import Sessions
from services.identity.signing_in import SigningIn
from services.identity.tokens import Tokens
from services.limits import Limits
from services.sealing import Sealer
from services.work import Gate


class IdentityService(SigningIn, Account):
    """`access_minutes` is the life of an access token, `session_days` the most that a session lasts."""

    def __init__(
        self,
        gate: Gate,
        secret_key: str,
        *,
        access_minutes: float = 60,
        session_days: int = 14,
        limits: Limits | None = None,
    ) -> None:
        tokens = Tokens(secret_key, int(access_minutes * 60))
        self._parts = Parts(
            gate=gate,
            sessions=Sessions(gate, tokens, seconds=session_days * 86400),
            limits=limits or Limits(),
            sealer=Sealer(secret_key),
        )

    @property
    def parts(self) -> Parts:
        """For registration and recovery, which open and end sessions too."""
        return self._parts

"""What programs carry: access tokens that say who and until when, refresh tokens that work once."""

import hashlib
import hmac
import secrets
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from services.clock import now
from services.errors import NotSignedIn
from services.viewer import Viewer

_LEEWAY_SECONDS = 0


class Tokens:
    def __init__(self, secret_key: str, access_seconds: int) -> None:
        self._key = OctKey.import_key(hashlib.sha256(secret_key.encode()).digest())
        self._refresh_key = hashlib.sha256(b'coursewright refresh\x00' + secret_key.encode()).digest()
        self.access_seconds = access_seconds

    def access(self, viewer: Viewer) -> str:
        issued_at = int(now().timestamp())
        claims = {
            'sub': str(viewer.user_id),
            'sid': str(viewer.session_id),
            'email': viewer.email,
            'role': sorted(viewer.roles),
            'organization_id': str(viewer.organization_id),
            'iat': issued_at,
            'exp': issued_at + self.access_seconds,
        }
        return jwt.encode({'alg': 'HS256'}, claims, self._key)

    def read(self, token: str) -> tuple[UUID, UUID]:
        """The session and the organisation an access token is for; NotSignedIn if it is not ours or has ended."""
        try:
            claims = jwt.decode(token, self._key, algorithms=['HS256']).claims
            jwt.JWTClaimsRegistry(leeway=_LEEWAY_SECONDS, exp={'essential': True}).validate(claims)
            return UUID(claims['sid']), UUID(claims['organization_id'])
        except (JoseError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise NotSignedIn('This access token is not valid or has expired. Sign in again.') from error

    def refresh(self, session_id: UUID) -> str:
        """Names its session under a signature, so that one which was used up still says whose it was."""
        body = session_id.hex + secrets.token_urlsafe(24)
        return f'{body}.{self._signature(body)}'

    def session_of(self, refresh_token: str) -> UUID | None:
        body, _, signature = refresh_token.partition('.')
        if not hmac.compare_digest(self._signature(body).encode(), signature.encode()):
            return None
        return UUID(body[:32])

    def _signature(self, body: str) -> str:
        return hmac.new(self._refresh_key, body.encode(), hashlib.sha256).hexdigest()


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()

"""Whether an ID token is to be believed (OpenID Connect Core 1.0, section 3.1.3.7)."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from services.sign_on.discovery import ALGORITHMS
from services.sign_on.errors import TokenRefused

_LEEWAY_SECONDS = 60
_LONGEST_TOKEN, _LONGEST_SUBJECT = 64 * 1024, 255

Keys = Callable[[bool], Awaitable[KeySet]]


async def verified(
    id_token: str, *, keys: Keys, issuer: str, client_id: str, nonce: str, access_token: str
) -> dict[str, Any]:
    """The claims of a token that this issuer made for this client in answer to this very request.

    `keys(anew)` gives the issuer's public keys; they are fetched once more where the token names one that is not there.
    """
    if len(id_token) > _LONGEST_TOKEN:
        raise TokenRefused('id_token too long')
    try:
        try:
            token = _decoded(id_token, await keys(False))
        except InvalidKeyIdError:
            token = _decoded(id_token, await keys(True))
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                'iss': {'essential': True, 'value': issuer},
                'aud': {'essential': True, 'value': client_id},
                'nonce': {'essential': True, 'value': nonce},
            },
            {'nonce': nonce, 'client_id': client_id, 'access_token': access_token},
        )
        claims.validate(now=int(time.time()), leeway=_LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise TokenRefused(f'id_token: {error}'[:200]) from error
    _plausible(claims)
    return dict(claims)


def _decoded(id_token: str, keys: KeySet) -> jwt.Token:
    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    return jwt.decode(id_token, keys, registry=registry)


def _plausible(claims: dict[str, Any]) -> None:
    """What the libraries leave open: types, and a token from the future."""
    subject, issued_at, expires_at = claims['sub'], claims['iat'], claims['exp']
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise TokenRefused('id_token: sub is no name')
    if any(isinstance(moment, bool) or not isinstance(moment, int | float) for moment in (issued_at, expires_at)):
        raise TokenRefused('id_token: iat or exp is no time')
    if issued_at > time.time() + _LEEWAY_SECONDS:
        raise TokenRefused('id_token: iat lies in the future')

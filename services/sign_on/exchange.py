"""What is said to a provider: where the browser goes, and what the code it comes back with is worth."""

from collections.abc import Mapping
from typing import Any, NoReturn

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc.jwk import KeySet

from services.egress import Egress
from services.sealing import Sealer
from services.sign_on.admission import Claims
from services.sign_on.discovery import Discovery, Metadata
from services.sign_on.errors import NOT_NOW, SignOnRefused, TokenRefused
from services.sign_on.flow import Flow
from services.sign_on.tokens import verified
from storage.sign_on import IdentityProvider

_SCOPE = 'openid email profile'
_LONGEST_CODE = 4096


class Exchange:
    """Never keeps what it learns: access tokens are thrown away with the answer that they were used for."""

    def __init__(self, egress: Egress, discovery: Discovery, sealer: Sealer) -> None:
        self._egress = egress
        self._discovery = discovery
        self._sealer = sealer

    async def authorization_url(self, provider: IdentityProvider, flow: Flow, redirect_uri: str) -> str:
        metadata = await self._discovery.metadata(provider.id, provider.issuer)
        async with self._client(provider, metadata, redirect_uri) as client:
            url, _ = client.create_authorization_url(
                metadata.authorization_endpoint, state=flow.state, code_verifier=flow.verifier, nonce=flow.nonce
            )
        return str(url)

    async def claims(
        self, provider: IdentityProvider, flow: Flow, answer: Mapping[str, str], redirect_uri: str
    ) -> Claims:
        """Who came back, from the answer in the address of the callback; SignOnRefused where it does not hold."""
        metadata = await self._discovery.metadata(provider.id, provider.issuer)
        _from_the_right_one(provider, metadata, answer)
        if 'error' in answer:
            _refuse(provider, f'provider said {answer["error"][:100]}')
        code = answer.get('code', '')
        if not 0 < len(code) <= _LONGEST_CODE:
            _refuse(provider, 'no code')
        token = await self._token(provider, metadata, code, flow, redirect_uri)
        access_token, id_token = token.get('access_token'), token.get('id_token')
        if not isinstance(access_token, str) or not isinstance(id_token, str):
            _refuse(provider, 'no id_token in the answer')

        async def keys(anew: bool) -> KeySet:
            return await self._discovery.keys(provider.id, provider.issuer, anew=anew)

        try:
            found = await verified(
                id_token,
                keys=keys,
                issuer=provider.issuer,
                client_id=provider.client_id,
                nonce=flow.nonce,
                access_token=access_token,
            )
        except TokenRefused as error:
            _refuse(provider, str(error), error)
        return Claims.of(await self._more(provider, metadata, found, access_token), provider.role_claim)

    async def _token(
        self, provider: IdentityProvider, metadata: Metadata, code: str, flow: Flow, redirect_uri: str
    ) -> dict[str, Any]:
        try:
            async with self._client(provider, metadata, redirect_uri) as client:
                found = await client.fetch_token(
                    metadata.token_endpoint,
                    grant_type='authorization_code',
                    code=code,
                    code_verifier=flow.verifier,
                    redirect_uri=redirect_uri,
                )
        except OAuthError as error:
            _refuse(provider, f'token endpoint said {error.error}'[:200], error)
        except (httpx2.HTTPError, ValueError, TypeError, AttributeError) as error:
            _refuse(provider, 'token endpoint gave no answer that can be read', error)
        return dict(found)

    async def _more(
        self, provider: IdentityProvider, metadata: Metadata, found: dict[str, Any], access_token: str
    ) -> dict[str, Any]:
        """With what only userinfo tells, about the same subject; the signed token has the last word."""
        wanted = {'email', 'email_verified', 'name', *([provider.role_claim] if provider.role_claim else [])}
        if metadata.userinfo_endpoint is None or wanted <= found.keys():
            return found
        answer = await self._egress.get(
            metadata.userinfo_endpoint,
            headers={'authorization': f'Bearer {access_token}', 'accept': 'application/json'},
        )
        if answer.status_code != 200:
            # Not passed over: roles would be taken because a server had a bad moment.
            _refuse(provider, f'userinfo answered with {answer.status_code}')
        try:
            told = answer.json()
        except (ValueError, RecursionError) as error:
            _refuse(provider, 'userinfo is no JSON', error)
        if not isinstance(told, dict) or told.get('sub') != found['sub']:
            _refuse(provider, 'userinfo is about somebody else')
        return told | found

    def _client(self, provider: IdentityProvider, metadata: Metadata, redirect_uri: str) -> AsyncOAuth2Client:
        secret = self._sealer.open(provider.client_secret) if provider.client_secret else None
        return AsyncOAuth2Client(
            client_id=provider.client_id,
            client_secret=secret,
            scope=_SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method='S256',
            token_endpoint_auth_method=_auth_method(metadata, secret),
            transport=self._egress.transport(),
            trust_env=False,
            follow_redirects=False,
        )


def _auth_method(metadata: Metadata, secret: str | None) -> str:
    if secret is None:
        return 'none'
    offered = metadata.token_endpoint_auth_methods_supported
    basic_only = 'client_secret_post' not in offered or 'client_secret_basic' in offered
    return 'client_secret_basic' if basic_only else 'client_secret_post'


def _from_the_right_one(provider: IdentityProvider, metadata: Metadata, answer: Mapping[str, str]) -> None:
    """Mix-up defence (RFC 9207): the answer names who gives it, where the provider does that at all."""
    said = answer.get('iss')
    if said is None and metadata.authorization_response_iss_parameter_supported:
        _refuse(provider, 'iss is missing in the answer')
    if said is not None and said != provider.issuer:
        _refuse(provider, 'iss in the answer is another provider')


def _refuse(provider: IdentityProvider, reason: str, because: Exception | None = None) -> NoReturn:
    raise SignOnRefused(reason, NOT_NOW, name=provider.name) from because

"""Whether a provider can be signed in through, in words for who configures it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from services.errors import PlatformError
from services.sign_on.discovery import ALGORITHMS, Discovery, Metadata
from storage.sign_on import IdentityProvider


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`bad` keeps people out, `warn` is worth a look. `message` is a gettext msgid with places for `params`."""

    level: Literal['ok', 'warn', 'bad']
    message: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.format(**self.params)


class Findings:
    def __init__(self, discovery: Discovery) -> None:
        self._discovery = discovery

    async def of(self, row: IdentityProvider) -> Sequence[Finding]:
        self._discovery.forget(row.id)
        try:
            metadata = await self._discovery.metadata(row.id, row.issuer)
        except PlatformError as error:
            return [Finding(level='bad', message=error.message, params=error.params)]
        found = [Finding(level='ok', message='The provider was found, and it speaks for this issuer.')]
        found += await self._keys(row, metadata)
        found += _codes(metadata)
        found += _secret(metadata, has_secret=bool(row.client_secret))
        found += _people(row, metadata)
        return found

    async def _keys(self, row: IdentityProvider, metadata: Metadata) -> list[Finding]:
        if not metadata.algorithms:
            return [
                Finding(
                    level='bad',
                    message='The provider signs with {theirs}. Set it to one of {ours}.',
                    params={
                        'theirs': ', '.join(metadata.id_token_signing_alg_values_supported)[:100],
                        'ours': ', '.join(ALGORITHMS),
                    },
                )
            ]
        try:
            keys = await self._discovery.keys(row.id, row.issuer)
        except PlatformError as error:
            return [Finding(level='bad', message=error.message, params=error.params)]
        return [
            Finding(
                level='ok',
                message='Its keys can be read ({count}); it signs with {algorithms}.',
                params={'count': len(keys.keys), 'algorithms': ', '.join(metadata.algorithms)},
            )
        ]


def _codes(metadata: Metadata) -> list[Finding]:
    found = []
    if 'code' not in metadata.response_types_supported:
        found.append(Finding(level='bad', message='The provider does not offer the authorization code flow.'))
    if 'S256' not in metadata.code_challenge_methods_supported:
        found.append(
            Finding(
                level='warn', message='The provider does not say that it checks PKCE (S256). It is sent all the same.'
            )
        )
    return found


def _secret(metadata: Metadata, *, has_secret: bool) -> list[Finding]:
    offered = set(metadata.token_endpoint_auth_methods_supported)
    if has_secret and not offered & {'client_secret_basic', 'client_secret_post'}:
        return [
            Finding(level='bad', message='The provider takes no client secret. Choose another kind of client there.')
        ]
    if not has_secret and 'none' not in offered:
        return [
            Finding(level='warn', message='No client secret is set, and the provider does not say that it needs none.')
        ]
    return []


def _people(row: IdentityProvider, metadata: Metadata) -> list[Finding]:
    found = []
    if metadata.scopes_supported and 'email' not in metadata.scopes_supported:
        found.append(
            Finding(
                level='warn', message='The provider does not offer e-mail addresses: nobody new can get an account.'
            )
        )
    if row.creates_accounts and not row.default_roles and not row.role_map:
        found.append(
            Finding(level='warn', message='No role is given to anybody: people who are new here cannot come in.')
        )
    return found

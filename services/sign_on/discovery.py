"""What a provider says about itself: its endpoints and its keys, read through the egress client and kept a while."""

import json
import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.egress import Egress, EgressFailed
from services.sign_on.errors import ProviderFaulty

ALGORITHMS = ('RS256', 'ES256', 'PS256')  # public keys only: nobody can sign with what everybody may read
_KEPT_SECONDS = 600.0
_MOST_KEYS = 50
_LONGEST_URL = 500


class Metadata(BaseModel):
    """The discovery document (OpenID Connect Discovery 1.0, section 3), as far as it concerns us."""

    model_config = ConfigDict(extra='ignore', frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    response_types_supported: list[str] = Field(default=['code'])
    id_token_signing_alg_values_supported: list[str] = Field(default=['RS256'])
    token_endpoint_auth_methods_supported: list[str] = Field(default=['client_secret_basic'])
    code_challenge_methods_supported: list[str] = Field(default=[])
    scopes_supported: list[str] = Field(default=[])
    authorization_response_iss_parameter_supported: bool = False

    @property
    def algorithms(self) -> list[str]:
        return [name for name in ALGORITHMS if name in self.id_token_signing_alg_values_supported]


@dataclass
class _Kept:
    metadata: Metadata
    at: float
    keys: KeySet | None = None


class Discovery:
    """Kept per provider of ours, not per issuer: what one organisation configured never speaks for another."""

    def __init__(self, egress: Egress, *, plain_loopback: bool) -> None:
        self._egress = egress
        self._plain_loopback = plain_loopback
        self._kept: dict[tuple[UUID, str], _Kept] = {}

    async def metadata(self, provider_id: UUID, issuer: str) -> Metadata:
        return (await self._of(provider_id, issuer)).metadata

    async def keys(self, provider_id: UUID, issuer: str, *, anew: bool = False) -> KeySet:
        """The provider's public keys; `anew` once where a token names a key that is not among them."""
        kept = await self._of(provider_id, issuer)
        if kept.keys is None or anew:
            kept.keys = _key_set(await self._json(kept.metadata.jwks_uri))
        return kept.keys

    def forget(self, provider_id: UUID) -> None:
        for key in [key for key in self._kept if key[0] == provider_id]:
            del self._kept[key]

    async def read(self, issuer: str) -> Metadata:
        """The document of that issuer, now; ProviderFaulty where it does not hold."""
        self.check_url(issuer, 'issuer')
        document = await self._json(f'{issuer.rstrip("/")}/.well-known/openid-configuration')
        try:
            found = Metadata.model_validate(document)
        except ValidationError as error:
            missing = ', '.join(str(fault['loc'][0]) for fault in error.errors() if fault['loc'])
            raise ProviderFaulty('The discovery document lacks or garbles: {missing}.', missing=missing) from error
        if found.issuer != issuer:
            raise ProviderFaulty(
                'The discovery document speaks for {found}. Enter the issuer exactly as it stands there.',
                found=found.issuer[:200],
            )
        for name in ('authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint'):
            if (url := getattr(found, name)) is not None:
                self.check_url(url, name)
        return found

    def check_url(self, url: str, name: str) -> None:
        """https and nothing odd; plain http only to this very machine, and never in production."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or '', parts.port
        except ValueError as error:
            raise ProviderFaulty('The {name} is no address that can be asked.', name=name) from error
        plain = parts.scheme == 'http' and self._plain_loopback and _is_loopback(host)
        if parts.scheme != 'https' and not plain:
            raise ProviderFaulty('The {name} has to begin with https://.', name=name)
        odd = not host or parts.username is not None or parts.fragment or len(url) > _LONGEST_URL or not url.isascii()
        if odd or (name == 'issuer' and parts.query) or any(sign.isspace() for sign in url):
            raise ProviderFaulty('The {name} is no address that can be asked.', name=name)

    async def _of(self, provider_id: UUID, issuer: str) -> _Kept:
        kept = self._kept.get((provider_id, issuer))
        if kept is None or time.monotonic() - kept.at > _KEPT_SECONDS:
            if len(self._kept) > 500:
                self._kept.clear()
            kept = self._kept[provider_id, issuer] = _Kept(await self.read(issuer), time.monotonic())
        return kept

    async def _json(self, url: str) -> dict[str, Any]:
        host = urlsplit(url).hostname or url
        answer = await self._egress.get(url, headers={'accept': 'application/json'})
        if answer.status_code != 200:
            raise EgressFailed(
                '{host} answered with {status} instead of a document.', host=host, status=answer.status_code
            )
        try:
            found = json.loads(answer.content)
        except (ValueError, RecursionError) as error:
            raise EgressFailed('{host} answered with something that is no JSON.', host=host) from error
        if not isinstance(found, dict):
            raise EgressFailed('{host} answered with something that is no JSON.', host=host)
        return found


def _key_set(document: dict[str, Any]) -> KeySet:
    """The keys that can sign an ID token; shared secrets are no public keys and are left out."""
    listed = document.get('keys')
    listed = listed if isinstance(listed, list) else []
    usable = [key for key in listed if isinstance(key, dict) and _signs(key)]
    try:
        return KeySet.import_key_set({'keys': [_public(key) for key in usable[:_MOST_KEYS]]})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderFaulty('The provider publishes no key that can be used.') from error


def _signs(key: dict[str, Any]) -> bool:
    return (
        key.get('kty') in ('RSA', 'EC')
        and key.get('use', 'sig') == 'sig'
        and key.get('alg', 'RS256') in ALGORITHMS
        and key.get('crv', 'P-256') == 'P-256'
    )


def _public(key: dict[str, Any]) -> dict[str, Any]:
    return {name: key[name] for name in ('kty', 'kid', 'use', 'alg', 'n', 'e', 'crv', 'x', 'y') if name in key}


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == 'localhost' or host.endswith('.localhost')

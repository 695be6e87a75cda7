"""An OpenID provider that says whatever a test wants, true or not, and counts who connects to it."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

CLIENT_ID, CLIENT_SECRET = 'coursewright', 'the-secret-of-this-client'
Json = dict[str, Any]


@dataclass
class Grant:
    challenge: str
    id_token: str
    userinfo: Json
    used: bool = False


@dataclass
class Answer:
    """What a path gives instead of the right answer; `drip` sends a byte at a time until the client is gone."""

    body: bytes = b''
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: bool = False


class HostileProvider:
    """A right one at first. `change` the document, `instead` of a path give an Answer, `authorize(…, claims)` lie."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {'kid': 'one', 'use': 'sig'})
        self.other_key = RSAKey.generate_key(2048, {'kid': 'one', 'use': 'sig'})
        self.curve = ECKey.generate_key('P-256', {'kid': 'curve', 'use': 'sig'})
        self.keys: list[Json] = [self.key.as_dict(private=False), self.curve.as_dict(private=False)]
        self.instead: dict[str, Answer] = {}
        self.change: Json = {}
        self.hits: list[str] = []
        self.codes_work_twice = False
        self.grants: dict[str, Grant] = {}
        self._server = _Server(('127.0.0.1', 0), _Handler)
        self._server.provider = self
        self.port: int = self._server.server_address[1]
        self.issuer = f'http://127.0.0.1:{self.port}'
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def document(self) -> Json:
        return {
            'issuer': self.issuer,
            'authorization_endpoint': f'{self.issuer}/auth',
            'token_endpoint': f'{self.issuer}/token',
            'jwks_uri': f'{self.issuer}/jwks',
            'userinfo_endpoint': f'{self.issuer}/userinfo',
            'response_types_supported': ['code'],
            'id_token_signing_alg_values_supported': ['RS256', 'ES256'],
            'token_endpoint_auth_methods_supported': ['client_secret_basic'],
            'code_challenge_methods_supported': ['S256'],
            'scopes_supported': ['openid', 'email', 'profile'],
            'authorization_response_iss_parameter_supported': True,
        } | self.change

    def authorize(
        self, url: str, claims: Json | None = None, *, sign: Callable[[Json], str] | None = None,
        userinfo: Json | None = None,
    ) -> dict[str, str]:  # fmt: skip
        """What the browser brings back from that address, for `claims` over a person called ada."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert asked['code_challenge_method'] == 'S256' and asked['response_type'] == 'code'
        now = int(time.time())
        told = {'iss': self.issuer, 'sub': 'ada', 'aud': CLIENT_ID, 'iat': now, 'exp': now + 300}
        told |= {'nonce': asked['nonce'], 'email': 'ada@company.example', 'email_verified': True, 'name': 'Ada King'}
        told = {name: value for name, value in (told | (claims or {})).items() if value is not None}
        code = hashlib.sha256(f'{asked["state"]}{len(self.grants)}'.encode()).hexdigest()
        self.grants[code] = Grant(
            asked['code_challenge'], (sign or self.signed)(told), userinfo or {'sub': told.get('sub')}
        )
        return {'code': code, 'state': asked['state'], 'iss': self.issuer}

    def signed(self, claims: Json, key: Any = None, **header: Any) -> str:
        head = {'alg': 'RS256', 'kid': 'one'} | header
        registry = JWSRegistry(algorithms=[head['alg']], strict_check_header=False)
        return jwt.encode(head, claims, key or self.key, registry=registry)

    def signed_by_curve(self, claims: Json) -> str:
        return self.signed(claims, self.curve, alg='ES256', kid='curve')

    def signed_with_the_public_key(self, claims: Json) -> str:
        """HS256, with what everybody may read as the shared secret."""
        head = {'alg': 'HS256', 'kid': 'one'}
        text = '.'.join(_base64(json.dumps(part).encode()) for part in (head, claims))
        return f'{text}.{_base64(hmac.digest(self.key.as_pem(private=False), text.encode(), "sha256"))}'

    def signed_by_a_key_in_the_header(self, claims: Json) -> str:
        return self.signed(claims, self.other_key, jwk=self.other_key.as_dict(private=False))

    def signed_by_another(self, claims: Json) -> str:
        return self.signed(claims, self.other_key)

    @staticmethod
    def unsigned(claims: Json) -> str:
        parts = ({'alg': 'none'}, claims)
        return '.'.join(_base64(json.dumps(part).encode()) for part in parts) + '.'


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    provider: HostileProvider

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.closing = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        provider = self.server.provider
        path = urlsplit(self.path).path
        provider.hits.append(path)
        if path in provider.instead:
            self._give(provider.instead[path])
        elif path == '/.well-known/openid-configuration':
            self._json(provider.document())
        elif path == '/jwks':
            self._json({'keys': provider.keys})
        elif path == '/userinfo':
            token = self.headers.get('authorization', '').removeprefix('Bearer ')
            self._json(provider.grants[token.removeprefix('access-')].userinfo)
        else:
            self._json({'error': 'not_found'}, 404)

    def do_POST(self) -> None:
        provider = self.server.provider
        path = urlsplit(self.path).path
        provider.hits.append(path)
        sent = parse_qs(self.rfile.read(int(self.headers.get('content-length', 0))).decode())
        if path in provider.instead:
            return self._give(provider.instead[path])
        if self.headers.get('authorization') != f'Basic {_client()}':
            return self._json({'error': 'invalid_client'}, 401)
        grant = provider.grants.get(sent.get('code', [''])[0])
        proof = hashlib.sha256(sent.get('code_verifier', [''])[0].encode()).digest()
        if grant is None or (grant.used and not provider.codes_work_twice) or _base64(proof) != grant.challenge:
            return self._json({'error': 'invalid_grant'}, 400)
        grant.used = True
        token = f'access-{sent["code"][0]}'
        return self._json({'access_token': token, 'token_type': 'Bearer', 'id_token': grant.id_token})

    def log_message(self, format: str, *args: Any) -> None: ...

    def _json(self, body: Json, status: int = 200) -> None:
        self._give(Answer(json.dumps(body).encode(), status, {'content-type': 'application/json'}))

    def _give(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.drip:
            self.end_headers()
            try:
                while not self.server.closing.wait(0.05):
                    self.wfile.write(b' ')
            except OSError:
                return
        else:
            self.send_header('content-length', str(len(answer.body)))
            self.end_headers()
            try:
                self.wfile.write(answer.body)
            except OSError:
                return  # the client had enough


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b'=').decode()


def _client() -> str:
    return base64.b64encode(f'{CLIENT_ID}:{CLIENT_SECRET}'.encode()).decode()

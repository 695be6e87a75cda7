"""Cookie or bearer token -> Viewer, and the cookies themselves. The routes that set them are in app/doors."""

from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response

from app.settings import Settings
from services.errors import Forbidden, NotSignedIn
from services.identity import IdentityService, SignIn
from services.identity.signing_in import PENDING_SECONDS
from services.viewer import Viewer

# Behind the secret of a cookie that outlives the browser's window: a rotated secret is kept as the one before it was.
_KEPT = '.k'
_SAFE = frozenset({'GET', 'HEAD', 'OPTIONS'})


class Sessions:
    """Reads who is asking from a request, and writes the cookie that says so."""

    def __init__(self, identity: IdentityService, settings: Settings) -> None:
        self._identity = identity
        self._secure = settings.secure
        prefix = '__Host-' if settings.secure else ''
        self.cookie = f'{prefix}coursewright'
        self._step = f'{prefix}coursewright-code'

    async def of_request(self, request: Request) -> Viewer:
        """The viewer of an API call. A cookie counts only from our own pages, a token from anywhere."""
        scheme, _, token = request.headers.get('authorization', '').partition(' ')
        if scheme.lower() == 'bearer' and token:
            return await self._identity.from_token(token.strip())
        if not self._value_of(request):
            raise NotSignedIn()
        if request.method not in _SAFE and not same_origin(request):
            raise Forbidden('This request came from another site. Use an access token.')
        return await self.of_cookie(request)

    async def of_cookie(self, request: Request) -> Viewer:
        secret = self.secret_of(request)
        if not secret:
            raise NotSignedIn()
        return await self._identity.from_cookie(secret)

    def secret_of(self, request: Request) -> str:
        """The secret of the browser's session, '' if it brings none."""
        return self._value_of(request).removesuffix(_KEPT)

    def is_kept(self, request: Request) -> bool:
        """Whether the person asked to stay signed in on this device."""
        return self._value_of(request).endswith(_KEPT)

    def remember(self, response: Response, signed_in: SignIn, *, keep: bool) -> None:
        value = signed_in.secret + (_KEPT if keep else '')
        self._set(response, self.cookie, value, signed_in.max_age if keep else None)

    def forget(self, response: Response) -> None:
        response.delete_cookie(self.cookie, path='/', secure=self._secure, httponly=True, samesite='lax')

    def remember_step(self, response: Response, pending: str) -> None:
        """The proof of the first step of signing in, for the second one from the same browser."""
        self._set(response, self._step, pending, PENDING_SECONDS)

    def step_of(self, request: Request) -> str:
        return request.cookies.get(self._step, '')

    def forget_step(self, response: Response) -> None:
        response.delete_cookie(self._step, path='/', secure=self._secure, httponly=True, samesite='lax')

    def _set(self, response: Response, name: str, value: str, max_age: int | None) -> None:
        response.set_cookie(name, value, max_age=max_age, path='/', secure=self._secure, httponly=True, samesite='lax')

    def _value_of(self, request: Request) -> str:
        """Two of the name: one was set for the parent domain by a neighbour, nobody knows which. Neither counts."""
        sent = [part.strip().partition('=') for line in request.headers.getlist('cookie') for part in line.split(';')]
        values = [value for name, _, value in sent if name == self.cookie]
        return values[0] if len(values) == 1 else ''


def same_origin(request: Request) -> bool:
    """Whether a browser says that the request comes from a page of ours; no word at all is no."""
    site = request.headers.get('sec-fetch-site')
    if site is not None:
        return site == 'same-origin'
    origin = request.headers.get('origin') or request.headers.get('referer')
    return origin is not None and urlsplit(origin).netloc == request.headers.get('host')


def local_path(target: str) -> str:
    """Only a path of our own: never a way to send people elsewhere after signing in."""
    parts = urlsplit(target)
    safe = target.startswith('/') and not target.startswith(('//', '/\\')) and not parts.scheme and not parts.netloc
    return target if safe else '/'

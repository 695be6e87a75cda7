"""Cookie or bearer token -> Viewer, and the HTTP routes that sign in and out.

Signing in is a plain POST, because a cookie can only be set with an HTTP answer.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.settings import Settings
from components.sign_in_page import sign_in_html
from services.errors import Forbidden, NotSignedIn
from services.identity import IdentityService, SignIn, WrongCredentials
from services.viewer import Viewer

_SAFE = frozenset({'GET', 'HEAD', 'OPTIONS'})


class Sessions:
    """Reads who is asking from a request, and writes the cookie that says so."""

    def __init__(self, identity: IdentityService, settings: Settings) -> None:
        self._identity = identity
        self._secure = settings.secure
        self.cookie = '__Host-coursewright' if settings.secure else 'coursewright'

    async def of_request(self, request: Request) -> Viewer:
        """The viewer of an API call. A cookie counts only from our own pages, a token from anywhere."""
        scheme, _, token = request.headers.get('authorization', '').partition(' ')
        if scheme.lower() == 'bearer' and token:
            return await self._identity.from_token(token.strip())
        if self.cookie not in request.cookies:
            raise NotSignedIn()
        if request.method not in _SAFE and not same_origin(request):
            raise Forbidden('This request came from another site. Use an access token.')
        return await self.of_cookie(request)

    async def of_cookie(self, request: Request) -> Viewer:
        secret = request.cookies.get(self.cookie)
        if not secret:
            raise NotSignedIn()
        return await self._identity.from_cookie(secret)

    def remember(self, response: Response, signed_in: SignIn, *, keep: bool) -> None:
        response.set_cookie(
            self.cookie,
            signed_in.secret,
            max_age=signed_in.max_age if keep else None,
            path='/',
            secure=self._secure,
            httponly=True,
            samesite='lax',
        )

    def forget(self, response: Response) -> None:
        response.delete_cookie(self.cookie, path='/', secure=self._secure, httponly=True, samesite='lax')


def same_origin(request: Request) -> bool:
    """Whether a browser says that the request comes from a page of ours; no word at all is no."""
    site = request.headers.get('sec-fetch-site')
    if site is not None:
        return site == 'same-origin'
    origin = request.headers.get('origin') or request.headers.get('referer')
    return origin is not None and urlsplit(origin).netloc == request.headers.get('host')


Company = Callable[[str, str], Awaitable[str]]


def router(sessions: Sessions, identity: IdentityService, company: Company) -> APIRouter:
    """`company(organization, next)` gives what the sign-in page offers besides a password."""
    pages = APIRouter(include_in_schema=False)

    @pages.get('/sign-in')
    async def sign_in_form(next: str = '/', organization: str = '') -> HTMLResponse:
        offered = await company(organization, local_path(next))
        return HTMLResponse(sign_in_html(next=local_path(next), company=offered))

    @pages.post('/auth/login')
    async def sign_in(
        request: Request,
        email: str = Form(''),
        password: str = Form(''),
        next: str = Form('/'),
        remember: str = Form(''),
    ) -> Response:
        if not same_origin(request):
            raise Forbidden('This form was sent from another site. Open the sign-in page and try again.')
        try:
            signed_in = await identity.sign_in(
                email, password, kind='browser', instead_of=request.cookies.get(sessions.cookie, '')
            )
        except WrongCredentials as error:
            page = sign_in_html(next=local_path(next), email=email, error=str(error))
            return HTMLResponse(page, status_code=401)
        response = RedirectResponse(local_path(next), status_code=303)
        sessions.remember(response, signed_in, keep=bool(remember))
        return response

    @pages.post('/auth/logout')
    async def sign_out(request: Request) -> Response:
        if not same_origin(request):
            raise Forbidden('This form was sent from another site.')
        response = RedirectResponse('/sign-in', status_code=303)
        with suppress(NotSignedIn):  # signed out elsewhere already: the cookie goes all the same
            await identity.sign_out(await sessions.of_cookie(request))
        sessions.forget(response)
        return response

    return pages


def local_path(target: str) -> str:
    """Only a path of our own: never a way to send people elsewhere after signing in."""
    parts = urlsplit(target)
    safe = target.startswith('/') and not target.startswith(('//', '/\\')) and not parts.scheme and not parts.netloc
    return target if safe else '/'

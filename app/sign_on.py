"""The HTTP side of signing in through an organisation's own identity provider.

`start` writes nothing but a sealed cookie, so that a plain link may lead there. `callback` is a GET that has to commit:
the provider sends the browser back with one. It is harmless from elsewhere, because it acts only for the browser that
holds the cookie of this very sign-in (tests/matrix/test_own_pages.py signs the exception).
"""

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.session import Sessions, local_path, same_origin
from app.settings import Settings
from components.action import sentence
from components.company_sign_in import company_sign_in_html
from components.i18n import _
from components.sign_in_page import message_html, sign_in_html
from services.errors import Forbidden, NotSignedIn, PlatformError, TooManyRequests
from services.sign_on.errors import SignOnRefused
from services.sign_on.service import NoSuchSignOn, Offer, SignOnService
from services.viewer import Viewer

CONNECTED = '/account/company-sign-in'


class SignOnPages:
    def __init__(self, sessions: Sessions, sign_on: SignOnService, settings: Settings) -> None:
        self._sessions = sessions
        self._sign_on = sign_on
        self._host = urlsplit(settings.address).netloc
        self._address = settings.address.rstrip('/')
        self._secure = settings.secure
        self._cookie = '__Host-coursewright-sign-on' if settings.secure else 'coursewright-sign-on'

    async def company(self, organization: str, next: str) -> str:
        """What the sign-in page offers below the password; more to who comes by an organisation's own link."""
        offers = await self._sign_on.offered(organization) if organization else ()
        return company_sign_in_html(buttons(offers, next), find=await self._sign_on.may_find())

    async def find(self, request: Request, email: str, next: str) -> Response:
        if not same_origin(request):
            raise Forbidden('This form was sent from another site. Open the sign-in page and try again.')
        found = await self._sign_on.offered_to(email)
        notice = '' if found else _('No company sign-in is set up for this address. Sign in with your password.')
        company = company_sign_in_html(buttons(found, next), find=True)
        return HTMLResponse(sign_in_html(next=next, email=email, notice=notice, company=company))

    async def start(self, request: Request, provider_id: str, next: str, connect: str) -> Response:
        if request.url.netloc != self._host:
            # The provider sends the browser back to our own address: the cookie has to be of that one.
            return RedirectResponse(f'{self._address}{request.url.path}?{request.url.query}', status_code=303)
        try:
            viewer = await self._sessions.of_cookie(request) if connect else None
            departure = await self._sign_on.start(_id(provider_id), next=next, viewer=viewer, ticket=connect)
        except PlatformError as error:
            return await self._refused(error, provider_id, next, connecting=bool(connect))
        response = RedirectResponse(departure.url, status_code=303)
        response.set_cookie(
            self._cookie,
            departure.flow,
            max_age=departure.seconds,
            path='/',
            secure=self._secure,
            httponly=True,
            samesite='lax',
        )
        return response

    async def callback(self, request: Request, provider_id: str) -> Response:
        """Whatever comes of it, the cookie of this sign-in is used up."""
        answer = dict(request.query_params)
        if len(answer) != len(request.query_params.multi_items()):
            answer = {}  # said twice: nobody knows which one is meant
        viewer = await self._viewer(request)
        try:
            arrival = await self._sign_on.finish(
                _id(provider_id),
                request.cookies.get(self._cookie, ''),
                answer,
                viewer=viewer,
                instead_of=self._sessions.secret_of(request),
            )
        except PlatformError as error:
            response = await self._refused(error, provider_id, '/', connecting=viewer is not None)
        else:
            response = RedirectResponse(arrival.next, status_code=303)
            if arrival.signed_in is not None:
                self._sessions.remember(response, arrival.signed_in, keep=False)
        response.delete_cookie(self._cookie, path='/', secure=self._secure, httponly=True, samesite='lax')
        return response

    async def _viewer(self, request: Request) -> Viewer | None:
        try:
            return await self._sessions.of_cookie(request)
        except PlatformError:
            return None

    async def _refused(self, error: PlatformError, provider_id: str, next: str, *, connecting: bool) -> Response:
        if connecting and not isinstance(error, NotSignedIn):
            link = (_('Go to your account'), CONNECTED)
            page = message_html(_('This did not work'), sentence(error), link=link)
        else:
            again = await self._sign_on.offer(_id(provider_id)) if isinstance(error, SignOnRefused) else None
            company = company_sign_in_html(buttons([again], next)) if again else ''
            page = sign_in_html(next=next, notice=sentence(error), company=company)  # no field is wrong
        headers = {'Retry-After': str(error.retry_after)} if isinstance(error, TooManyRequests) else None
        return HTMLResponse(page, status_code=error.status_code, headers=headers)


def router(pages: SignOnPages) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.post('/auth/oidc/find')
    async def find(request: Request, email: str = Form(''), next: str = Form('/')) -> Response:
        return await pages.find(request, email[:254], local_path(next))

    @routes.get('/auth/oidc/{provider_id}/start')
    async def start(request: Request, provider_id: str, next: str = '/', connect: str = '') -> Response:
        return await pages.start(request, provider_id, local_path(next), connect)

    @routes.get('/auth/oidc/{provider_id}/callback')
    async def callback(request: Request, provider_id: str) -> Response:
        return await pages.callback(request, provider_id)

    return routes


def buttons(offers: Sequence[Offer], next: str) -> list[tuple[str, str]]:
    """Words and address of each."""
    return [
        (_('Sign in with {name}', name=offer.name), f'/auth/oidc/{offer.provider_id}/start?{urlencode({"next": next})}')
        for offer in offers
    ]


def _id(part: str) -> UUID:
    try:
        return UUID(part)
    except ValueError as error:
        raise NoSuchSignOn() from error

"""The routes of the doors."""

from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from app.doors import pages
from app.doors.answers import Callers, own_form, refusal, shown
from app.session import Sessions, local_path
from components.action import sentence
from components.i18n import _
from components.sign_in_page import message_html, sign_in_html
from services.errors import NotFound, NotSignedIn, PlatformError
from services.identity import SecondFactorRequired, SignIn
from services.identity.links import LinkEnded
from services.platform import Services
from services.viewer import Suspended, Viewer

Company = Callable[[str, str], Awaitable[str]]
_DONE = 'password'


def router(sessions: Sessions, services: Services, company: Company) -> APIRouter:
    """`company(organization, next)` gives what the sign-in page offers besides a password."""
    routes = APIRouter(include_in_schema=False)
    for part in (_signing_in, _registering, _recovering, _moving):
        part(routes, Doors(sessions, services, company))
    return routes


class Doors:
    def __init__(self, sessions: Sessions, services: Services, company: Company) -> None:
        self.sessions = sessions
        self.services = services
        self.identity = services.identity
        self.callers = Callers(sessions, services.identity)
        self._company = company

    async def sign_in_page(
        self, *, next: str, email: str = '', error: str = '', organization: str = '', done: str = ''
    ) -> str:
        notice = _('Your password is set. Sign in with it.') if done == _DONE else ''
        return sign_in_html(
            next=next,
            email=email,
            error=error,
            notice=notice,
            company=await self._company(organization, next),
            register=bool(await self.services.registration.openings()),
        )

    def let_in(self, signed_in: SignIn, target: str, *, keep: bool) -> RedirectResponse:
        response = RedirectResponse(local_path(target), status_code=303)
        self.sessions.remember(response, signed_in, keep=keep)
        return response

    def moved(self, request: Request, viewer: Viewer, signed_in: SignIn, target: str) -> RedirectResponse:
        """The same session under another secret; its other pages hear of it once this browser has the new one."""
        response = self.let_in(signed_in, target, keep=self.sessions.is_kept(request))
        response.background = BackgroundTask(self.identity.announce, viewer)
        return response


def _signing_in(routes: APIRouter, doors: Doors) -> None:
    sessions, identity = doors.sessions, doors.identity

    @routes.get('/sign-in')
    async def sign_in_form(request: Request, next: str = '/', organization: str = '', done: str = '') -> Response:
        if await doors.callers.viewer(request) is not None:
            return RedirectResponse(local_path(next), status_code=303)
        return shown(await doors.sign_in_page(next=local_path(next), organization=organization, done=done))

    @routes.post('/auth/login')
    async def sign_in(
        request: Request,
        email: str = Form(''),
        password: str = Form(''),
        next: str = Form('/'),
        remember: str = Form(''),
    ) -> Response:
        own_form(request)
        try:
            signed_in = await identity.sign_in(
                email[:254], password[:1000], kind='browser', instead_of=sessions.secret_of(request)
            )
        except SecondFactorRequired as more:
            response = shown(pages.code(next=local_path(next), remember=remember))
            sessions.remember_step(response, more.pending)
            return response
        except Suspended as error:
            return await doors.callers.kept_out(error)
        except PlatformError as error:
            page = await doors.sign_in_page(next=local_path(next), email=email[:254], error=sentence(error))
            return refusal(error, lambda **_said: page)
        return doors.let_in(signed_in, next, keep=bool(remember))

    @routes.post('/auth/code')
    async def second_step(
        request: Request, code: str = Form(''), next: str = Form('/'), remember: str = Form('')
    ) -> Response:
        own_form(request)
        try:
            signed_in = await identity.confirm(
                sessions.step_of(request), code[:100], instead_of=sessions.secret_of(request)
            )
        except NotSignedIn as error:
            return shown(await doors.sign_in_page(next=local_path(next), error=sentence(error)), 401)
        except Suspended as error:
            return await doors.callers.kept_out(error)
        except PlatformError as error:
            return refusal(error, partial(pages.code, next=local_path(next), remember=remember))
        response = doors.let_in(signed_in, next, keep=bool(remember))
        sessions.forget_step(response)
        return response

    @routes.post('/auth/logout')
    async def sign_out(request: Request, everywhere: str = Form('')) -> Response:
        own_form(request)
        viewer = await doors.callers.viewer(request)  # None: signed out elsewhere already, the cookie goes all the same
        if viewer is not None:
            await (identity.sign_out_everywhere(viewer) if everywhere else identity.sign_out(viewer))
        response = RedirectResponse('/sign-in', status_code=303)
        sessions.forget(response)
        return response


def _registering(routes: APIRouter, doors: Doors) -> None:
    registration = doors.services.registration

    @routes.get('/register')
    async def register_form(organization: str = '', invitation: str = '') -> Response:
        try:
            openings = (await registration.invited(invitation),) if invitation else await registration.openings()
        except PlatformError as error:
            return shown(pages.nobody_registers(sentence(error)), error.status_code)
        if not openings:
            return shown(pages.nobody_registers())
        named = [opening for opening in openings if opening.slug == organization]
        return shown(pages.register(openings=named or openings, given={}, invitation=invitation))

    @routes.post('/auth/register')
    async def register(
        request: Request,
        full_name: str = Form(''),
        email: str = Form(''),
        password: str = Form(''),
        organization: str = Form(''),
        invitation: str = Form(''),
    ) -> Response:
        own_form(request)
        try:
            signed_in = await registration.register(
                email=email[:254],
                password=password,
                full_name=full_name,
                organization=organization,
                invitation=invitation,
                kind='browser',
                instead_of=doors.sessions.secret_of(request),
            )
        except PlatformError as error:
            try:
                openings = (await registration.invited(invitation),) if invitation else await registration.openings()
            except PlatformError as closed:
                return shown(pages.nobody_registers(sentence(closed)), closed.status_code)
            if not openings:
                return shown(pages.nobody_registers(), error.status_code)
            given = {'full_name': full_name, 'email': email, 'organization': organization}
            return refusal(error, partial(pages.register, openings=openings, given=given, invitation=invitation))
        return doors.let_in(signed_in, '/', keep=False)

    @routes.get('/invite/{invitation}')
    async def invited(request: Request, invitation: str) -> Response:
        viewer = await doors.callers.viewer(request)
        if viewer is None:
            return RedirectResponse(f'/register?invitation={quote(invitation)}', status_code=303)
        try:
            opening = await registration.invited(invitation)
        except PlatformError as error:
            return shown(pages.nobody_registers(sentence(error)), error.status_code)
        return shown(pages.join(organization=opening.name, invitation=invitation, email=viewer.email))

    @routes.post('/auth/join')
    async def join(request: Request, invitation: str = Form('')) -> Response:
        own_form(request)
        viewer = await doors.sessions.of_cookie(request)
        try:
            joined = await doors.services.invitations.join(viewer, invitation)
            signed_in = await doors.identity.switch(viewer, joined.organization_id)
        except PlatformError as error:
            return shown(pages.nobody_registers(sentence(error)), error.status_code)
        return doors.moved(request, viewer, signed_in, '/')

    @routes.get('/verify-email')
    async def verify_form(token: str = '') -> Response:
        return shown(pages.verify(token=token))

    @routes.post('/auth/verify')
    async def verify(request: Request, token: str = Form('')) -> Response:
        own_form(request)
        try:
            return shown(pages.verified(await registration.verify(token)))
        except LinkEnded as error:
            return shown(pages.not_verified(sentence(error)), error.status_code)
        except PlatformError as error:
            return refusal(error, partial(pages.verify, token=token))

    @routes.post('/auth/verify/send')
    async def send_again(request: Request) -> Response:
        own_form(request)
        await registration.send_verification(await doors.sessions.of_cookie(request))
        return RedirectResponse('/', status_code=303)


def _recovering(routes: APIRouter, doors: Doors) -> None:
    recovery = doors.services.recovery

    @routes.get('/forgot')
    async def forgot_form() -> Response:
        return shown(pages.forgot())

    @routes.post('/auth/forgot')
    async def forgot(request: Request, email: str = Form('')) -> Response:
        own_form(request)
        try:
            await recovery.ask(email[:254])
        except PlatformError as error:
            return refusal(error, partial(pages.forgot, email=email[:254]))
        return shown(pages.asked(email[:254]))

    @routes.get('/reset-password')
    async def reset_form(token: str = '') -> Response:
        try:
            return shown(pages.reset(token=token, shortest=await recovery.look(token)))
        except PlatformError as error:
            return shown(pages.link_ended(sentence(error)), error.status_code)

    @routes.post('/auth/reset')
    async def reset(request: Request, token: str = Form(''), new_password: str = Form('')) -> Response:
        own_form(request)
        try:
            await recovery.reset(token, new_password)
        except LinkEnded as error:
            return shown(pages.link_ended(sentence(error)), error.status_code)
        except PlatformError as error:
            return refusal(error, partial(pages.reset, token=token, shortest=await recovery.look(token)))
        response = RedirectResponse(f'/sign-in?done={_DONE}', status_code=303)
        doors.sessions.forget(response)
        return response


def _moving(routes: APIRouter, doors: Doors) -> None:
    @routes.get('/auth/password')
    async def password_form(request: Request, next: str = '/') -> Response:
        if await doors.callers.viewer(request) is None:
            return RedirectResponse('/sign-in', status_code=303)
        return shown(pages.password(next=local_path(next)))

    @routes.post('/auth/password')
    async def change_password(
        request: Request, current_password: str = Form(''), new_password: str = Form(''), next: str = Form('/')
    ) -> Response:
        own_form(request)
        viewer = await doors.sessions.of_cookie(request)
        try:
            signed_in = await doors.identity.change_password(viewer, current_password[:1000], new_password)
        except PlatformError as error:
            return refusal(error, partial(pages.password, next=local_path(next)))
        return doors.let_in(signed_in, next, keep=doors.sessions.is_kept(request))

    @routes.post('/auth/switch')
    async def switch(request: Request, organization_id: str = Form('')) -> Response:
        own_form(request)
        viewer = await doors.callers.viewer(request)
        if viewer is None:
            return RedirectResponse('/sign-in', status_code=303)
        try:
            signed_in = await doors.identity.switch(viewer, _id(organization_id))
        except Suspended as error:
            return await doors.callers.kept_out(Suspended(error.organization_name, viewer))
        except PlatformError as error:
            page = message_html(_('This did not work'), sentence(error), link=(_('Go to your home page'), '/'))
            return shown(page, error.status_code)
        return doors.moved(request, viewer, signed_in, '/')


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise NotFound() from error

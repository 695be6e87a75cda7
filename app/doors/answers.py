"""What every door does: refuse forms of other sites, show a refusal in the page, say how long to wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.session import Sessions, same_origin
from components.action import sentence
from components.door_pages import suspended_page
from components.i18n import translated
from services.errors import Forbidden, InvalidInput, NotSignedIn, PlatformError, TooManyRequests
from services.identity import IdentityService
from services.viewer import Suspended, Viewer

# A link from a mail stands in the address of some of these pages: it is told to nobody, and kept nowhere.
PRIVATE = {'Cache-Control': 'no-store', 'Referrer-Policy': 'same-origin'}


class Draw(Protocol):
    def __call__(self, *, error: str = '', errors: Mapping[str, str] | None = None) -> str: ...


def own_form(request: Request) -> None:
    if not same_origin(request):
        raise Forbidden('This form was sent from another site. Open the page and try again.')


def shown(page: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(page, status_code=status, headers=PRIVATE)


def refusal(error: PlatformError, draw: Draw) -> HTMLResponse:
    """The page again, with what is wrong: beside the fields where it belongs to them."""
    fields = {name: translated(said) for name, said in error.fields.items()} if isinstance(error, InvalidInput) else {}
    answer = shown(draw(error='' if fields else sentence(error), errors=fields), error.status_code)
    if isinstance(error, TooManyRequests):
        answer.headers['Retry-After'] = str(error.retry_after)
    return answer


@dataclass(frozen=True)
class Callers:
    """Who sends a form: also those whom a suspended organisation keeps out."""

    sessions: Sessions
    identity: IdentityService

    async def viewer(self, request: Request) -> Viewer | None:
        """None for strangers; without a role for whom a suspended organisation keeps out."""
        try:
            return await self.sessions.of_cookie(request)
        except NotSignedIn:
            return None
        except Suspended as error:
            return error.viewer

    async def kept_out(self, error: Suspended) -> HTMLResponse:
        """The page that says so, with the ways to the person's other organisations."""
        places = await self.identity.organizations(error.viewer) if error.viewer else ()
        others = [(str(place.id), place.name) for place in places if place.is_active]
        page = suspended_page(error.organization_name, others, signed_in=error.viewer is not None)
        return shown(page, error.status_code)

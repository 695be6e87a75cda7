"""A calm line above every page until the e-mail address is confirmed."""

from nicegui import ui

from components.action import action
from components.button import button_html
from components.i18n import _
from components.live import live
from components.notice import notice, toast
from services.identity import Person
from services.platform import Services
from services.viewer import Viewer


def ask_to_confirm(viewer: Viewer, services: Services, person: Person) -> None:
    """Nothing for whom it is confirmed."""
    if person.email_verified:
        return

    @action
    async def send(_act: str, _of: str) -> None:
        await services.registration.send_verification(viewer)
        toast(_('The mail is on its way to {email}.', email=viewer.email))

    with ui.element('div').classes('cw-unverified') as place:
        notice(
            _('Confirm {email}: open the link in the mail that we sent you.', email=viewer.email),
            extra_html=button_html(_('Send it again'), 'send', kind='link'),
            on_act=send,
        )

    async def look() -> None:
        if (await services.identity.person(viewer)).email_verified:
            place.set_visibility(False)

    live(place, services.bus, f'account:{viewer.user_id}', look)

"""The second factor on the security page: switching on with an app, recovery codes, switching off."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from components.action import action
from components.button import button
from components.card import card
from components.dialog import dialog
from components.field import text_field
from components.i18n import _, day, ngettext
from components.layout import columns, line, stack
from components.live import live
from components.markup import escape, markup
from components.notice import notice, toast
from components.status import status_html
from components.told_once import told_once
from pages.account.anchored import anchored
from services.platform import Services
from services.second_factor import Beginning, Status
from services.viewer import Viewer

_FEW = 3


async def second_factor_card(viewer: Viewer, services: Services) -> None:
    with card(_('Second factor')) as box:
        body = ui.element('div').classes('cw-stack cw-tight')

    async def refresh() -> None:
        status = await services.account.second_factor.status(viewer)
        body.clear()
        with body:
            _draw(viewer, services, status, box)

    with box:
        live(body, services.bus, f'account:{viewer.user_id}', refresh)
    await refresh()


def _draw(viewer: Viewer, services: Services, status: Status, box: ui.element) -> None:
    if status.since is None:
        markup(
            escape(
                _(
                    'A code from an app on your phone, asked for after the password. '
                    'A stolen password is then not enough.'
                )
            ),
            tag='p',
        )
        with line():
            kind = 'primary' if viewer.owes_second_factor else 'plain'
            button(
                _('Set up a second factor'),
                kind=kind,  # type: ignore[arg-type]
                icon='phonelink_lock',
                on_click=anchored(box, action(lambda: _set_up(viewer, services))),
            )
        return
    markup(status_html('approved', _('On since {day}', day=day(status.since))))
    left = ngettext('{n} recovery code is left.', '{n} recovery codes are left.', status.codes_left)
    if status.codes_left <= _FEW:
        notice(left + ' ' + _('Make new ones before you need them.'), tone='warn')
    else:
        markup(escape(left), tag='p')
    with line():
        button(
            _('New recovery codes'), icon='password', on_click=anchored(box, action(lambda: _renew(viewer, services)))
        )
        button(_('Switch off'), kind='danger', on_click=anchored(box, action(lambda: _switch_off(viewer, services))))
    if status.required:
        words = _('Your organisation asks for it. For a new phone, switch it off and set it up again right away.')
        markup(escape(words), classes='cw-small-text')


async def _set_up(viewer: Viewer, services: Services) -> None:
    asked = dialog(_('Is it you?'), _('Your password first, so that nobody else does this at your desk.'))
    with asked.body:
        password = text_field(_('Password'), kind='password', autocomplete='current-password')
        password.control.props('autofocus')

    async def begin() -> None:
        asked.submit(await services.account.second_factor.begin(viewer, str(password.value or '')))

    submit = action(fields={'password': password})(begin)
    password.on_enter(submit)
    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(_('Continue'), kind='primary', on_click=submit)
    beginning = await asked.answer()
    if isinstance(beginning, Beginning) and (codes := await _confirm(viewer, services, beginning)):
        await _tell(codes)
        if viewer.owes_second_factor:
            ui.navigate.to('/')


async def _confirm(viewer: Viewer, services: Services, beginning: Beginning) -> list[str] | None:
    asked = dialog(_('Scan this with your authenticator app'), wide=True)
    with asked.body, columns('even'):
        qr = markup(beginning.qr_svg, classes='cw-qr')
        qr.props['role'] = 'img'
        qr.props['aria-label'] = _('Picture for the authenticator app')
        with stack('tight'):
            key = ' '.join(beginning.secret[at : at + 4] for at in range(0, len(beginning.secret), 4))
            markup(
                f'<p>{escape(_("No camera? Type this key into the app:"))}</p><code class="cw-key">{escape(key)}</code>'
            )
            code = _code_field(_('Six digits that the app shows'))
            code.control.props('autofocus')

    async def confirm() -> None:
        asked.submit(await services.account.second_factor.confirm(viewer, str(code.value or '')))

    submit = action(fields={'code': code})(confirm)
    code.on_enter(submit)
    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(_('Switch on'), kind='primary', on_click=submit)
    codes = await asked.answer()
    return codes if isinstance(codes, list) else None


async def _renew(viewer: Viewer, services: Services) -> None:
    async def renew(password: str, code: str) -> list[str]:
        return await services.account.second_factor.renew_codes(viewer, password, code)

    codes = await _prove(_('New recovery codes'), _('The old ones stop working.'), _('Make new codes'), renew)
    if isinstance(codes, list):
        await _tell(codes)


async def _switch_off(viewer: Viewer, services: Services) -> None:
    async def switch_off(password: str, code: str) -> bool:
        await services.account.second_factor.switch_off(viewer, password, code)
        return True

    sentence = _('From then on the password alone lets somebody in.')
    if await _prove(_('Switch the second factor off?'), sentence, _('Switch off'), switch_off, final=True):
        toast(_('The second factor is off.'))
        ui.navigate.reload()  # where the organisation asks for one, this page is all there is now


async def _prove(
    title: str, sentence: str, do: str, act: Callable[[str, str], Awaitable[object]], *, final: bool = False
) -> object:
    """Asks for password and code and runs the act with them; gives what it gives, None if it was closed."""
    asked = dialog(title, sentence)
    with asked.body:
        password = text_field(_('Password'), kind='password', autocomplete='current-password')
        password.control.props('autofocus')
        code = _code_field(_('Code of the app, or a recovery code'))

    async def run() -> None:
        asked.submit(await act(str(password.value or ''), str(code.value or '')))

    submit = action(fields={'password': password, 'code': code})(run)
    code.on_enter(submit)
    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(do, kind='final' if final else 'primary', on_click=submit)
    return await asked.answer()


def _code_field(label: str) -> text_field:
    field = text_field(label, autocomplete='one-time-code', limit=40)
    field.control.props('spellcheck=false autocapitalize=off')
    return field


async def _tell(codes: list[str]) -> None:
    shown = dialog(_('Your recovery codes'), wide=True)
    with shown.body:
        notice(_('Each lets you in once when the phone is lost. This is the only time that they are shown.'))
        told_once(codes, label=_('Recovery codes'), file_name='coursewright-recovery-codes.txt')
    with shown.foot:
        button(_('I have kept them'), kind='primary', on_click=lambda: shown.submit(True))
    await shown.answer()

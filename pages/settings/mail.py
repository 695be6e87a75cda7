"""The outbox: what was mailed in the organisation's name, what became of it, and the links where no mail is sent."""

from urllib.parse import urlencode
from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button, icon_button_html
from components.data_table import Column, Page, Request, data_table
from components.dialog import dialog
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, when_html
from components.layout import line, page
from components.live import live
from components.markup import escape, markup
from components.notice import notice, toast
from components.page_header import page_header
from components.search_field import filter_chip, search_field
from components.status import status_html
from pages.areas import area_links
from services.outbox import MailRow, MailView
from services.platform import Services
from services.viewer import Viewer

PATH = '/settings/mail'


def index(viewer: Viewer, services: Services, q: str = '', status: str = '') -> None:
    here((_('Settings'), '/settings'), _('Outbox'), nav='/settings')
    with page(dense=True):
        page_header(_('Outbox'), subtitle=_('What was mailed in your organisation’s name'))
        area_links(viewer, 'settings', PATH)
        if not services.outbox.delivers:
            notice(
                _(
                    'No mail leaves this installation: no mail server is set. Open a mail here and pass its link on '
                    'yourself, or let the operator set COURSEWRIGHT_SMTP_URL.'
                ),
                tone='warn',
            )
        outbox(viewer, services, search=q, status=status)


class outbox(ui.element):
    def __init__(self, viewer: Viewer, services: Services, *, search: str, status: str) -> None:
        super().__init__('div')
        self.classes('cw-stack cw-tight')
        self._viewer, self._services = viewer, services
        self._search, self._status = search, status if status in _states() else ''
        with self:
            with line('close'):
                search_field(_('Recipient or subject'), value=search, on_change=self._find)
                filter_chip(_('Status'), _states(), value=self._status or None, on_change=self._choose)
            self._table = data_table(
                label=_('Outbox'),
                columns=[
                    Column(name='subject', title=_('Subject'), lead=True),
                    Column(name='recipient', title=_('To'), keep=True),
                    Column(name='status', title=_('Status'), kind='html', keep=True),
                    Column(name='written', title=_('Written'), kind='html'),
                    Column(name='acts', title='', kind='html'),
                ],
                request=Request(size=25),
                fetch=self._fetch,
                on_open=self._open,
                on_row_act=self._act,
                empty=self._nothing,
            )
        live(self, services.bus, f'mail:{viewer.organization_id}', self._table.refresh)

    async def _find(self, words: str) -> None:
        self._search = words.strip()
        await self._changed()

    async def _choose(self, status: str | None) -> None:
        self._status = status or ''
        await self._changed()

    async def _changed(self) -> None:
        chosen = {'q': self._search, 'status': self._status}
        query = urlencode({name: value for name, value in chosen.items() if value})
        ui.navigate.history.replace(f'{PATH}?{query}' if query else PATH)
        await self._table.refresh(first_page=True)

    async def _fetch(self, request: Request) -> Page:
        found, total = await self._services.outbox.list(
            self._viewer, search=self._search, status=self._status, limit=request.size, offset=request.offset
        )
        return Page(rows=[_row(mail, delivers=self._services.outbox.delivers) for mail in found], total=total)

    def _nothing(self) -> None:
        if self._search or self._status:
            empty_state(_('Nothing matches'), _('Try another word, or every status.'), art=False)
        else:
            empty_state(
                _('Nothing was mailed yet'),
                _('Invitations, confirmations of an address and new passwords come here when they are written.'),
                dashed=True,
            )

    @action
    async def _act(self, act: str, of: str) -> None:
        if act == 'retry':
            await self._services.outbox.retry(self._viewer, UUID(of))
            toast(_('It is tried again now.'))

    @action
    async def _open(self, of: str) -> None:
        mail = await self._services.outbox.get(self._viewer, UUID(of))
        await _read(self._viewer, self._services, mail)


async def _read(viewer: Viewer, services: Services, mail: MailView) -> None:
    opened = dialog(mail.subject, _('to {recipient}', recipient=mail.recipient), wide=True)
    with opened.body:
        markup(_fate_html(mail, delivers=services.outbox.delivers), classes='cw-line cw-small-text')
        text = markup(_letter_html(mail.text))
        if mail.has_link:
            said = _('The link is hidden: whoever has it can act for the person. Showing it stands in the audit trail.')
            hidden = markup(f'<p class="cw-small-text">{escape(said)}</p>')

    @action
    async def show() -> None:
        text.show(_letter_html(await services.outbox.links(viewer, mail.id)))
        hidden.delete()
        shower.delete()

    with opened.foot:
        if mail.has_link:
            shower = button(_('Show the link'), icon='visibility', on_click=show)
        button(_('Close'), on_click=lambda: opened.submit(None)).props('autofocus')
    await opened.answer()


def _row(mail: MailRow, *, delivers: bool) -> dict[str, str]:
    again = icon_button_html('refresh', _('Try again'), 'retry', str(mail.id))
    return {
        'id': str(mail.id),
        'subject': mail.subject,
        'recipient': mail.recipient,
        'status': _fate_html(mail, delivers=delivers),
        'written': when_html(mail.created_at),
        'acts': again if delivers and mail.status != 'sent' else '',
    }


def _fate_html(mail: MailRow, *, delivers: bool) -> str:
    state = {'sent': 'completed', 'failed': 'failed'}.get(mail.status, 'waiting')
    words = _states()[mail.status] if delivers or mail.status != 'waiting' else _('Kept here')
    told = f' <small class="cw-ink2">{escape(mail.error)}</small>' if mail.error else ''
    if mail.sent_at is not None:
        told = f' <small class="cw-ink2">{when_html(mail.sent_at)}</small>'
    return status_html(state, words) + told


def _letter_html(text: str) -> str:
    return f'<pre class="cw-letter" tabindex="0">{escape(text)}</pre>'


def _states() -> dict[str, str]:
    return {'waiting': _('Waiting'), 'sent': _('Sent'), 'failed': _('Failed')}

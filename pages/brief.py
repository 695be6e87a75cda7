"""A new course: the brief, the documents it is written from, and the button that begins the outline."""

from uuid import UUID

from nicegui import ui

from components.action import HasError, action
from components.button import button
from components.card import card
from components.field import number_field, required, select_field, text_area, text_field
from components.frame import here
from components.i18n import _, locale
from components.layout import columns, page, stack
from components.markup import icon, markup
from components.page_header import page_header
from pages.brief_documents import DocumentChoice
from pages.brief_subject import SubjectChoice
from pages.wording import next_row_html
from services.platform import Services
from services.viewer import Viewer

_DEFAULT_HOURS = 2.0


def index(viewer: Viewer, services: Services, document: str = '') -> None:
    here((_('Courses'), '/courses'), _('New course'), nav='/courses')
    with page():
        _Brief(viewer, services, _uuid(document))


class _Brief:
    def __init__(self, viewer: Viewer, services: Services, document_id: UUID | None) -> None:
        self._viewer, self._services = viewer, services
        self._sending = False
        header = page_header(
            _('What should the course be?'),
            subtitle=_(
                'A few sentences are enough. You see the outline first, and nothing goes further until you approve it.'
            ),
            stage=1,
        )
        with header.actions.classes('cw-at-foot'):
            self._start = button(_('Write the outline'), kind='primary', icon='edit_note', on_click=self._send)
        with columns():
            with stack():
                with card(_('The brief')):
                    self._build_fields()
                self._documents = DocumentChoice(
                    viewer, services, chosen=[document_id] if document_id else [], on_change=self._chosen
                )
                self._documents.write_in(str(self._language.value))
            with card(_('What happens next')):
                markup(_next_html())
        self._fields: dict[str, HasError] = {
            'title': self._title, 'brief': self._purpose, 'audience': self._audience, 'level': self._level,
            'hours': self._hours, 'language': self._language, 'document_ids': self._documents,
        }  # fmt: skip

    def _build_fields(self) -> None:
        self._title = text_field(
            _('Title'), placeholder=_('Safe Handling of Laboratory Chemicals'), limit=200,
            check=required(_('Give the course a title.')),
        ).on_enter(self._send)  # fmt: skip
        self._title.control.props('autofocus')
        self._purpose = text_area(
            _('What it is for'), optional=True, rows=3,
            help=_('What people should be able to do afterwards, and what must not be missing.'),
        )  # fmt: skip
        with ui.element('div').classes('cw-fields'):
            self._audience = text_field(_('Audience'), placeholder=_('New technicians'), optional=True, limit=300)
            self._level = select_field(_('Level'), _levels(), value='Introductory')
            self._hours = number_field(
                _('Learning time'), value=_DEFAULT_HOURS, unit=_('hours'), minimum=0.25, maximum=200, step=0.25,
                check=_check_hours,
            )  # fmt: skip
            self._language = select_field(
                _('Language'), _languages(), value=_language_of(self._viewer.locale),
                on_change=lambda code: self._documents.write_in(str(code)),
            )  # fmt: skip
            self._subject = SubjectChoice(self._viewer, self._services)

    def _chosen(self, count: int) -> None:
        self._documents.error = None

    async def _send(self) -> None:
        if self._sending:
            return
        good = [field.check() for field in (self._title, self._hours)] + [self._documents.check()]
        if not all(good):
            if not good[0]:
                self._title.focus()
            return
        self._sending = True
        self._start.props('loading')
        try:
            await action(fields=self._fields)(self._create)()
        finally:
            self._sending = False
            self._start.props(remove='loading')

    async def _create(self) -> None:
        workflow = await self._services.workflows.create(
            self._viewer,
            title=str(self._title.value or ''),
            brief=str(self._purpose.value or ''),
            audience=str(self._audience.value or ''),
            level=str(self._level.value or ''),
            hours=float(self._hours.value or 0),
            language=str(self._language.value or 'en'),
            document_ids=self._documents.chosen,
            subject=self._subject.chosen,
        )
        ui.navigate.to(f'/studio/{workflow.id}')


def _check_hours(hours: float | None) -> str | None:
    if hours is None or not 0.25 <= hours <= 200:
        return _('Say how long learners have: from a quarter of an hour (0.25) to 200 hours.')
    return None


def _levels() -> dict[str, str]:
    return {'Introductory': _('Introductory'), 'Intermediate': _('Intermediate'), 'Advanced': _('Advanced')}


def _languages() -> dict[str, str]:
    """In their own language, so that whoever needs one finds it."""
    return {
        'en': 'English', 'de': 'Deutsch', 'fr': 'Français', 'es': 'Español', 'it': 'Italiano', 'pt': 'Português',
        'nl': 'Nederlands', 'pl': 'Polski', 'sv': 'Svenska', 'nb': 'Norsk bokmål', 'da': 'Dansk', 'fi': 'Suomi',
    }  # fmt: skip


def _language_of(viewer_locale: str) -> str:
    language = (viewer_locale or locale()).replace('-', '_').split('_')[0]
    return language if language in _languages() else 'en'


def _next_html() -> str:
    steps = (
        ('account_tree', _('An outline is written'), _('Modules, lessons and objectives, measured in minutes.')),
        ('rate_review', _('You review it'), _('Move, rename, delete, or send it back with a comment.')),
        ('article', _('Lessons are drafted'), _('Texts, slides and quizzes, every sentence with its page.')),
        ('check_circle', _('People approve'), _('Block by block. Only what is approved is published.')),
    )  # fmt: skip
    rows = ''.join(next_row_html(icon(symbol), title, words) for symbol, title, words in steps)
    return f'<ul class="cw-next">{rows}</ul>'


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

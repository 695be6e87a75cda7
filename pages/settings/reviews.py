"""What every review needs: how many people, until when; and who reviews which subject."""

from collections.abc import Mapping
from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button, icon_button_html
from components.card import card, list_row_html
from components.dialog import confirm, dialog
from components.field import number_field, select_field, text_field
from components.frame import here
from components.i18n import _, listing
from components.layout import line, page, stack
from components.live import live, refresh_later
from components.markup import markup
from components.notice import toast
from components.page_header import page_header
from components.skeleton import skeleton
from components.switch_field import switch_field
from pages.areas import area_links
from pages.guarded import id_in
from services.platform import Services
from services.reviewing.reviewers import LONGEST_SUBJECT, MOST_DAYS
from services.reviewing.settings import MOST_REMIND_DAYS
from services.reviewing.views import ReviewSettingsView, SubjectView
from services.viewer import Viewer

PATH = '/settings/reviews'


async def index(viewer: Viewer, services: Services) -> None:
    here((_('Settings'), '/settings'), _('Reviews'), nav='/settings')
    settings = await services.review_settings.get(viewer)
    with page(narrow=True):
        page_header(_('Reviews'), subtitle=_('What it takes before a draft goes on'))
        area_links(viewer, 'settings', PATH)
        with stack():
            _rules(viewer, services, settings)
            _subjects(viewer, services)


def _rules(viewer: Viewer, services: Services, settings: ReviewSettingsView) -> None:
    with card(_('How many people')):
        two = switch_field(
            _('Two people have to approve'),
            value=settings.two_people,
            help=_(
                'Outline and every block. Nobody counts who wrote a block alone. Holds at once, for open drafts too.'
            ),
        )
    with card(_('Until when')):
        days = number_field(
            _('Time for a review'), value=settings.days, unit=_('days'), minimum=1, maximum=MOST_DAYS, optional=True,
            help=_('Counts for reviews that begin from now on. Empty: no end.'),
        )  # fmt: skip
        remind = number_field(
            _('Remind'), value=settings.remind_days, unit=_('days before'), minimum=0, maximum=MOST_REMIND_DAYS,
            help=_('Here and by mail. Once it is late, reviewers are told again, and their deputies may decide.'),
        )  # fmt: skip
        working = switch_field(
            _('Working days only'), value=settings.working_days, help=_('Saturdays and Sundays do not count.')
        )

    @action(fields={'days': days, 'remind_days': remind})
    async def save() -> None:
        await services.review_settings.set(
            viewer,
            ReviewSettingsView(
                two_people=two.value,
                days=int(days.value) if days.value else None,
                remind_days=int(remind.value or 0),
                working_days=working.value,
            ),
        )
        toast(_('The rules are saved.'))

    with line('close'):
        button(_('Save rules'), kind='primary', on_click=save)


class _subjects(card):
    def __init__(self, viewer: Viewer, services: Services) -> None:
        super().__init__(_('Subjects'), padded=False)
        self._viewer, self._services = viewer, services
        self._shown: dict[UUID, SubjectView] = {}
        with self.aside:
            button(_('New subject'), icon='add', small=True, on_click=action(self._ask))
        with self:
            self._place = ui.element('div')
            with self._place:
                skeleton(2)
        live(self._place, services.bus, f'reviews:{viewer.organization_id}', self._refresh)
        refresh_later(self._place, self._refresh)

    @action
    async def _refresh(self) -> None:
        found = await self._services.review_settings.subjects(self._viewer)
        self._shown = {subject.id: subject for subject in found}
        self._place.clear()
        with self._place:
            if found:
                markup(''.join(_row_html(subject) for subject in found), on_act=self._act)
            else:
                words = _('A new course of a subject begins with the reviewers that are named here.')
                markup(words, tag='p', classes='cw-small-text cw-pad')

    @action
    async def _act(self, what: str, of: str) -> None:
        subject = self._shown.get(id_in(of))
        if subject is not None and what == 'change':
            await self._ask(subject)
        elif subject is not None and what == 'delete':
            sure = await confirm(
                _('Delete the subject “{name}”?', name=subject.name),
                _('Courses keep the reviewers that they have.'),
                do=_('Delete subject'),
                kind='final',
            )
            if sure:
                await self._services.review_settings.delete_subject(self._viewer, subject.id)
                toast(_('The subject “{name}” is deleted.', name=subject.name))

    async def _ask(self, subject: object = None) -> None:
        people = {str(one.id): one.name for one in await self._services.reviewers.candidates(self._viewer)}
        await _subject_dialog(
            self._viewer, self._services, people, subject if isinstance(subject, SubjectView) else None
        )


async def _subject_dialog(
    viewer: Viewer, services: Services, people: Mapping[str, str], subject: SubjectView | None
) -> None:
    asked = dialog(_('Change the subject') if subject else _('New subject'))
    chosen = [str(person.id) for person in subject.reviewers if str(person.id) in people] if subject else []
    with asked.body:
        name = text_field(
            _('Name'), value=subject.name if subject else '', limit=LONGEST_SUBJECT, placeholder=_('Chemistry')
        )
        name.control.props('autofocus')
        reviewers = select_field(_('Reviewers'), people, value=chosen, multiple=True, search=True)

    @action(fields={'name': name, 'reviewers': reviewers})
    async def submit() -> None:
        ids = [UUID(key) for key in reviewers.value or [] if key in people]
        if subject:
            await services.review_settings.change_subject(viewer, subject.id, str(name.value or ''), ids)
        else:
            await services.review_settings.create_subject(viewer, str(name.value or ''), ids)
        asked.submit(True)

    name.on_enter(submit)
    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(_('Save'), kind='primary', on_click=submit)
    await asked.answer()


def _row_html(subject: SubjectView) -> str:
    tools = icon_button_html('edit', _('Change {name}', name=subject.name), 'change', str(subject.id))
    tools += icon_button_html('delete', _('Delete {name}', name=subject.name), 'delete', str(subject.id))
    return list_row_html(
        subject.name,
        second=listing([person.name for person in subject.reviewers]) or _('nobody in particular'),
        after_html=f'<span class="cw-line cw-close cw-row-tools">{tools}</span>',
    )

"""The dialog that names who reviews a course, by which rules, and until when."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button
from components.dialog import dialog
from components.field import number_field, select_field
from components.i18n import _, ngettext
from components.markup import escape, markup
from components.notice import notice, toast
from components.status import status_html
from components.switch_field import switch_field
from services.platform import Services
from services.reviewing.reviewers import MOST_DAYS, Seated
from services.reviewing.views import CourseReviewView, SubjectView
from services.viewer import Permission, Viewer


async def open_reviewers(viewer: Viewer, services: Services, course_id: UUID) -> None:
    view = await services.reviewers.get(viewer, course_id)
    if not viewer.may(Permission.COURSE_WRITE):
        await _read(view)
        return
    people = {person.id: person.name for person in await services.reviewers.candidates(viewer)}
    await _Form(viewer, services, view, people, await services.review_settings.subjects(viewer)).ask()


class _Form:
    def __init__(
        self,
        viewer: Viewer,
        services: Services,
        view: CourseReviewView,
        people: Mapping[UUID, str],
        subjects: Sequence[SubjectView],
    ) -> None:
        self._viewer, self._services, self._view, self._people = viewer, services, view, people
        self._subjects = {subject.name: subject for subject in subjects}
        self._deputies: dict[str, str] = {
            str(seat.user_id): str(seat.deputy_id) for seat in view.reviewers if seat.deputy_id and not seat.own_deputy
        }
        sentence = _('Whoever is named here decides on this course, and nobody else but an administrator.')
        self._dialog = dialog(_('Reviewers'), sentence, wide=True)
        with self._dialog.body:
            self._build()
        with self._dialog.foot:
            button(_('Cancel'), on_click=lambda: self._dialog.submit(None))
            button(_('Save'), kind='primary', on_click=self._submit)

    async def ask(self) -> None:
        await self._dialog.answer()

    def _build(self) -> None:
        view = self._view
        gone = [seat.name for seat in view.reviewers if not seat.may_approve]
        if gone:
            words = _('{names} may not approve any more and will be taken out.', names=', '.join(gone))
            notice(words, tone='warn')
        names = sorted({*self._subjects, *([view.subject] if view.subject else [])}, key=str.casefold)
        if names:
            self._subject: select_field | None = select_field(
                _('Subject'), names, value=view.subject or None, optional=True, on_change=self._follow_subject,
                help=_('Brings the reviewers of the subject with it.'),
            )  # fmt: skip
        else:
            self._subject = None
        self._reviewers = select_field(
            _('Reviewers'), {str(key): name for key, name in self._people.items()}, multiple=True, search=True,
            value=[str(seat.user_id) for seat in view.reviewers if seat.may_approve], optional=True,
            on_change=lambda _value: self._draw_deputies(),
            help=_('Nobody: everybody decides who has the role of a reviewer.'),
        )  # fmt: skip
        self._places = ui.element('div').classes('cw-stack cw-tight')
        self._draw_deputies()
        self._two: switch_field | None = None
        if view.needed > 1 and not view.two_people:
            markup(escape(_('Two people have to approve, here as in your whole organisation.')), tag='p')
        else:
            self._two = switch_field(
                _('Two people have to approve'), value=view.two_people,
                help=_('Two different people, and neither may be the only author of the words.'),
            )  # fmt: skip
        self._days = number_field(
            _('Time for a review'), value=view.days, unit=_('days'), minimum=1, maximum=MOST_DAYS, optional=True,
            help=_('Empty: as your organisation has it.'),
        )  # fmt: skip

    def _chosen(self) -> list[str]:
        return [str(key) for key in self._reviewers.value or [] if key in map(str, self._people)]

    def _follow_subject(self, name: object) -> None:
        subject = self._subjects.get(str(name))
        if subject is not None:
            may = [str(person.id) for person in subject.reviewers if person.id in self._people]
            self._reviewers.value = may

    def _draw_deputies(self) -> None:
        """One choice for each reviewer: who stands in once it is late."""
        self._places.clear()
        with self._places:
            for key in self._chosen():
                others = {'': _('whoever they choose themselves')}
                others |= {str(other): name for other, name in self._people.items() if str(other) != key}
                self._deputy_field(key, others)

    def _deputy_field(self, key: str, others: dict[str, str]) -> None:
        def chosen(value: object) -> None:
            self._deputies[key] = str(value or '')

        select_field(
            _('Deputy of {name}', name=self._people[UUID(key)]), others, value=self._deputies.get(key, ''),
            on_change=chosen,
        )  # fmt: skip

    async def _submit(self) -> None:
        await action(fields={'reviewers': self._reviewers, 'days': self._days})(self._save)()

    async def _save(self) -> None:
        seats = []
        for key in self._chosen():
            deputy = self._deputies.get(key, '')
            seats.append(Seated(user_id=UUID(key), deputy_id=UUID(deputy) if deputy else None))
        days = self._days.value
        await self._services.reviewers.set(
            self._viewer,
            self._view.course_id,
            reviewers=seats,
            two_people=self._two is not None and self._two.value,
            days=int(days) if days else None,
            subject=str((self._subject.value if self._subject else '') or ''),
        )
        self._dialog.submit(True)
        toast(_('The reviewers are saved and decide from now on.'))


async def _read(view: CourseReviewView) -> None:
    asked = dialog(_('Reviewers'), _('Who decides on this course.'))
    with asked.body:
        markup(rules_html(view))
    with asked.foot:
        button(_('Close'), kind='primary', on_click=lambda: asked.submit(None))
    await asked.answer()


def rules_html(view: CourseReviewView) -> str:
    """Who decides, how many it takes, until when."""
    rows = ''.join(
        f'<li><span class="cw-two"><b>{escape(seat.name)}</b>'
        f'<small>{escape(_("deputy: {name}", name=seat.deputy) if seat.deputy else _("no deputy"))}</small></span>'
        f'{"" if seat.may_approve else status_html("look_again", _("may not approve any more"))}</li>'
        for seat in view.reviewers
    )
    everybody = f'<p>{escape(_("Everybody who has the role of a reviewer."))}</p>'
    rules = [ngettext('One approval is enough.', '{n} different people have to approve.', view.needed)]
    if view.due_days:
        rules.append(ngettext('A review takes at most {n} day.', 'A review takes at most {n} days.', view.due_days))
    if view.subject:
        rules.append(_('Subject: {name}.', name=view.subject))
    people = f'<ul class="cw-plain-rows">{rows}</ul>' if rows else everybody
    return f'{people}<p class="cw-small-text">{escape(" ".join(rules))}</p>'

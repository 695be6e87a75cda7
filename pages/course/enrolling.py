"""Enrolling: choose people of the organisation, or paste e-mails and read what became of each."""

from collections.abc import Sequence
from uuid import UUID

from components.action import action
from components.avatar import avatar_html
from components.button import button, button_html
from components.dialog import dialog
from components.field import text_area
from components.i18n import _, ngettext
from components.layout import line
from components.live import refresh_later
from components.markup import escape, markup
from components.search_field import search_field
from components.skeleton import skeleton_html
from components.status import status_html
from components.tabs import tabs
from services.enrollments import EnrollmentLine, MemberView
from services.platform import Services
from services.viewer import Viewer


async def enrol_dialog(viewer: Viewer, services: Services, course_id: UUID) -> None:
    """Stays open while people are added; the list behind it follows by itself."""
    with dialog(_('Enrol students'), wide=True) as asked:
        ways = tabs({'people': _('Choose people'), 'list': _('Paste e-mails')}, value='people')
        with ways.panel('people'):
            _people(viewer, services, course_id)
        with ways.panel('list'):
            _pasted(viewer, services, course_id)
    with asked.foot:
        button(_('Done'), kind='primary', on_click=lambda: asked.submit(True))
    await asked.answer()


class _people:
    def __init__(self, viewer: Viewer, services: Services, course_id: UUID) -> None:
        self._viewer, self._services, self._course_id, self._words = viewer, services, course_id, ''
        with line():
            search_field(_('Name or e-mail'), on_change=self._searched)
        self._list = markup(skeleton_html(4), classes='cw-people', on_act=self._act)
        self._list.props('role=region tabindex=0')
        self._list.props['aria-label'] = _('People of the organisation')
        refresh_later(self._list, self._refresh)

    async def _searched(self, words: str) -> None:
        self._words = words
        await self._refresh()

    @action
    async def _refresh(self) -> None:
        found = await self._services.enrollments.members(self._viewer, self._course_id, self._words)
        rows = ''.join(_member_html(member) for member in found)
        nobody = f'<p class="cw-small-text cw-pad">{escape(_("Nobody of this name is in your organisation."))}</p>'
        self._list.show(f'<ul class="cw-plain-rows">{rows}</ul>' if rows else nobody)

    @action
    async def _act(self, act: str, of: str) -> None:
        if act == 'enrol':
            await self._services.enrollments.enroll(self._viewer, self._course_id, user_id=UUID(of))
            await self._refresh()


class _pasted:
    def __init__(self, viewer: Viewer, services: Services, course_id: UUID) -> None:
        self._viewer, self._services, self._course_id = viewer, services, course_id
        self._emails = text_area(
            _('E-mails'), rows=5, help=_('One a line, or apart by commas. People need an account in your organisation.')
        )
        with line():
            button(_('Enrol them'), icon='person_add', on_click=self._enrol)
        self._report = markup().props('role=status')

    async def _enrol(self) -> None:
        await action(fields={'emails': self._emails})(self._enrol_them)()

    async def _enrol_them(self) -> None:
        typed = str(self._emails.value or '')
        if not typed.strip():
            self._emails.error = _('Paste at least one e-mail.')
            return
        report = await self._services.enrollments.enroll_many(self._viewer, self._course_id, typed.splitlines())
        self._report.show(_report_html(report))
        left = [line.email for line in report if line.outcome == 'not_member']
        self._emails.value = '\n'.join(left)


def _member_html(member: MemberView) -> str:
    label = _('Enrol {name}', name=member.name)
    enrol = button_html(_('Enrol'), 'enrol', str(member.user_id), icon='person_add', label=label)
    aside = status_html('active', _('Enrolled')) if member.enrolled else enrol
    return (
        f'<li>{avatar_html(member.name)}<span class="cw-two"><b>{escape(member.name)}</b>'
        f'<small>{escape(member.email)}</small></span>{aside}</li>'
    )


def _report_html(report: Sequence[EnrollmentLine]) -> str:
    known = {
        'enrolled': ('passed', _('Enrolled')),
        'already': ('active', _('Was enrolled before')),
        'not_member': ('look_again', _('Not in your organisation')),
    }
    new = sum(line.outcome == 'enrolled' for line in report)
    rows = ''.join(
        f'<li><span class="cw-two"><b>{escape(line.email)}</b></span>{status_html(*known[line.outcome])}</li>'
        for line in report
    )
    total = ngettext('One person is new in the course.', '{n} people are new in the course.', new)
    return f'<p>{escape(total if new else _("Nobody new."))}</p><ul class="cw-plain-rows">{rows}</ul>'

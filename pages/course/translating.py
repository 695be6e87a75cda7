"""The course in other languages: what there is, how far it is, and another one."""

from collections.abc import Sequence
from uuid import UUID

from components.action import action
from components.button import button, button_html
from components.card import card
from components.dialog import dialog
from components.field import select_field
from components.i18n import _, percent
from components.markup import escape, markup
from components.notice import notice_html, toast
from components.status import status_html
from services.courses import CourseView
from services.generation.translation import TRANSLATABLE, TranslationView
from services.platform import Services
from services.viewer import Permission, Viewer


async def translations_card(viewer: Viewer, services: Services, course: CourseView) -> None:
    """For whoever may read courses; looked at again whenever the course is."""
    found = await services.translations.of_course(viewer, course.id)
    may = viewer.may(Permission.COURSE_WRITE)
    if not found and not may:
        return

    @action
    async def act(_act: str, of: str) -> None:
        await services.translations.again(viewer, UUID(of))

    with card(_('Other languages')) as box:
        markup(_rows(found, course, may_retry=may) or _none(), classes='cw-stack cw-tight', on_act=act)
    if may:
        with box.aside:
            button(_('Translate'), icon='translate', small=True, on_click=lambda: _ask(viewer, services, course))


def _ask(viewer: Viewer, services: Services, course: CourseView) -> None:
    own = course.language.split('-')[0].lower()
    with dialog(
        _('Translate the course'),
        _('It becomes a course of its own. Sources and quotes stay as they are, every block waits for approval, and '
          'code and formulas are not touched.'),
    ) as box:  # fmt: skip
        offered = {code: name for code, name in TRANSLATABLE.items() if code != own}
        language = select_field(_('Language'), offered, value=next(iter(offered)), search=True)

    @action(fields={'language': language})
    async def begin() -> None:
        await services.translations.begin(viewer, course.id, str(language.value or ''))
        box.close()
        toast(_('The translation has begun. You can leave; it goes on by itself.'))

    with box.foot:
        button(_('Cancel'), on_click=box.close)
        button(_('Translate'), kind='primary', icon='translate', on_click=begin)
    box.open()


def _rows(found: Sequence[TranslationView], course: CourseView, *, may_retry: bool) -> str:
    return ''.join(_row(one, course, may_retry=may_retry) for one in found)


def _row(one: TranslationView, course: CourseView, *, may_retry: bool) -> str:
    name = escape(TRANSLATABLE.get(one.language, one.language))
    if one.target_course_id == course.id:
        link = f'<a class="cw-link" href="/courses/{one.course_id}">{escape(one.title)}</a>'
        return f'<p>{escape(_("Translated from"))} {link}</p>'
    if one.is_running:
        return f'<p>{name} {status_html("working", percent(one.progress))}</p>'
    if one.status == 'failed':
        again = button_html(_('Try again'), 'again', str(one.id), icon='refresh') if may_retry else ''
        return notice_html(one.error or '', tone='warn', title=TRANSLATABLE.get(one.language, ''), extra_html=again)
    return f'<p><a class="cw-link" href="/courses/{one.target_course_id}">{name}</a></p>'


def _none() -> str:
    words = _('There is no translation yet. A model is needed for one.')
    return f'<p class="cw-small-text">{escape(words)}</p>'

"""Sources that changed under a course: what the source said, what it says now, and what to do about it."""

from collections.abc import Sequence
from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button, button_html
from components.card import card
from components.dialog import dialog
from components.diff_view import changed_words
from components.field import required, text_area
from components.i18n import _, ngettext, when_html
from components.markup import attributes, escape, icon, markup
from components.notice import toast
from components.status import status_html
from services.courses import CourseView
from services.living.service import ChangeView
from services.platform import Services
from services.viewer import Permission, Viewer

_SHOWN = 6


class SourceChanges:
    """A card where there is something to say, nothing else. `studio` is where the newest version is worked on."""

    def __init__(self, viewer: Viewer, services: Services, course_id: UUID) -> None:
        self._viewer, self._living, self._course_id = viewer, services.keeping.living, course_id
        self._changes: Sequence[ChangeView] = ()

    async def load(self) -> None:
        self._changes = await self._living.changes(self._viewer, self._course_id)

    def draw(self, course: CourseView, studio: str, dialogs: ui.element) -> None:
        if not self._changes:
            return
        self._dialogs = dialogs
        published = course.version is not None and course.version.state == 'published'
        blocks = len({change.block_id for change in self._changes})
        title = ngettext('The source of {n} block changed', 'The sources of {n} blocks changed', blocks)
        may_dismiss = self._viewer.may(Permission.DRAFT_WRITE)
        link = '' if published else studio
        rows = [_row_html(change, link, may_dismiss=may_dismiss) for change in self._changes]
        html = f'<ul>{"".join(rows[:_SHOWN])}</ul>'
        if rest := rows[_SHOWN:]:
            more = ngettext('Show {n} more', 'Show {n} more', len(rest))
            html += f'<details><summary>{escape(more)}</summary><ul>{"".join(rest)}</ul></details>'
        with card(title, padded=False, aside_html=status_html('stale')):
            if published and self._viewer.may(Permission.COURSE_WRITE):
                with ui.element('div').classes('cw-card-body'):
                    words = _('Make the next version with these changes')
                    button(words, icon='upgrade', on_click=self._next_version)
            markup(html, classes='cw-findings', on_act=self._dismiss)

    @action
    async def _next_version(self) -> None:
        made = await self._living.next_version(self._viewer, self._course_id)
        ui.navigate.to(f'/studio/{made.workflow_id}')

    @action
    async def _dismiss(self, _act: str, of: str) -> None:
        living, viewer = self._living, self._viewer
        change_id = next((change.id for change in self._changes if str(change.id) == of), None)
        if change_id is None:
            return
        with self._dialogs:
            asked = dialog(_('May the block stay as it is?'), _('Say why, for whoever looks at this later.'))
            with asked:
                reason = text_area(_('Reason'), check=required(_('Say why the block may stay as it is.')), rows=3)

        @action(fields={'reason': reason})
        async def dismiss() -> None:
            await living.dismiss(viewer, change_id, str(reason.value or ''))
            asked.submit(True)

        with asked.foot:
            button(_('Cancel'), on_click=lambda: asked.submit(False))
            button(_('It may stay'), kind='primary', on_click=dismiss)
        if await asked.answer():
            toast(_('The block stays as it is.'), undo=action(lambda: living.take_up_again(viewer, change_id)))


def _row_html(change: ChangeView, studio: str, *, may_dismiss: bool) -> str:
    said = {
        'changed': _(
            'Page {page} of {document} says something else now.', page=change.page, document=change.document_name
        ),
        'gone': _(
            'Page {page} of {document} does not say this any more.', page=change.page, document=change.document_name
        ),
        'removed': _('{document} was removed.', document=change.document_name),
    }[change.kind]
    words = changed_words(change.quote, change.new_text) if change.new_text else escape(change.quote)
    proposed = _('A change is proposed in the studio.') if change.proposal_id else ''
    advice = ' '.join(filter(None, (change.advice, proposed)))
    link = ''
    if studio:
        href = f'{studio}?lesson={change.lesson_id}&block={change.block_id}'
        arrow = icon('arrow_forward', 'cw-i-xs cw-flips')
        link = f'<a{attributes(href=href)}>{escape(change.lesson)}{arrow}</a>'
    dismiss = button_html(_('It may stay…'), 'dismiss', str(change.id), kind='quiet') if may_dismiss else ''
    where = '' if studio else f'{escape(change.lesson)}, '
    return (
        f'<li class="cw-finding"><span class="cw-warn">{icon("update")}</span><div><b>{escape(said)}</b>'
        f'<p>{where}{escape(_("version {number}", number=change.version))}, {when_html(change.found_at)}</p>'
        f'<p class="cw-excerpt">{words}</p><p>{escape(advice)}</p><p class="cw-fix">{dismiss}</p></div>{link}</li>'
    )

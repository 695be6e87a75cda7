"""Every part that is kept, and the form that asks for another."""

from typing import Any

from nicegui import ui

from components.action import HasError, action
from components.button import button
from components.card import card
from components.check_list import check_list
from components.field import number_field, select_field, text_field
from components.frame import here
from components.i18n import _, when_html
from components.layout import columns, page, stack
from components.live import live, refresh_later
from components.markup import escape, icon, markup
from components.page_header import page_header
from components.skeleton import skeleton_html
from components.status import status_html
from pages.brief_documents import DocumentChoice
from pages.parts.words import icon_of, kinds, question_kinds, size
from services.generation.parts import PartView
from services.generation.parts_writing import Asked
from services.platform import Services
from services.viewer import Viewer

_SHOWN = 50


def index(viewer: Viewer, services: Services, kind: str = '') -> None:
    here((_('Courses'), '/courses'), _('Draft a part'), nav='/courses')
    with page():
        _Parts(viewer, services, kind if kind in kinds() else 'quiz')


class _Parts:
    def __init__(self, viewer: Viewer, services: Services, kind: str) -> None:
        self._viewer, self._services = viewer, services
        header = page_header(
            _('Draft a part'),
            subtitle=_('A syllabus, slides, questions or an exercise for themselves, from your documents. They are '
                       'kept here until you put them into a lesson or discard them.'),
        )  # fmt: skip
        with header.actions.classes('cw-at-foot'):
            button(_('Draft it'), kind='primary', icon='auto_awesome', on_click=self._begin)
        with columns():
            with stack():
                with card(_('What it should be')):
                    self._build_fields(kind)
                self._documents = DocumentChoice(viewer, services, chosen=[], on_change=self._chosen)
            with card(_('Kept parts'), padded=False):
                self._list = markup(skeleton_html(4), classes='cw-part-list')
        self._fields: dict[str, HasError] = {
            'topic': self._topic, 'hours': self._hours, 'kinds': self._kinds, 'count': self._count,
            'document_ids': self._documents,
        }  # fmt: skip
        self._show_fields(kind)
        live(self._list, services.bus, f'parts:{viewer.organization_id}', self.refresh)
        refresh_later(self._list, self.refresh)

    def _build_fields(self, kind: str) -> None:
        self._kind = select_field(_('Kind'), kinds(), value=kind, on_change=self._show_fields)
        self._topic = text_field(_('Topic'), placeholder=_('Hand washing'), limit=200).on_enter(self._begin)
        with ui.element('div').classes('cw-fields'):
            self._level = text_field(_('Level'), optional=True, limit=60, placeholder=_('Introductory'))
            self._hours = number_field(
                _('Learning time'), value=2.0, unit=_('hours'), minimum=0.25, maximum=200, step=0.25
            )
            self._count = number_field(_('How many'), minimum=1, maximum=20, optional=True)
        self._kinds = check_list(
            _('Kinds of question'),
            {name: (words, '') for name, words in question_kinds().items()},
            value=list(question_kinds()),
        )

    def _show_fields(self, kind: Any) -> None:
        self._hours.set_visibility(kind == 'syllabus')
        self._count.set_visibility(kind != 'syllabus')
        self._kinds.set_visibility(kind == 'quiz')

    def _chosen(self, _count: int) -> None:
        self._documents.error = None

    async def _begin(self) -> None:
        @action(fields=self._fields)
        async def begin() -> None:
            kind = str(self._kind.value)
            asked = Asked(
                kind=kind,  # type: ignore[arg-type]  # one of the options
                topic=str(self._topic.value or ''),
                level=str(self._level.value or ''),
                hours=float(self._hours.value or 0),
                kinds=tuple(self._kinds.value) if kind == 'quiz' else (),  # type: ignore[arg-type]
                count=int(self._count.value or 0),
                language=self._viewer.locale.split('-')[0] or 'en',
                document_ids=tuple(self._documents.chosen),
            )
            part = await self._services.parts.begin(self._viewer, asked)
            ui.navigate.to(f'/parts/{part.id}')

        await begin()

    async def refresh(self) -> None:
        found, total = await self._services.parts.list(self._viewer, limit=_SHOWN)
        self._list.show(''.join(map(_row, found)) or _nothing_html())
        if total > _SHOWN:
            self._list.show(
                ''.join(map(_row, found))
                + f'<p class="cw-small-text">{escape(_("The newest {n} of {total}", n=_SHOWN, total=total))}</p>'
            )


def _row(part: PartView) -> str:
    if part.is_running:
        state = status_html('working', _('being written'))
    elif part.status == 'failed':
        state = status_html('failed')
    else:
        state = f'<small>{escape(size(part))}</small>'
    return (
        f'<a class="cw-pick" href="/parts/{part.id}">{icon(icon_of(part.kind))}'
        f'<span class="cw-two"><b class="cw-cut">{escape(part.topic)}</b>'
        f'<small>{escape(kinds()[part.kind])}, {escape(part.asker)}, {when_html(part.asked_at)}</small></span>'
        f'<span class="cw-push">{state}</span></a>'
    )


def _nothing_html() -> str:
    words = _('Nothing is kept yet. Say what you need, and it stays here when it is written.')
    return f'<p class="cw-small-text cw-card-body">{escape(words)}</p>'

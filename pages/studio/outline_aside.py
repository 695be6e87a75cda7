"""Beside the outline: what was said about it, what changed since the draft before, and the pages it rests on."""

from collections.abc import Sequence
from uuid import UUID

from nicegui import ui

from components.action import action
from components.avatar import avatar_html
from components.card import card
from components.dialog import dialog
from components.field import text_area
from components.i18n import _, listing, when_html
from components.markup import attributes, escape, icon, markup
from components.origin import origin_html
from components.source_page import source_page
from components.tabs import tabs
from pages.studio.kept_comment import forget_comment, keep_comment
from pages.studio.outline_rows import changes_html
from pages.studio.part import Desk
from services.generation.outlines import OutlineLesson
from services.generation.views import EventView, OutlineView
from services.viewer import Permission


class OutlineAside:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._drafts: Sequence[OutlineView] = ()
        self._chosen = ''
        self._field: text_area | None = None
        with card(label=_('About this draft'), padded=False) as self.card:
            self._tabs = tabs(
                {'comments': _('Comments'), 'changes': _('Changes'), 'sources': _('Sources')}, value='comments'
            ).classes('cw-aside-tabs')  # fmt: skip
            with self._tabs.panel('comments'):
                self._comments = markup(classes='cw-thread')
                if desk.may(Permission.DRAFT_APPROVE):
                    with ui.element('div').classes('cw-say'):
                        self._field = text_area(
                            _('Comment'), rows=2, placeholder=_('What should the next draft do better?'),
                            help=_('Sent with your decision, kept with the draft'),
                        )  # fmt: skip
                        keep_comment(self._field, desk.workflow.id)
            with self._tabs.panel('changes'):
                self._changes = markup(classes='cw-thread')
            with self._tabs.panel('sources'):
                self._sources = markup(classes='cw-thread', on_act=self._open)

    @property
    def comment(self) -> str:
        return str(self._field.value or '').strip() if self._field else ''

    def clear_comment(self) -> None:
        """It was sent."""
        forget_comment(self._desk.workflow.id)
        if self._field is not None:
            self._field.value = ''

    async def show(self, drafts: Sequence[OutlineView]) -> None:
        events = await self._desk.services.workflows.events(self._desk.viewer, self._desk.workflow.id)
        self._drafts = drafts
        said = [event for event in events if event.type == 'outline.rejected']
        self._tabs.rename('comments', _('Comments {n}', n=len(said)) if said else _('Comments'))
        self._comments.show(_thread_html(said, drafts))
        if len(drafts) > 1:
            self._tabs.rename('changes', _('Changes since draft {n}', n=drafts[-2].number))
            self._changes.show(changes_html(drafts[-2].outline, drafts[-1].outline))
        else:
            words = _('This is the first draft. What the next one changes is shown here.')
            self._changes.show(f'<p class="cw-small-text">{escape(words)}</p>')
        self._show_sources()

    def choose(self, lesson: str) -> None:
        """The lesson that is open in the tree: its sources come first."""
        self._chosen = lesson
        self._show_sources()

    def _show_sources(self) -> None:
        lessons = [(f'{place}.{number}', lesson)
                   for place, module in enumerate(self._drafts[-1].outline.modules, 1)
                   for number, lesson in enumerate(module.lessons, 1)] if self._drafts else []  # fmt: skip
        chosen = [(number, lesson) for number, lesson in lessons if str(lesson.id) == self._chosen]
        html = ''
        for number, lesson in chosen:
            html += f'<p class="cw-label">{escape(_("Behind {number} {title}", number=number, title=lesson.title))}</p>'
            html += _pages_html([(number, lesson)]) or _no_pages_html()
        html += f'<p class="cw-label">{escape(_("Behind the whole outline"))}</p>' if chosen else ''
        self._sources.show(html + (_pages_html(lessons) or _no_pages_html()))

    @action
    async def _open(self, act: str, of: str) -> None:
        document_id, _colon, number = of.partition(':')
        desk = self._desk
        page = await desk.services.blocks.source_page(desk.viewer, UUID(document_id), int(number))
        spans: list[tuple[int, int]] = []
        if desk.may(Permission.KNOWLEDGE_READ) and self._drafts:
            lessons = [lesson for _module, lesson in self._drafts[-1].outline.lessons()]
            chosen = [lesson for lesson in lessons if str(lesson.id) == self._chosen]
            used = {key for lesson in chosen or lessons for key in lesson.passage_ids}
            chunks = await desk.services.documents.chunks(desk.viewer, page.document_id, page=page.page)
            spans = [(chunk.start, chunk.end) for chunk in chunks if chunk.id in used]
        with dialog(page.document_name, _('Page {n} of {total}', n=page.page, total=page.pages), wide=True) as box:
            source_page(page.text, document=page.document_name, page=page.page, spans=spans)
        box.open()


def _thread_html(said: Sequence[EventView], drafts: Sequence[OutlineView]) -> str:
    if not said:
        words = _('Nobody has commented yet. Send the outline back with a comment, and the next draft answers it.')
        return f'<p class="cw-small-text">{escape(words)}</p>'
    answers = dict(enumerate(drafts[1:]))
    html = ''
    for place, event in enumerate(said):
        comment = str(event.payload.get('comment', ''))
        draft = answers.get(place)
        answer = ''
        if draft is not None:
            words = draft.answer or _('Written again.')
            answer = (
                f'<div class="cw-reply"><p class="cw-line cw-close"><b>{escape(_("Draft {n}", n=draft.number))}</b>'
                f'<small>{when_html(draft.written_at)}</small>{origin_html("ai")}</p><p>{escape(words)}</p></div>'
            )
        html += (
            f'<div class="cw-comment">{avatar_html(event.actor)}<p><b class="cw-name">{escape(event.actor)}</b> '
            f'<small>{when_html(event.at)}</small></p><div>{escape(comment)}{answer}</div></div>'
        )
    return html


def _pages_html(lessons: Sequence[tuple[str, OutlineLesson]]) -> str:
    used: dict[tuple[UUID, str], dict[int, list[str]]] = {}
    for number, lesson in lessons:
        for page in lesson.pages:
            used.setdefault((page.document_id, page.document_name), {}).setdefault(page.page, []).append(number)
    html = ''
    for (document_id, name), pages in used.items():
        links = ''
        for sheet, numbers in sorted(pages.items()):
            given = attributes(
                type='button', class_='cw-chip', data_act='page', data_of=f'{document_id}:{sheet}',
                title=_('behind {lessons}', lessons=listing(numbers)),
            )  # fmt: skip
            links += f'<button{given}>{escape(_("p. {page}", page=sheet))}</button>'
        head = f'<b class="cw-name">{icon("description", "cw-i-s")} {escape(name)}</b>'
        html += f'<div class="cw-source-list">{head}<p>{links}</p></div>'
    return html


def _no_pages_html() -> str:
    return f'<p class="cw-small-text">{escape(_("No page stands behind this yet."))}</p>'

"""Beside the outline: what was said about it, what changed since the draft before, and the pages it rests on."""

from collections.abc import Sequence
from uuid import UUID

from nicegui import ui

from components.action import action
from components.avatar import avatar_html
from components.card import card
from components.dialog import dialog
from components.i18n import _, listing, when_html
from components.markup import attributes, escape, icon, markup
from components.origin import origin_html
from components.source_page import source_page
from components.tabs import tabs
from components.thread_composer import thread_composer
from pages.studio.kept_comment import forget_comment, keep_comment
from pages.studio.outline_compared import DraftsCompared
from pages.studio.outline_rows import numbers_of
from pages.studio.part import Desk
from pages.studio.talking import DOINGS, Send, composer, names_of, taking, threads_html
from services.conversation.threads import may_speak
from services.conversation.views import ThreadView
from services.generation.outlines import OutlineLesson
from services.generation.views import EventView, OutlineView
from services.viewer import Permission


class OutlineAside:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._drafts: Sequence[OutlineView] = ()
        self._chosen = ''
        self._composer: thread_composer | None = None
        with card(label=_('About this draft'), padded=False) as self.card:
            self._tabs = tabs(
                {'comments': _('Comments'), 'changes': _('Changes'), 'sources': _('Sources')}, value='comments'
            ).classes('cw-aside-tabs')  # fmt: skip
            with self._tabs.panel('comments'):
                self._comments = markup(classes='cw-thread', on_act=self._talk)
                if may_speak(desk.viewer):
                    with ui.element('div').classes('cw-say'):
                        self._about = markup(classes='cw-small-text')
                        self._composer = thread_composer(
                            _('Comment'), do=_('Comment'), send=taking(self._say), names=names_of(desk), focus=False
                        )
                        keep_comment(self._composer.field, desk.workflow.id)
                        self._answering = ui.element('div')
            with self._tabs.panel('changes'):
                self._compared = DraftsCompared()
            with self._tabs.panel('sources'):
                self._sources = markup(classes='cw-thread', on_act=self._open)

    @property
    def comment(self) -> str:
        return self._composer.value if self._composer else ''

    def clear_comment(self) -> None:
        """It was sent."""
        forget_comment(self._desk.workflow.id)
        if self._composer is not None:
            self._composer.clear_words()

    async def show(self, drafts: Sequence[OutlineView]) -> None:
        self._drafts = drafts
        self._compared.show(drafts)
        number = _('Changes since draft {n}', n=drafts[-2].number) if len(drafts) > 1 else _('Changes')
        self._tabs.rename('changes', number)
        self._show_sources()
        await self.show_threads()

    async def show_threads(self) -> None:
        """What is said about the outline; after every event, whether the outline changed or not."""
        desk = self._desk
        threads = [one for one in desk.threads if one.stage == 'outline' and one.block_id is None]
        told = {message.text for one in threads for message in one.messages}
        events = await desk.services.workflows.events(desk.viewer, desk.workflow.id)
        before = [one for one in events if one.type == 'outline.rejected' and one.payload.get('comment') not in told]
        count = len(before) + sum(one.open for one in threads)
        self._tabs.rename('comments', _('Comments {n}', n=count) if count else _('Comments'))
        if not threads and not before:
            words = _('Nobody has commented yet. Send the outline back with a comment, and the next draft answers it.')
            self._comments.show(f'<p class="cw-small-text">{escape(words)}</p>')
            return
        threads.sort(key=lambda one: (not one.open, str(one.part_id) != self._chosen))
        places = {one.id: self._place_of(one) for one in threads}
        earlier = _thread_html(before, self._drafts) if before else ''
        self._comments.show(threads_html(desk, threads, places, goes=False) + earlier)

    def compose(self, label: str, *, do: str, send: Send, value: str = '', key: str = '') -> None:
        """A reply, or one's own words changed: in the place of the new comment, which stays as it is below."""
        assert self._composer is not None
        self._composer.set_visibility(False)
        self._answering.clear()
        with self._answering:
            composer(self._desk, label, do=do, send=send, value=value, key=key, done=self._answered)

    def _answered(self) -> None:
        self._answering.clear()
        if self._composer is not None:
            self._composer.set_visibility(True)

    async def _say(self, words: str) -> None:
        part = UUID(self._chosen) if self._chosen and not self._chosen.startswith('new-') else None
        await self._desk.services.threads.begin(self._desk.viewer, self._desk.workflow.id, words, part_id=part)
        forget_comment(self._desk.workflow.id)

    async def _talk(self, act: str, of: str) -> None:
        if act in DOINGS:
            await DOINGS[act](self._desk, self, of)

    def _place_of(self, thread: ThreadView) -> str:
        if thread.part_id is None:
            return _('On the whole outline')
        numbers = numbers_of(self._drafts[-1].outline) if self._drafts else {}
        title = f'{numbers.get(thread.part_id, "")} {thread.part_title}'.strip()
        return title if thread.there else _('{title} (no longer there)', title=title)

    def choose(self, lesson: str) -> None:
        """The lesson that is open in the tree: its sources come first."""
        self._chosen = lesson
        self._show_sources()
        if self._composer is not None:
            numbers = numbers_of(self._drafts[-1].outline) if self._drafts else {}
            number = next((number for key, number in numbers.items() if str(key) == lesson), '')
            words = _('On lesson {number}', number=number) if number else _('On the whole outline')
            self._about.show(escape(words))

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
    """Comments of sendings back from before there were threads, with the answers to them."""
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

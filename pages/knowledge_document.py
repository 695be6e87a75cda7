"""One document: its pages, the passages on them, what reading it turned up, and a way to a course."""

from nicegui import ui

from components.action import action
from components.button import button, link_button
from components.card import card
from components.frame import here
from components.i18n import _, file_size, ngettext, number, percent, translated, when_html
from components.layout import columns, page, stack
from components.live import live, refresh_later
from components.markup import attributes, escape, icon, markup
from components.notice import notice_html
from components.page_header import page_header
from components.panes import pager_html
from components.skeleton import skeleton_html
from components.status import status_html
from pages.guarded import guarded, id_in
from pages.knowledge import remove
from pages.wording import document_icon, document_kind
from services.errors import NotFound
from services.knowledge.views import ChunkView, DocumentView, PageView
from services.platform import Services
from services.viewer import Permission, Viewer


@guarded
async def index(viewer: Viewer, services: Services, document_id: str, page: str = '1') -> None:
    document = await services.documents.get(viewer, id_in(document_id))
    _Reader(viewer, services, document, int(page) if page.isdecimal() else 1)


class _Reader:
    """The page list at the left, the page with its passages outlined, and what stands on it at the right."""

    def __init__(self, viewer: Viewer, services: Services, document: DocumentView, number: int) -> None:
        self._viewer, self._services, self._document, self._number = viewer, services, document, number
        self._pages: list[PageView] = []
        self._chunks: dict[int, list[ChunkView]] = {}
        here((_('Knowledge'), '/knowledge'), document.name, nav='/knowledge')
        with page():
            self._header = page_header(document.name)
            with self._header.actions:
                self._build_actions()
            self._notices = markup(on_act=self._act, classes='cw-stack cw-close')
            with columns() as self._body:
                with card(_('Pages'), padded=False) as shown:
                    with shown.aside:
                        self._pager = markup(on_act=self._turn)
                    with ui.element('div').classes('cw-read'):
                        self._list = markup(classes='cw-page-list', on_act=self._open)
                        self._list.props('role=navigation')
                        self._list.props['aria-label'] = _('Pages of the document')
                        self._sheet = markup(skeleton_html(8), classes='cw-read-page')
                with stack():
                    with card(_('About this document')):
                        self._facts = markup(tag='dl', classes='cw-facts')
                    with card(_('Passages on this page')) as passages:
                        with passages.aside:
                            self._count = markup(tag='span', classes='cw-note')
                        self._passages = markup(tag='ol', classes='cw-passages')
        live(self._body, services.bus, f'document:{document.id}', self.refresh)
        refresh_later(self._body, self.refresh)

    def _build_actions(self) -> None:
        if self._viewer.may(Permission.KNOWLEDGE_WRITE):
            button(_('Remove'), kind='danger', icon='delete', on_click=self._remove)
        if self._viewer.may(Permission.COURSE_WRITE):
            href = f'/courses/new?document={self._document.id}'
            self._start = link_button(_('Start a course from this'), href, kind='primary', icon='edit_note')

    async def refresh(self) -> None:
        try:
            document = await self._services.documents.get(self._viewer, self._document.id)
        except NotFound:
            ui.navigate.to('/knowledge')
            return
        if not self._pages or document.status != self._document.status:
            self._pages = list(await self._services.documents.pages(self._viewer, document.id))
            self._chunks = {}
            for chunk in await self._services.documents.chunks(self._viewer, document.id):
                self._chunks.setdefault(chunk.page, []).append(chunk)
        self._document = document
        if self._viewer.may(Permission.COURSE_WRITE):
            self._start.set_visibility(document.status == 'indexed')
        self._header.say(document.name, subtitle_html=self._subtitle_html())
        self._notices.show(self._notices_html())
        self._facts.show(_facts_html(document))
        self._show_page()

    def _show_page(self) -> None:
        total = len(self._pages)
        self._number = min(max(self._number, 1), max(total, 1))
        self._pager.show(pager_html(self._number, total, act='turn') if total > 1 else '')
        self._list.show(self._list_html())
        shown = self._chunks.get(self._number, [])
        self._count.show(escape(ngettext('{n} passage', '{n} passages', len(shown))))
        self._passages.show(''.join(_passage_html(chunk) for chunk in shown) or _no_passage_html())
        if not total:
            self._say_nothing_yet()
            return
        text = self._pages[self._number - 1].text
        self._sheet.show(_sheet_html(self._document.name, self._number, text, shown))

    def _say_nothing_yet(self) -> None:
        words = _('The pages appear here as soon as they are read.')
        if self._document.status == 'failed':
            words = _('There is nothing to show: this document could not be read.')
        self._sheet.show(f'<p class="cw-small-text">{escape(words)}</p>')

    def _list_html(self) -> str:
        def entry(one: PageView) -> str:
            first = next((line.strip() for line in one.text.splitlines() if line.strip()), '')
            here = 'page' if one.number == self._number else None
            given = attributes(
                type='button', class_='cw-lesson', data_act='page', data_of=str(one.number), aria_current=here
            )
            return f'<button{given}><span>{one.number}</span><span class="cw-cut">{escape(first[:80])}</span></button>'

        return ''.join(entry(one) for one in self._pages)

    def _subtitle_html(self) -> str:
        document = self._document
        if document.status == 'indexing':
            return status_html('indexing', _('Indexing, {share}', share=percent(document.progress)))
        return status_html(document.status)

    def _notices_html(self) -> str:
        document, html = self._document, ''
        if document.status == 'failed':
            again = ''
            if self._viewer.may(Permission.KNOWLEDGE_WRITE):
                given = attributes(type='button', class_='cw-btn cw-link', data_act='retry', data_of='')
                again = f'<button{given}>{icon("refresh", "cw-i-s")}<span>{escape(_("Try again"))}</span></button>'
            html += notice_html(translated(document.error or ''), tone='bad', extra_html=again)
        return html + ''.join(notice_html(translated(warning), tone='warn') for warning in document.warnings)

    def _turn(self, act: str, of: str) -> None:
        self._number += 1 if of == 'next' else -1
        self._show_page()

    def _open(self, act: str, of: str) -> None:
        if of.isdecimal():
            self._number = int(of)
            self._show_page()

    @action
    async def _act(self, act: str, of: str) -> None:
        if act == 'retry':
            await self._services.documents.retry(self._viewer, self._document.id)

    @action
    async def _remove(self) -> None:
        await remove(self._viewer, self._services, self._document.id)
        ui.navigate.to('/knowledge')


def _sheet_html(name: str, number: int, text: str, passages: list[ChunkView]) -> str:
    """The page as paper, each passage in its own outline; what is in none stands between them."""
    html, at = '', 0
    for passage in sorted(passages, key=lambda one: one.start):
        html += escape(text[at : passage.start].strip())
        html += f'<section class="cw-passage">{escape(text[passage.start : passage.end].strip())}</section>'
        at = passage.end
    label = _('Page {page} of {document}', page=number, document=name)
    given = attributes(class_='cw-source-page', role='region', tabindex='0', aria_label=label)
    running = f'<div class="cw-source-running"><span>{escape(name)}</span></div>'
    return f'<div{given}>{running}{html}{escape(text[at:].strip())}<footer>{number}</footer></div>'


def _facts_html(document: DocumentView) -> str:
    facts = (
        (
            _('Format'),
            f'{icon(document_icon(document.media_type), "cw-i-xs")} {escape(document_kind(document.media_type))}',
        ),
        (_('Size'), escape(file_size(document.size))),
        (_('Pages'), escape(number(document.pages)) if document.pages else '–'),
        (_('Passages'), escape(number(document.chunks)) if document.chunks else '–'),
        (_('Added by'), escape(document.uploader)),
        (_('Added'), when_html(document.created_at)),
    )
    return ''.join(f'<dt>{escape(name)}</dt><dd>{value}</dd>' for name, value in facts)


def _passage_html(chunk: ChunkView) -> str:
    words = ngettext('{n} word', '{n} words', len(chunk.text.split()))
    heading = chunk.heading or _('No heading')
    opening = ' '.join(chunk.text.split())[:110]
    return (
        f'<li><b class="cw-cut"{attributes(title=heading)}>{escape(heading)}</b>'
        f'<span class="cw-meta">{escape(words)}</span><p class="cw-small-text">{escape(opening)} …</p></li>'
    )


def _no_passage_html() -> str:
    return f'<li class="cw-small-text">{escape(_("No passage was taken from this page."))}</li>'

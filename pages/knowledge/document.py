"""One document: its pages, the passages on them, what reading it turned up, its versions, and a way to a course."""

from collections.abc import Sequence

from nicegui import ui

from components.action import action
from components.button import button, link_button
from components.card import card
from components.frame import here
from components.i18n import _, ngettext, number, percent, translated
from components.layout import columns, page, stack
from components.live import live, refresh_later
from components.markup import attributes, escape, icon, markup
from components.menu import MenuEntry, menu_button
from components.notice import notice_html, toast
from components.page_header import page_header
from components.panes import pager_html
from components.skeleton import skeleton_html
from components.status import status_html
from components.uploads import uploads
from pages.guarded import guarded, id_in
from pages.knowledge import adding
from pages.knowledge.about import about_html, hidden_html, quality_html, versions_html
from pages.knowledge.serving import choose_collection
from services.errors import NotFound
from services.knowledge.intake import LARGEST_UPLOAD
from services.knowledge.views import ChunkView, DocumentView, HiddenView, PageView
from services.links import safe_link
from services.platform import Services
from services.viewer import Permission, Viewer


@guarded
async def index(viewer: Viewer, services: Services, document_id: str, page: str = '1') -> None:
    document = await services.documents.get(viewer, id_in(document_id))
    _Reader(viewer, services, document, int(page) if page.isdecimal() else 1)


class _Reader:
    """The page list at the left, the page with its passages outlined, and what is to be known of it at the right."""

    def __init__(self, viewer: Viewer, services: Services, document: DocumentView, number: int) -> None:
        self._viewer, self._services, self._document, self._number = viewer, services, document, number
        self._pages: list[PageView] = []
        self._chunks: dict[int, list[ChunkView]] = {}
        self._versions: Sequence[DocumentView] = ()
        self._hidden: list[HiddenView] = []
        self._line = 0
        self._shown: int | None = None  # the ordinal of the passage that is pointed at
        self._may_change = viewer.may(Permission.KNOWLEDGE_WRITE)
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
                    with card(_('Passages on this page')) as passages:
                        with passages.aside:
                            self._count = markup(tag='span', classes='cw-note')
                        self._passages = markup(tag='ol', classes='cw-passages', on_act=self._point)
                    with card(_('About this document')):
                        self._facts = markup(tag='dl', classes='cw-facts')
                    with card(_('Quality')):
                        self._quality = markup(on_act=self._act, classes='cw-stack cw-close')
                    with card(_('Left out')) as self._left_out:
                        self._findings = markup(classes='cw-stack cw-close')
                    with card(_('Versions')):
                        self._history = markup(tag='ol', classes='cw-stack cw-close', on_act=self._act)
        live(self._body, services.bus, f'document:{document.id}', self.refresh)
        live(self._quality, services.bus, f'documents:{viewer.organization_id}', self.refresh)
        refresh_later(self._body, self.refresh)

    def _build_actions(self) -> None:
        file = safe_link(f'/api/v1/rag/documents/{self._document.id}/file')
        entries = [MenuEntry(text=_('Download the file'), icon='download', on_click=lambda: ui.navigate.to(file))]
        if self._may_change:
            sending = uploads(
                f'/api/v1/rag/documents/{self._document.id}/versions',
                accept=adding.ACCEPTED,
                most=LARGEST_UPLOAD,
                on_sent=self._replaced,
                anywhere=False,
            )
            sending.move(self._header)
            change = [
                MenuEntry(text=_('Move to…'), icon='drive_file_move', on_click=self._move),
                MenuEntry(text=_('What it serves'), icon='category', on_click=self._collect),
                MenuEntry(text=_('Remove'), icon='delete', on_click=self._remove, danger=True, separated=True),
            ]
            if self._document.source_url:
                change.insert(0, MenuEntry(text=_('Fetch again'), icon='sync', on_click=self._fetch))
            if self._document.replaced_by is None:
                opener = button(_('Replace'), icon='upload_file')
                opener.props['title'] = _('Upload a newer version of this document')
                sending.opens(opener)
                entries += change
        menu_button(entries)
        if self._viewer.may(Permission.COURSE_WRITE):
            href = f'/courses/new?document={self._document.id}'
            self._start = link_button(_('Start a course from this'), href, kind='primary', icon='edit_note')

    @action
    async def refresh(self) -> None:
        documents = self._services.documents
        try:
            document = await documents.get(self._viewer, self._document.id)
        except NotFound:
            ui.navigate.to('/knowledge')
            return
        if not self._pages or document.status != self._document.status:
            self._pages = list(await documents.pages(self._viewer, document.id))
            self._chunks = {}
            for chunk in await documents.chunks(self._viewer, document.id):
                self._chunks.setdefault(chunk.page, []).append(chunk)
            self._hidden = list(await documents.hidden(self._viewer, document.id))
        self._versions = await documents.versions.list(self._viewer, document.id)
        self._line = (await self._services.knowledge.wishes(self._viewer)).quality_line
        self._document = document
        if self._viewer.may(Permission.COURSE_WRITE):
            self._start.set_visibility(document.status == 'indexed' and document.current)
        self._header.say(document.name, subtitle_html=self._subtitle_html())
        self._notices.show(self._notices_html())
        self._facts.show(about_html(document))
        self._quality.show(quality_html(document, line=self._line, may_change=self._may_change))
        self._left_out.set_visibility(bool(self._hidden))
        self._findings.show(hidden_html(self._hidden))
        self._history.show(versions_html(self._versions, shown=document.id, may_change=self._may_change))
        self._show_page()

    def _show_page(self) -> None:
        total = len(self._pages)
        self._number = min(max(self._number, 1), max(total, 1))
        self._pager.show(pager_html(self._number, total, act='turn') if total > 1 else '')
        self._list.show(self._list_html())
        shown = self._chunks.get(self._number, [])
        self._count.show(escape(ngettext('{n} passage', '{n} passages', len(shown))))
        on = self._shown
        self._passages.show(''.join(_passage_html(chunk, on == chunk.ordinal) for chunk in shown) or _no_passage_html())
        if not total:
            self._say_nothing_yet()
            return
        text = self._pages[self._number - 1].text
        self._sheet.show(_sheet_html(self._document.name, self._number, text, shown, self._shown))

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
        if document.replaced_by is not None:
            newest = next((one for one in self._versions if one.current), None)
            link = f'<a{attributes(href=f"/knowledge/{newest.id}")}>{escape(_("Open it"))}</a>' if newest else ''
            told = _('This is version {n}. A newer version took its place.', n=number(document.version))
            html += notice_html(told, extra_html=link)
        for newer in self._versions:
            if newer.version > document.version and not newer.current and newer.replaced_by is None:
                html += _coming_html(newer)
        if document.status == 'failed':
            again = ''
            if self._may_change:
                given = attributes(type='button', class_='cw-btn cw-link', data_act='retry', data_of='')
                again = f'<button{given}>{icon("refresh", "cw-i-s")}<span>{escape(_("Try again"))}</span></button>'
            html += notice_html(translated(document.error or ''), tone='bad', extra_html=again)
        return html + ''.join(notice_html(translated(warning), tone='warn') for warning in document.warnings)

    def _turn(self, act: str, of: str) -> None:
        self._number += 1 if of == 'next' else -1
        self._shown = None
        self._show_page()

    def _open(self, act: str, of: str) -> None:
        if of.isdecimal():
            self._number, self._shown = int(of), None
            self._show_page()

    def _point(self, act: str, of: str) -> None:
        """Marks a passage in the text of its page; a second click takes the mark away."""
        if of.isdecimal():
            self._shown = None if self._shown == int(of) else int(of)
            self._show_page()
            ui.run_javascript("document.querySelector('.cw-passage.cw-on')?.scrollIntoView({block: 'center'})")

    @action
    async def _act(self, act: str, of: str) -> None:
        documents = self._services.documents
        match act:
            case 'retry':
                await documents.retry(self._viewer, self._document.id)
            case 'include':
                await documents.include(self._viewer, self._document.id, anyway=not self._document.included_anyway)
            case 'restore':
                again = await documents.versions.restore(self._viewer, id_in(of))
                toast(_('Version {n} is being read again, and takes its place then.', n=number(again.version)))

    def _replaced(self, document_id: str) -> None:
        toast(_('The newer version arrived. It takes the place of this one once it is read.'))

    @action
    async def _fetch(self) -> None:
        found = await self._services.web_pages.again(self._viewer, self._document.id)
        unchanged = found.id == self._document.id
        toast(
            _('The page has not changed.') if unchanged else _('The page has changed. The new version is being read.')
        )

    @action
    async def _move(self) -> None:
        await adding.move_document(self._viewer, self._services, self._document.id)

    @action
    async def _collect(self) -> None:
        await choose_collection(self._viewer, self._services, self._document)

    @action
    async def _remove(self) -> None:
        await adding.remove_document(self._viewer, self._services, self._document.id)
        ui.navigate.to('/knowledge')


def _coming_html(newer: DocumentView) -> str:
    link = f'<a{attributes(href=f"/knowledge/{newer.id}")}>{escape(_("Look at it"))}</a>'
    if newer.status == 'failed':
        told = _('Version {n} could not be read, so this one stands.', n=number(newer.version))
        return notice_html(told, tone='warn', extra_html=link)
    told = _(
        'Version {n} is being read, {share}. This one stands until then.',
        n=number(newer.version),
        share=percent(newer.progress),
    )
    return notice_html(told, extra_html=link)


def _sheet_html(name: str, number: int, text: str, passages: list[ChunkView], shown: int | None) -> str:
    """The page as paper, each passage in its own outline; what is in none stands between them."""
    html, at = '', 0
    for passage in sorted(passages, key=lambda one: one.start):
        html += escape(text[at : passage.start].strip())
        marked = 'cw-passage cw-on' if passage.ordinal == shown else 'cw-passage'
        html += f'<section class="{marked}">{escape(text[passage.start : passage.end].strip())}</section>'
        at = passage.end
    label = _('Page {page} of {document}', page=number, document=name)
    given = attributes(class_='cw-source-page', role='region', tabindex='0', aria_label=label)
    running = f'<div class="cw-source-running"><span>{escape(name)}</span></div>'
    return f'<div{given}>{running}{html}{escape(text[at:].strip())}<footer>{number}</footer></div>'


def _passage_html(chunk: ChunkView, on: bool) -> str:
    words = ngettext('{n} word', '{n} words', len(chunk.text.split()))
    span = _('characters {start} to {end}', start=number(chunk.start), end=number(chunk.end))
    heading = chunk.heading or _('No heading')
    opening = ' '.join(chunk.text.split())[:110]
    given = attributes(
        type='button', class_='cw-passage-of', data_act='passage', data_of=str(chunk.ordinal),
        aria_pressed=str(on).lower(),
    )  # fmt: skip
    return (
        f'<li><button{given}><b class="cw-cut"{attributes(title=heading)}>{escape(heading)}</b>'
        f'<span class="cw-meta">{escape(words)}, {escape(span)}</span>'
        f'<span class="cw-small-text">{escape(opening)} …</span></button></li>'
    )


def _no_passage_html() -> str:
    return f'<li class="cw-small-text">{escape(_("No passage was taken from this page."))}</li>'

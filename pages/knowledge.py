"""Knowledge: the documents that courses are made from, added, followed while they are read, and searched."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button, button_html, icon_button_html
from components.card import card
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _, file_size, ngettext, number, percent, translated, when_html
from components.layout import page, stack
from components.live import live, refresh_later
from components.markup import attributes, escape, icon, markup
from components.notice import toast
from components.page_header import page_header
from components.ruler import meter_html
from components.search_field import search_field
from components.skeleton import skeleton
from components.status import status_html
from components.uploads import uploads
from pages.knowledge_search import found_html
from pages.wording import document_icon, document_kind
from services.knowledge.intake import LARGEST_UPLOAD
from services.knowledge.views import DocumentView
from services.platform import Services
from services.viewer import Permission, Viewer

ACCEPTED = ('.pdf', '.docx', '.pptx', '.html', '.htm', '.md', '.markdown', '.txt')
UPLOAD_URL = '/api/v1/rag/documents'
_PAGE = 20
_SAMPLE = Path(__file__).parents[1] / 'app' / 'demo' / 'handbooks' / 'food-safety-handbook.pdf'


def index(viewer: Viewer, services: Services, q: str = '') -> None:
    here(_('Knowledge'), nav='/knowledge')
    with page():
        _Shelf(viewer, services, q)


class _Shelf:
    """The page: header, what is being sent, search, and the list, which follows the bus."""

    def __init__(self, viewer: Viewer, services: Services, query: str) -> None:
        self._viewer, self._services = viewer, services
        self._may_add = viewer.may(Permission.KNOWLEDGE_WRITE)
        self._name, self._first = '', 0
        self._header = page_header(_('Knowledge'), subtitle=_('The documents your courses are made from'))
        if self._may_add:
            with self._header.actions:
                self._add = button(_('Add documents'), kind='primary', icon='upload_file')
                self._add.set_visibility(False)
            self._uploads = uploads(UPLOAD_URL, accept=ACCEPTED, most=LARGEST_UPLOAD)
            self._uploads.opens(self._add)
        with stack('tight') as self._filled:
            self._build_search(query)
            self._build_list()
        self._filled.set_visibility(False)
        self._empty = ui.element('div')
        with ui.element('div') as self._loading:
            skeleton(6)
        live(self._filled, services.bus, f'documents:{viewer.organization_id}', self.refresh)
        refresh_later(self._filled, self.refresh)

    def _build_search(self, query: str) -> None:
        with card(_('Search what they say'), note=_('by meaning and by word')):
            with (
                ui.element('form')
                .classes('cw-ask')
                .props('role=search')
                .on('submit', self._ask, js_handler='(event) => { event.preventDefault(); emit(); }')
            ):
                self._query = ui.input(value=query, placeholder=_('How long may cooked rice stand?'))
                self._query.props('outlined dense type=search maxlength=500')
                self._query.props['aria-label'] = _('What are you looking for?')
                button(_('Search'), icon='search').props('type=submit')
            self._answers = markup(classes='cw-answers')
            self._answers.props('aria-live=polite')
            self._answers.set_visibility(False)
        if query.strip():
            refresh_later(self._answers, self._ask)

    def _build_list(self) -> None:
        with card(_('Documents'), padded=False) as listed:
            with listed.aside:
                search_field(_('Find by name'), on_change=self._find)
            self._rows = markup(on_act=self._act)
            self._pager = markup(classes='cw-card-foot', on_act=self._turn)

    async def refresh(self) -> None:
        found, total = await self._services.documents.list(
            self._viewer, search=self._name, limit=_PAGE, offset=self._first
        )
        if not found and self._first:
            self._first = 0
            await self.refresh()
            return
        nothing = total == 0 and not self._name
        self._loading.set_visibility(False)
        self._filled.set_visibility(not nothing)
        self._show_empty(nothing)
        if self._may_add:
            self._add.set_visibility(not nothing)
        self._rows.show(''.join(self._row(document) for document in found) or _none_html(self._name))
        self._pager.set_visibility(total > _PAGE)
        self._pager.show(_pager_html(self._first, len(found), total))

    def _row(self, document: DocumentView) -> str:
        facts = [document_kind(document.media_type), file_size(document.size), document.uploader]
        after = f' · {when_html(document.created_at)}'
        told = f'<small class="cw-cut">{escape(" · ".join(filter(None, facts)))}{after}</small>'
        if document.status == 'failed':
            told += f'<small class="cw-bad">{escape(translated(document.error or ""))}</small>'
        elif document.warnings:
            told += (
                f'<small class="cw-warn">{escape(" ".join(translated(one) for one in document.warnings[:2]))}</small>'
            )
        name = f'<a{attributes(class_="cw-plainlink", href=f"/knowledge/{document.id}")}>{escape(document.name)}</a>'
        pages = ngettext('{n} page', '{n} pages', document.pages) if document.pages else ''
        passages = ngettext('{n} passage', '{n} passages', document.chunks) if document.chunks else ''
        cells = f'<span class="cw-two cw-row-meta"><b>{escape(pages)}</b><small>{escape(passages)}</small></span>'
        cells += f'<span class="cw-two cw-row-late cw-row-state">{_status_html(document)}</span>'
        if self._may_add:
            again = button_html(_('Try again'), 'retry', str(document.id)) if document.status == 'failed' else ''
            remove = icon_button_html('delete', _('Remove {name}', name=document.name), 'remove', str(document.id))
            cells += f'<span class="cw-line cw-close cw-row-tools">{again}{remove}</span>'
        return (
            f'<div class="cw-row cw-row-link"><span class="cw-tile">{icon(document_icon(document.media_type))}</span>'
            f'<span class="cw-two cw-row-main"><b class="cw-cut">{name}</b>{told}</span>{cells}</div>'
        )

    def _show_empty(self, nothing: bool) -> None:
        self._empty.set_visibility(nothing)
        if not nothing or self._empty.default_slot.children:
            return
        with self._empty, stack():
            with empty_state(
                _('Start with one document'),
                _('A handbook, a policy, a set of slides. We read it page by page, and every sentence of a course '
                  'will point back to the page it came from.'),
                footnote=_accepted_words() if self._may_add else '',
                dashed=True,
            ):  # fmt: skip
                if self._may_add:
                    self._uploads.opens(button(_('Choose files'), kind='primary', icon='upload_file'))
                    button(_('Use the sample handbook'), kind='quiet', on_click=self._use_sample)
            markup(_steps_html())

    @action
    async def _use_sample(self) -> None:
        await self._services.documents.upload(self._viewer, _SAMPLE.name, _parts(_SAMPLE))

    @action
    async def _ask(self) -> None:
        words = str(self._query.value or '').strip()
        if not words:
            self._answers.set_visibility(False)
            return
        self._answers.set_visibility(True)
        self._answers.show(f'<p class="cw-small-text">{escape(_("Searching"))}</p>')
        self._answers.show(found_html(await self._services.documents.search(self._viewer, words, limit=8), words))

    def _find(self, name: str) -> None:
        self._name, self._first = name.strip(), 0
        refresh_later(self._rows, self.refresh)

    def _turn(self, act: str, of: str) -> None:
        self._first = max(0, self._first + (_PAGE if of == 'next' else -_PAGE))
        refresh_later(self._rows, self.refresh)

    @action
    async def _act(self, act: str, of: str) -> None:
        document_id = UUID(of)
        if act == 'retry':
            await self._services.documents.retry(self._viewer, document_id)
        elif act == 'remove':
            await remove(self._viewer, self._services, document_id)


async def remove(viewer: Viewer, services: Services, document_id: UUID) -> None:
    """Takes a document away and offers to bring it back."""
    document = await services.documents.get(viewer, document_id)
    await services.documents.remove(viewer, document_id)

    @action
    async def restore() -> None:
        await services.documents.restore(viewer, document_id)

    toast(_('{name} is removed. Courses that cite it keep their pages.', name=document.name), undo=restore)


def _status_html(document: DocumentView) -> str:
    if document.status != 'indexing':
        return status_html(document.status)
    share = percent(document.progress)
    bar = meter_html(document.progress, label=_('{share} of {name} is indexed', share=share, name=document.name))
    return f'{status_html("indexing")}<span class="cw-meta">{bar} {escape(share)}</span>'


def _none_html(name: str) -> str:
    return f'<p class="cw-none">{escape(_("No document is named like “{name}”.", name=name))}</p>'


def _pager_html(first: int, shown: int, total: int) -> str:
    words = _('{first} to {last} of {total}', first=number(first + 1), last=number(first + shown), total=number(total))
    back = icon_button_html('chevron_left', _('Previous'), 'turn', 'back', disabled=first == 0)
    forth = icon_button_html('chevron_right', _('Next'), 'turn', 'next', disabled=first + shown >= total)
    return f'<span class="cw-pages cw-push">{escape(words)}{back}{forth}</span>'


def _steps_html() -> str:
    steps = (
        (_('You bring documents'), _('They stay in your organisation. Nobody else can search them.')),
        (_('A draft is written, checks run'), _('Outline first. Nothing goes further until you approve it.')),
        (_('People approve, learners learn'), _('Block by block, with the source beside each one.')),
    )
    rows = ''
    for place, (title, words) in enumerate(steps, 1):
        told = f'<p class="cw-small-text">{escape(words)}</p>'
        rows += f'<li><span>{place}</span><div><b class="cw-name">{escape(title)}</b>{told}</div></li>'
    return f'<ol class="cw-steps">{rows}</ol>'


def _accepted_words() -> str:
    return _(
        'or drop them anywhere on this page: PDF, Word, PowerPoint, HTML, Markdown, text, up to {most} MB each',
        most=LARGEST_UPLOAD // 1024**2,
    )


async def _parts(path: Path) -> AsyncIterator[bytes]:
    yield await asyncio.to_thread(path.read_bytes)

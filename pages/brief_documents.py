"""Which documents a course is written from: search, tick, or add one right here."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from nicegui import ui

from components.button import button
from components.card import card
from components.i18n import _, ngettext, percent
from components.live import live, refresh_later
from components.markup import attributes, escape, icon, markup
from components.notice import notice_html
from components.search_field import search_field
from components.skeleton import skeleton_html
from components.status import status_html
from components.uploads import uploads
from pages.knowledge import ACCEPTED, UPLOAD_URL
from pages.knowledge.wording import language_name
from pages.wording import document_kind
from services.knowledge.intake import LARGEST_UPLOAD
from services.knowledge.views import DocumentView
from services.platform import Services
from services.viewer import Permission, Viewer

_SHOWN = 50


class DocumentChoice:
    """A field like the others: `.chosen`, `.error`, `.check()`. What is added here is ticked at once."""

    def __init__(
        self, viewer: Viewer, services: Services, *, chosen: list[UUID], on_change: Callable[[int], Any]
    ) -> None:
        self._viewer, self._services, self._on_change = viewer, services, on_change
        self._wanted: dict[UUID, None] = dict.fromkeys(chosen)
        self._known: dict[UUID, DocumentView] = {}
        self._shown: list[UUID] = []
        self._name = self._error = self._language = ''
        with card(_('Written from')) as box:
            with box.aside:
                self._count = markup(tag='span', classes='cw-small-text')
            with ui.element('div').classes('cw-line'):
                search_field(_('Find a document by name'), on_change=self._find)
                if viewer.may(Permission.KNOWLEDGE_WRITE):
                    sending = uploads(UPLOAD_URL, accept=ACCEPTED, most=LARGEST_UPLOAD, on_sent=self._added)
                    sending.opens(button(_('Add a document'), icon='upload_file').classes('cw-push'))
                    sending.move(box.body)
            self._list = markup(skeleton_html(4), classes='cw-picks', on_act=self._toggle)
            self._list.props('role=group')
            self._list.props['aria-label'] = _('Documents')
            self._warning = markup()
            self._complaint = markup(classes='cw-complaint').props('role=alert')
        live(self._list, services.bus, f'documents:{viewer.organization_id}', self.refresh)
        refresh_later(self._list, self.refresh)

    @property
    def chosen(self) -> list[UUID]:
        return list(self._wanted)

    @property
    def error(self) -> str | None:
        return self._error or None

    @error.setter
    def error(self, sentence: str | None) -> None:
        self._error = sentence or ''
        self._complaint.show(f'{icon("error", "cw-i-s")} {escape(self._error)}' if self._error else '')

    def write_in(self, language: str) -> None:
        """The language of the course; documents in another one are named in a warning."""
        self._language = language
        self._warn()

    def _warn(self) -> None:
        others = [
            self._known[key]
            for key in self._wanted
            if key in self._known
            and self._known[key].language
            and self._known[key].language.split('-')[0] != self._language.split('-')[0]
        ]
        told = ''
        if others and self._language:
            told = _(
                '{names}: written in another language than the course. Sources are quoted as they stand, and what is '
                'drafted from them wants a careful look.',
                names=', '.join(f'{one.name} ({language_name(one.language)})' for one in others[:3]),
            )
        self._warning.show(notice_html(told, tone='warn') if told else '')

    def check(self) -> bool:
        waiting = [
            self._known[key] for key in self._wanted if key in self._known and self._known[key].status != 'indexed'
        ]
        if not self._wanted:
            self.error = _('Choose at least one document to write from.')
        elif waiting:
            self.error = _('“{name}” is still being read. Wait a moment, or leave it out.', name=waiting[0].name)
        else:
            self.error = None
        return self.error is None

    async def refresh(self) -> None:
        found, _total = await self._services.documents.list(
            self._viewer, search=self._name, limit=_SHOWN, for_drafts=True
        )
        self._known |= {document.id: document for document in found}
        if self._error and self._wanted:
            self.error = None
        self._shown = [document.id for document in found]
        self._draw()

    def _draw(self) -> None:
        rows = ''.join(self._row(self._known[key]) for key in self._shown)
        self._list.show(rows or f'<p class="cw-small-text">{escape(self._none())}</p>')
        pages = sum(self._known[key].pages for key in self._wanted if key in self._known)
        words = [ngettext('{n} chosen', '{n} chosen', len(self._wanted)), ngettext('{n} page', '{n} pages', pages)]
        self._count.show(escape(', '.join(words)) if self._wanted else '')
        self._warn()

    def _none(self) -> str:
        if self._name:
            return _('No document is named like “{name}”.', name=self._name)
        return _('There are no documents yet. Add a handbook, a policy or a set of slides, or drop it on this page.')

    def _row(self, document: DocumentView) -> str:
        ticked, ready = document.id in self._wanted, document.status == 'indexed'
        if ready:
            said = escape(ngettext('{n} page', '{n} pages', document.pages))
        elif document.status == 'indexing':
            said = status_html('indexing', percent(document.progress))
        else:
            said = status_html(document.status)
        given = attributes(
            type='button', class_='cw-pick', role='checkbox', data_act='toggle', data_of=str(document.id),
            aria_checked=str(ticked).lower(), disabled=document.status == 'failed' and not ticked,
        )  # fmt: skip
        box = icon('check_box' if ticked else 'check_box_outline_blank')
        return (
            f'<button{given}>{box}<span class="cw-two"><b class="cw-cut">{escape(document.name)}</b>'
            f'<small>{escape(document_kind(document.media_type))}, {escape(document.uploader)}</small></span>'
            f'<span class="cw-push">{said}</span></button>'
        )

    def _toggle(self, act: str, of: str) -> None:
        document_id = UUID(of)
        if document_id in self._wanted:
            del self._wanted[document_id]
        elif document_id in self._known:
            self._wanted[document_id] = None
        self._draw()
        self._on_change(len(self._wanted))

    def _added(self, document_id: str) -> None:
        self._wanted[UUID(document_id)] = None
        refresh_later(self._list, self.refresh)
        self._on_change(len(self._wanted))

    def _find(self, name: str) -> None:
        self._name = name.strip()
        refresh_later(self._list, self.refresh)

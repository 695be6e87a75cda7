"""The shelf: documents and folders, added, followed while they are read, searched and put in order."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from nicegui import ui

from components.action import action
from components.button import button
from components.card import card
from components.empty_state import empty_state
from components.frame import here
from components.i18n import _
from components.layout import page, stack
from components.live import live, refresh_later
from components.markup import escape, markup
from components.menu import MenuEntry, menu_button
from components.page_header import page_header
from components.search_field import filter_chip, search_field
from components.skeleton import skeleton
from components.uploads import uploads
from pages.areas import area_links
from pages.guarded import id_in
from pages.knowledge import adding
from pages.knowledge.asking import Asking
from pages.knowledge.rows import document_row, folder_row, none_html, pager_html
from pages.knowledge.wording import collection_names
from services.errors import NotFound
from services.knowledge.folders import FolderView
from services.knowledge.intake import LARGEST_UPLOAD
from services.platform import Services
from services.viewer import Permission, Viewer

PATH = '/knowledge'
_PAGE = 20
_SAMPLE = Path(__file__).parents[2] / 'app' / 'demo' / 'handbooks' / 'food-safety-handbook.pdf'


def index(viewer: Viewer, services: Services, q: str = '', folder: str = '', collection: str = '') -> None:
    here(_('Knowledge'), nav=PATH)
    with page():
        _Shelf(viewer, services, q, _id_or_none(folder), collection if collection in collection_names() else '')


class _Shelf:
    """The page: header, what is being sent, search, and the list, which follows the bus."""

    def __init__(self, viewer: Viewer, services: Services, query: str, folder_id: UUID | None, collection: str) -> None:
        self._viewer, self._services = viewer, services
        self._folder_id, self._collection = folder_id, collection
        self._folders: dict[UUID, FolderView] = {}
        self._may_add = viewer.may(Permission.KNOWLEDGE_WRITE)
        self._name, self._first = '', 0
        self._header = page_header(_('Knowledge'), subtitle=_('The documents your courses are made from'))
        area_links(viewer, 'knowledge', PATH)
        if self._may_add:
            self._build_actions()
        with stack('tight') as self._filled:
            self._asking = Asking(viewer, services, query, folder_id)
            self._build_list()
        self._filled.set_visibility(False)
        self._empty = ui.element('div')
        with ui.element('div') as self._loading:
            skeleton(6)
        live(self._filled, services.bus, f'documents:{viewer.organization_id}', self.refresh)
        refresh_later(self._filled, self.refresh)

    def _build_actions(self) -> None:
        with self._header.actions:
            self._add = button(_('Add documents'), kind='primary', icon='upload_file')
            menu_button(
                [
                    MenuEntry(text=_('Add a web page'), icon='language', on_click=self._add_web_page),
                    MenuEntry(text=_('New folder'), icon='create_new_folder', on_click=self._new_folder),
                ],
                label=_('More ways to add'),
            )
        into = f'?folder_id={self._folder_id}' if self._folder_id else ''
        self._uploads = uploads(f'{adding.UPLOAD_URL}{into}', accept=adding.ACCEPTED, most=LARGEST_UPLOAD)
        self._uploads.opens(self._add)

    def _build_list(self) -> None:
        with card(_('Documents'), padded=False) as listed:
            with listed.aside:
                filter_chip(
                    _('Collection'), collection_names(), value=self._collection or None, on_change=self._collect
                )
                search_field(_('Find by name'), on_change=self._find)
            self._rows = markup(on_act=self._act)
            self._pager = markup(classes='cw-card-foot', on_act=self._turn)

    @action
    async def refresh(self) -> None:
        self._folders = {folder.id: folder for folder in await self._services.folders.list(self._viewer)}
        if self._folder_id is not None and self._folder_id not in self._folders:
            ui.navigate.to(PATH)  # it was deleted, here or by somebody else
            return
        self._say_where()
        try:
            found, total = await self._services.documents.list(
                self._viewer,
                search=self._name,
                limit=_PAGE,
                offset=self._first,
                folder_id=self._folder_id,
                outside=not self._collection,
                collection=self._collection,
            )
        except NotFound:
            return
        if not found and self._first:
            self._first = 0
            await self.refresh()
            return
        line = (await self._services.knowledge.wishes(self._viewer)).quality_line
        within = self._shown_folders()
        nothing = total == 0 and not (self._name or self._folder_id or self._collection or self._folders)
        self._loading.set_visibility(False)
        self._filled.set_visibility(not nothing)
        self._show_empty(nothing)
        rows = [self._folder_row(folder) for folder in within if self._first == 0]
        rows += [document_row(document, line=line, may_change=self._may_add) for document in found]
        self._rows.show(''.join(rows) or self._none())
        self._pager.set_visibility(total > _PAGE)
        self._pager.show(pager_html(self._first, len(found), total))

    def _say_where(self) -> None:
        if self._folder_id is None:
            return
        path = self._folders[self._folder_id].path
        above = [(name, f'{PATH}?folder={key}') for key, name in path[:-1]]
        here((_('Knowledge'), PATH), *above, path[-1][1], nav=PATH)
        self._header.say(path[-1][1], eyebrow=' › '.join([_('Knowledge'), *(name for _key, name in path[:-1])]))

    def _shown_folders(self) -> list[FolderView]:
        if self._collection:
            return []
        if self._name:
            return [
                folder
                for folder in self._folders.values()
                if self._name.lower() in folder.name.lower()
                and (self._folder_id is None or self._folder_id in [key for key, _name in folder.path[:-1]])
            ]
        return [folder for folder in self._folders.values() if folder.parent_id == self._folder_id]

    def _folder_row(self, folder: FolderView) -> str:
        inside = sum(each.parent_id == folder.id for each in self._folders.values())
        return folder_row(folder, folders_inside=inside, may_change=self._may_add)

    def _none(self) -> str:
        if self._name:
            return none_html(self._name)
        words = _('Nothing lies here yet. Add documents, or move some here from the list.')
        if self._collection:
            words = _('No document is in this collection. Open one, and choose on its page what it serves.')
        return f'<p class="cw-none">{escape(words)}</p>'

    def _show_empty(self, nothing: bool) -> None:
        self._empty.set_visibility(nothing)
        if self._may_add:
            self._add.set_visibility(not nothing)
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
    async def _add_web_page(self) -> None:
        await adding.add_web_page(self._viewer, self._services, self._folder_id)

    @action
    async def _new_folder(self) -> None:
        await adding.name_folder(self._viewer, self._services, parent_id=self._folder_id)

    def _collect(self, collection: str | None) -> None:
        self._collection, self._first = collection or '', 0
        query = {'folder': str(self._folder_id or ''), 'collection': self._collection}
        words = urlencode({key: value for key, value in query.items() if value})
        ui.navigate.history.replace(f'{PATH}?{words}' if words else PATH)
        refresh_later(self._rows, self.refresh)

    def _find(self, name: str) -> None:
        self._name, self._first = name.strip(), 0
        refresh_later(self._rows, self.refresh)

    def _turn(self, act: str, of: str) -> None:
        self._first = max(0, self._first + (_PAGE if of == 'next' else -_PAGE))
        refresh_later(self._rows, self.refresh)

    @action
    async def _act(self, act: str, of: str) -> None:
        key, folder = id_in(of), self._folders.get(id_in(of))
        match act:
            case 'retry':
                await self._services.documents.retry(self._viewer, key)
            case 'remove':
                await adding.remove_document(self._viewer, self._services, key)
            case 'move':
                await adding.move_document(self._viewer, self._services, key)
            case 'folder-rename' if folder:
                await adding.name_folder(self._viewer, self._services, folder)
            case 'folder-move' if folder:
                await adding.move_folder(self._viewer, self._services, folder)
            case 'folder-delete' if folder:
                await adding.delete_folder(self._viewer, self._services, folder)


def _id_or_none(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


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

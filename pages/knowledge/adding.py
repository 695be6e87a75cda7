"""What comes in and where it goes: a web page, a folder, another place."""

from collections.abc import Sequence
from uuid import UUID

from components.action import action
from components.button import button
from components.dialog import dialog
from components.field import select_field, text_field
from components.i18n import _
from components.notice import toast
from services.knowledge.folders import LONGEST_NAME, FolderView
from services.knowledge.web_pages import LONGEST_ADDRESS
from services.platform import Services
from services.viewer import Viewer

ACCEPTED = ('.pdf', '.docx', '.pptx', '.html', '.htm', '.md', '.markdown', '.txt')
UPLOAD_URL = '/api/v1/rag/documents'


async def add_web_page(viewer: Viewer, services: Services, folder_id: UUID | None = None) -> None:
    asked = dialog(
        _('Add a web page'),
        _('The page is fetched once and read like any document. Fetch it again when it has changed.'),
    )
    with asked.body:
        address = text_field(
            _('Address'),
            kind='url',
            limit=LONGEST_ADDRESS,
            placeholder='https://company.com/handbook',
            help=_('A page or a file that opens without signing in.'),
        )
        address.control.props('autofocus')

    @action(fields={'url': address})
    async def submit() -> None:
        go.props('loading')
        try:
            added = await services.web_pages.add(viewer, str(address.value or ''), folder_id=folder_id)
        finally:
            go.props(remove='loading')
        asked.submit(True)
        toast(_('{name} is fetched and is being read.', name=added.name))

    address.on_enter(submit)
    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        go = button(_('Fetch and add'), kind='primary', on_click=submit)
    await asked.answer()


async def name_folder(
    viewer: Viewer, services: Services, folder: FolderView | None = None, *, parent_id: UUID | None = None
) -> None:
    """A new one inside `parent_id`, or another name for `folder`."""
    asked = dialog(_('Rename the folder') if folder else _('New folder'))
    with asked.body:
        name = text_field(
            _('Name'), value=folder.name if folder else '', limit=LONGEST_NAME, placeholder=_('Kitchen rules')
        )
        name.control.props('autofocus')

    @action(fields={'name': name})
    async def submit() -> None:
        typed = str(name.value or '')
        if folder:
            await services.folders.rename(viewer, folder.id, typed)
        else:
            await services.folders.create(viewer, typed, parent_id=parent_id)
        asked.submit(True)

    name.on_enter(submit)
    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(_('Save'), kind='primary', on_click=submit)
    await asked.answer()


async def choose_folder(
    folders: Sequence[FolderView], *, title: str, now: UUID | None, without: UUID | None = None
) -> tuple[bool, UUID | None]:
    """(whether somebody chose, the folder or None for the top). `without` a folder and all inside it."""
    offered = {'': _('Knowledge, in no folder')} | {
        str(folder.id): ' › '.join(name for _key, name in folder.path)
        for folder in folders
        if without is None or without not in [key for key, _name in folder.path]
    }
    asked = dialog(title)
    with asked.body:
        place = select_field(_('To'), offered, value=str(now or '') if str(now or '') in offered else '', search=True)
    with asked.foot:
        button(_('Cancel'), on_click=lambda: asked.submit(None))
        button(_('Move'), kind='primary', on_click=lambda: asked.submit(str(place.value or '')))
    answer = await asked.answer()
    return isinstance(answer, str), UUID(answer) if isinstance(answer, str) and answer else None


async def move_document(viewer: Viewer, services: Services, document_id: UUID) -> None:
    document = await services.documents.get(viewer, document_id)
    folders = await services.folders.list(viewer)
    if not folders:
        toast(_('There is no folder yet. Make one first.'))
        return
    chosen, folder_id = await choose_folder(folders, title=_('Move {name}', name=document.name), now=document.folder_id)
    if not chosen or folder_id == document.folder_id:
        return
    before = document.folder_id
    await services.folders.put(viewer, [document_id], folder_id)

    @action
    async def undo() -> None:
        await services.folders.put(viewer, [document_id], before)

    toast(_('{name} is moved.', name=document.name), undo=undo)


async def move_folder(viewer: Viewer, services: Services, folder: FolderView) -> None:
    chosen, parent_id = await choose_folder(
        await services.folders.list(viewer),
        title=_('Move {name}', name=folder.name),
        now=folder.parent_id,
        without=folder.id,
    )
    if chosen and parent_id != folder.parent_id:
        await services.folders.move(viewer, folder.id, parent_id=parent_id)


async def delete_folder(viewer: Viewer, services: Services, folder: FolderView) -> None:
    await services.folders.delete(viewer, folder.id)

    @action
    async def restore() -> None:
        await services.folders.restore(viewer, folder.id)

    toast(_('The folder {name} is deleted. What lay in it is one level up.', name=folder.name), undo=restore)


async def remove_document(viewer: Viewer, services: Services, document_id: UUID) -> None:
    """Takes a document away and offers to bring it back."""
    document = await services.documents.get(viewer, document_id)
    await services.documents.remove(viewer, document_id)

    @action
    async def restore() -> None:
        await services.documents.restore(viewer, document_id)

    toast(_('{name} is removed. Courses that cite it keep their pages.', name=document.name), undo=restore)

"""Folders of the knowledge base: made, renamed, moved, deleted and brought back, and what lies in them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.clock import now
from services.errors import InvalidInput, NotFound
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import documents as document_rows
from storage import knowledge as rows
from storage.knowledge import Folder
from storage.organizations import locked_organization

LONGEST_NAME, _DEEPEST = 100, 12


@dataclass(frozen=True, kw_only=True)
class FolderView:
    """`path` are (id, name) from the top to the folder itself; `documents` counts what lies directly in it."""

    id: UUID
    name: str
    parent_id: UUID | None
    documents: int
    path: tuple[tuple[UUID, str], ...]


class FolderService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def list(self, viewer: Viewer) -> Sequence[FolderView]:
        """All of them, by their path."""
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            folders = {folder.id: folder for folder in await rows.folders(work.scope)}
            counts = await rows.documents_per_folder(work.scope)
        views = [_view(folder, folders, counts) for folder in folders.values()]
        return sorted(views, key=lambda view: [name.lower() for _, name in view.path])

    async def create(self, viewer: Viewer, name: str, *, parent_id: UUID | None = None) -> FolderView:
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            folders = await self._folders(work)
            if parent_id is not None and parent_id not in folders:
                raise NotFound()
            folder = Folder(name=_checked_name(name, parent_id, folders), parent_id=parent_id)
            folders[folder.id] = folder
            _check_depth(folder, folders)
            work.add(folder)
            await work.tx.flush()
            work.record('folder.created', folder, after={'name': folder.name})
            return self._changed(work, folder, folders)

    async def rename(self, viewer: Viewer, folder_id: UUID, name: str) -> FolderView:
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            folders = await self._folders(work)
            folder = _of(folders, folder_id)
            before = folder.name
            folder.name = _checked_name(name, folder.parent_id, folders, besides=folder_id)
            work.record('folder.renamed', folder, before={'name': before}, after={'name': folder.name})
            return self._changed(work, folder, folders)

    async def move(self, viewer: Viewer, folder_id: UUID, *, parent_id: UUID | None) -> FolderView:
        """Into another folder, or to the top (None)."""
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            folders = await self._folders(work)
            folder = _of(folders, folder_id)
            if parent_id is not None:
                parent = _of(folders, parent_id)
                if folder_id in [key for key, _ in _path(parent, folders)]:
                    fault = 'A folder cannot be moved into itself. Choose another one.'
                    raise InvalidInput(fault, fields={'parent_id': fault})
            _checked_name(folder.name, parent_id, folders, besides=folder_id)
            folder.parent_id = parent_id
            for each in folders.values():
                _check_depth(each, folders)
            work.record('folder.moved', folder, after={'into': str(parent_id or '')})
            return self._changed(work, folder, folders)

    async def delete(self, viewer: Viewer, folder_id: UUID) -> None:
        """What lies in it goes to the folder around it; `restore` undoes both."""
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            folders = await self._folders(work)
            folder = _of(folders, folder_id)
            within = await rows.lineages_in(work.scope, folder_id)
            await rows.move_documents(work.scope, within, folder.parent_id)
            below = [each for each in folders.values() if each.parent_id == folder_id]
            for each in below:
                each.parent_id = folder.parent_id
            folder.held = [str(key) for key in [*within, *(each.id for each in below)]]
            folder.deleted_at = now()
            work.record('folder.deleted', folder, before={'name': folder.name})
            self._changed(work, folder, folders)

    async def restore(self, viewer: Viewer, folder_id: UUID) -> FolderView:
        """With everything that lay in it and has not been moved elsewhere since."""
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            folder = await work.removed(Folder, folder_id)
            folders = await self._folders(work)
            if folder.parent_id not in folders:
                folder.parent_id = None
            held = [UUID(key) for key in folder.held]
            await rows.move_documents(work.scope, await rows.still_in(work.scope, held, folder.parent_id), folder.id)
            for key in held:
                if key in folders and folders[key].parent_id == folder.parent_id:
                    folders[key].parent_id = folder.id
            folder.deleted_at, folder.held = None, []
            folders[folder.id] = folder
            work.record('folder.restored', folder)
            return self._changed(work, folder, folders)

    async def put(self, viewer: Viewer, document_ids: Collection[UUID], folder_id: UUID | None) -> None:
        """Moves documents into a folder, or to the top (None)."""
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            folder = None if folder_id is None else await work.get(Folder, folder_id)
            found = await document_rows.documents_by_id(work.scope, document_ids)
            if len(found) < len(set(document_ids)):
                raise NotFound()
            await rows.move_documents(work.scope, [document.lineage_id for document in found], folder_id)
            for document in found:
                work.record('document.moved', document, after={'folder': folder.name if folder else ''})
            work.changed(f'documents:{work.scope.organization_id}')

    async def _folders(self, work: Work) -> dict[UUID, Folder]:
        """One at a time changes folders: two who make the same one at once make one."""
        await locked_organization(work.scope)
        return {folder.id: folder for folder in await rows.folders(work.scope)}

    def _changed(self, work: Work, folder: Folder, folders: dict[UUID, Folder]) -> FolderView:
        work.tx.add(folder)
        work.changed(f'documents:{work.scope.organization_id}')
        return _view(folder, folders, {})


def within(folders: Sequence[Folder], folder_id: UUID) -> set[UUID]:
    """The folder and all that lie in it, however deep."""
    found, grown = {folder_id}, 0
    while grown < len(found):
        grown = len(found)
        found |= {folder.id for folder in folders if folder.parent_id in found}
    return found


def _of(folders: dict[UUID, Folder], folder_id: UUID) -> Folder:
    if folder_id not in folders:
        raise NotFound()
    return folders[folder_id]


def _view(folder: Folder, folders: dict[UUID, Folder], counts: dict[UUID | None, int]) -> FolderView:
    return FolderView(
        id=folder.id,
        name=folder.name,
        parent_id=folder.parent_id,
        documents=counts.get(folder.id, 0),
        path=_path(folder, folders),
    )


def _path(folder: Folder, folders: dict[UUID, Folder]) -> tuple[tuple[UUID, str], ...]:
    path = [(folder.id, folder.name)]
    above = folder.parent_id
    while above in folders and len(path) <= len(folders):
        path.insert(0, (above, folders[above].name))
        above = folders[above].parent_id
    return tuple(path)


def _check_depth(folder: Folder, folders: dict[UUID, Folder]) -> None:
    if len(_path(folder, folders)) > _DEEPEST:
        raise InvalidInput('Folders may lie {most} deep. Put it further up.', most=_DEEPEST)


def _checked_name(
    name: str, parent_id: UUID | None, folders: dict[UUID, Folder], *, besides: UUID | None = None
) -> str:
    clean = ' '.join(name.split())
    fault = ''
    if not clean:
        fault = 'Give the folder a name.'
    elif len(clean) > LONGEST_NAME:
        fault = f'Keep the name under {LONGEST_NAME} characters.'
    elif any(
        each.parent_id == parent_id and each.name.lower() == clean.lower() and each.id != besides
        for each in folders.values()
    ):
        fault = 'There is a folder of this name here already. Choose another name.'
    if fault:
        raise InvalidInput(fault, fields={'name': fault})
    return clean

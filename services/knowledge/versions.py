"""The versions of a document: which there are, a newer one, an older one back, and what differs between two."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from uuid import UUID

from services.errors import Conflict, NotFound
from services.knowledge.intake import Intake, Kept
from services.knowledge.views import DocumentView, document_view
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import documents as rows
from storage.database import Scope
from storage.documents import Document
from storage.files import FileStore


@dataclass(frozen=True, kw_only=True)
class PageChange:
    """A page that reads differently; where it is new or gone, the other side is None and ''."""

    page_old: int | None
    page_new: int | None
    text_old: str
    text_new: str


@dataclass(frozen=True, kw_only=True)
class OriginalFile:
    """The file as it was added."""

    name: str
    media_type: str
    path: Path


class Versions:
    def __init__(self, gate: Gate, store: FileStore, intake: Intake) -> None:
        self._gate = gate
        self._store = store
        self._intake = intake

    async def list(self, viewer: Viewer, document_id: UUID) -> Sequence[DocumentView]:
        """Of the document that any of its versions names, newest first."""
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            document = await work.get(Document, document_id)
            found = await rows.lineage(work.scope, document.lineage_id)
            return [document_view(version) for version in found if version.deleted_at is None]

    async def add(self, viewer: Viewer, document_id: UUID, kept: Kept) -> DocumentView:
        """The kept file as the newest version; refused where it is, byte for byte, the one that stands."""
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            document = await work.get(Document, document_id)
            return await self._add(work, document, kept, 'document.replaced')

    async def restore(self, viewer: Viewer, document_id: UUID) -> DocumentView:
        """An older version as it was, as a new newest one."""
        async with self._gate.writing(viewer, Permission.KNOWLEDGE_WRITE) as work:
            old = await work.get(Document, document_id)
            kept = Kept(name=old.name, sha256=old.sha256, size=old.size, media_type=old.media_type)
            return await self._add(work, old, kept, 'document.version_restored')

    async def file(self, viewer: Viewer, document_id: UUID) -> OriginalFile:
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            document = await work.get(Document, document_id)
        path = self._store.path(document.organization_id, document.sha256)
        if not await asyncio.to_thread(path.is_file):
            raise NotFound('The file of “{name}” is not kept here any more.', name=document.name)
        return OriginalFile(name=document.name, media_type=document.media_type, path=path)

    async def changes(self, viewer: Viewer, document_id: UUID, *, since: UUID) -> Sequence[PageChange]:
        """What reads differently in a version than in an earlier one (`since`) of the same document."""
        async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
            new, old = await work.get(Document, document_id), await work.get(Document, since)
            if new.lineage_id != old.lineage_id:
                raise Conflict('These are not two versions of one document.')
            return await changed_pages(work.scope, old.id, new.id)

    async def _add(self, work: Work, document: Document, kept: Kept, action: str) -> DocumentView:
        versions = await rows.lineage(work.scope, document.lineage_id, lock=True)
        before = next((version for version in versions if version.current), document)
        if before.deleted_at is not None:
            raise Conflict('“{name}” is removed. Bring it back first.', name=before.name)
        if kept.sha256 == before.sha256 and before.status == rows.INDEXED:
            raise Conflict('This is the version that stands already: nothing in it has changed.')
        version = work.add(
            Document(
                **asdict(kept),
                collection=before.collection,
                folder_id=before.folder_id,
                uploaded_by=work.viewer.user_id,
                uploader=work.viewer.full_name,
                lineage_id=document.lineage_id,
                version=versions[0].version + 1,
                current=False,
            )
        )
        await work.tx.flush()
        work.record(action, version, after={'name': kept.name, 'version': version.version, 'size': kept.size})
        work.changed(f'document:{before.id}')
        return self._intake.begin(work, version)


async def unsettled(scope: Scope, document: Document) -> list[Document]:
    """Newer versions that have not taken its place: they are being read, or could not be."""
    return [one for one in await rows.lineage(scope, document.lineage_id) if one.version > document.version]


async def changed_pages(scope: Scope, old_document_id: UUID, new_document_id: UUID) -> list[PageChange]:
    """Every page that reads differently, in the order of the new document."""
    old = [(page.number, page.text) for page in await rows.pages(scope, old_document_id)]
    new = [(page.number, page.text) for page in await rows.pages(scope, new_document_id)]
    return await asyncio.to_thread(lambda: list(page_changes(old, new)))


def page_changes(old: Sequence[tuple[int, str]], new: Sequence[tuple[int, str]]) -> Iterator[PageChange]:
    """Pages are (number, text). A page that only moved to another number is no change."""
    plain_old, plain_new = [_plain(text) for _, text in old], [_plain(text) for _, text in new]
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, plain_old, plain_new, autojunk=False).get_opcodes():
        if kind == 'equal':
            continue
        for i, j in _paired(plain_old[i1:i2], plain_new[j1:j2]):
            before = old[i1 + i] if i is not None else (None, '')
            after = new[j1 + j] if j is not None else (None, '')
            yield PageChange(page_old=before[0], page_new=after[0], text_old=before[1], text_new=after[1])


def _paired(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Which page became which, in order: the pairing whose pages share the most words."""
    if len(old) == len(new) or len(old) * len(new) > _MOST_PAIRS:
        both = min(len(old), len(new))
        rest = [(i, None) for i in range(both, len(old))] + [(None, j) for j in range(both, len(new))]
        return [*((place, place) for place in range(both)), *rest]
    words_old, words_new = [set(text.split()) for text in old], [set(text.split()) for text in new]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            together = _alike(words_old[i], words_new[j]) + best[i + 1][j + 1]
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new):
            alike = _alike(words_old[i], words_new[j])
            if alike >= _SAME_PAGE and best[i][j] == alike + best[i + 1][j + 1]:
                pairs.append((i, j))
                i, j = i + 1, j + 1
                continue
        if j == len(new) or (i < len(old) and best[i][j] == best[i + 1][j]):
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return pairs


def _alike(one: set[str], other: set[str]) -> float:
    """Words that both have, of all: 0 to 1; too little counts as nothing."""
    share = len(one & other) / len(one | other) if one or other else 1.0
    return share if share >= _SAME_PAGE else 0.0


def _plain(text: str) -> str:
    return ' '.join(text.split())


_MOST_PAIRS, _SAME_PAGE = 40_000, 0.2

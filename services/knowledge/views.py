"""Documents, their pages and passages, as screens and programs see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.documents import Document


@dataclass(frozen=True, kw_only=True)
class DocumentView:
    """`status` is queued, indexing, indexed or failed; `progress` is 0 to 1 while indexing.

    Of the versions that share `lineage_id` one is `current`: the newest that could be read. `language` is a code, ''
    where it cannot be told; `quality` is 0 to 100, None until it was read; `reasons` are (key of quality.REASONS,
    number, points lost); `hidden` counts what was left out because a reader would not have seen it.
    """

    id: UUID
    name: str
    collection: str
    media_type: str
    size: int
    status: str
    progress: float
    error: str | None
    warnings: tuple[str, ...]
    pages: int
    chunks: int
    uploader: str
    created_at: datetime
    lineage_id: UUID
    version: int
    current: bool
    replaced_by: UUID | None
    folder_id: UUID | None
    source_url: str
    fetched_at: datetime | None
    language: str
    quality: int | None
    reasons: tuple[tuple[str, float, int], ...]
    included_anyway: bool
    hidden: int


@dataclass(frozen=True, kw_only=True)
class HiddenView:
    """What was left out; `kind` as in services/knowledge/parsing/document.py, `page` 0 where it stands on none."""

    kind: str
    page: int
    count: int
    text: str


@dataclass(frozen=True, kw_only=True)
class ChunkView:
    id: UUID
    ordinal: int
    page: int
    start: int
    end: int
    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PageView:
    number: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """A passage that answers a query; `score` is 0 to 1, best first, and `learned` the part of it from thumbs.

    `kind`: document; lesson (then `document_id` is the lesson's and `page` 0); question, with what helped.
    """

    document_id: UUID
    document_name: str
    page: int
    start: int
    end: int
    heading: str
    text: str
    score: float
    learned: float = 0.0
    kind: str = 'document'


def document_view(document: Document) -> DocumentView:
    return DocumentView(
        id=document.id,
        name=document.name,
        collection=document.collection,
        media_type=document.media_type,
        size=document.size,
        status=document.status,
        progress=document.progress,
        error=document.error,
        warnings=tuple(filter(None, document.warnings.split('\n'))),
        pages=document.pages,
        chunks=document.chunks,
        uploader=document.uploader,
        created_at=document.created_at,
        lineage_id=document.lineage_id,
        version=document.version,
        current=document.current,
        replaced_by=document.replaced_by,
        folder_id=document.folder_id,
        source_url=document.source_url,
        fetched_at=document.fetched_at,
        language=document.language,
        quality=document.quality,
        reasons=tuple((str(key), float(value), int(lost)) for key, value, lost in document.quality_reasons),
        included_anyway=document.included_anyway,
        hidden=document.hidden,
    )

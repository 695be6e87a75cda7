"""Words that somebody typed and has not saved: kept on the server for their tab, so that a reload loses nothing."""

from typing import Any
from uuid import UUID

from nicegui import app as site


def keep(block_id: UUID, shown_hash: str, content: dict[str, Any]) -> None:
    _drafts()[str(block_id)] = {'hash': shown_hash, 'content': content}


def kept(block_id: UUID) -> dict[str, Any] | None:
    """{'hash', 'content'} as they were when typing paused."""
    found = _drafts().get(str(block_id))
    return dict(found) if found else None


def forget(block_id: UUID) -> None:
    _drafts().pop(str(block_id), None)


def _drafts() -> dict[str, Any]:
    drafts: dict[str, Any] = site.storage.tab.setdefault('unsaved', {})
    return drafts

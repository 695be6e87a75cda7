"""Somebody saved first: both people's words in one text, where they do not contradict each other."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.editing.merging import merged
from services.errors import NotFound
from services.generation.content import checked_content
from services.viewer import Permission, Viewer
from services.work import Gate
from storage.courses import Block, revisions


@dataclass(frozen=True, kw_only=True)
class MergeView:
    """`content` has the changes of both, None where they touched the same place; `hash` is what it stands on now."""

    content: dict[str, Any] | None
    hash: str


class MergeService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def merge(self, viewer: Viewer, block_id: UUID, base_hash: str, mine: dict[str, Any]) -> MergeView:
        """What somebody wrote from the words `base_hash`, put together with what the block says by now."""
        async with self._gate.reading(viewer, Permission.DRAFT_WRITE) as work:
            block = await work.get(Block, block_id)
            base = next((one for one in await revisions(work.scope, block_id) if one.content_hash == base_hash), None)
            if base is None:
                raise NotFound()
            typed = checked_content(block.type, mine)
            return MergeView(content=merged(block.type, base.content, typed, block.content), hash=block.content_hash)

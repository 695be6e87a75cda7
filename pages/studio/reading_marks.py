"""What the reader had seen when they opened the page, and what says something else now.

Marks stay while the page is open, although the server learns at once what was on the screen: whoever comes back later
begins from there.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from components.on_screen import Shown
from pages.studio.part import Desk
from services.clock import now
from services.conversation.views import Seen
from services.errors import PlatformError
from services.generation.block_views import BlockView


class ReadingMarks:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: dict[UUID, Seen] | None = None
        self._now: dict[UUID, BlockView] = {}

    async def load(self, blocks: Sequence[BlockView]) -> None:
        """Asks the database once, when the page opens."""
        self._now = {block.id: block for block in blocks}
        if self._seen is None:
            self._seen = await self._desk.services.seen.seen(self._desk.viewer, self._desk.workflow.id)

    def before(self, view: BlockView) -> Seen | None:
        """What the reader saw of it, if it says something else now."""
        seen = (self._seen or {}).get(view.id)
        return seen if seen is not None and seen.hash != view.hash else None

    def changed(self, blocks: Iterable[BlockView]) -> list[UUID]:
        return [block.id for block in blocks if self.before(block) is not None]

    def since(self, blocks: Iterable[BlockView]) -> datetime | None:
        """When the reader last looked at one of those that changed."""
        return max((seen.at for block in blocks if (seen := self.before(block)) is not None), default=None)

    async def were_shown(self, shown: Shown) -> None:
        hashes = {UUID(key): shown_hash for key, shown_hash in shown if _is_id(key)}
        for key, shown_hash in hashes.items():
            view = self._now.get(key)
            if self._seen is not None and key not in self._seen and view is not None and view.hash == shown_hash:
                self._seen[key] = _as_it_is(view)
        with suppress(PlatformError):  # signed out meanwhile: the page says so by itself
            await self._desk.services.seen.mark(self._desk.viewer, self._desk.workflow.id, hashes)

    def is_mine(self, view: BlockView) -> None:
        """The reader wrote this: it is no news to them."""
        if self._seen is not None:
            self._seen[view.id] = _as_it_is(view)

    async def all_seen(self) -> None:
        await self._desk.services.seen.mark(self._desk.viewer, self._desk.workflow.id)
        self._seen = {key: _as_it_is(view) for key, view in self._now.items()}


def _as_it_is(view: BlockView) -> Seen:
    return Seen(revision=view.revision, hash=view.hash, at=now(), content=view.content)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

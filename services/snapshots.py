"""Figures that are worked out once per change, however many people look at them."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from services.bus import Bus

Value = TypeVar('Value')
_MOST = 500
# A word about a change can be lost on the way between replicas; this is how long that may show.
_LONGEST_SECONDS = 2.0


@dataclass
class _Kept(Generic[Value]):
    forget: list[Callable[[], None]]
    generation: int = 0
    value: Value | None = None
    made_for: int = -1
    made_at: float = 0.0
    making: asyncio.Task[Value] | None = None
    making_for: int = -1

    def changed(self) -> None:
        self.generation += 1


class Snapshots(Generic[Value]):
    """One value per key, made on demand, shared by everyone who asks, and made again after a word on its topics."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._kept: OrderedDict[Hashable, _Kept[Value]] = OrderedDict()

    async def get(
        self, organization_id: UUID, key: Hashable, topics: Sequence[str], make: Callable[[], Awaitable[Value]]
    ) -> Value:
        """The value as of now or later: a value whose making began before the last change is not given out.

        `key` is told apart within the organisation; what belongs to none is not kept here.
        """
        if not isinstance(organization_id, UUID):
            raise TypeError(f'A value is kept for an organisation, not for {organization_id!r}')
        kept = self._entry((organization_id, key), topics)
        generation = kept.generation
        fresh = kept.made_for == generation and time.monotonic() - kept.made_at < _LONGEST_SECONDS
        if fresh and kept.value is not None:
            return kept.value
        if kept.making is None or kept.making.done() or kept.making_for != generation:
            kept.making = asyncio.create_task(self._make(kept, generation, make))
            kept.making_for = generation
        # Shielded: whoever leaves must not take the value away from the others who wait for it.
        return await asyncio.shield(kept.making)

    async def _make(self, kept: _Kept[Value], generation: int, make: Callable[[], Awaitable[Value]]) -> Value:
        value = await make()
        if generation >= kept.made_for:
            kept.value, kept.made_for, kept.made_at = value, generation, time.monotonic()
        return value

    def _entry(self, key: Hashable, topics: Sequence[str]) -> _Kept[Value]:
        kept = self._kept.get(key)
        if kept is None:
            kept = _Kept(forget=[])
            kept.forget = [self._bus.subscribe(topic, kept.changed) for topic in topics]
            self._kept[key] = kept
            while len(self._kept) > _MOST:
                _, oldest = self._kept.popitem(last=False)
                for forget in oldest.forget:
                    forget()
        self._kept.move_to_end(key)
        return kept

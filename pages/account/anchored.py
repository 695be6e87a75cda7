"""What a click does, from a place that outlives the button: lists are drawn anew while their dialogs are open."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui


def anchored(place: ui.element, act: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def run(*given: Any) -> None:
        with place:
            await act(*given)

    return run

"""How a route learns who is asking."""

from collections.abc import Awaitable, Callable

from fastapi import Request

from services.viewer import Viewer

CurrentViewer = Callable[[Request], Awaitable[Viewer]]

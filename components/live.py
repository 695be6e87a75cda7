"""Parts of a page that stay true: they look again when the bus says that something changed."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from nicegui import Client, background_tasks, ui

Refresh = Callable[[], Awaitable[None] | None]


class Subscribable(Protocol):
    """What this needs of services.bus.Bus."""

    def subscribe(self, topic: str, callback: Refresh, /) -> Callable[[], None]: ...

    def listen(self, topic: str, callback: Callable[[Any], Awaitable[None] | None], /) -> Callable[[], None]: ...


def live(element: ui.element, bus: Subscribable, topic: str, refresh: Refresh) -> None:
    """Run `refresh` in the element's slot whenever the topic is published, and when the browser reconnects.

    Bursts become one: never two refreshes at once, at most one waiting. Ends with the element or the client.
    """
    _Live(element, refresh).begin(bus, topic)


def live_stream(element: ui.element, bus: Subscribable, topic: str, hear: Callable[[Any], None]) -> None:
    """Call `hear(payload)` in the element's slot for every message of a stream; the payload is None after a gap."""

    def heard(payload: Any) -> None:
        if not element.is_deleted:
            with element:
                hear(payload)

    unsubscribe = bus.listen(topic, heard)
    when_deleted(element, unsubscribe)


def refresh_later(element: ui.element, refresh: Refresh) -> None:
    """Fill the element after the first paint: show a `skeleton` in it meanwhile."""
    _Live(element, refresh).changed()


class _Live:
    def __init__(self, element: ui.element, refresh: Refresh) -> None:
        self._element, self._refresh = element, refresh
        self._running = self._again = False
        self._unsubscribe: Callable[[], None] | None = None
        self._peers: set[_Live] = set()

    def begin(self, bus: Subscribable, topic: str) -> None:
        self._unsubscribe = bus.subscribe(topic, self.changed)
        self._peers = _of(self._element.client)
        self._peers.add(self)
        when_deleted(self._element, self.end)

    def changed(self) -> None:
        if self._element.is_deleted:
            self.end()
        elif self._running:
            self._again = True
        else:
            self._running = True
            background_tasks.create(self._run(), name='live refresh')

    def end(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self._peers.discard(self)

    async def _run(self) -> None:
        try:
            while not self._element.is_deleted:
                self._again = False
                with self._element:
                    result = self._refresh()
                    if isinstance(result, Awaitable):
                        await result
                if not self._again:
                    break
        finally:
            self._running = False


_lives: WeakKeyDictionary[Client, set[_Live]] = WeakKeyDictionary()


def _of(client: Client) -> set[_Live]:
    if client not in _lives:
        _lives[client] = set()
        _watch(client)
    return _lives[client]


def _watch(client: Client) -> None:
    connections = 0

    def connected() -> None:
        nonlocal connections
        connections += 1
        if connections > 1:  # the first connection has just built the page
            for one in list(_lives.get(client, ())):
                one.changed()

    def gone() -> None:
        for one in list(_lives.get(client, ())):
            one.end()

    client.on_connect(connected)
    client.on_delete(gone)


def when_deleted(element: ui.element, callback: Callable[[], None]) -> None:
    """Call back once, when the element goes: with its page, its tab or the box around it."""
    # NiceGUI tells only subclasses that an element goes (`_handle_delete`); a marker element beside it would be cleared
    # by the very refresh it belongs to
    theirs: Any = element._handle_delete

    def handle() -> None:
        element.__dict__.pop('_handle_delete', None)  # breaks the reference cycle; the second of two finds it gone
        callback()
        theirs()

    element._handle_delete = handle  # type: ignore[method-assign]

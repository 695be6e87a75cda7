"""How far reading has come, said by a parser to whoever listens in this process."""

from collections.abc import Callable

Hear = Callable[[int, int], None]
_EVERY = 25
_listeners: list[Hear] = []


def listen(hear: Hear) -> None:
    """`hear(read, all)` now and then, in pages."""
    _listeners.append(hear)


def say(read: int, of: int) -> None:
    if read % _EVERY == 0:
        for hear in _listeners:
            hear(read, of)

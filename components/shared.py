"""What many open pages show alike is drawn once: hundreds of dashboards of one course need one piece of HTML."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from components.i18n import locale

Value = TypeVar('Value')
Drawn = TypeVar('Drawn')
_MOST = 256
_drawn: OrderedDict[Hashable, tuple[object, Any]] = OrderedDict()


def drawn_once(value: Value, name: str, draw: Callable[[Value], Drawn]) -> Drawn:
    """`draw(value)`, remembered for this very object (not one that is equal to it) and the viewer's language."""
    key = (id(value), name, locale())
    known = _drawn.get(key)
    if known is not None and known[0] is value:
        drawn: Drawn = known[1]
        return drawn
    drawn = draw(value)
    _drawn[key] = (value, drawn)  # holding the value keeps its id from being used again
    while len(_drawn) > _MOST:
        _drawn.popitem(last=False)
    return drawn

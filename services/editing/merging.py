"""Two people's versions of one block made one, where they changed different parts of it. Nothing is ever dropped:
where both touched the same part, there is no answer."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from services.richtext import sanitise

Change = tuple[int, int, tuple[str, ...]]


def merged(type: str, base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any] | None:
    """Content with both people's changes, or None where they contradict each other."""
    if type == 'text':
        parts = _merged(*(_parts(str(one.get('html', ''))) for one in (base, mine, theirs)))
        return None if parts is None else {'html': sanitise(''.join(parts))}
    if set(base) != set(mine) or set(base) != set(theirs):
        return None
    found: dict[str, Any] = {}
    for field, was in base.items():
        value = _field(was, mine[field], theirs[field])
        if value is None and not (was is None and mine[field] is None):
            return None
        found[field] = value
    return found


def _field(was: Any, mine: Any, theirs: Any) -> Any:
    if mine in (was, theirs):
        return theirs
    if theirs == was:
        return mine
    if all(isinstance(one, list) and all(isinstance(item, str) for item in one) for one in (was, mine, theirs)):
        return _merged(was, mine, theirs)
    return None


def _merged(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str] | None:
    """Three-way, part by part: what only one side changed is taken from it."""
    changes = [*_changes(base, mine), *_changes(base, theirs)]
    of_mine = len(_changes(base, mine))
    for first in changes[:of_mine]:
        for second in changes[of_mine:]:
            if first != second and _contradict(first, second):
                return None
    result, at = [], 0
    for start, end, new in sorted(set(changes)):
        result += [*base[at:start], *new]
        at = end
    return [*result, *base[at:]]


def _contradict(first: 'Change', second: 'Change') -> bool:
    if first[0] == first[1] == second[0] == second[1]:  # both added something at one place
        return True
    return first[0] < second[1] and second[0] < first[1]


def _changes(base: Sequence[str], side: Sequence[str]) -> 'list[Change]':
    """(start, end, new parts) of every stretch of the base that the side says otherwise."""
    codes = SequenceMatcher(None, base, side, autojunk=False).get_opcodes()
    return [(i1, i2, tuple(side[j1:j2])) for change, i1, i2, j1, j2 in codes if change != 'equal']


def _parts(html: str) -> list[str]:
    """The elements at the top of sanitised HTML, each with all that is in it."""
    reader = _Parts(html)
    reader.feed(html)
    reader.close()
    return reader.cut()


_VOID = frozenset({'img', 'br', 'hr'})


class _Parts(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self._html, self._depth, self._ends = html, 0, [0]
        self._lines = [0]
        for line in html.split('\n')[:-1]:
            self._lines.append(self._lines[-1] + len(line) + 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth == 0:
            self._ends.append(self._at())
        self._depth += tag not in _VOID

    def handle_endtag(self, tag: str) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._ends.append(self._html.index('>', self._at()) + 1)

    def cut(self) -> list[str]:
        ends = [*dict.fromkeys(self._ends), len(self._html)]
        pieces = [self._html[start:end] for start, end in pairwise(ends)]
        return [piece for piece in pieces if piece.strip()]

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

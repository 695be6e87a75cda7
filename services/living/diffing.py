"""What became of a quoted span in the newer version of its document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from services.generation.quotes import find_quote

CHANGED, GONE, MOVED = 'changed', 'gone', 'moved'
_SENTENCE = re.compile(r'[^\n.!?]*(?:[.!?](?!\s+["“„«(\[]?[A-ZÄÖÜÉÀ0-9]|\s*\n|\s*$)[^\n.!?]*)*[.!?]*["”’»)\]]*')
_ALIKE = 0.6
_NEAR = 2  # pages: what a sentence became is looked for here first

Pages = Sequence[tuple[int, str]]


@dataclass(frozen=True, kw_only=True)
class Quoted:
    page: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, kw_only=True)
class Fate:
    """`pairs` are the sentences of the quote that read differently now, with what they became ('': nothing like it).

    `now` is the span in the new version; None where nothing of the quote is left.
    """

    kind: str
    now: Quoted | None
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Place:
    page: int
    start: int
    end: int
    text: str


def fate_of(quoted: Quoted, new: Pages) -> Fate:
    for page, text in _nearest_first(quoted.page, new):
        near = (quoted.start, quoted.end) if page == quoted.page else None
        span = find_quote(text, quoted.quote, near=near)
        if span is not None:
            now = Quoted(page=page, start=span[0], end=span[1], quote=text[span[0] : span[1]])
            return Fate(kind=MOVED, now=now)
    return _changed(quoted, new)


def _changed(quoted: Quoted, new: Pages) -> Fate:
    every = [place for page, text in _nearest_first(quoted.page, new) for place in _places(page, text)]
    known = {_plain(place.text): place for place in reversed(every)}
    kept: list[_Place] = []
    pairs: list[tuple[str, str]] = []
    taken: set[tuple[int, int]] = set()
    for old in _places(quoted.page, quoted.quote):
        same = known.get(_plain(old.text))
        if same is not None:
            kept.append(same)
            continue
        found = _likest(old.text, every, quoted.page, taken)
        pairs.append((old.text, found.text if found else ''))
        if found:
            kept.append(found)
            taken.add((found.page, found.start))
    if not kept or all(not after for _, after in pairs):
        return Fate(kind=GONE, now=_span(kept, new), pairs=tuple(pairs))
    return Fate(kind=CHANGED, now=_span(kept, new), pairs=tuple(pairs))


def _span(kept: Sequence[_Place], new: Pages) -> Quoted | None:
    """From the first to the last sentence on the page that has most of them."""
    if not kept:
        return None
    pages = [place.page for place in kept]
    page = max(set(pages), key=lambda one: (pages.count(one), -one))
    here = [place for place in kept if place.page == page]
    start, end = min(place.start for place in here), max(place.end for place in here)
    text = next(text for number, text in new if number == page)
    if end - start > 3 * sum(len(place.text) for place in here):  # sentences that drifted apart: the first alone
        start, end = here[0].start, here[0].end
    return Quoted(page=page, start=start, end=end, quote=text[start:end])


def _likest(old: str, every: Sequence[_Place], page: int, taken: set[tuple[int, int]]) -> _Place | None:
    words = _plain(old).split()
    best: tuple[float, _Place] | None = None
    for place in every:
        if (place.page, place.start) in taken:
            continue
        matcher = SequenceMatcher(None, words, _plain(place.text).split(), autojunk=False)
        if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
            continue
        ratio = matcher.ratio() + (0.05 if abs(place.page - page) <= _NEAR else 0.0)
        if ratio >= _ALIKE and (best is None or ratio > best[0]):
            best = ratio, place
    return best[1] if best else None


def _places(page: int, text: str) -> list[_Place]:
    found = []
    for one in _SENTENCE.finditer(text):
        words = one[0].strip().lstrip('•–-*').strip()
        if not words:
            continue
        start = one.start() + one[0].index(words)
        found.append(_Place(page, start, start + len(words), words))
    return found


def _nearest_first(page: int, pages: Pages) -> list[tuple[int, str]]:
    return sorted(pages, key=lambda one: (abs(one[0] - page), one[0]))


def _plain(text: str) -> str:
    return ' '.join(re.findall(r'\w+(?:[.,]\w+)*|%|°', text.casefold()))

"""From lines on sheets of paper to paragraphs, headings and lists: what a typesetter did, undone."""

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from services.knowledge.language import sentences
from services.knowledge.parsing.formats.lines import BULLET, LEADER, NUMBERED, heading_level, joined
from services.knowledge.parsing.layout import Block


@dataclass(frozen=True, kw_only=True)
class Line:
    """Places in points, counted from the lower left; `size` that of the type."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool

    def with_text(self, text: str) -> 'Line':
        return replace(self, text=text)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    lines: list[Line]
    width: float
    height: float
    has_image: bool


@dataclass(frozen=True, kw_only=True)
class Bookmark:
    title: str
    level: int
    page: int


def typeset(sheets: Sequence[Sheet], bookmarks: Sequence[Bookmark]) -> Iterator[list[Block]]:
    """The blocks of each sheet, without running headers, footers and page numbers."""
    body = _body_size(line for sheet in sheets for line in sheet.lines)
    running = _running_lines(sheets, body)
    kept = [
        [line for place, line in enumerate(sheet.lines) if (number, place) not in running]
        for number, sheet in enumerate(sheets)
    ]
    style = _HouseStyle(kept, bookmarks, body)
    for number, lines in enumerate(kept, start=1):
        yield style.blocks(lines, number)


def _running_lines(sheets: Sequence[Sheet], body: float) -> set[tuple[int, int]]:
    """Sheet and place of lines that stand at the same height on several sheets and differ in numbers alone."""
    places: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    running: set[tuple[int, int]] = set()
    for number, sheet in enumerate(sheets):
        for place, line in enumerate(sheet.lines):
            if not _in_margin(line, sheet) or line.size >= body * 1.12:
                continue  # what is set larger than the text is the heading of a chapter
            if _PAGE_NUMBER.fullmatch(line.text) and _outermost(line, sheet):
                running.add((number, place))
            height = round(line.top if line.top > sheet.height / 2 else line.bottom)
            for rounded in {height // 4, (height + 2) // 4 + 10_000}:  # two grids, so that no edge parts neighbours
                places[_DIGITS.sub('#', line.text.lower()), rounded].append((number, place))
    for found in places.values():
        if len({number for number, _ in found}) >= 3:
            running.update(found)
    return running


def _in_margin(line: Line, sheet: Sheet) -> bool:
    return line.bottom > sheet.height * 0.88 or line.top < sheet.height * 0.12


def _outermost(line: Line, sheet: Sheet) -> bool:
    return all(line.bottom >= other.bottom for other in sheet.lines) or all(
        line.bottom <= other.bottom for other in sheet.lines
    )


class _HouseStyle:
    """How this document sets its body text and headings, learned from all of it."""

    def __init__(self, pages: Sequence[Sequence[Line]], bookmarks: Sequence[Bookmark], body: float) -> None:
        lines = [line for page in pages for line in page]
        self.body = body
        self._mostly_bold = sum(line.bold for line in lines) * 2 > len(lines)
        gaps = [
            upper.bottom - lower.bottom
            for page in pages
            for upper, lower in pairwise(page)
            if upper.size == lower.size == self.body and 0 < upper.bottom - lower.bottom < 3 * self.body
        ]
        self._leading = statistics.multimode(round(gap, 1) for gap in gaps)[0] if gaps else 1.2 * self.body
        self._bookmarks = {(mark.page, _bare(mark.title)): mark.level for mark in bookmarks}
        self._compounds = frozenset(
            word.lower() for line in lines for word in _COMPOUND.findall(line.text) if '-' in word
        )
        larger = sorted({line.size for line in lines if self._is_larger(line) and len(line.text) < 200}, reverse=True)
        self._ranks = {size: rank for rank, size in enumerate(_merged(larger), start=1)}

    def blocks(self, lines: Sequence[Line], page: int) -> list[Block]:
        blocks: list[Block] = []
        for group in self._groups(lines):
            text = joined([line.text for line in group], self._compounds)
            level = self._level(group, text, page)
            if level and blocks and blocks[-1].level == level and self._continues_heading(blocks[-1].text, text):
                blocks[-1] = replace(blocks[-1], text=f'{blocks[-1].text} {text}')
                continue
            kind: Literal['text', 'item', 'row'] = 'text'
            if not level and (_is_row(group[0]) or LEADER.search(text)):
                kind = 'row'
            elif not level and BULLET.match(group[0].text):
                kind = 'item'
            blocks.append(Block(text=_LEADERS.sub(' … ', text), level=level, kind=kind))
        return blocks

    def _groups(self, lines: Sequence[Line]) -> Iterator[list[Line]]:
        group: list[Line] = []
        width = max((line.right for line in lines), default=0.0) - min((line.left for line in lines), default=0.0)
        for line in lines:
            if group and self._begins_paragraph(group, line, width):
                yield group
                group = []
            group.append(line)
        if group:
            yield group

    def _begins_paragraph(self, group: list[Line], line: Line, width: float) -> bool:
        previous = group[-1]
        if abs(line.size - previous.size) >= 1 or (line.bold != previous.bold and not _same_baseline(previous, line)):
            # A word in bold at a line's end changes nothing; a line all in another type does.
            return len(group) > 1 or line.bold != group[0].bold or abs(line.size - group[0].size) >= 1
        if (line.bold or self._is_larger(line)) and NUMBERED.match(line.text):
            return True
        if BULLET.match(line.text) or _is_row(line) or _is_row(previous) or LEADER.search(previous.text):
            return True
        gap = previous.bottom - line.bottom
        if gap < -self.body * 2:
            return previous.text[-1] in '.!?:'  # on to the next column: the paragraph may go on there
        if gap > max(1.35 * self._leading * max(1.0, line.size / self.body), 1.7 * line.size):
            return True
        if (
            self._alone(previous)
            and previous.text[-1] not in '-,'
            and heading_level(previous.text)
            and not line.text[0].islower()
        ):
            return len(group) == 1 and '.' in previous.text.split()[0]
        ended = previous.text[-1] in '.!?:'
        indented = line.left - previous.left > 0.8 * line.size and len(group) > 1
        short = previous.right < group[0].left + width * 0.75
        return ended and (indented or short)

    def _alone(self, line: Line) -> bool:
        return len(line.text) <= 80

    def _level(self, group: list[Line], text: str, page: int) -> int:
        first = group[0]
        if len(group) > 4 or len(text) > 200 or _is_row(first) or LEADER.search(text) or not _WORD.search(text):
            return 0
        if bookmarked := self._bookmarks.get((page, _bare(text))):
            return bookmarked
        if text[0] in '(•–-' or text[0].islower() or len(sentences(text)) > 1:
            return 0
        told = heading_level(text) if len(group) <= 2 else 0
        if self._is_larger(first) and not (text.endswith('.') and len(text) > 60):
            return told if told and _NUMBERS.match(text) else self._rank(first)
        if text[-1] in '.,;!?':
            return 0
        if first.bold and not self._mostly_bold and len(text) <= 120 and not text.endswith(':'):
            return told or min(len(self._ranks) + 1, 6)
        numbered = told and _NUMBERS.match(text) and len(group) == 1 and len(text) <= 70
        if numbered and '.' in text.split()[0].rstrip('.'):
            return told
        # Capitals alone mean a heading only in a document that has no other way to set one.
        return told if told and not self._ranks and not _NUMBERS.match(text) and len(group) == 1 else 0

    def _is_larger(self, line: Line) -> bool:
        return line.size >= self.body * 1.12 and line.size - self.body >= 1

    def _rank(self, line: Line) -> int:
        nearest = min(self._ranks, key=lambda size: abs(size - line.size))
        return min(self._ranks[nearest], 6)

    @staticmethod
    def _continues_heading(above: str, text: str) -> bool:
        return text[0].islower() or above[-1] in '-–—:&,'


def _body_size(lines: Iterable[Line]) -> float:
    """The type size that most letters are set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _merged(sizes: Sequence[float]) -> list[float]:
    """Sizes that differ by less than a point are one style."""
    kept: list[float] = []
    for size in sizes:
        if not kept or kept[-1] - size >= 1:
            kept.append(size)
    return kept


def _is_row(line: Line) -> bool:
    return ' | ' in line.text


def _same_baseline(one: Line, other: Line) -> bool:
    return abs(one.bottom - other.bottom) < 2


def _bare(title: str) -> str:
    """What remains for comparing a heading with its bookmark: letters alone."""
    return ''.join(character for character in title.lower() if character.isalpha())


_DIGITS = re.compile(r'\d+')
_PAGE_NUMBER = re.compile(
    r'(?:[-–—|]\s*)?(?:(?:page|seite|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|von|\|)\s*\d{1,4})?(?:\s*[-–—|])?',
    re.IGNORECASE,
)
_NUMBERS = re.compile(r'\d')
_WORD = re.compile(r'[^\W\d_]{2,}')
_COMPOUND = re.compile(r'[^\W\d_]+(?:-[^\W\d_]+)+(?=\W)')
_LEADERS = re.compile(r'\s*(?:\.\s?){4,}\s*')

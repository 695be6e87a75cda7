"""The lines of one PDF page with their place and type size, without text that cannot be seen."""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from services.knowledge.parsing.cleaning import Cleaner
from services.knowledge.parsing.formats.lines import BULLET_MARK
from services.knowledge.parsing.formats.pdf_layout import Line, Sheet
from services.knowledge.parsing.formats.pdf_surface import Surface


def lines_of(page: pdfium.PdfPage, cleaner: Cleaner, number: int) -> tuple[Sheet, int]:
    """The lines in reading order, and how many characters were left out because nobody would see them.

    Calls into PDFium cost about a microsecond, so what is the same for a run of text is asked once a run.
    """
    text_page = page.get_textpage()
    handle = text_page.raw
    surface = Surface(page, text_page)
    gatherer = _Gatherer(surface)
    styles: dict[int, _Style] = {}
    style, last_run = _PLAIN, None
    for index in range(text_page.count_chars()):
        run = _run_of(handle, index)
        if run is not None and run != last_run:
            last_run = run
            if run not in styles:
                styles[run] = _style(handle, surface, run, index)
            style = styles[run]
        gatherer.character(index, raw.FPDFText_GetUnicode(handle, index), style, generated=run is None)
    gatherer.end_line()
    for why, text in gatherer.left_out():
        cleaner.leave_out(why, text, page=number)
    lines = [line for raw_line in gatherer.lines if (line := _cleaned(raw_line, cleaner)).text]
    sheet = Sheet(lines=lines, width=surface.width, height=surface.height, has_image=surface.has_image())
    text_page.close()
    return sheet, gatherer.unseen


@dataclass(frozen=True, kw_only=True)
class _Style:
    size: float
    bold: bool
    unseen: str
    """Why nobody sees it, in the words of `Hidden`; '' where they do."""


class _Gatherer:
    """Puts characters together to lines."""

    def __init__(self, surface: Surface) -> None:
        self.lines: list[Line] = []
        self.unseen = 0
        self._unseen_runs: list[tuple[_Style, list[str]]] = []
        self._surface = surface
        self._style = _PLAIN
        self._text: list[str] = []
        self._first = self._last = -1
        self._bold = 0
        self._sizes: Counter[float] = Counter()

    def character(self, index: int, code: int, style: _Style, *, generated: bool) -> None:
        """`generated` are the spaces and line ends that PDFium adds where it sees gaps."""
        if code in (0x0A, 0x0D):
            if code == 0x0A or not generated:
                self.end_line()
            return
        if not code or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            return
        if chr(code).isspace():
            if self._text:
                self._text.append(' ')
            if self._unseen_runs:
                self._unseen_runs[-1][1].append(' ')
            return
        if generated:
            self._text.append(chr(code))
            return
        if style.unseen:
            self.unseen += 1
            if not self._unseen_runs or self._unseen_runs[-1][0] is not style:
                self._unseen_runs.append((style, []))
            self._unseen_runs[-1][1].append(chr(code))
            return
        if self._text and self._text[-1] == ' ' and self._is_column_gap(index, style):
            self._text[-1] = ' | '
        self._first = index if self._first < 0 else self._first
        self._last = index
        self._style = style
        self._sizes[style.size] += 1
        self._bold += style.bold
        if code in _HYPHENS:
            self._text.append('-')
            self.end_line()
        else:
            self._text.append(chr(code))

    def left_out(self) -> Iterator[tuple[str, str]]:
        """(why, text) of what nobody sees; runs of the same kind that follow each other are one text."""
        for why, runs in groupby(self._unseen_runs, key=lambda run: run[0].unseen):
            yield why, ' '.join(''.join(letters) for _, letters in runs)

    def end_line(self) -> None:
        if self._first >= 0:
            left, bottom, _, top = self._surface.of_character(self._first)
            _, bottom_last, right, top_last = self._surface.of_character(self._last)
            self.lines.append(
                Line(
                    text=''.join(self._text),
                    left=left,
                    right=right,
                    top=max(top, top_last),
                    bottom=min(bottom, bottom_last),
                    size=self._sizes.most_common(1)[0][0],
                    bold=self._bold * 10 > self._sizes.total() * 8,
                )
            )
        self._begin_line()

    def _begin_line(self) -> None:
        self._text = []
        self._first = self._last = -1
        self._bold = 0
        self._sizes = Counter()

    def _is_column_gap(self, index: int, style: _Style) -> bool:
        """Whether the space before this character is that between two columns of a table."""
        if self._last < 0 or (self._sizes.total() < 4 and BULLET_MARK.fullmatch(''.join(self._text))):
            return False
        _, bottom, right, top = self._surface.of_character(self._last)
        gap = self._surface.of_character(index)[0] - right
        # Every cell is a run of its own; the words of a justified line mostly are not.
        return gap > (1.6 if style is self._style else 0.7) * (top - bottom)


_PLAIN = _Style(size=0.0, bold=False, unseen='')
_HYPHENS = (0x02, 0xFFFE, 0xAD)  # PDFium's marks for a hyphen that divides a word at a line's end
_TINY = 2.0  # points
_PALE = 235  # of 255
_SEE_THROUGH = 16  # of 255
_UNPAINTED = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)

# The same function as raw.FPDFText_GetTextObject, but with a number for an answer: that is four times as fast.
_run_of = ctypes.CFUNCTYPE(ctypes.c_void_p, raw.FPDF_TEXTPAGE, ctypes.c_int)(
    ctypes.cast(raw.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)


def _style(handle: object, surface: Surface, run: int, index: int) -> _Style:
    pointer = ctypes.cast(run, raw.FPDF_PAGEOBJECT)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    painted = raw.FPDFText_GetFillColor(handle, index, red, green, blue, alpha)
    perhaps_unseen = raw.FPDFTextObj_GetTextRenderMode(pointer) in _UNPAINTED or (
        painted and (min(red.value, green.value, blue.value) > _PALE or alpha.value < _SEE_THROUGH)
    )
    box = surface.of_run(pointer, index)
    size = _size(handle, index) or round(box[3] - box[1])
    unseen = ''
    if size < _TINY:
        unseen = 'tiny'
    elif surface.is_beside(box):
        unseen = 'outside'
    elif perhaps_unseen and not surface.shows_something(box):
        unseen = 'pale'
    return _Style(size=size, bold=_is_bold(handle, index), unseen=unseen)


def _size(handle: object, index: int) -> float:
    """The type size in points to the half, with all scaling of the page; 0 if unknown."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(handle, index, matrix):
        return 0.0
    return round(2 * math.hypot(matrix.c, matrix.d) * float(raw.FPDFText_GetFontSize(handle, index))) / 2


def _is_bold(handle: object, index: int) -> bool:
    if raw.FPDFText_GetFontWeight(handle, index) >= 600:
        return True
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(handle, index, name, 128, flags)
    called = name.value.lower()
    return any(word in called for word in (b'bold', b'black', b'heavy'))


def _cleaned(line: Line, cleaner: Cleaner) -> Line:
    return line.with_text(cleaner.clean(line.text).strip('| '))

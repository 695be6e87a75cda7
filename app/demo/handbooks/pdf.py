"""Sets a manuscript as a printed handbook: title page, contents, a chapter on each fresh page, running headers."""

from collections.abc import Iterator
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape  # nosec B406 # writes, and reads no XML

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    ListFlowable,
    ListItem,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus import Paragraph as Set
from reportlab.platypus.tableofcontents import TableOfContents

from app.demo.handbooks.manuscript import Block, Grid, Heading, Listing, Manuscript, Note, Paragraph

FONTS = Path(__file__).parents[3] / 'services/exports/fonts'
REGULAR, BOLD = 'SourceSans3-Regular', 'SourceSans3-Semibold'
INK, ACCENT, RULE, TINT = HexColor('#1f2933'), HexColor('#0b6b5c'), HexColor('#c9d3d6'), HexColor('#eef5f3')
MARGIN, BOTTOM = 24 * mm, 19 * mm
WIDTH, HEIGHT = A4[0] - 2 * MARGIN, A4[1] - MARGIN - BOTTOM

BODY = ParagraphStyle('body', fontName=REGULAR, fontSize=10.6, leading=14.1, textColor=INK, spaceAfter=6)
CELL = ParagraphStyle('cell', BODY, fontSize=10.2, leading=13, spaceAfter=0)
HEAD_CELL = ParagraphStyle('head cell', CELL, fontName=BOLD, textColor=HexColor('#ffffff'))
WARNING = ParagraphStyle('warning', BODY, fontName=BOLD, spaceAfter=0)
CHAPTER = ParagraphStyle('1', fontName=BOLD, fontSize=21, leading=26, textColor=ACCENT, spaceAfter=14)
SECTION = ParagraphStyle(
    '2',
    fontName=BOLD,
    fontSize=13.5,
    leading=18,
    textColor=INK,
    spaceBefore=11,
    spaceAfter=6,
    keepWithNext=1,
)
CONTENTS = ParagraphStyle('contents', CHAPTER)
CONTENTS_LEVELS = [
    ParagraphStyle('toc 1', BODY, fontName=BOLD, spaceBefore=3.5, spaceAfter=0, leading=13),
    ParagraphStyle('toc 2', BODY, leftIndent=14, spaceAfter=0, fontSize=10, leading=11.9),
]


def write(manuscript: Manuscript, target: Path) -> None:
    """Writes the same bytes for the same manuscript (`invariant`), so a rebuild shows no change where there is none."""
    _embed_typefaces()
    _Book(manuscript, target).multiBuild(list(_story(manuscript)))


class _Book(BaseDocTemplate):  # type: ignore[misc]  # ReportLab ships no types
    def __init__(self, manuscript: Manuscript, target: Path) -> None:
        super().__init__(
            str(target),
            pagesize=A4,
            invariant=1,
            lang='en-GB',
            title=manuscript.title,
            author=manuscript.organisation,
            subject=manuscript.subtitle,
            pageTemplates=[
                _page('title', partial(_draw_title_page, manuscript)),
                _page('text', partial(_draw_running_header, manuscript)),
            ],
        )

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802  # the name ReportLab calls
        """Enters each heading in the outline and in the contents."""
        if not isinstance(flowable, Set) or flowable.style.name not in {'1', '2'}:
            return
        level, text = int(flowable.style.name) - 1, flowable.getPlainText()
        key = f'heading-{text.split()[0]}'
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, level, closed=level == 0)
        self.notify('TOCEntry', (level, escape(text), self.page, key))


def _embed_typefaces() -> None:
    for name in (REGULAR, BOLD):  # embedded, because readers substitute the standard fonts at will
        pdfmetrics.registerFont(TTFont(name, FONTS / f'{name}.ttf'))


def _story(manuscript: Manuscript) -> Iterator[Flowable]:
    yield NextPageTemplate('text')
    yield PageBreak()
    yield Set('Contents', CONTENTS)
    yield TableOfContents(
        levelStyles=CONTENTS_LEVELS,
        tableStyle=TableStyle([('TOPPADDING', (0, 0), (-1, -1), 0), ('BOTTOMPADDING', (0, 0), (-1, -1), 1.3)]),
    )
    for block, following in zip_longest(manuscript.blocks, manuscript.blocks[1:]):
        for flowable in _flowables(block):
            if not isinstance(block, Paragraph):
                yield flowable
            elif isinstance(following, Grid):
                flowable.keepWithNext = 1  # a table stays with the sentence that introduces it
                yield flowable
            else:
                yield KeepTogether([flowable])


def _flowables(block: Block) -> Iterator[Flowable]:
    match block:
        case Heading(level=1, text=text):
            yield PageBreak()
            yield Set(escape(text), CHAPTER)
        case Heading(text=text):
            yield CondPageBreak(34 * mm)
            yield Set(escape(text), SECTION)
        case Paragraph(text=text):
            yield Set(escape(text), BODY)
        case Listing(items=items, ordered=ordered):
            yield KeepTogether([_listing(items, ordered=ordered)])  # a procedure is read at one glance
            yield Spacer(0, 5)
        case Grid(rows=rows):
            yield _grid(rows)
            yield Spacer(0, 10)
        case Note(text=text):
            yield _warning(text)
            yield Spacer(0, 10)


def _listing(items: tuple[str, ...], *, ordered: bool) -> Flowable:
    style = ParagraphStyle('item', BODY, spaceAfter=2)
    marks: dict[str, Any] = (
        {'bulletType': '1', 'bulletFormat': '%s.'} if ordered else {'bulletType': 'bullet', 'start': '•'}
    )
    return ListFlowable(
        [ListItem(Set(escape(item), style)) for item in items],
        leftIndent=20, bulletFontName=REGULAR, bulletFontSize=10.6, bulletColor=ACCENT, **marks,
    )  # fmt: skip


def _grid(rows: tuple[tuple[str, ...], ...]) -> Flowable:
    cells = [[Set(escape(cell), CELL if i else HEAD_CELL) for cell in row] for i, row in enumerate(rows)]
    style = [
        ('BACKGROUND', (0, 0), (-1, 0), ACCENT),
        ('ROWBACKGROUNDS', (0, 1), (-1, -1), [HexColor('#ffffff'), TINT]),
        ('LINEBELOW', (0, 0), (-1, -1), 0.5, RULE),
        ('VALIGN', (0, 0), (-1, -1), 'MIDDLE'),
        ('TOPPADDING', (0, 0), (-1, -1), 3),
        ('BOTTOMPADDING', (0, 0), (-1, -1), 4),
    ]
    return Table(cells, _column_widths(rows), repeatRows=1, style=TableStyle(style), spaceBefore=4)


def _column_widths(rows: tuple[tuple[str, ...], ...]) -> list[float]:
    """As wide as the longest cell, so that no cell wraps while there is room; the rest is shared out evenly."""
    padding = 13
    needed = [
        max(pdfmetrics.stringWidth(cell, REGULAR if row else BOLD, CELL.fontSize) for row, cell in enumerate(column))
        + padding
        for column in zip(*rows, strict=True)
    ]
    spare = WIDTH - sum(needed)
    if spare < 0:
        return [WIDTH * width / sum(needed) for width in needed]
    return [width + spare / len(needed) for width in needed]


def _warning(text: str) -> Flowable:
    style = [
        ('BACKGROUND', (0, 0), (-1, -1), HexColor('#fdf3e1')),
        ('LINEBEFORE', (0, 0), (0, -1), 3, HexColor('#c77700')),
        ('LEFTPADDING', (0, 0), (-1, -1), 12),
        ('TOPPADDING', (0, 0), (-1, -1), 7),
        ('BOTTOMPADDING', (0, 0), (-1, -1), 9),
    ]
    return Table([[Set(escape(text), WARNING)]], [WIDTH], style=TableStyle(style), spaceBefore=4)


def _page(name: str, draw: Any) -> PageTemplate:
    frame = Frame(MARGIN, BOTTOM, WIDTH, HEIGHT, leftPadding=0, rightPadding=0, topPadding=8, bottomPadding=6)
    return PageTemplate(name, [frame], onPage=draw)


def _draw_title_page(manuscript: Manuscript, canvas: Canvas, _book: BaseDocTemplate) -> None:
    canvas.setFillColor(ACCENT)
    canvas.rect(0, A4[1] - 118 * mm, A4[0], 118 * mm, stroke=0, fill=1)
    canvas.setFillColor(HexColor('#ffffff'))
    canvas.setFont(BOLD, 34)
    canvas.drawString(MARGIN, A4[1] - 86 * mm, manuscript.title)
    canvas.setFont(REGULAR, 15)
    canvas.drawString(MARGIN, A4[1] - 98 * mm, manuscript.subtitle)
    canvas.setFillColor(INK)
    canvas.setFont(BOLD, 12)
    canvas.drawString(MARGIN, 44 * mm, manuscript.organisation)
    canvas.setFont(REGULAR, 11)
    canvas.drawString(MARGIN, 37 * mm, manuscript.edition)


def _draw_running_header(manuscript: Manuscript, canvas: Canvas, _book: BaseDocTemplate) -> None:
    canvas.setFont(REGULAR, 8.5)
    canvas.setFillColor(HexColor('#52606d'))
    canvas.drawString(MARGIN, A4[1] - 15 * mm, manuscript.title)
    canvas.drawRightString(A4[0] - MARGIN, A4[1] - 15 * mm, manuscript.organisation)
    canvas.drawCentredString(A4[0] / 2, 11 * mm, str(canvas.getPageNumber()))
    canvas.setStrokeColor(RULE)
    canvas.line(MARGIN, A4[1] - 18 * mm, A4[0] - MARGIN, A4[1] - 18 * mm)

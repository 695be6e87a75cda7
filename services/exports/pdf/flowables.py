from collections.abc import Sequence
from typing import Any

from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, Table

from services.exports.pdf import styles
from services.exports.pdf.structure import Element


class Text(Paragraph):  # type: ignore[misc]
    """A paragraph that knows what it is to a screen reader, and may be a bookmark."""

    element: Element | None = None
    bookmark: tuple[str, str, int] | None = None
    running_title: str | None = None
    anchor: str | None = None
    number: int = 0

    def height_in(self, width: float) -> float:
        return float(self.wrap(width, 1e6)[1])

    def split(self, available_width: float, available_height: float) -> Any:
        parts = super().split(available_width, available_height)
        for index, part in enumerate(parts):
            part.element = self.element
            if index == 0:
                part.bookmark, part.running_title, part.anchor = self.bookmark, self.running_title, self.anchor
        return parts

    def draw(self) -> None:
        if self.bookmark is not None:
            key, title, level = self.bookmark
            self._anchor(key)
            self.canv.addOutlineEntry(title, key, level=level, closed=level > 0)
        if self.anchor is not None:
            self._anchor(self.anchor)
        if self.running_title is not None:
            self.canv.running_title = self.running_title
        with self.canv.marked(self.element):
            super().draw()

    def _anchor(self, key: str) -> None:
        self.canv.bookmarkHorizontal(key, 0, self.height + 12)
        self.canv.places[key] = self.canv.getPageNumber()


class Rows(Table):  # type: ignore[misc]
    """A table whose ground and lines are decoration to a screen reader; its cells speak for themselves."""

    whole = False

    def _drawBkgrnd(self) -> None:  # noqa: N802
        with self.canv.marked(None):
            super()._drawBkgrnd()

    def _drawLines(self) -> None:  # noqa: N802
        with self.canv.marked(None):
            super()._drawLines()

    def _restoreRoundingObscuredLines(self) -> None:  # noqa: N802
        with self.canv.marked(None):
            super()._restoreRoundingObscuredLines()


# A row cannot break, and footnotes may take a third of the page.
TALLEST_ROW = 400.0
# A box up to this height moves to the next page in one piece.
WHOLE = 280.0


def boxed(
    children: Sequence[Any],
    *,
    width: float,
    ground: Color | None = None,
    bar: Color | None = None,
    border: Color | None = None,
    padding: float = 14,
) -> list[Any]:
    """Flowables under each other in a box that may break between them; without the box if one alone fills a page."""
    if any(child.wrap(width - 2 * padding, 1e6)[1] > TALLEST_ROW for child in children):
        return list(children)
    commands: list[Any] = [
        ('LEFTPADDING', (0, 0), (-1, -1), padding),
        ('RIGHTPADDING', (0, 0), (-1, -1), padding),
        ('TOPPADDING', (0, 0), (-1, -1), 0),
        ('BOTTOMPADDING', (0, 0), (-1, -1), 0),
        ('TOPPADDING', (0, 0), (-1, 0), padding * 0.75),
        ('BOTTOMPADDING', (0, -1), (-1, -1), padding * 0.75),
    ]
    if ground is not None:
        commands.append(('BACKGROUND', (0, 0), (-1, -1), ground))
    if bar is not None:
        commands.append(('LINEBEFORE', (0, 0), (0, -1), 2, bar))
    if border is not None:
        commands += [('BOX', (0, 0), (-1, -1), 0.75, border), ('ROUNDEDCORNERS', [6, 6, 6, 6])]
    rows: list[list[Any]] = []
    for child in children:
        gap = [Gap(child.getSpaceBefore())] if rows and child.getSpaceBefore() else []
        after = [Gap(child.getSpaceAfter())] if child is not children[-1] and child.getSpaceAfter() else []
        rows.append([[*gap, child, *after]])
    made = Rows(rows, colWidths=[width], style=commands, spaceBefore=6, spaceAfter=12, hAlign='LEFT')
    made.whole = made.wrap(width, 1e6)[1] < WHOLE
    return [made]


class Gap(Flowable):  # type: ignore[misc]
    def __init__(self, height: float) -> None:
        super().__init__()
        self.height = height

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return 0, self.height

    def draw(self) -> None:
        pass


class Picture(Flowable):  # type: ignore[misc]
    """An uploaded image, never larger than its column or half a page."""

    def __init__(self, image: Any, *, size: tuple[int, int], width: float, element: Element | None) -> None:
        super().__init__()
        self._image, self._element = image, element
        scale = min(1.0 if size[0] > 200 else 0.75, width / size[0], 320 / size[1])
        self.width, self.height = size[0] * scale, size[1] * scale
        self.spaceBefore, self.spaceAfter = 4, 6

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        with self.canv.marked(self._element):
            self.canv.drawImage(self._image, 0, 0, self.width, self.height, mask='auto')


class FormulaDrawing:
    """Outlines of a formula; `depth` is how far it reaches below the baseline, in points."""

    def __init__(self, drawing: Drawing, *, width: float, height: float, depth: float) -> None:
        self.width, self.height, self.depth = width, height, depth
        self._drawing = drawing
        _unstroke(drawing)

    def draw_formula(self, canv: Any, x: float, y: float) -> None:
        canv.saveState()
        canv.translate(x, y)
        canv.scale(self.width / self._drawing.width, self.height / self._drawing.height)
        self._drawing.drawOn(canv, 0, 0)
        canv.restoreState()


def _unstroke(shape: Any) -> None:
    # Glyphs are filled; a stroke around them would set every formula bold.
    if getattr(shape, 'fillColor', None) is not None:
        shape.strokeColor = None
    for part in getattr(shape, 'contents', ()):
        _unstroke(part)


class DisplayFormula(Flowable):  # type: ignore[misc]
    def __init__(self, formula: FormulaDrawing, *, width: float, element: Element | None) -> None:
        super().__init__()
        self._formula, self._element, self.width = formula, element, width
        self._scale = min(1.0, width / formula.width)
        self.spaceBefore, self.spaceAfter = 6, 10

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width = min(self.width, available_width)
        self._scale = min(1.0, self.width / self._formula.width, 400 / self._formula.height)
        return self.width, self._formula.height * self._scale

    def draw(self) -> None:
        with self.canv.marked(self._element):
            self.canv.saveState()
            self.canv.translate((self.width - self._formula.width * self._scale) / 2, 0)
            self.canv.scale(self._scale, self._scale)
            self._formula.draw_formula(self.canv, 0, 0)
            self.canv.restoreState()


class TableOfContentsLine(Flowable):  # type: ignore[misc]
    """A title and, at the right edge, its page; the whole line leads there."""

    def __init__(self, text: Text, *, key: str, page: int | None, strong: bool) -> None:
        super().__init__()
        self._text, self._key, self._page, self._strong = text, key, page, strong
        self.spaceBefore, self.spaceAfter = (14 if strong else 0), 3
        self.keepWithNext = strong

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width = available_width
        self.height = self._text.height_in(available_width - 44)
        return self.width, self.height

    def draw(self) -> None:
        canv = self.canv
        with canv.marked(self._text.element):
            self._text.drawOn(canv, 0, 0)
            canv.setFont(styles.SANS_BOLD if self._strong else styles.SANS, 10)
            canv.setFillColor(styles.INK2)
            canv.drawRightString(self.width, 5.2, '' if self._page is None else str(self._page))
        canv.linkRect('', self._key, (0, 0, self.width, self.height), relative=1, thickness=0)


class Ruler(Flowable):  # type: ignore[misc]
    """Segments as wide as the minutes of the lessons."""

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        self._widths = widths
        self.spaceBefore, self.spaceAfter = 6, 18

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width = available_width
        return available_width, 6

    def draw(self) -> None:
        gap = min(2.0, self.width / 4 / max(1, len(self._widths)))
        room = self.width - gap * (len(self._widths) - 1)
        x = 0.0
        with self.canv.marked(None):
            self.canv.setFillColor(styles.ACCENT)
            for minutes in self._widths:
                width = room * minutes / sum(self._widths)
                self.canv.roundRect(x, 0, width, 6, min(1.5, width / 2), stroke=0, fill=1)
                x += width + gap


class Line(Flowable):  # type: ignore[misc]
    def __init__(self, *, before: float = 10, after: float = 12) -> None:
        super().__init__()
        self.spaceBefore, self.spaceAfter = before, after

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        self.width = available_width
        return available_width, 0.5

    def draw(self) -> None:
        with self.canv.marked(None):
            self.canv.setStrokeColor(styles.LINE)
            self.canv.setLineWidth(0.5)
            self.canv.line(0, 0, self.width, 0)


class MarginMark:
    """Diamond, origin and approver beside a block."""

    WIDTH = 92.0

    def __init__(self, text: Text, origin: str) -> None:
        self._text, self._origin = text, origin

    def draw_at(self, canv: Any, x: float, top: float) -> float:
        height = self._text.height_in(self.WIDTH - 12)
        self._text.drawOn(canv, x + 12, top - height)
        with canv.marked(None):
            draw_diamond(canv, self._origin, x + 3.5, top - 6.2)
        return height


def draw_diamond(canv: Any, origin: str, x: float, y: float, size: float = 3.4) -> None:
    """Open for AI, half-filled for AI + human, filled for human, centred on x, y."""
    canv.setStrokeColor(HexColor('#46514E'))
    canv.setFillColor(HexColor('#46514E'))
    canv.setLineWidth(0.7)
    corners = [(x, y + size), (x + size, y), (x, y - size), (x - size, y)]
    filled = {'human': corners, 'ai_human': [corners[0], corners[2], corners[3]]}
    for points, stroke, fill in ((filled.get(origin, []), 0, 1), (corners, 1, 0)):
        if points:
            path = canv.beginPath()
            path.moveTo(*points[0])
            for point in points[1:]:
                path.lineTo(*point)
            path.close()
            canv.drawPath(path, stroke=stroke, fill=fill)


def styled(name: str, **changes: Any) -> ParagraphStyle:
    return ParagraphStyle(name, parent=styles.STYLES[name], **changes) if changes else styles.STYLES[name]

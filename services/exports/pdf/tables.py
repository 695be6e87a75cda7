from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from services.exports.pdf import styles
from services.exports.pdf.flowables import TALLEST_ROW, WHOLE, Rows
from services.exports.pdf.markup_tree import Node, Setting


def table(node: Node, setting: Setting, set_cell: Callable[[Node, Setting], list[Any]]) -> list[Any]:
    """An HTML table with its spans; the head is repeated on every page."""
    rows = list(_rows(node))
    if not rows:
        return []
    grid, spans, columns = _placed([row for row, _ in rows])
    padding = min(7.0, setting.width / columns / 5)
    widths = _widths(grid, columns, setting.width, padding)
    element = setting.parent.add('Table')
    cells: list[list[Any]] = []
    for line in grid:
        row_element = element.add('TR')
        made: list[Any] = []
        for column in range(columns):
            cell = line.get(column)
            if cell is None:
                made.append('')
                continue
            heads = cell.tag == 'th'
            inner = replace(
                setting, width=widths[column] - 2 * padding, style='head' if heads else 'cell', indent=0,
                parent=row_element.add('TH' if heads else 'TD'),
            )  # fmt: skip
            made.append(set_cell(cell, inner))
        cells.append(made)
    commands: list[Any] = [
        ('VALIGN', (0, 0), (-1, -1), 'TOP'),
        ('LEFTPADDING', (0, 0), (-1, -1), padding),
        ('RIGHTPADDING', (0, 0), (-1, -1), padding),
        ('TOPPADDING', (0, 0), (-1, -1), 4),
        ('BOTTOMPADDING', (0, 0), (-1, -1), 5),
        ('LINEBELOW', (0, 0), (-1, -1), 0.5, styles.LINE),
        ('BOX', (0, 0), (-1, -1), 0.5, styles.LINE),
        *spans,
    ]
    repeated = sum(1 for _, is_head in rows if is_head)
    if any(_height(cell, width) > TALLEST_ROW for row in cells for cell, width in zip(row, widths, strict=True)):
        return [part for row in cells for cell in row for part in cell]  # a row taller than a page cannot be set
    made_table = Rows(
        cells, colWidths=widths, style=commands, repeatRows=repeated if repeated < len(rows) else 0, spaceBefore=4,
        spaceAfter=12, hAlign='LEFT',
    )  # fmt: skip
    made_table.whole = made_table.wrap(setting.width, 1e6)[1] < WHOLE / 2
    return [made_table]


def _height(cell: Any, width: float) -> float:
    return float(sum(part.wrap(width, 1e6)[1] for part in cell))


def _rows(node: Node, *, head: bool = False) -> Iterator[tuple[list[Node], bool]]:
    for child in node.children:
        if isinstance(child, str):
            continue
        if child.tag == 'tr':
            yield [cell for cell in child.children if isinstance(cell, Node) and cell.tag in {'td', 'th'}], head
        else:
            yield from _rows(child, head=head or child.tag == 'thead')


def _placed(rows: list[list[Node]]) -> tuple[list[dict[int, Node]], list[Any], int]:
    """Cells by column, span commands, and the number of columns."""
    taken: set[tuple[int, int]] = set()
    grid: list[dict[int, Node]] = []
    spans = []
    for y, row in enumerate(rows):
        line: dict[int, Node] = {}
        x = 0
        for cell in row:
            while (x, y) in taken:
                x += 1
            wide = _number(cell, 'colspan')
            tall = min(_number(cell, 'rowspan'), len(rows) - y)
            taken |= {(x + dx, y + dy) for dx in range(wide) for dy in range(tall)}
            line[x] = cell
            if wide > 1 or tall > 1:
                spans.append(('SPAN', (x, y), (x + wide - 1, y + tall - 1)))
            x += wide
        grid.append(line)
    return grid, spans, max((x for x, _ in taken), default=0) + 1


def _number(cell: Node, name: str) -> int:
    written = cell.attributes.get(name, '')
    return max(1, min(50, int(written))) if written.isdigit() else 1


def _widths(grid: list[dict[int, Node]], columns: int, width: float, padding: float) -> list[float]:
    """Shares by how much each column has to say, so that none starves."""
    weights = [8.0] * columns
    for line in grid:
        for column, cell in line.items():
            if _number(cell, 'colspan') == 1:
                weights[column] = max(weights[column], min(len(cell.words.strip()) + 3.0, 60.0))
    wanted = [weight * 5.4 + 2 * padding for weight in weights]
    scale = width / sum(wanted) if sum(wanted) > width or columns > 2 else 1
    return [each * scale for each in wanted]

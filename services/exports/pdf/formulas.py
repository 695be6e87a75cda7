import re
from io import StringIO

from services.exports.pdf.flowables import FormulaDrawing
from services.formulas import formula_markup


def formula_drawing(tex: str, *, size: float, display: bool = False) -> FormulaDrawing | None:
    """The formula as outlines, or None when it cannot be read: then its source is set instead."""
    from svglib.svglib import svg2rlg
    from ziafont.config import config
    from ziamath.zmath import Math

    mathml = formula_markup(tex, display=display)
    if not mathml.startswith('<math'):
        return None
    config.svg2 = False  # outlines in place, for svglib does not follow <use> to a <symbol>
    try:
        svg = Math(mathml, size=size).svg()
        drawing = svg2rlg(StringIO(svg))
    except Exception:
        return None
    box = re.search(r'viewBox="(-?[\d.]+) (-?[\d.]+) ([\d.]+) ([\d.]+)"', svg)
    if drawing is None or box is None or not drawing.width or not drawing.height:
        return None
    top, width, height = -float(box.group(2)), float(box.group(3)), float(box.group(4))
    return FormulaDrawing(drawing, width=width, height=height, depth=height - top)

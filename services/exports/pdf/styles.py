from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle

from services.exports.pdf.typefaces import CODE, SANS, SANS_BOLD, SERIF, SERIF_ITALIC

__all__ = ['CODE', 'SANS', 'SANS_BOLD', 'SERIF', 'SERIF_ITALIC', 'STYLES']

# The light set of the screens' tokens: paper has no dark mode.
INK, INK2, INK3 = HexColor('#1A2323'), HexColor('#46514E'), HexColor('#5F6A66')
LINE, EDGE, SUNKEN, PAPER = HexColor('#DBDFD7'), HexColor('#7F8883'), HexColor('#EFF1EC'), HexColor('#F8F9F6')
ACCENT = HexColor('#0F5F5C')
CALLOUTS = {
    'note': (HexColor('#2B55A3'), HexColor('#E1E9F8')),
    'tip': (HexColor('#2F6A1F'), HexColor('#E3EFDA')),
    'example': (HexColor('#2F6A1F'), HexColor('#E3EFDA')),
    'warning': (HexColor('#855000'), HexColor('#FAEBCD')),
    'danger': (HexColor('#A62A1E'), HexColor('#FAE2DD')),
}

PAGE = A4
LEFT, TEXT_WIDTH, TOP, BOTTOM = 62.0, 378.0, 74.0, 62.0


def _style(name: str, font: str, size: float, leading: float, **more: object) -> ParagraphStyle:
    settings: dict[str, object] = {
        'textColor': INK, 'alignment': TA_LEFT, 'splitLongWords': 1, 'allowWidows': 0, 'allowOrphans': 0,
        'linkUnderline': 0, 'spaceShrinkage': 0,
    }  # fmt: skip
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=leading, **(settings | more))


STYLES = {
    style.name: style
    for style in (
        _style('cover', SERIF, 34, 41, spaceAfter=14),
        _style('lead', SERIF, 13.5, 21, textColor=INK2, spaceAfter=16),
        _style('eyebrow', SANS, 9.5, 14, textColor=INK3, spaceAfter=3, keepWithNext=1),
        _style('module', SERIF, 13, 18, textColor=ACCENT, spaceAfter=20, keepWithNext=1),
        _style('title', SERIF, 25, 31, spaceAfter=13, keepWithNext=1),
        _style('h2', SERIF, 17, 22, spaceBefore=12, spaceAfter=6, keepWithNext=1),
        _style('h3', SANS_BOLD, 12, 17, spaceBefore=8, spaceAfter=4, keepWithNext=1),
        _style('h4', SANS_BOLD, 10.5, 15, spaceBefore=6, spaceAfter=3, keepWithNext=1),
        _style('p', SERIF, 10.6, 16, spaceAfter=8),
        _style('quote', SERIF_ITALIC, 10.6, 16, textColor=INK2, spaceAfter=6),
        _style('li', SERIF, 10.6, 16, spaceAfter=3, bulletFontName=SERIF, bulletFontSize=10.6, bulletColor=ACCENT),
        _style('cell', SANS, 9.2, 12.8),
        _style('head', SANS_BOLD, 8.8, 12.8, textColor=INK3),
        _style('code', CODE, 8.4, 12.6),
        _style('caption', SANS, 8.6, 12, textColor=INK3, spaceAfter=10),
        _style('slide', SERIF, 15, 20, spaceAfter=6),
        _style('small', SANS, 9, 13, textColor=INK2, spaceAfter=3),
        _style('label', SANS_BOLD, 9, 13, textColor=INK3, spaceAfter=2, keepWithNext=1),
        _style('prompt', SERIF, 12, 17, spaceAfter=6),
        _style('option', SANS, 10, 14.5, spaceAfter=4, bulletFontName=SANS, bulletFontSize=10),
        _style('note', SANS, 8, 10.8, textColor=INK2, bulletFontName=SANS_BOLD, bulletFontSize=7, leftIndent=13,
               bulletColor=ACCENT),
        _style('mark', SANS, 7.6, 10, textColor=INK3),
        _style('contents1', SANS_BOLD, 11, 16),
        _style('contents2', SANS, 10, 15, leftIndent=24, bulletFontName=SANS, bulletFontSize=10),
        _style('skipped', SERIF_ITALIC, 9.6, 14, textColor=INK3, spaceAfter=8),
    )
}  # fmt: skip

from functools import lru_cache
from html import escape
from itertools import groupby
from pathlib import Path

import ziamath
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

SERIF, SANS, CODE = 'Source Serif 4', 'Source Sans 3', 'Source Code Pro'
SERIF_BOLD, SERIF_ITALIC, SANS_BOLD = f'{SERIF} Semibold', f'{SERIF} Italic', f'{SANS} Semibold'


@lru_cache(maxsize=1)
def register() -> None:
    """Embed the platform's typefaces; characters they lack come from the font that also draws the formulas."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(file)))
    for name in ('HeiseiMin-W3', 'HYSMyeongJo-Medium', 'STSong-Light'):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    # A book has one slanted weight: bold italic is set bold.
    pdfmetrics.registerFontFamily(SERIF, SERIF, SERIF_BOLD, SERIF_ITALIC, SERIF_BOLD)
    pdfmetrics.registerFontFamily(SANS, SANS, SANS_BOLD, SERIF_ITALIC, SANS_BOLD)
    pdfmetrics.registerFontFamily(CODE, CODE, CODE, CODE, CODE)


def markup(text: str, font: str = SERIF) -> str:
    """Text escaped for a paragraph, with a stand-in font around the characters that `font` cannot show."""
    visible = ''.join(letter for letter in text if letter >= ' ' or letter in '\n\t')
    runs = groupby(visible, key=lambda letter: _font_for(letter, font))
    parts = ((name, escape(''.join(letters), quote=False)) for name, letters in runs)
    return ''.join(part if name == font else f'<font name="{name}">{part}</font>' for name, part in parts)


_HERE = Path(__file__).parent.parent / 'fonts'
_SYMBOLS = 'STIX Two Math'
_FILES = {
    SERIF: _HERE / 'SourceSerif4-Regular.ttf',
    SERIF_BOLD: _HERE / 'SourceSerif4-Semibold.ttf',
    SERIF_ITALIC: _HERE / 'SourceSerif4-Italic.ttf',
    SANS: _HERE / 'SourceSans3-Regular.ttf',
    SANS_BOLD: _HERE / 'SourceSans3-Semibold.ttf',
    CODE: _HERE / 'SourceCodePro-Regular.ttf',
    _SYMBOLS: next(Path(ziamath.__file__).parent.glob('**/STIXTwoMath-Regular.ttf')),
}


@lru_cache(maxsize=4096)
def _font_for(letter: str, font: str) -> str:
    if letter in '\n\t' or _has(font, letter):
        return font
    if '\u3040' <= letter <= '\u30ff':
        return 'HeiseiMin-W3'
    if '\uac00' <= letter <= '\ud7a3' or '\u1100' <= letter <= '\u11ff':
        return 'HYSMyeongJo-Medium'
    if '\u2e80' <= letter <= '\u9fff' or '\uff00' <= letter <= '\uffef':
        return 'STSong-Light'
    return _SYMBOLS if _has(_SYMBOLS, letter) else font


def _has(font: str, letter: str) -> bool:
    return ord(letter) in pdfmetrics.getFont(font).face.charToGlyph

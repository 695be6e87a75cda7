import html as entities
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree  # nosec B405 # reads only what our converter wrote

_MATHML = 'http://www.w3.org/1998/Math/MathML'


@lru_cache(maxsize=2048)
def formula_markup(tex: str, *, display: bool = False) -> str:
    """MathML for a TeX formula; one that cannot be read shows its source as code."""
    try:
        return _allowed(_converted(tex, display=display))
    except _Unreadable:
        return f'<code>{entities.escape(tex)}</code>'


class _Unreadable(Exception):
    pass


_ELEMENTS = frozenset(
    [
        'math',
        'mrow',
        'mi',
        'mn',
        'mo',
        'ms',
        'mtext',
        'mspace',
        'mfrac',
        'msqrt',
        'mroot',
        'mstyle',
        'merror',
        'mpadded',
        'mphantom',
        'menclose',
        'msub',
        'msup',
        'msubsup',
        'munder',
        'mover',
        'munderover',
        'mmultiscripts',
        'mprescripts',
        'none',
        'mtable',
        'mtr',
        'mtd',
    ]
)
# No href, style, class, id or actiontype: the converter copies \href, \style and \class straight through.
_ATTRIBUTES = frozenset(
    [
        'display',
        'displaystyle',
        'scriptlevel',
        'mathvariant',
        'stretchy',
        'fence',
        'separator',
        'accent',
        'accentunder',
        'form',
        'largeop',
        'movablelimits',
        'lspace',
        'rspace',
        'minsize',
        'maxsize',
        'symmetric',
        'linethickness',
        'columnalign',
        'rowalign',
        'columnspacing',
        'rowspacing',
        'columnlines',
        'rowlines',
        'frame',
        'notation',
        'width',
        'height',
        'depth',
        'voffset',
        'linebreak',
    ]
)


def _converted(tex: str, *, display: bool) -> str:
    from latex2mathml.converter import convert  # builds large symbol tables, so only where a formula is

    try:
        return str(convert(tex, display='block' if display else 'inline'))
    except Exception as problem:  # the converter raises whatever its parser trips over, RecursionError included
        raise _Unreadable from problem


def _allowed(mathml: str) -> str:
    try:
        root = ElementTree.fromstring(mathml)  # noqa: S314 # nosec B314 # no document type in <math>
        _check(root)
    except (ElementTree.ParseError, RecursionError) as problem:
        raise _Unreadable from problem
    return ElementTree.tostring(root, encoding='unicode')


def _check(element: 'ElementTree.Element[Any]') -> None:
    name = element.tag.removeprefix(f'{{{_MATHML}}}')
    if name not in _ELEMENTS:
        raise _Unreadable(name)
    element.tag = name
    for attribute in [attribute for attribute in element.attrib if attribute not in _ATTRIBUTES]:
        del element.attrib[attribute]
    for child in element:
        _check(child)

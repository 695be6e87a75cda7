"""An organisation's accent: one colour, from which the theme's accent tokens are derived so that they can be read.

The hue is kept; lightness and chroma move in OKLCH (https://bottosson.github.io/posts/oklab/) until the contrast is
right. What comes out is written from numbers, so nothing but colours can come out.
"""

import math
import re
from functools import cache

from components.theme import DARK, LIGHT

_COLOUR = re.compile(r'#[0-9a-f]{6}')
_CONTRAST = 4.5
_STEP, _ROUNDING = 0.005, 1e-4
# As the product's own accent: hover a little further, soft almost the ground, and text on it that is nearly black.
_HOVER, _SOFT_LIGHT, _SOFT_DARK = 0.08, (0.92, 0.03), (0.31, 0.04)
_DARK_LIGHTNESS, _ON_DARK = 0.77, (0.22, 0.03)
_TOKENS = ('accent', 'accent-hover', 'accent-soft', 'on-accent')
_GROUNDS = ('bench', 'sheet', 'paper', 'sunken')

Tokens = dict[str, str]


@cache
def accent_tokens(colour: str) -> tuple[Tokens, Tokens]:
    """(light, dark): the accent, accent-hover, accent-soft and on-accent tokens for '#rrggbb'."""
    if not _COLOUR.fullmatch(colour):
        raise ValueError(colour)
    lightness, chroma, hue = _oklch(colour)
    return _light(lightness, chroma, hue), _dark(chroma, hue)


def accent_css(colour: str) -> str:
    """A style sheet that sets the accent's tokens; the product's own where the colour is none."""
    light, dark = accent_tokens(colour) if _COLOUR.fullmatch(colour) else _own()
    return f':root{{{_properties(light)}}}.body--dark{{{_properties(dark)}}}'


def shown_colours(colour: str, *, dark: bool) -> Tokens:
    """The tokens of one side, for a preview; the product's own where the colour is none."""
    return (accent_tokens(colour) if _COLOUR.fullmatch(colour) else _own())[dark]


def contrast(one: str, other: str) -> float:
    """Of two colours, from 1 to 21, as WCAG 2 counts it."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _own() -> tuple[Tokens, Tokens]:
    return {name: LIGHT[name] for name in _TOKENS}, {name: DARK[name] for name in _TOKENS}


def _light(lightness: float, chroma: float, hue: float) -> Tokens:
    soft = _hex(_SOFT_LIGHT[0], min(_SOFT_LIGHT[1], chroma), hue)
    on_accent = LIGHT['on-accent']
    grounds = (*(LIGHT[ground] for ground in _GROUNDS), soft, on_accent)
    lightness = min(lightness, 0.75)
    while not _reads(_hex(lightness, chroma, hue), *grounds):
        lightness -= _STEP
    return {
        'accent': _hex(lightness, chroma, hue),
        'accent-hover': _hex(lightness - _HOVER if lightness > 2 * _HOVER else lightness + 2 * _HOVER, chroma, hue),
        'accent-soft': soft,
        'on-accent': on_accent,
    }


def _dark(chroma: float, hue: float) -> Tokens:
    lightness, chroma = _DARK_LIGHTNESS, min(chroma, 0.13)
    soft = _hex(_SOFT_DARK[0], min(_SOFT_DARK[1], chroma), hue)
    on_accent = _hex(_ON_DARK[0], min(_ON_DARK[1], chroma), hue)
    grounds = (*(DARK[ground] for ground in _GROUNDS), soft, on_accent)
    while not _reads(_hex(lightness, chroma, hue), *grounds):
        lightness += _STEP
    return {
        'accent': _hex(lightness, chroma, hue),
        'accent-hover': _hex(min(lightness + _HOVER, 1), chroma, hue),
        'accent-soft': soft,
        'on-accent': on_accent,
    }


def _reads(colour: str, *grounds: str) -> bool:
    return all(contrast(colour, ground) >= _CONTRAST for ground in grounds)


def _properties(tokens: Tokens) -> str:
    return ''.join(f'--{name}:{value};' for name, value in tokens.items())


def _oklch(colour: str) -> tuple[float, float, float]:
    """(lightness 0 to 1, chroma, hue in radians)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """The colour, with as much of its chroma as a screen can show."""
    parts = _parts(lightness, chroma, hue)
    while chroma > 0 and not all(-_ROUNDING <= part <= 1 + _ROUNDING for part in parts):
        chroma = max(0.0, chroma - _STEP)
        parts = _parts(lightness, chroma, hue)
    return '#' + ''.join(f'{round(255 * _gamma(min(max(part, 0), 1))):02x}' for part in parts)


def _parts(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Linear red, green and blue; outside of 0 to 1 where no screen shows it."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055

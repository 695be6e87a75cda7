import re
from pathlib import Path

import pytest

from components.theme import DARK, LIGHT, SHEETS, STATIC, head, palette, tokens

GROUNDS = ('bench', 'sheet', 'paper', 'sunken')
TEXTS = ('ink', 'ink2', 'ink3', 'accent', 'ok', 'warn', 'bad', 'info')
COMPONENTS = STATIC.parent


@pytest.mark.parametrize('colours', [LIGHT, DARK], ids=['light', 'dark'])
@pytest.mark.parametrize('text', TEXTS)
@pytest.mark.parametrize('ground', GROUNDS)
def test_text_can_be_read_on_every_ground(colours: dict[str, str], text: str, ground: str) -> None:
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize('colours', [LIGHT, DARK], ids=['light', 'dark'])
@pytest.mark.parametrize('tone', ['accent', 'ok', 'warn', 'bad', 'info'])
def test_a_tone_and_plain_ink_can_be_read_on_its_soft_ground(colours: dict[str, str], tone: str) -> None:
    assert contrast(colours[tone], colours[f'{tone}-soft']) >= 4.5
    assert contrast(colours['ink'], colours[f'{tone}-soft']) >= 4.5


@pytest.mark.parametrize('colours', [LIGHT, DARK], ids=['light', 'dark'])
def test_the_primary_button_the_highlighter_and_the_edges_are_plain_to_see(colours: dict[str, str]) -> None:
    assert contrast(colours['on-accent'], colours['accent']) >= 4.5
    assert contrast(colours['on-accent'], colours['accent-hover']) >= 4.5
    assert contrast(colours['ink'], colours['mark']) >= 4.5
    assert all(contrast(colours['edge'], colours[ground]) >= 3 for ground in GROUNDS)


def test_colours_and_pixels_are_written_in_the_theme_alone() -> None:
    raw = re.compile(r'#[0-9A-Fa-f]{6}\b|(?<![\w-])\d+px\b')
    sources = [*COMPONENTS.glob('*.py'), *(STATIC / 'css').glob('*.css')]
    assert {path.name for path in sources if raw.search(path.read_text())} <= {'theme.py'}


def test_the_sheets_know_no_left_and_right() -> None:
    physical = re.compile(r'(?<![\w-])(margin|padding|border)-(left|right)\s*:|text-align:\s*(left|right)\b')
    assert not [path.name for path in (STATIC / 'css').glob('*.css') if physical.search(path.read_text())]


def test_the_sheets_use_only_tokens_that_exist() -> None:
    known = set(re.findall(r'--([\w-]+):', tokens()))
    used = {
        name for sheet in SHEETS for name in re.findall(r'var\(--([\w-]+)', (STATIC / f'css/{sheet}.css').read_text())
    }
    local = {name for sheet in SHEETS for name in re.findall(r'--([\w-]+):', (STATIC / f'css/{sheet}.css').read_text())}
    assert used - known - local == set()


def test_everything_the_head_asks_for_is_there() -> None:
    for path in re.findall(r'href="/static/([^"?]+)', head()):
        assert (STATIC / path).is_file()
    for file in re.findall(r'url\(([^)]+)\)', (STATIC / 'fonts/fonts.css').read_text()):
        assert (STATIC / 'fonts' / file).is_file()


def test_each_typeface_comes_with_its_licence() -> None:
    families = {
        Path(file).name.split('-wght')[0].split('-opsz')[0].rsplit('-', 1)[0] for file in STATIC.glob('fonts/*.woff2')
    }
    licences = {path.name.removeprefix('LICENSE-').removesuffix('.txt') for path in STATIC.glob('fonts/LICENSE-*')}
    assert {family.removesuffix('-latin') for family in families} <= licences


def test_charts_get_the_colours_of_the_side_they_stand_on() -> None:
    assert palette(dark=False)['accent'] == LIGHT['accent']
    assert palette(dark=True)['accent'] == DARK['accent']


def contrast(one: str, other: str) -> float:
    """WCAG 2 relative luminance, (lighter + 0.05) / (darker + 0.05)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

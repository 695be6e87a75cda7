"""An organisation's accent can be read wherever it stands, in light and in dark, and nothing but colours comes out."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.accent import accent_css, accent_tokens, contrast, shown_colours
from components.theme import DARK, LIGHT
from tests.components import test_theme

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f'#{value:06x}')
GROUNDS = ('bench', 'sheet', 'paper', 'sunken')


@settings(max_examples=150, deadline=None)
@given(COLOURS)
def test_any_colour_becomes_one_that_can_be_read(colour: str) -> None:
    for tokens, theme in zip(accent_tokens(colour), (LIGHT, DARK), strict=True):
        accent = tokens['accent']
        assert all(contrast(accent, theme[ground]) >= 4.5 for ground in GROUNDS)
        assert contrast(tokens['on-accent'], accent) >= 4.5
        assert contrast(tokens['on-accent'], tokens['accent-hover']) >= 4.5
        assert contrast(accent, tokens['accent-soft']) >= 4.5
        assert contrast(theme['ink2'], tokens['accent-soft']) >= 4.5


def test_a_colour_that_can_be_read_already_stays_as_it_is() -> None:
    light, dark = accent_tokens('#0f5f5c')
    assert light['accent'] == '#0f5f5c'
    assert contrast(dark['accent'], DARK['bench']) > 8
    assert accent_tokens('#808080')[0]['accent-soft'][1:3] == accent_tokens('#808080')[0]['accent-soft'][3:5]


@given(st.text() | COLOURS.map(lambda colour: f'{colour}}}body{{display:none'))
def test_nothing_but_colours_comes_out(typed: str) -> None:
    css = accent_css(typed)
    assert re.fullmatch(r':root\{(--[a-z-]+:#[0-9a-fA-F]{6};){4}\}\.body--dark\{(--[a-z-]+:#[0-9a-fA-F]{6};){4}\}', css)
    assert accent_css('') == css or re.fullmatch('#[0-9a-f]{6}', typed)
    with pytest.raises(ValueError, match=r'.*'):
        accent_tokens(typed + ';')


def test_without_a_colour_the_product_shows_its_own() -> None:
    assert shown_colours('', dark=False)['accent'] == LIGHT['accent']
    assert shown_colours('', dark=True)['accent'] == DARK['accent']
    assert shown_colours('#aa3366', dark=False)['accent'] == '#aa3366'


@given(COLOURS, COLOURS)
@settings(max_examples=50)
def test_contrast_is_counted_as_everywhere_else(one: str, other: str) -> None:
    assert contrast(one, other) == pytest.approx(test_theme.contrast(one, other))

"""Every colour and measure of the screens, light and dark: the only place with a raw value.

The style sheets in static/css speak of these by name (`var(--accent)`), apart from lengths in rem that belong to one
part alone. Contrast of each pair is asserted in tests/components/test_theme.py.
"""

import hashlib
from functools import cache
from pathlib import Path

from nicegui import app as site
from nicegui import ui

STATIC = Path(__file__).parent / 'static'

LIGHT = {
    'bench': '#E9ECE6', 'sheet': '#F8F9F6', 'paper': '#FFFFFF', 'sunken': '#EFF1EC',
    'line': '#DBDFD7', 'edge': '#7F8883',
    'ink': '#1A2323', 'ink2': '#46514E', 'ink3': '#5F6A66',
    'accent': '#0F5F5C', 'accent-hover': '#0A4846', 'accent-soft': '#DCEBE7', 'on-accent': '#FFFFFF',
    'ok': '#2F6A1F', 'ok-soft': '#E3EFDA', 'warn': '#855000', 'warn-soft': '#FAEBCD',
    'bad': '#A62A1E', 'bad-soft': '#FAE2DD', 'info': '#2B55A3', 'info-soft': '#E1E9F8',
    'mark': '#FFE79A',
}  # fmt: skip
DARK = {
    'bench': '#0F1414', 'sheet': '#151B1A', 'paper': '#1C2322', 'sunken': '#121817',
    'line': '#303A38', 'edge': '#74807C',
    'ink': '#E9EDE9', 'ink2': '#B7C1BC', 'ink3': '#98A39E',
    'accent': '#74C9BF', 'accent-hover': '#93DAD2', 'accent-soft': '#183734', 'on-accent': '#06211F',
    'ok': '#93CC7F', 'ok-soft': '#1D3119', 'warn': '#E8B45C', 'warn-soft': '#382A10',
    'bad': '#F59B91', 'bad-soft': '#401E1A', 'info': '#9DBAF3', 'info-soft': '#1C2B48',
    'mark': '#574612',
}  # fmt: skip

# A source page is a photograph of paper: it stays light in dark mode, only a little dimmer.
_PAGE = {'page': '#FFFFFC', 'page-ink': LIGHT['ink'], 'page-ink2': LIGHT['ink3'], 'page-mark': LIGHT['mark']}
_PAGE_IN_THE_DARK = {'page': '#E3E5DE', 'page-ink2': '#4C5653'}

_SHADOWS = {
    'shadow1': '0 1px 2px rgb(26 35 35/.06)',
    'shadow2': '0 1px 2px rgb(26 35 35/.06),0 6px 20px -6px rgb(26 35 35/.12)',
    'shadow3': '0 2px 6px rgb(26 35 35/.10),0 18px 48px -12px rgb(26 35 35/.24)',
    'veil': 'rgb(26 35 35/.4)',
}
_SHADOWS_IN_THE_DARK = {
    'shadow1': '0 1px 2px rgb(0 0 0/.4)',
    'shadow2': '0 1px 2px rgb(0 0 0/.4),0 6px 20px -6px rgb(0 0 0/.55)',
    'shadow3': '0 2px 6px rgb(0 0 0/.5),0 18px 48px -12px rgb(0 0 0/.7)',
    'veil': 'rgb(0 0 0/.6)',
}

_SPACES = {f's{pixels}': f'{pixels / 16:g}rem' for pixels in (2, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48)}
_RADII = {f'r{pixels}': f'{pixels}px' for pixels in (4, 6, 8, 12, 16)} | {'round': '999px'}
_MEASURES = {
    'hair': '1px', 'rule': '1.5px', 'focus': '2px',
    'header': '3.5rem', 'drawer': '14.75rem', 'mini': '4rem', 'outline': '18rem', 'dock': '4rem',
    'content': '77.5rem', 'side': '21.25rem', 'reading': '41.25rem', 'margin': '11.5rem', 'source': '27rem',
    'button': '2.25rem', 'button-small': '1.75rem', 'answer': '2.75rem', 'touch': '2.75rem',
}  # fmt: skip
_FONTS = {
    'sans': "'Source Sans 3','Noto Sans Arabic',system-ui,sans-serif",
    'serif': "'Source Serif 4','Noto Naskh Arabic',Georgia,serif",
    'code': "'Source Code Pro',ui-monospace,monospace",
}
_TYPE = {
    't-lesson': '500 2.375rem/2.875rem var(--serif)',
    't-title': '500 2rem/2.5rem var(--serif)',
    't-work': '500 1.625rem/2rem var(--serif)',
    't-figure': '500 1.75rem/2.25rem var(--serif)',
    't-count': '500 1.25rem/1.5rem var(--serif)',
    't-section': '600 1.125rem/1.5rem var(--serif)',
    't-reading': '400 1.15625rem/1.9375rem var(--serif)',
    't-review': '400 1.0625rem/1.75rem var(--serif)',
    't-body': '400 .9375rem/1.375rem var(--sans)',
    't-name': '600 .9375rem/1.375rem var(--sans)',
    't-table': '400 .90625rem/1.25rem var(--sans)',
    't-small': '400 .84375rem/1.25rem var(--sans)',
    't-strong': '600 .84375rem/1.25rem var(--sans)',
    't-meta': '400 .75rem/1rem var(--sans)',
    't-caps': '600 .75rem/1rem var(--sans)',
    't-code': '400 .84375rem/1.375rem var(--code)',
}
_TYPE_ON_A_PHONE = {
    't-lesson': '500 1.75rem/2.125rem var(--serif)',
    't-title': '500 1.625rem/2rem var(--serif)',
    't-reading': '400 1.125rem/1.8125rem var(--serif)',
}
_MOTION = {'quick': '150ms', 'slow': '200ms', 'ease': 'cubic-bezier(.2,0,0,1)'}

SHEETS = (
    'base', 'controls', 'parts', 'review', 'conversation', 'player', 'learning', 'studio', 'knowledge', 'chat',
    'administration', 'account',
)  # fmt: skip


def apply_theme() -> None:
    """Put the theme on every page of the site; call once while the site is assembled, after '/static' is served."""
    site.colors(
        primary='var(--accent)', secondary='var(--ink2)', accent='var(--accent)',
        dark='var(--paper)', dark_page='var(--sheet)',
        positive='var(--ok)', negative='var(--bad)', warning='var(--warn)', info='var(--info)',
    )  # fmt: skip
    # Quasar's bar over every request has no name a screen reader could say; our uploads show their own progress
    site.config.quasar_config['loadingBar']['skipHijack'] = True
    ui.add_head_html(head(), shared=True)


@cache
def head() -> str:
    """What stands in the head of every page, NiceGUI's or our own: tokens, sheets, typefaces, favicon."""
    sheets = [f'fonts/fonts.css?v={_version("fonts/fonts.css")}']
    sheets += [f'css/{name}.css?v={_version(f"css/{name}.css")}' for name in SHEETS]
    preloads = ('source-sans-3-latin-wght-normal', 'source-serif-4-latin-opsz-normal')
    return '\n'.join(
        [
            f'<link rel="preload" href="/static/fonts/{f}.woff2" as="font" type="font/woff2" crossorigin>'
            for f in preloads
        ]
        + [f'<style>{tokens()}</style>']
        + [f'<link rel="stylesheet" href="/static/{sheet}">' for sheet in sheets]
        + ['<link rel="icon" href="/static/favicon.svg" type="image/svg+xml">']
        + [f'<meta name="theme-color" content="{LIGHT["bench"]}" media="(prefers-color-scheme: light)">']
        + [f'<meta name="theme-color" content="{DARK["bench"]}" media="(prefers-color-scheme: dark)">']
    )


@cache
def script() -> str:
    """The address of the script of pages without a socket; they may run nothing that stands in the page itself."""
    return f'/static/js/plain.js?v={_version("js/plain.js")}'


@cache
def tokens() -> str:
    """The tokens as custom properties. `.cw-auto` is for pages without NiceGUI's dark mode: they follow the system."""
    light = LIGHT | _PAGE | _SHADOWS | _SPACES | _RADII | _MEASURES | _FONTS | _TYPE | _MOTION
    dark = _properties(DARK | _PAGE_IN_THE_DARK | _SHADOWS_IN_THE_DARK) + 'color-scheme:dark;'
    return (
        f':root,.cw-light{{{_properties(light)}color-scheme:light}}'
        f'.body--dark{{{dark}}}'
        f'@media (prefers-color-scheme:dark){{.cw-auto{{{dark}}}}}'
        f'@media (max-width:37.49em){{:root{{{_properties(_TYPE_ON_A_PHONE)}}}}}'
        f'@media (prefers-reduced-motion:reduce){{:root{{--quick:0ms;--slow:0ms}}}}'
    )


def palette(*, dark: bool) -> dict[str, str]:
    """The raw colours, for what cannot read custom properties (charts, terminals)."""
    return DARK if dark else LIGHT


def _properties(values: dict[str, str]) -> str:
    return ''.join(f'--{name}:{value};' for name, value in values.items())


def _version(path: str) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:8]

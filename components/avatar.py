"""Initials on a soft ground; the colour belongs to the name."""

from zlib import crc32

from components.markup import escape

_GROUNDS = ('ok', 'warn', 'info', 'accent', 'plain')


def avatar_html(name: str, *, ground: str | None = None, square: bool = False, decorative: bool = True) -> str:
    """Decorative (the name stands beside it) unless said otherwise."""
    ground = ground or _GROUNDS[crc32(name.encode()) % len(_GROUNDS)]
    said = 'aria-hidden="true"' if decorative else f'role="img" aria-label="{escape(name)}"'
    shape = ' cw-square' if square else ''
    return f'<span class="cw-avatar cw-ground-{ground}{shape}" {said}>{escape(initials(name))}</span>'


def initials(name: str) -> str:
    words = [word for word in name.replace('-', ' ').split() if word[0].isalnum()]
    if not words:
        return '?'
    return (words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2])).upper()

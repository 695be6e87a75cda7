"""The diamond: who wrote this. Hollow is AI, half-filled is AI and a person, filled is a person."""

from components.i18n import _
from components.markup import escape

_HALVES = {'ai': '', 'ai_human': '<path d="M6 0 0 6l6 6z"/>', 'human': '<path d="M6 0 0 6l6 6 6-6z"/>'}


def origin_html(kind: str, *, word: bool = True) -> str:
    """`kind` is 'ai', 'ai_human' or 'human'."""
    said = escape({'ai': _('AI'), 'ai_human': _('AI + human'), 'human': _('Human')}.get(kind, kind))
    hidden = '' if word else ' class="cw-sr"'
    return (
        '<span class="cw-origin"><svg class="cw-diamond" viewBox="-1 -1 14 14" aria-hidden="true">'
        f'<path class="cw-outline" d="M6 0 0 6l6 6 6-6z"/>{_HALVES.get(kind, "")}</svg>'
        f'<span{hidden}>{said}</span></span>'
    )

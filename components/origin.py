"""The diamond: who wrote this. Hollow is AI, half-filled is AI and a person, filled is a person."""

from collections.abc import Sequence

from components.i18n import _
from components.markup import attributes, escape, icon

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


def own_words_html(own_words: Sequence[str]) -> str:
    """Under a block: that a person stands for its words, or for some of them, without a source. '' where none."""
    if not own_words:
        return ''
    words = _('The author’s own words') if '' in own_words else _('In part the author’s own words')
    sentences = ' '.join(one for one in own_words if one) or None
    return f'<p class="cw-small-text"{attributes(title=sentences)}>{icon("edit_note", "cw-i-xs")} {escape(words)}</p>'

"""A slide: title, points, and the speaker's notes under it."""

from collections.abc import Mapping
from typing import Any

from components.i18n import _
from components.markup import escape


def slide_html(content: Mapping[str, Any], *, notes: bool = True) -> str:
    """`content` as stored: {'title', 'bullets', 'notes'}."""
    points = ''.join(f'<li>{escape(str(point))}</li>' for point in content.get('bullets', ()))
    spoken = str(content.get('notes', '')) if notes else ''
    said = f'<p class="cw-slide-notes"><b>{escape(_("Notes."))}</b> {escape(spoken)}</p>' if spoken else ''
    return f'<div class="cw-slide"><h2>{escape(str(content.get("title", "")))}</h2><ul>{points}</ul></div>{said}'

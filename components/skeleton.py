"""Lines that stand for what is loading; they appear after 150 ms, so a quick answer shows none."""

from components.i18n import _
from components.markup import escape, markup

_WIDTHS = (92, 78, 86, 58)


class skeleton(markup):
    """`skeleton(4)` in the place of the content; delete it or clear the box when the content is there."""

    def __init__(self, lines: int = 3) -> None:
        super().__init__(skeleton_html(lines))


def skeleton_html(lines: int = 3) -> str:
    bars = ''.join(f'<span style="inline-size:{_WIDTHS[i % 4]}%"></span>' for i in range(lines))
    return f'<div class="cw-skeleton" role="status"><span class="cw-sr">{escape(_("Loading"))}</span>{bars}</div>'

"""Who else has this open: initials side by side, with their names."""

from collections.abc import Sequence

from components.avatar import avatar_html
from components.i18n import _, ngettext
from components.markup import attributes, escape

_SHOWN = 5


def people_html(names: Sequence[str]) -> str:
    """'' where nobody else is there."""
    if not names:
        return ''
    said = attributes(aria_label=_('Also here: {names}', names=', '.join(names)), title=', '.join(names))
    faces = ''.join(avatar_html(name) for name in names[:_SHOWN])
    more = len(names) - _SHOWN
    rest = f'<small>{escape(ngettext("and {n} more", "and {n} more", more))}</small>' if more > 0 else ''
    return f'<span class="cw-people" role="img"{said}>{faces}{rest}</span>'

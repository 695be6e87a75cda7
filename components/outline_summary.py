"""An outline at a glance: its minutes against the ask, and each module's share of them."""

from collections.abc import Sequence

from components.i18n import _, duration
from components.markup import escape
from components.outline_edits import ModuleRow
from components.ruler import Segment, ruler_html
from components.status import status_html


def outline_summary_html(modules: Sequence[ModuleRow], *, asked_minutes: float) -> str:
    """For the head of the card: '4 h 00 of 4 h asked' and whether that fits (within a tenth)."""
    total = sum(module.minutes for module in modules)
    asked = _('{total} of {asked} asked', total=duration(total), asked=duration(asked_minutes))
    if asked_minutes and abs(total - asked_minutes) <= asked_minutes / 10:
        return f'<span>{escape(asked)}</span>{status_html("passed", _("Fits"))}'
    words = (
        _('{difference} over', difference=duration(total - asked_minutes))
        if total > asked_minutes
        else _('{difference} short', difference=duration(asked_minutes - total))
    )
    return f'<span>{escape(asked)}</span>{status_html("look_again", words)}'


def outline_ruler_html(modules: Sequence[ModuleRow]) -> str:
    segments = [
        Segment(minutes=m.minutes, state='done', label=f'{n}, {duration(m.minutes)}')
        for n, m in enumerate(modules, start=1)
    ]
    return ruler_html(segments, label=_('Minutes of each module'), captions=True)

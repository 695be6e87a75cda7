"""The ruler: progress whose segments are as wide as the minutes they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from components.markup import escape


@dataclass(frozen=True, kw_only=True)
class Segment:
    minutes: float
    state: Literal['done', 'working', 'open'] = 'open'
    label: str = ''


def ruler_html(segments: Sequence[Segment], *, label: str, captions: bool = False) -> str:
    """With `captions` each segment's label stands under it."""
    total = sum(segment.minutes for segment in segments) or 1
    done = sum(segment.minutes for segment in segments if segment.state == 'done')
    bars = ''.join(
        (
            f'<span class="cw-{segment.state}" style="flex-grow:{segment.minutes or 1:g}" '
            f'title="{escape(segment.label)}"></span>'
        )
        for segment in segments
    )
    bar = (
        f'<div class="cw-ruler" role="progressbar" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{round(100 * done / total)}" aria-label="{escape(label)}" '
        f'aria-valuetext="{escape(label)}">{bars}</div>'
    )
    if not captions:
        return bar
    under = ''.join(f'<span style="flex-grow:{s.minutes or 1:g}">{escape(s.label)}</span>' for s in segments)
    return f'{bar}<div class="cw-ruler-captions" aria-hidden="true">{under}</div>'


def meter_html(share: float, *, label: str) -> str:
    """A short bar in a table cell: `share` of 1."""
    whole = round(100 * min(max(share, 0), 1))
    return (
        f'<span class="cw-meter" role="meter" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{whole}" '
        f'aria-label="{escape(label)}"><span style="inline-size:{whole}%"></span></span>'
    )

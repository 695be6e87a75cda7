"""Numbers that explain themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.markup import escape, icon, markup


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`help` says how the number is made (shown on hover and to screen readers); `note_html` is safe HTML, e.g. a
    status."""

    label: str
    value: str
    note: str = ''
    note_html: str = ''
    help: str = ''
    tone: str = ''


class figures(markup):
    """A row of figures in one card: `figures([Figure(label='Enrolled', value='48', note='2 joined this week')])`."""

    def __init__(self, items: Sequence[Figure]) -> None:
        super().__init__(figures_html(items))


def figures_html(items: Sequence[Figure]) -> str:
    return f'<dl class="cw-figures cw-card">{"".join(_figure(item) for item in items)}</dl>'


def _figure(item: Figure) -> str:
    note = item.note_html or escape(item.note)
    tone = f' cw-{escape(item.tone)}' if item.tone else ''
    return (
        f'<div class="cw-figure"><dt>{escape(item.label)}{_help(item.help)}</dt>'
        f'<dd class="cw-value{tone}">{escape(item.value)}</dd>'
        + (f'<dd class="cw-figure-note">{note}</dd>' if note else '')
        + '</div>'
    )


def _help(text: str) -> str:
    if not text:
        return ''
    return (
        f'<span class="cw-why" tabindex="0" role="note" aria-label="{escape(text)}" '
        f'data-tip="{escape(text)}">{icon("help", "cw-i-xs")}</span>'
    )

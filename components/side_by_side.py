"""Two versions of a block beside each other, part by part; on a phone one below the other."""

from collections.abc import Sequence

from components.diff_view import changed_sides, label_of, notes_html, part_html
from components.i18n import _
from components.markup import escape
from services.conversation.differences import Row


def side_by_side_html(rows: Sequence[Row], *, before: str = '', after: str = '') -> str:
    """`before` and `after` head the two columns: 'Version 2', 'What you saw on Tuesday'."""
    heads = ''.join(
        f'<span class="cw-label" role="columnheader">{escape(words)}</span>'
        for words in (before or _('Before'), after or _('Now'))
    )
    lines = ''.join(_line(row, before or _('Before'), after or _('Now')) for row in rows)
    return (
        f'<div class="cw-sides" role="table" aria-label="{escape(_("Before and now"))}">'
        f'<div class="cw-sides-head" role="row">{heads}</div>{lines}</div>'
    )


def _line(row: Row, before: str, after: str) -> str:
    left, right = _sides(row)
    gone = 'cw-side-gone' if row.changed and row.before else ''
    come = 'cw-side-come' if row.changed and row.after else ''
    same = '' if row.changed else ' cw-side-same'
    return (
        f'<div class="cw-side-row{same}" role="row">'
        f'<div class="cw-facing {gone}" role="cell" data-side="{escape(before)}">{left}</div>'
        f'<div class="cw-facing {come}" role="cell" data-side="{escape(after)}">{right}{notes_html(row.notes)}</div>'
        f'</div>'
    )


def _sides(row: Row) -> tuple[str, str]:
    label = label_of(row.part)
    head = f'<span class="cw-label">{escape(label)}</span>' if label else ''
    if row.cells:
        pairs = [changed_sides(old, new) for old, new in row.cells]
        return tuple(head + _table([pair[side] for pair in pairs]) for side in (0, 1))  # type: ignore[return-value]
    left, right = changed_sides(row.before or '', row.after or '')
    return (
        head + part_html(row, left, right=row.key_before) if row.before else '',
        head + part_html(row, right, right=row.key_after) if row.after else '',
    )


def _table(cells: Sequence[str]) -> str:
    return f'<table><tbody><tr>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr></tbody></table>'

"""What changed between two texts, word by word: <del> and <ins>, as on a proof; and between two versions of a block,
part by part, in the order in which it reads."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from components.i18n import _
from components.markup import escape, icon
from services.conversation.differences import Note, Row

_LONGEST = 40_000  # letters


def diff_html(before: str, after: str) -> str:
    """From two plain texts (services.richtext.plain_text), so nothing in them is markup."""
    return f'<div class="cw-diff">{changed_words(before, after)}</div>'


def changed_words(before: str, after: str) -> str:
    html = ''
    for same, gone, come in _changes(before, after):
        if same:
            html += escape(gone)
            continue
        html += (
            _tagged('del', gone)
            + (' ' if gone.strip() and come.strip() and not gone.endswith((' ', '\n')) else '')
            + _tagged('ins', come)
        )
    return html


def changed_sides(before: str, after: str) -> tuple[str, str]:
    """The same, apart: what went is marked on the left, what came on the right."""
    left = right = ''
    for same, gone, come in _changes(before, after):
        left += escape(gone) if same else _tagged('del', gone, blanks=True)
        right += escape(gone) if same else _tagged('ins', come)
    return left, right


def rows_html(rows: Sequence[Row]) -> str:
    """A block with its changes in it, from services.conversation.differences."""
    return f'<div class="cw-diff cw-diff-rows">{"".join(_row(row) for row in rows)}</div>'


def part_html(row: Row, words: str, *, right: bool) -> str:
    """One part as it looks in its block: a heading, a point, an answer with its mark."""
    if row.part == 'option':
        symbol = 'radio_button_checked' if right else 'radio_button_unchecked'
        return f'<span class="cw-line cw-close">{icon(symbol, "cw-i-s")}<span>{words}</span></span>'
    if row.part in ('point', 'number', 'accepted'):
        return f'<span class="cw-line cw-close"><span aria-hidden="true">•</span><span>{words}</span></span>'
    if row.part == 'picture':
        return f'<span class="cw-line cw-close">{icon("image", "cw-i-s")}<span>{words}</span></span>'
    return f'<b>{words}</b>' if row.part in ('title', 'h2', 'h3', 'h4', 'prompt') else words


def label_of(part: str) -> str:
    """What a part is called, where that does not show."""
    return {'notes': _('Speaker notes'), 'explanation': _('Why'), 'accepted': _('Accepted answer'),
            'kind': _('Kind of question'), 'quote': _('Quotation'), 'callout': _('Call-out'), 'code': _('Code'),
            'caption': _('Caption'), 'picture': _('Picture')}.get(part, '')  # fmt: skip


def notes_html(notes: Sequence[Note]) -> str:
    """What changed besides the words, in words."""
    if not notes:
        return ''
    lines = ''.join(
        f'<li{" class=cw-key-change" if note.what.startswith("key") else ""}>{icon(_symbol(note), "cw-i-xs")}'
        f'<span>{escape(said(note))}</span></li>'
        for note in notes
    )
    return f'<ul class="cw-diff-notes">{lines}</ul>'


def said(note: Note) -> str:
    words, detail = note.words, _kind(note.detail) if note.what == 'kind' else note.detail
    told = {
        'key_on': _('Counts as right now'), 'key_off': _('No longer counts as right'),
        'moved': _('Moved, word for word'),
        'kind': _('Is now: {kind}', kind=detail), 'picture': _('Another picture'),
        'link': _('“{words}” leads to {target} now', words=words, target=detail),
        'link_on': _('“{words}” leads to {target} now', words=words, target=detail),
        'link_off': _('“{words}” is no link any more', words=words),
        'bold_on': _('“{words}” is bold now', words=words),
        'bold_off': _('“{words}” is no longer bold', words=words),
        'italic_on': _('“{words}” is italic now', words=words),
        'italic_off': _('“{words}” is no longer italic', words=words),
        'code_on': _('“{words}” is set as code now', words=words),
        'code_off': _('“{words}” is no longer set as code', words=words),
    }  # fmt: skip
    return told.get(note.what) or _('“{words}” is formatted differently', words=words)


def _row(row: Row) -> str:
    if row.cells:
        cells = ''.join(f'<td>{changed_words(old, new)}</td>' for old, new in row.cells)
        body = f'<table><tbody><tr>{cells}</tr></tbody></table>'
    else:
        body = part_html(row, _words_of(row), right=row.key_after if row.after is not None else row.key_before)
    label = label_of(row.part)
    head = f'<span class="cw-label">{escape(label)}</span>' if label else ''
    state = 'gone' if row.after is None else 'come' if row.before is None else 'changed' if row.changed else 'same'
    return f'<div class="cw-diff-row cw-diff-{state} cw-part-{row.part}">{head}{body}{notes_html(row.notes)}</div>'


def _words_of(row: Row) -> str:
    if row.before is None:
        return _tagged('ins', row.after or '')
    if row.after is None:
        return _tagged('del', row.before)
    return changed_words(row.before, row.after)


def _symbol(note: Note) -> str:
    if note.what.startswith('key'):
        return 'key'
    return {'moved': 'swap_vert', 'picture': 'image', 'link': 'link', 'link_on': 'link', 'link_off': 'link_off'}.get(
        note.what, 'format_paint'
    )


def _kind(kind: str) -> str:
    return {'p': _('paragraph'), 'h2': _('heading'), 'h3': _('smaller heading'), 'h4': _('smallest heading'),
            'point': _('point of a list'), 'number': _('numbered point'), 'quote': _('quotation'),
            'callout': _('call-out'), 'code': _('code'), 'row': _('row of a table')}.get(kind, kind)  # fmt: skip


def _changes(before: str, after: str) -> Iterator[tuple[bool, str, str]]:
    """(is the same, what was there, what is there) in order."""
    if len(before) + len(after) > _LONGEST:  # word by word this would hold up everybody else
        yield before == after, before, after
        return
    old, new = _words(before), _words(after)
    for change, i1, i2, j1, j2 in _joined(SequenceMatcher(None, old, new, autojunk=False).get_opcodes(), old):
        yield change == 'equal', ''.join(old[i1:i2]), ''.join(new[j1:j2])


def _words(text: str) -> list[str]:
    # blanks are words of their own, so a reflowed line is no change of its neighbours
    return re.findall(r'\s+|\w+|[^\w\s]', text)


Opcode = tuple[str, int, int, int, int]


def _joined(opcodes: Sequence[Opcode], old: list[str]) -> list[Opcode]:
    """Changes with a blank or a single word between them read better as one."""
    joined: list[Opcode] = []
    for code in opcodes:
        change, i1, i2, _j1, j2 = code
        little = change == 'equal' and re.fullmatch(r'\s*\w*\s*', ''.join(old[i1:i2])) is not None
        if joined and joined[-1][0] != 'equal' and (change != 'equal' or (little and code is not opcodes[-1])):
            _, a1, _, b1, _ = joined[-1]
            joined[-1] = ('replace', a1, i2, b1, j2)
        else:
            joined.append(code)
    return joined


def _tagged(tag: str, text: str, *, blanks: bool = False) -> str:
    """The tag around the words, the blanks at their ends outside it."""
    bare = text.strip()
    if not bare:
        return escape(text) if tag == 'ins' or blanks else ''
    start = text.index(bare[0])
    return f'{escape(text[:start])}<{tag}>{escape(bare)}</{tag}>{escape(text[start + len(bare) :])}'

"""What changed between two texts, word by word: <del> and <ins>, as on a proof."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from components.markup import escape


def diff_html(before: str, after: str) -> str:
    """From two plain texts (services.richtext.plain_text), so nothing in them is markup."""
    return f'<div class="cw-diff">{changed_words(before, after)}</div>'


def changed_words(before: str, after: str) -> str:
    old, new = _words(before), _words(after)
    html = ''
    for change, i1, i2, j1, j2 in _joined(SequenceMatcher(None, old, new, autojunk=False).get_opcodes(), old):
        gone, come = ''.join(old[i1:i2]), ''.join(new[j1:j2])
        if change == 'equal':
            html += escape(gone)
            continue
        html += (
            _tagged('del', gone)
            + (' ' if gone.strip() and come.strip() and not gone.endswith((' ', '\n')) else '')
            + _tagged('ins', come)
        )
    return html


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


def _tagged(tag: str, text: str) -> str:
    """The tag around the words, the blanks at their ends outside it."""
    bare = text.strip()
    if not bare:
        return escape(text) if tag == 'ins' else ''
    start = text.index(bare[0])
    return f'{escape(text[:start])}<{tag}>{escape(bare)}</{tag}>{escape(text[start + len(bare) :])}'

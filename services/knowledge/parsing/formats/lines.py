"""Lines as they stand on paper: joined to paragraphs, and told apart into headings, list items and text."""

import re
from collections.abc import Sequence


def joined(lines: Sequence[str], hyphenated: frozenset[str] = frozenset()) -> str:
    """The lines as one text, with words mended that were divided at a line's end.

    A word in `hyphenated` (as written elsewhere in the document: “well-known”) keeps its hyphen.
    """
    text = ''
    for line in lines:
        if text and (divided := _DIVIDED.search(text)) and (rest := _CONTINUED.match(line)):
            compound = f'{divided.group(1)}-{rest.group()}'.lower()
            text = (text if compound in hyphenated else text[:-1]) + line
        elif text and text[-1] in '‐-' and len(text) > 1 and text[-2].isalnum():
            text += line
        else:
            text = f'{text} {line}' if text else line
    return text


def heading_level(line: str) -> int:
    """The level that the words alone tell: “5.2 Correct use” 2, “CHAPTER 3” 1; 0 if they look like text."""
    if len(line) > 100 or line[-1] in '.,;:!?' or LEADER.search(line):
        return 0
    if numbered := NUMBERED.match(line):
        return min(numbered.group(1).rstrip('.').count('.') + 1, 6)
    if _NAMED.match(line):
        return 1
    letters = [character for character in line if character.isalpha()]
    return 1 if len(letters) > 3 and len(line) <= 70 and all(letter.isupper() for letter in letters) else 0


_MARK = r'(?:[•‣◦▪■●○➢✓–—*·-]|\(?\d{1,3}[.)]|\(?[a-z][.)]|\([ivx]+\))\s+'
BULLET_MARK = re.compile(_MARK)
BULLET = re.compile(_MARK + r'(?=\S)')
LEADER = re.compile(r'(?:\.\s?){4,}\s*\d*$')
NUMBERED = re.compile(r'(\d{1,2}(?:\.\d{1,2}){0,4}\.?)\s+(?=[^\W\d_a-zß-ÿ])')
_NAMED = re.compile(
    r'(?:chapter|part|section|appendix|annex|unit|module|lesson|kapitel|teil|anhang)\s+(?:\d+|[IVXLC]+|[A-Z])\b',
    re.IGNORECASE,
)
_DIVIDED = re.compile(r'([^\W\d_]{2,})[-‐]$')
_CONTINUED = re.compile(r'[a-zß-öø-ÿ]{2,}')

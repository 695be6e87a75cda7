"""How fit a document is to be written from: 0 to 100, from what can be measured, with the reasons for what it lost."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from services.knowledge.language import sentences
from services.knowledge.parsing.document import ParsedDocument


@dataclass(frozen=True, kw_only=True)
class Quality:
    """`reasons` are (key of REASONS, the number in it, points lost), the heaviest first."""

    score: int
    reasons: tuple[tuple[str, float, int], ...]


REASONS = {
    'short': 'There are only {n} words in it.',
    'odd_characters': '{n} of 100 characters are no letters, digits or signs: perhaps it was decoded wrongly.',
    'broken_words': '{n} of 100 words look broken, as text recognition (OCR) leaves them.',
    'no_sentences': 'Few whole sentences: only {n} of 100 letters stand in one. It may be a list, a form or a table.',
    'empty_pages': '{n} of 100 pages have no text.',
    'no_headings': 'It has {n} pages and no heading, so passages do not know what they are about.',
    'duplicate': '{n} of 100 passages stand in another document too.',
    'unknown_language': 'Its language cannot be told.',
}


def said(reasons: Sequence[tuple[str, float, int]]) -> list[str]:
    """The reasons as sentences, in English."""
    return [REASONS[key].format(n=round(value)) for key, value, _ in reasons if key in REASONS]


def judged(document: ParsedDocument, *, duplicates: float = 0.0) -> Quality:
    """`duplicates`: the share of its passages, 0 to 1, that other documents have word for word.

    Each weakness takes points off: what it takes at most stands beside it below.
    """
    text = '\n'.join(page.text for page in document.pages)
    words = text.split()
    pages = len(document.pages)
    whole = _in_sentences(text)
    odd, broken = _odd_share(text), _broken_share(words)
    empty = sum(not page.text.strip() for page in document.pages) / pages if pages else 0.0
    lost: list[tuple[str, float, float]] = [
        ('short', len(words), _ramp(_FEW_WORDS - len(words), 0, _FEW_WORDS, 35)),
        ('odd_characters', 100 * odd, _ramp(odd, 0.01, 0.20, 60)),
        ('broken_words', 100 * broken, _ramp(broken, 0.08, 0.35, 70)),
        ('no_sentences', 100 * whole, _ramp(0.5 - whole, 0, 0.5, 20) if len(words) >= _FEW_WORDS else 0.0),
        ('empty_pages', 100 * empty, _ramp(empty, 0.2, 1.0, 30)),
        ('no_headings', pages, 8.0 if pages > 3 and not document.sections else 0.0),
        ('duplicate', 100 * duplicates, _ramp(duplicates, 0.3, 1.0, 40)),
        ('unknown_language', 0, 0.0 if document.language or len(words) < 20 else 10.0),
    ]
    reasons = [(key, round(value, 1), round(points)) for key, value, points in lost if round(points) > 0]
    reasons.sort(key=lambda reason: -reason[2])
    return Quality(score=max(0, 100 - sum(points for _, _, points in reasons)), reasons=tuple(reasons))


def _ramp(value: float, start: float, full: float, points: float) -> float:
    """0 up to `start`, all `points` from `full` on, and evenly between."""
    return points * min(1.0, max(0.0, (value - start) / (full - start)))


def _odd_share(text: str) -> float:
    """Characters of no use to a reader: replacement marks, private ones, unassigned ones, boxes and blocks."""
    seen = [letter for letter in text if not letter.isspace()]
    odd = sum(
        letter == '\ufffd' or unicodedata.category(letter) in _ODD or '\u2500' <= letter <= '\u259f' for letter in seen
    )
    return odd / len(seen) if seen else 0.0


def _broken_share(words: Sequence[str]) -> float:
    """Words that mix letters with digits and signs, that have no vowel, or that no word is as long as."""
    candidates = [bare for word in words if len(bare := word.strip(_AROUND)) > 2 and not _NUMBER.fullmatch(bare)]
    return sum(_is_broken(word) for word in candidates) / len(candidates) if candidates else 0.0


def _is_broken(word: str) -> bool:
    if _ADDRESS.search(word):
        return False
    letters = [letter for letter in word if letter.isalpha()]
    if len(letters) * 2 < len(word) and not _CODE.fullmatch(word):
        return True
    if not all(letter < '\u0250' for letter in letters):
        return False  # of scripts other than Latin we know too little
    if _INSIDE.search(word) or len(word) > 35:
        return True
    if len(letters) < len(word) or word.isupper():
        return False  # an abbreviation, an article number, a compound
    return len(letters) > 3 and not any(letter in _VOWELS for letter in word.lower())


def _in_sentences(text: str) -> float:
    """The share of the characters that stand in sentences of at least four words with an end."""
    spans = sentences(text)
    total = sum(end - start for start, end in spans)
    whole = sum(
        end - start
        for start, end in spans
        if text[end - 1] in _ENDS and (len(text[start:end].split()) >= 4 or text[end - 1] in '。！？')
    )
    return whole / total if total else 0.0


_FEW_WORDS = 60
_ODD = ('Co', 'Cn', 'Cs', 'Cc')
_AROUND = '.,;:!?…()[]{}<>"\'“”‘’«»„–—-•*/|'
_ENDS = '.!?…:;"”»)。！？'
_VOWELS = frozenset('aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœąęıőűůřāēīōū')
_NUMBER = re.compile(r'[\d.,:/%°±+×x-]+\w{0,3}')
_CODE = re.compile(r'[A-Za-z]{1,6}[-/.]?\d[\w./-]*')
_ADDRESS = re.compile(r'@|://|www\.|\.\w{2,4}$')
_INSIDE = re.compile(
    r'[A-Za-z][|~^\\{}<>$#*=_¬¦§]+[A-Za-z]|[a-z]\d[a-z]|[a-z][A-Z]{2,}[a-z]|[bcdfghjklmnpqrstvwxz]{7,}'
)

"""Which numbers of a sentence may be asked about, and which other numbers make it wrong for certain."""

import re
from collections.abc import Iterable

from services.generation.authors.offline.quantities import Quantity, other_numbers

_LOWER = re.compile(
    r'\b(?:at least|no less than|not less than|a minimum of|more than|above|over|beyond|from|(?:longer|larger|greater'
    r'|higher|thicker|older|wider|hotter|heavier) than|mindestens|über|mehr als)'
    r'\s*(?:about|a core temperature of)?\s*$',
    re.I,
)
_UPPER = re.compile(
    r'\b(?:at most|no (?:more|longer|larger|later|higher) than|not more than|up to|within|below|under|until|by'
    r'|less than|fewer than|a maximum of|at least every|(?:smaller|lower|shorter|colder) than|höchstens|bis zu|unter'
    r'|innerhalb von)'
    r'\s*(?:about|a period of)?\s*$',
    re.I,
)
_AFTERWARDS_LOWER = re.compile(r'^\s*(?:or (?:more|above|over|longer|higher)|at least|oder mehr)\b', re.I)
_AFTERWARDS_UPPER = re.compile(r'^\s*(?:or (?:less|below|under|lower)|at most|at the latest|oder weniger)\b', re.I)
_MAIN_VERB = re.compile(
    r'\b(?:is|are|must|may|should|has|have|takes?|needs?|requires?|stands?|reach(?:es)?|runs?|keeps?|ist|sind|muss'
    r'|müssen|darf|dürfen|soll)\b'
)
# What might be, and what is only a reason, may hold for other numbers as well.
_LOOSE = re.compile(r'\b(?:can|could|would|might|könnte|würde|kann)\b', re.I)
_REASON = re.compile(r'\b(?:because|since|so that|even if|although|which|as|weil|damit|da)\b', re.I)


def may_be_asked(sentence: str, quantity: Quantity) -> bool:
    """Not a number that opens the sentence, stands in its reason, or belongs to what only might happen."""
    before = sentence[: quantity.start]
    opens = len(before.split()) < 3
    return not opens and not is_loose(before, sentence)


def is_loose(before: str, sentence: str) -> bool:
    """Whether a fact stands in a reason, or in what only might happen: the opposite may hold as well."""
    return bool(_REASON.search(before) or _LOOSE.search(sentence))


def certainly_wrong(sentence: str, quantity: Quantity, known: Iterable[float]) -> list[float]:
    """Other numbers that the sentence does not imply: who washes for at least 20 seconds washes for at least 10."""
    numbers = sorted(
        other_numbers(quantity, sorted(set(known))), key=lambda number: (abs(number - quantity.number), number)
    )
    bound = _bound(sentence, quantity)
    if not bound and not _MAIN_VERB.search(sentence[: quantity.start]):
        return []  # 'A spanner of 500 g dropped from 10 m …': a lighter one falls as fast
    if bound == 'lower' and re.search(r'\bmay\b', sentence):
        return []  # what may be above 8 may be above 12
    if bound == 'lower':
        return [number for number in numbers if number > quantity.number]
    if bound == 'upper':
        return [number for number in numbers if number < quantity.number]
    return numbers


def _bound(sentence: str, quantity: Quantity) -> str:
    before, after = sentence[: quantity.start], sentence[quantity.end :]
    lower = _LOWER.search(before) or _AFTERWARDS_LOWER.match(after)
    upper = _UPPER.search(before) or _AFTERWARDS_UPPER.match(after)
    if upper or lower:
        asked_for = bool(_MAIN_VERB.search(before)) or not _MAIN_VERB.search(after)
        return 'upper' if bool(upper) == asked_for else 'lower'
    return ''

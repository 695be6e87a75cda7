"""Is what an author quotes really there? Verbatim or not at all: a near miss is a wrong citation."""

import re
from functools import lru_cache

_QUOTES = dict.fromkeys('“”„‟«»‹›″＂', '"') | dict.fromkeys('‘’‚‛`´′', "'")
_DASHES = dict.fromkeys('‐‑‒–—―−﹘﹣－', '-')
_UNSEEN = dict.fromkeys('\u00ad\u200b\u200c\u200d\u2060\ufeff')
_FOLD = str.maketrans(_QUOTES | _DASHES | _UNSEEN)


def find_quote(page_text: str, quote: str, *, near: tuple[int, int] | None = None) -> tuple[int, int] | None:
    """Start and end of the quote in the page; None if it is not there.

    White space, kinds of quotation marks and dashes, soft hyphens and the case of the first letter may differ.
    Of several places the one nearest to `near` is taken, else the first.
    """
    words = _folded(quote)[0].strip()
    if not words:
        return None
    folded, origins = _folded(page_text)
    first = (
        f'[{re.escape(words[0].lower())}{re.escape(words[0].upper())}]'
        if words[0].isalpha() and len(words[0].upper()) == 1
        else re.escape(words[0])
    )
    places = [
        (origins[found.start()], origins[found.start() + len(words) - 1] + 1)
        for found in re.finditer(f'(?={first}{re.escape(words[1:])})', folded)
        if _whole_words(folded, found.start(), found.start() + len(words))
    ]
    if not places:
        return None
    if near is None:
        return places[0]
    middle = sum(near) / 2
    return min(places, key=lambda place: abs(sum(place) / 2 - middle))


def _whole_words(text: str, start: int, end: int) -> bool:
    """'15 cm' must not be found in '115 cm', nor 'acid' in 'acids' or '1.5' in '1.55'."""
    before, after = text[:start][-2:], text[end : end + 2]
    if (
        text[start].isalnum()
        and before
        and (
            before[-1].isalnum()
            or (len(before) == 2 and before[-1] in '.,' and before[0].isdigit() and text[start].isdigit())
        )
    ):
        return False
    if not text[end - 1].isalnum() or not after:
        return True
    return not (
        after[0].isalnum() or (len(after) == 2 and after[0] in '.,' and after[1].isdigit() and text[end - 1].isdigit())
    )


@lru_cache(maxsize=64)
def _folded(text: str) -> tuple[str, list[int]]:
    """The text in the form in which quotes are compared, and for each of its characters the place it came from."""
    characters: list[str] = []
    origins: list[int] = []
    for place, original in enumerate(text):
        character = original.translate(_FOLD)
        if not character or (character.isspace() and characters and characters[-1] == ' '):
            continue
        characters.append(' ' if character.isspace() else character)
        origins.append(place)
    return ''.join(characters), origins

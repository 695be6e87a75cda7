"""Words worth a glossary: defined in a sentence, spelled out as an acronym, or named again and again.

By rules, not by a trained model: a glossary wants terms with the sentence that explains them, and that is what the
rules look for. The only packaged English model (spaCy, 574 MB, third-party) finds people and places, calls PostgreSQL
one of them, and knows no definitions.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from services.generation.authors.offline.context import needs_context
from services.knowledge.language import sentences

Found = Literal['defined', 'acronym', 'name']
_ORDER = {'defined': 0, 'acronym': 1, 'name': 2}
_TERM = r'(?P<term>[A-ZÄÖÜ]?[\w’\'/-]+(?:[ -][\w’\'/-]+){0,4}?)'
_DEFINED = (
    re.compile(
        rf'^(?:(?:An?|The)\s+)?[“"]?{_TERM}[”"]?\s+(?:is|are)\s+(?:(?:a|an|any|the)\s+(?:\w+\s+){{0,4}}\w+\s+'
        r'(?:that|which|who|where|in which|for|of|to|by|used|made)\b|(?:called|defined as)\b)'
    ),
    re.compile(rf'^(?:(?:An?|The)\s+)?[“"]?{_TERM}[”"]?\s+(?:means|refers to|denotes|describes|stands for)\s+\w'),
    re.compile(rf'^(?:(?:Ein|Eine|Der|Die|Das)\s+)?[„“"]?{_TERM}[“”"]?\s+(?:ist|sind)\s+(?:eine?|der|die|das)\s+\w+,'),
    re.compile(rf'^(?:(?:Ein|Eine|Der|Die|Das)\s+)?[„“"]?{_TERM}[“”"]?\s+(?:bezeichnet|bedeutet|steht für)\s+\w'),
)
_WORDS = r'((?:[A-Za-zÄÖÜäöüß][\w’-]*[ -]){1,7}[A-Za-zÄÖÜäöüß][\w’-]*)'
_LONG_FIRST = re.compile(rf'\b{_WORDS}\s\(([A-Z][A-Za-z]?[A-Z]{{1,6}})s?\)')
_SHORT_FIRST = re.compile(rf'\b([A-Z][A-Za-z]?[A-Z]{{1,6}})\s\({_WORDS}\)')
_NAME = re.compile(r'(?<=[a-z,;:] )([A-Z][a-z’-]+(?: (?:of|and|the|for|in))?(?: [A-Z][\w’-]+){1,3})')
_NO_TERM = re.compile(
    r'^(?:this|that|these|those|it|there|here|he|she|they|we|you|i|one|some|many|most|all|each|every|both|what|which|'
    r'who|when|where|if|in|on|at|for|to|as|by|with|no|not|only|also|such|other|another|example|note|chapter|section|'
    r'figure|table|page|first|second|next|last|dies|das|es|hier|sie|er|wir|ihr|diese[rsnm]?|wenn|result|answer|reason|'
    r'problem|purpose|goal|aim|following|same)\b',
    re.I,
)
_MOST, _LONGEST = 60, 400


@dataclass(frozen=True, kw_only=True)
class Term:
    """`quote` is pages[page - 1][start:end]; `definition` what a glossary would say, '' for a name. `count`: how often
    the term is said in all pages."""

    term: str
    definition: str
    found: Found
    page: int
    start: int
    end: int
    quote: str
    count: int


def terms(pages: Sequence[str]) -> list[Term]:
    """The best first; each term once."""
    found: dict[str, Term] = {}
    for number, text in enumerate(pages, 1):
        for start, end in sentences(text):
            if end - start <= _LONGEST:
                for term in _in_sentence(text[start:end], number, start):
                    known = found.get(key_of(term.term))
                    if known is None or _ORDER[term.found] < _ORDER[known.found]:
                        found[key_of(term.term)] = term
    counts = _counted(found, '\n'.join(pages))
    kept = [
        Term(**{**vars(term), 'count': counts[key]})
        for key, term in found.items()
        if counts[key] >= {'defined': 2, 'acronym': 1, 'name': 3}[term.found]
    ]
    return sorted(kept, key=lambda term: (_ORDER[term.found], -term.count, term.page))[:_MOST]


def key_of(term: str) -> str:
    """What a term is compared by."""
    return ' '.join(term.casefold().split())[:120]


def acronyms(text: str) -> dict[str, str]:
    """Acronym -> what it stands for, where the text says so."""
    return {short: long for short, long, _start, _end in _acronyms(text)}


def _in_sentence(sentence: str, page: int, start: int) -> Iterator[Term]:
    def term(words: str, definition: str, found: Found, first: int = 0, last: int = len(sentence)) -> Term:
        quote = sentence[first:last]
        return Term(term=words, definition=definition, found=found, page=page, start=start + first, end=start + last,
                    quote=quote, count=0)  # fmt: skip

    for pattern in _DEFINED:
        match = pattern.match(sentence)
        if match and _is_term(match['term']) and not needs_context(sentence, 'en'):
            yield term(match['term'], sentence, 'defined')
            break
    for short, long, _first, _last in _acronyms(sentence):
        yield term(short, long[0].upper() + long[1:], 'acronym')
    for match in _NAME.finditer(sentence):
        yield term(match[1], '', 'name')


def _is_term(words: str) -> bool:
    return len(words) > 2 and not _NO_TERM.match(words) and not words[0].isdigit() and len(words.split()) <= 5


def _acronyms(text: str) -> Iterator[tuple[str, str, int, int]]:
    for match in _LONG_FIRST.finditer(text):
        long = _spelled(match[1], match[2])
        if long:
            yield match[2], long, match.start(), match.end()
    for match in _SHORT_FIRST.finditer(text):
        long = _spelled(match[2], match[1])
        if long:
            yield match[1], long, match.start(), match.end()


def _spelled(words: str, short: str) -> str:
    """The last words whose initials are the acronym's letters, small words left out if need be; '' if none are."""
    every = words.replace('-', ' ').split()
    for first in range(len(every)):
        for small in (False, True):
            letters = ''.join(word[0] for word in every[first:] if small or len(word) > 3 or word[0].isupper())
            if letters.upper() == short.upper():
                return ' '.join(words.split()[first - len(every) :] if '-' not in words else every[first:])
    return ''


def _counted(found: dict[str, Term], text: str) -> Counter[str]:
    plain = ' '.join(text.casefold().split())
    return Counter({key: plain.count(key) for key in found})

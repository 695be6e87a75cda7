"""Titles from headings: no numbering, no capitals throughout, no repetition."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.generation.authors.base import Passage

_NUMBER = re.compile(
    r'^\s*(?:(?:chapter|section|part|module|unit|lesson|kapitel|abschnitt|teil|chapitre|cap[íi]tulo)\s+)?'
    r'(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5}(?=[.):])|[A-Z](?=[.):]|\.\d))(?:\.\d+)*[.):]?\s*[-–—:]?\s+',
    re.I,
)
_LABEL = re.compile(r'^\s*(?:appendix|annex|anhang|annexe|anexo)\s+[A-Z0-9]+\s*[-–—:.]\s*', re.I)
_APPARATUS = re.compile(
    r'^(?:(?:table of )?contents|(?:(?:normative|informative) )?references|bibliography|literature|index'
    r'|glossary of symbols|revision history|change (?:log|history)|document (?:control|history)|version history'
    r'|acknowledge?ments?|(?:full )?copyright(?: (?:notice|statement))?|status of this memo'
    r'|authors?[’\']? address(?:es)?|about this (?:manual|document|guide|book|tutorial)|feedback'
    r'|new versions of this (?:manual|document)|related documents|early history|imprint|legal notice|disclaimer'
    r'|list of (?:figures|tables|abbreviations)'
    r'|inhalt(?:sverzeichnis)?|literatur(?:verzeichnis)?|impressum|abbildungsverzeichnis|änderungshistorie|sommaire'
    r'|table des matières|bibliographie|índice|bibliografía)$',
    re.I,
)
_CAPTION = re.compile(
    r'^(?:figure|fig\.|table|abbildung|abb\.|tabelle|tableau|figura|source|quelle)\s*\d*[a-z]?\s*[:.–-]', re.I
)


@dataclass(frozen=True, kw_only=True)
class Casing:
    """Which words the sources write with a capital inside a sentence, and which in capitals throughout."""

    names: frozenset[str]
    capitals: frozenset[str]
    nouns_are_capitalised: bool
    small: frozenset[str]


def casing_of(texts: Iterable[str], language: str) -> Casing:
    names: Counter[str] = Counter()
    small: Counter[str] = Counter()
    capitals: set[str] = set()
    for text in texts:
        for line in text.split('\n'):
            if line.isupper():
                continue
            capitals.update(re.findall(r'\b[A-Z][A-Z0-9&]+\b', line))
            if len(line) > 50 or line.rstrip().endswith('.'):
                small.update(re.findall(r'(?<![\w/.@-])[a-z][\w-]+(?![\w/@]|\.\w)', line))
                names.update(re.findall(r'(?<=[a-z,] )[A-Z][\w’-]*', line))
    # a name may stand small in a command or an address, and a word may stand large in a heading that is quoted
    own = {name for name, count in names.items() if len(name) > 1 and count >= small[name.lower()]}
    return Casing(
        names=frozenset(own),
        capitals=frozenset(capitals),
        nouns_are_capitalised=language == 'de',
        small=frozenset(word for word in small if word.capitalize() not in own),
    )


def without_number(heading: str) -> str:
    return _LABEL.sub('', _NUMBER.sub('', heading, count=1), count=1).strip()


def is_apparatus(heading: str) -> bool:
    """A part that teaches nothing: contents, references, imprint."""
    return any(_APPARATUS.match(without_number(part).strip(' .:')) for part in heading.split(' › '))


def is_caption(line: str) -> bool:
    return bool(_CAPTION.match(line))


def clean_title(heading: str, casing: Casing) -> str:
    title = re.sub(r'\s+', ' ', without_number(heading)).strip(' .:;-–—#*_')
    letters = [character for character in title if character.isalpha()]
    if len(letters) > 4 and all(character.isupper() for character in letters):
        title = ' '.join(_calm(word, casing) for word in title.split())
    words = title.split()
    if (
        len(words) > 1
        and not casing.nouns_are_capitalised
        and all(word[0].isupper() for word in words if len(word) > 3)
    ):
        title = ' '.join(
            [
                words[0],
                *(word.lower() if word[1:].islower() and word.lower() in casing.small else word for word in words[1:]),
            ]
        )
    return title[:1].upper() + title[1:] if title else ''


def core(title: str) -> str:
    """What a lesson is about, without what its title says of its place among others."""
    title = re.sub(r'^(?:Review and practice|Wiederholung und Übung): ', '', title)
    return re.sub(r'(?:, (?:part|Teil) \d+(?:: [\w-]+)?$|: (?:overview|Überblick))', '', title)


def _calm(word: str, casing: Casing) -> str:
    return word if re.sub(r'\W', '', word) in casing.capitals else word.lower()


def inside(title: str, casing: Casing) -> str:
    """The title or sentence as it reads within a sentence: first letter small but for names and abbreviations."""
    first, *rest = title.split(' ', 1)
    if casing.nouns_are_capitalised or first in casing.names or not re.fullmatch(r"[A-Z]?[a-z’'-]*[,:]?", first):
        return title
    return ' '.join([first[:1].lower() + first[1:], *rest])


def paths(passages: Sequence[Passage], casing: Casing) -> list[tuple[str, ...]]:
    """Cleaned heading path of each passage; the document's name leads where there are several documents.

    A heading that every passage of a document stands under is its title, not a part of it, and is left out.
    """
    found: list[tuple[str, ...]] = []
    several = len({passage.document_id for passage in passages}) > 1
    roots = _roots(passages, casing)
    for passage in passages:
        parts = [part for part in (clean_title(part, casing) for part in passage.heading.split(' › ')) if part]
        root = roots.get(passage.document_id)
        if root and parts and parts[0] == root:
            parts = parts[1:]
        if several:
            parts = [root or document_title(passage.document_name, casing), *parts]
        found.append(tuple(parts))
    return found


def _roots(passages: Sequence[Passage], casing: Casing) -> dict[object, str]:
    tops: dict[object, list[str]] = {}
    deep: set[object] = set()
    for passage in passages:
        if not passage.heading or is_apparatus(passage.heading):
            continue
        parts = passage.heading.split(' › ')
        tops.setdefault(passage.document_id, []).append(clean_title(parts[0], casing))
        if len(parts) > 1:
            deep.add(passage.document_id)
    return {
        document: names[0] for document, names in tops.items() if document in deep and len(set(names)) == 1 and names[0]
    }


def document_title(name: str, casing: Casing) -> str:
    stem = re.sub(r'\.(?:pdf|docx?|pptx?|html?|md|txt|markdown)$', '', name, flags=re.I)
    stem = re.sub(r'[_-]+', ' ', stem)
    stem = re.sub(r'\s*\b(?:v\d[\d.]*|final|draft|copy|20\d\d)\b', '', stem, flags=re.I)
    stem = re.sub(r'^([A-Za-z]{2,4})[ -]?(\d{2,})$', lambda name: f'{name[1].upper()} {name[2]}', stem)  # rfc3533
    return clean_title(stem, casing) or 'Document'


def joined(names: Sequence[str], casing: Casing, conjunction: str) -> str:
    """'Gloves, goggles and coats'."""
    if len(names) == 1:
        return names[0]
    rest = [inside(name, casing) for name in names[1:]]
    pairs = [name.split() for name in [names[0], *rest]]
    if all(len(pair) == 2 and pair[1].lower() == pairs[0][1].lower() for pair in pairs):
        return f'{", ".join(pair[0] for pair in pairs[:-1])} {conjunction} {rest[-1]}'
    holds_and = [f' {conjunction} ' in name for name in names]
    if holds_and[-1]:
        return ', '.join([names[0], *rest]) if not any(holds_and[:-1]) else _apart([names[0], *rest], conjunction)
    if any(holds_and):
        return _apart([names[0], *rest], conjunction)
    return f'{", ".join([names[0], *rest[:-1]])} {conjunction} {rest[-1]}'


def _apart(names: Sequence[str], conjunction: str) -> str:
    return f'{", ".join(names[:-1])}, {conjunction} {names[-1]}'


_COUNTS_ITSELF = re.compile(
    r'(?:(?:the|die)\s+)?(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|drei|vier|fünf|sechs|sieben|acht|neun|zehn)\s+\w',
    re.I,
)


def counts_itself(heading: str) -> bool:
    """'The fourteen allergens': the heading says how many there are."""
    return bool(_COUNTS_ITSELF.match(heading))

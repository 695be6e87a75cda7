"""What somebody means who searches: filters, phrases, slips of the key, and the acronyms of the organisation."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.generation.authors.offline.words import STOPWORDS, language_of
from services.language.terms import acronyms

_FILTER = re.compile(r'\b(?P<name>page|type|in):(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))', re.I)
_PHRASE = re.compile(r'["“„]([^"“”„]+)["”“]')
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_LEAST_LENGTH, _OFTEN_ENOUGH = 4, 2
_LETTERS = 'abcdefghijklmnopqrstuvwxyzäöüßéèàçñ'


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Words of an organisation's documents and how often they stand there; acronyms and what they stand for."""

    words: Mapping[str, int] = field(default_factory=dict)
    acronyms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Query:
    """`text` is what is looked for by meaning. `corrected` and `expanded` say what was read otherwise than typed:
    (word, word instead) and (acronym, words). `page`, `type` (a file name's ending) and `document` (part of a name)
    are filters; every phrase has to stand in a passage word for word."""

    typed: str
    text: str
    phrases: tuple[str, ...] = ()
    page: int | None = None
    type: str = ''
    document: str = ''
    corrected: tuple[tuple[str, str], ...] = ()
    expanded: tuple[tuple[str, str], ...] = ()
    language: str = ''

    @property
    def filters(self) -> bool:
        return bool(self.page or self.type or self.document or self.phrases)


def understood(typed: str, vocabulary: Vocabulary, *, exactly: bool = False) -> Query:
    """With `exactly` nothing is read otherwise than typed; filters and phrases still hold."""
    filters = {found['name'].lower(): found['quoted'] or found['bare'] or '' for found in _FILTER.finditer(typed)}
    rest = _FILTER.sub(' ', typed)
    phrases = tuple(phrase.strip() for phrase in _PHRASE.findall(rest) if phrase.strip())
    page = filters.get('page', '')
    words = ' '.join(_PHRASE.sub(r' \1 ', rest).split())
    language = language_of([words], otherwise='') if len(words.split()) > 3 else ''
    corrected: list[tuple[str, str]] = []
    expanded: list[tuple[str, str]] = []
    text = words
    if not exactly:
        protected = {word.lower() for phrase in phrases for word in _WORD.findall(phrase)}
        text = _WORD.sub(lambda found: _read(found[0], protected, vocabulary, language, corrected), words)
        expanded = [(short, vocabulary.acronyms[short]) for short in _said(text, vocabulary)]
        text = ' '.join([text, *(long for _short, long in expanded)])
    return Query(
        typed=typed,
        text=text,
        phrases=phrases,
        page=int(page) if page.isdecimal() and int(page) < 1_000_000 else None,
        type=filters.get('type', '').lower().lstrip('.')[:10],
        document=filters.get('in', '').strip()[:200],
        corrected=tuple(corrected),
        expanded=tuple(expanded),
        language=language,
    )


def vocabulary_of(texts: Sequence[str]) -> Vocabulary:
    """Off the event loop: it reads every word."""
    words: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for text in texts:
        words.update(word.lower() for word in _WORD.findall(text))
        if '(' in text:
            spelled |= acronyms(text)
    return Vocabulary(words=words, acronyms=spelled)


def _read(
    word: str, protected: set[str], vocabulary: Vocabulary, language: str, corrected: list[tuple[str, str]]
) -> str:
    plain = word.lower()
    known = plain in vocabulary.words or any(plain in small for small in STOPWORDS.values())
    if known or not vocabulary.words or len(plain) < _LEAST_LENGTH or plain in protected or word.isupper():
        return word
    meant = _closest(plain, vocabulary)
    if not meant:
        return word
    corrected.append((word, meant))
    return meant


def _closest(word: str, vocabulary: Vocabulary) -> str:
    """The most frequent word one slip away, else two slips away from a long word; '' if there is none."""
    near = _known(_slips(word), vocabulary)
    if not near and len(word) >= 7:
        near = _known((far for one in set(_slips(word)) for far in _slips(one)), vocabulary)
    return max(near, key=lambda one: (vocabulary.words[one], one), default='')


def _known(candidates: Iterator[str], vocabulary: Vocabulary) -> set[str]:
    return {one for one in candidates if vocabulary.words.get(one, 0) >= _OFTEN_ENOUGH and len(one) > 3}


def _slips(word: str) -> Iterator[str]:
    """Everything one letter left out, put in, changed, or exchanged with its neighbour away (Damerau 1964)."""
    for place in range(len(word) + 1):
        left, right = word[:place], word[place:]
        if right:
            yield left + right[1:]
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        for letter in _LETTERS:
            yield left + letter + right
            if right:
                yield left + letter + right[1:]


def _said(text: str, vocabulary: Vocabulary) -> list[str]:
    """Acronyms that are asked for by their letters, and whose words are not there too."""
    plain = text.lower()
    short_of = {short.lower(): short for short in vocabulary.acronyms}
    return [
        short_of[word.lower()]
        for word in dict.fromkeys(_WORD.findall(text))
        if word.lower() in short_of and vocabulary.acronyms[short_of[word.lower()]].lower() not in plain
    ]

"""Sentences, their words and numbers: what rules compare. No model is asked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from services.generation.authors.offline.words import likeness, stems, tokens

__all__ = ['likeness']

_END = re.compile(r'(?<=[.!?…])["”’»)\]]*\s+(?=["“„«(\[]?[A-ZÄÖÜÉÀ0-9])|\n+')
_NUMBER = re.compile(r'(?<![\w.,])[-−–]?\d+(?:[.,]\d+)*')
_WHOLE = re.compile(r'\w+(?:[.,]\d+)*', re.UNICODE)
_NOT = frozenset(
    'not no never none neither nor cannot without nicht kein keine keinen keiner keines nie niemals ohne ne pas jamais '
    'sans no nunca sin non mai'.split()
)
_AGAINST = (
    ('always', 'never'), ('may', 'must not'), ('must', 'need not'), ('immer', 'nie'), ('above', 'below'),
    ('before', 'after'), ('increases', 'reduces'), ('more', 'less'), ('highest', 'lowest'), ('allowed', 'forbidden'),
    ('largest', 'smallest'), ('over', 'under'), ('at least', 'at most'), ('more', 'fewer'), ('open', 'closed'),
    ('über', 'unter'), ('vor', 'nach'), ('mindestens', 'höchstens'),
)  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    text: str
    stems: frozenset[str]
    plain: str
    numbers: tuple[str, ...]

    @property
    def is_claim(self) -> bool:
        """Whether it says something that could be wrong: a heading or 'Say it twice.' does not."""
        if self.text.rstrip('"”’»)').endswith(('?', ':')):
            return False
        return len(self.stems) >= 4 or (len(self.numbers) > 0 and len(self.stems) >= 3)


def sentences(text: str, language: str) -> list[Sentence]:
    return [sentence(part, language) for part in _END.split(text) if part.strip()]


@lru_cache(maxsize=20_000)
def sentence(text: str, language: str) -> Sentence:
    shown = ' '.join(text.split())
    return Sentence(shown, stems(shown, language), plain(shown), numbers(shown))


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Lower case words with single spaces: for what is there word for word, whatever the punctuation."""
    folded = text.casefold().replace('’', "'").replace("n't", ' not').replace('cannot', 'can not')
    return ' '.join(_WHOLE.findall(folded))


def has_words(whole: str, part: str) -> bool:
    """Both as `plain` gives them: whether `part` stands in `whole`, from word to word."""
    return bool(part) and f' {part} ' in f' {whole} '


def numbers(text: str) -> tuple[str, ...]:
    return tuple(found.replace('−', '-').replace('–', '').replace(',', '.') for found in _NUMBER.findall(text))


def negations(text: str) -> int:
    return sum(word in _NOT for word in plain(text).split())


def says_the_opposite(one: str, other: str) -> bool:
    """Two sentences that are all but alike: a negation more or less, or a word against its opposite."""
    if (negations(one) - negations(other)) % 2:
        return True
    first, second = plain(one), plain(other)
    return any(_only(first, second, a, b) or _only(first, second, b, a) for a, b in _AGAINST)


def _only(first: str, second: str, one: str, other: str) -> bool:
    """The first has the one word and not the other, the second the other way round."""
    mine = has_words(first, one) and not has_words(first, other)
    return mine and has_words(second, other) and not has_words(second, one)


def share(part: frozenset[str], whole: Iterable[str]) -> float:
    """How much of `part` stands in `whole`, 0 to 1."""
    return len(part & frozenset(whole)) / len(part) if part else 0.0


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class Image:
    src: str
    alt: str | None


@dataclass(frozen=True)
class Pieces:
    """What stands in a block of HTML, in reading order."""

    texts: tuple[str, ...]
    headings: tuple[Heading, ...]
    images: tuple[Image, ...]
    links: tuple[str, ...]


@lru_cache(maxsize=2_000)
def pieces(html: str) -> Pieces:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end()
    return Pieces(tuple(reader.texts), tuple(reader.headings), tuple(reader.images), tuple(reader.links))


def count(text: str) -> int:
    return len(tokens(text))


def same_words(one: str, other: str, language: str) -> bool:
    """'The sash' and 'sash', '15 cm' and '15 centimetres'."""
    return _essence(one, language) == _essence(other, language)


_UNITS = {
    'centimetres': 'cm', 'centimeters': 'cm', 'millimetres': 'mm', 'metres': 'm', 'meters': 'm', 'kilograms': 'kg',
    'grams': 'g', 'litres': 'l', 'minutes': 'min', 'minute': 'min', 'hours': 'h', 'hour': 'h', 'seconds': 's',
    'percent': '%', 'degrees': '°', 'celsius': 'c',
}  # fmt: skip
_SMALL = frozenset('a an the der die das ein eine le la les un une el los las il lo'.split())


def _essence(text: str, language: str) -> tuple[str, ...]:
    del language
    return tuple(_UNITS.get(word, word) for word in plain(text).split() if word not in _SMALL)


class _Reader(HTMLParser):
    """Paragraphs, items and rows each become one text; code is passed over."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.headings: list[Heading] = []
        self.images: list[Image] = []
        self.links: list[str] = []
        self._words: list[str] = []
        self._code = 0
        self._heading = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == 'img':
            self.images.append(Image(str(given.get('src') or ''), given.get('alt')))
        elif tag == 'a' and given.get('href'):
            self.links.append(str(given['href']))
        elif tag == 'pre':
            self.end()
            self._code += 1
        elif tag in ('td', 'th'):
            self._words.append(' | ' if ''.join(self._words).strip() else '')
        elif tag in _ENDS:
            self.end()
            self._heading = int(tag[1]) if tag in ('h2', 'h3', 'h4') else 0

    def handle_endtag(self, tag: str) -> None:
        if tag == 'pre':
            self._code -= 1
            self._words.clear()
        elif self._heading and tag == f'h{self._heading}':
            self.headings.append(Heading(self._heading, ' '.join(''.join(self._words).split())))
            self._words.clear()
            self._heading = 0
        elif tag in _ENDS:
            self.end()

    def handle_data(self, data: str) -> None:
        if not self._code:
            self._words.append(data)

    def end(self) -> None:
        words = ''.join(self._words).strip()
        self._words.clear()
        if words and not self._heading:
            self.texts.append(words)


_ENDS = frozenset(['p', 'li', 'tr', 'h2', 'h3', 'h4', 'blockquote', 'figcaption', 'aside', 'ul', 'ol', 'table'])


def quoted_sentences(quotes: Iterable[str], language: str) -> Iterator[Sentence]:
    for quote in quotes:
        for part in quote.split('\n'):
            yield from sentences(part.lstrip('•–-* \t'), language)

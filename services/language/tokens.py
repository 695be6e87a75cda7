"""Words and sentences of a text, with their places."""

import re
from dataclasses import dataclass

from services.generation.authors.offline.words import STOPWORDS, language_of, stem
from services.knowledge.language import sentences

_WORD = re.compile(r"[^\W\d_][\w'’-]*|\d+(?:[.,]\d+)*|[^\w\s]")


@dataclass(frozen=True, kw_only=True)
class Token:
    """`stem` is what words are compared by; `small`: it carries no meaning of its own."""

    text: str
    start: int
    end: int
    stem: str
    small: bool


@dataclass(frozen=True, kw_only=True)
class Tokenised:
    """`sentences` are (start, end) in characters; `language` is a code, or '' where the text is too short to tell."""

    language: str
    tokens: tuple[Token, ...]
    sentences: tuple[tuple[int, int], ...]


def tokenised(text: str) -> Tokenised:
    language = language_of([text], otherwise='')
    small = STOPWORDS.get(language or 'en', frozenset())
    return Tokenised(
        language=language,
        tokens=tuple(
            Token(
                text=found[0],
                start=found.start(),
                end=found.end(),
                stem=stem(found[0]),
                small=found[0].lower() in small or not found[0][0].isalnum(),
            )
            for found in _WORD.finditer(text)
        ),
        sentences=tuple(sentences(text)),
    )

"""What tells the parts of one long section apart: the word that each says often, and its neighbours seldom."""

import re
from collections import Counter
from collections.abc import Sequence

from services.generation.authors.offline.reading import Corpus
from services.generation.authors.offline.titles import inside
from services.generation.authors.offline.words import STOPWORDS, stem

_OFTEN, _ELSEWHERE = 4, 0.35
_FEWEST_LETTERS = 5
_NOUNISH = re.compile(r'\b(?:the|a|an|each|this|that|its|their|your|der|die|das|ein|eine)\s+([A-Za-zÄÖÜäöüß][\w-]+)')


def telling(corpus: Corpus, parts: Sequence[Sequence[int]]) -> list[str]:
    """For each part, given as numbers of passages, its word as it is mostly written; '' where none stands out."""
    counts = [_counted(corpus, numbers) for numbers in parts]
    found: list[str] = []
    for place, here in enumerate(counts):
        siblings = [other for number, other in enumerate(counts) if number != place]
        scores = {
            word: count / (1 + sum(other[word] for other in siblings))
            for word, count in here.items()
            if count >= _OFTEN and sum(bool(other[word]) for other in siblings) <= _ELSEWHERE * max(1, len(siblings))
        }
        best = max(scores, key=lambda word: (scores[word] * here[word], word), default='')
        spelling = _spelling(corpus, parts[place], best) if best else ''
        found.append('' if spelling.casefold() in {one.casefold() for one in found} else spelling)
    return found


def _counted(corpus: Corpus, numbers: Sequence[int]) -> Counter[str]:
    """Stems of what stands behind an article: mostly the things that are talked about."""
    behind = Counter(
        stem(word.casefold()) for number in numbers for word in _NOUNISH.findall(corpus.passages[number - 1].text)
    )
    named = {word for word, count in behind.items() if count >= 2}
    words = Counter[str]()
    for number in numbers:
        for word in re.findall(r'[^\W\d_][\w-]+', corpus.passages[number - 1].text):
            key = stem(word.casefold())
            if key in named and len(word) >= _FEWEST_LETTERS and word.casefold() not in _stop(corpus.language):
                words[key] += 1
    return words


def _spelling(corpus: Corpus, numbers: Sequence[int], key: str) -> str:
    spellings = Counter(
        word
        for number in numbers
        for word in re.findall(r'[^\W\d_][\w-]+', corpus.passages[number - 1].text)
        if stem(word.casefold()) == key
    )
    [(word, _)] = spellings.most_common(1)
    return word if word in corpus.casing.names or corpus.casing.nouns_are_capitalised else inside(word, corpus.casing)


def _stop(language: str) -> frozenset[str]:
    return STOPWORDS.get(language, frozenset())

"""Sentences of passages that answer a question, as far as words in common can tell."""

from collections import Counter
from collections.abc import Sequence

from services.generation.authors.base import Passage
from services.generation.authors.offline.words import language_of, stems
from services.knowledge.language import sentences

_MOST, _LONGEST = 3, 400
_LANGUAGES = {'en': 'English', 'de': 'German', 'fr': 'French', 'es': 'Spanish', 'it': 'Italian', 'nl': 'Dutch',
              'pt': 'Portuguese'}  # fmt: skip


def extracts(asked: str, passages: Sequence[Passage], language: str) -> list[tuple[int, str]]:
    """(number of the passage, sentence), best first; `passages` come nearest in meaning first.

    A word that is in every second sentence tells little; a sentence without any of the words is taken only where none
    has one, from the two nearest passages."""
    wanted = stems(asked, language[:2].lower())
    candidates = [
        (number, passage.text[start:end], stems(f'{passage.text[start:end]}', language[:2].lower()))
        for number, passage in enumerate(passages, 1)
        for start, end in sentences(passage.text)
        if 20 <= end - start <= _LONGEST
    ]
    often = Counter(stem for _number, _text, own in candidates for stem in own)
    scored = []
    for place, (number, text, own) in enumerate(candidates):
        score = sum(1 / often[stem] ** 0.5 for stem in wanted & own)
        if score:
            scored.append((score / (1 + 0.08 * number), -place, number, text))
    best = sorted(scored, reverse=True)
    if best:
        return [(number, text) for score, _place, number, text in best[:_MOST] if score >= best[0][0] / 2]
    first: dict[int, str] = {}
    for number, text, _own in candidates:
        first.setdefault(number, text)
    return list(first.items())[:2] if wanted else []


def other_language(asked: str, passages: Sequence[Passage]) -> str:
    """A sentence where the question is in another language than the sources; '' otherwise."""
    theirs = language_of((passage.text for passage in passages), otherwise='')
    mine = language_of([asked], otherwise=theirs)
    if not theirs or mine == theirs or len(asked.split()) < 4:
        return ''
    names = _LANGUAGES.get(mine, mine), _LANGUAGES.get(theirs, theirs)
    return f' (your question is in {names[0]}, they are in {names[1]}: ask in {names[1]} to find more)'

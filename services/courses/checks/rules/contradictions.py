"""Two quoted sentences about the same thing with other numbers, or with a 'not' between them."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations

from services.courses.checks.examined import EXCERPT, Block, Examined
from services.courses.checks.findings import AMBER, Finding
from services.courses.checks.rule import Judged, Rule
from services.courses.checks.words import Sentence, likeness, negations, sentences

_SAME_SUBJECT, _SAME_SENTENCE = 0.75, 0.85
_LEAST_WORDS = 4


@dataclass(frozen=True)
class _Quoted:
    sentence: Sentence
    words: frozenset[str]
    block: Block
    page: str


def judge(course: Examined) -> Judged:
    quoted = _all(course)
    by_word: defaultdict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(quoted):
        for word in one.words:
            by_word[word].append(place)
    # A pair that shares three of four words shares one of its rarer ones.
    pairs = {pair for places in by_word.values() if len(places) <= 12 for pair in combinations(places, 2)}
    found: list[Finding] = []
    told: set[int] = set()
    for first, second in sorted(pairs):
        if first not in told and second not in told and _contradict(quoted[first], quoted[second]):
            told |= {first, second}
            found.append(_finding(quoted[first], quoted[second]))
    return Judged(len(quoted), found)


def _all(course: Examined) -> list[_Quoted]:
    seen: dict[str, _Quoted] = {}
    for block in course.blocks:
        for source in block.view.sources:
            for line in source.quote.split('\n'):
                if '|' in line:
                    continue  # rows of a table differ in their numbers by nature
                for one in sentences(line.lstrip('•–-* \t'), block.language):
                    words = one.stems - frozenset(one.numbers)
                    if len(words) >= _LEAST_WORDS and one.plain not in seen:
                        page = f'{source.document_name}, p. {source.page}'
                        seen[one.plain] = _Quoted(one, words, block, page)
    return list(seen.values())


def _contradict(one: _Quoted, other: _Quoted) -> bool:
    if likeness(one.words, other.words) < _SAME_SUBJECT:
        return False
    first, second = one.sentence, other.sentence
    if len(first.numbers) == len(second.numbers) and set(first.numbers) != set(second.numbers):
        return likeness(one.words, other.words) >= _SAME_SENTENCE
    return first.numbers == second.numbers and (negations(first.text) - negations(second.text)) % 2 == 1


def _finding(one: _Quoted, other: _Quoted) -> Finding:
    return other.block.finding(
        'sources_contradict',
        'These sources contradict each other: {one} and {other}.',
        mend='Find out which holds, and say so in the lesson.',
        severity=AMBER,
        params={'one': one.page, 'other': other.page},
        said=one.sentence.text[: 2 * EXCERPT],
        source=other.sentence.text[: 2 * EXCERPT],
        excerpt='',
    )


RULE = Rule(code='sources_contradict', title='Sources agree with each other', judge=judge)

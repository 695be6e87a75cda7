"""No question is asked twice, also not in other words with the same answer."""

from collections import defaultdict
from itertools import combinations

from services.courses.checks.examined import Block, Examined
from services.courses.checks.findings import Finding
from services.courses.checks.rule import Judged, Rule
from services.courses.checks.words import likeness, numbers, plain, sentence

_ALIKE, _SAME_SPAN, _SAME_KEY = 0.8, 0.5, 0.6


def judge(course: Examined) -> Judged:
    by_word: defaultdict[str, set[int]] = defaultdict(set)
    stems = [sentence(str(block.content.get('prompt', '')), block.language).stems for block in course.questions]
    for place, words in enumerate(stems):
        for word in words or ('',):
            by_word[word].add(place)
    order = {block.id: place for place, block in enumerate(course.blocks)}
    pairs = {pair for places in by_word.values() if len(places) <= 60 for pair in combinations(sorted(places), 2)}
    found: dict[int, Finding] = {}
    for one, other in sorted(pairs):
        first, second = sorted((one, other), key=lambda place: order[course.questions[place].id])
        if second not in found and _same(course.questions[first], course.questions[second]):
            found[second] = _finding(course.questions[first], course.questions[second])
    return Judged(len(course.questions), list(found.values()))


def _same(one: Block, other: Block) -> bool:
    asked, again = str(one.content.get('prompt', '')), str(other.content.get('prompt', ''))
    if numbers(asked) != numbers(again):
        return False
    keys = _key(one), _key(other)
    same_key = keys[0] == keys[1] or likeness(_stems(keys[0], one), _stems(keys[1], other)) >= _SAME_KEY
    if plain(asked) == plain(again):
        return same_key
    alike = likeness(_stems(asked, one), _stems(again, other))
    if one.content.get('kind') == other.content.get('kind') == 'true_false':
        return alike >= _ALIKE
    return same_key and (alike >= _ALIKE or (alike >= _SAME_SPAN and _spans(one) == _spans(other) != set()))


def _key(block: Block) -> str:
    right = [option['text'] for option in block.content.get('options', []) if option.get('correct')]
    return plain(' '.join(sorted(right or block.content.get('accepted', [])[:1])))


def _stems(text: str, block: Block) -> frozenset[str]:
    return sentence(text, block.language).stems if text else frozenset()


def _spans(block: Block) -> set[tuple[object, ...]]:
    return {(source.document_id, source.page, source.start) for source in block.view.sources}


def _finding(first: Block, second: Block) -> Finding:
    return second.finding(
        'duplicate_question',
        'This question is asked already, in lesson {lesson}.',
        mend='Ask something else, or remove one of the two.',
        params={'lesson': f'{first.lesson.number} {first.lesson.title}'},
        source=str(first.content.get('prompt', '')),
        fix='remove',
    )


RULE = Rule(code='duplicate_question', title='No two questions alike', judge=judge)

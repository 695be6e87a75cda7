"""The key is what the quoted source says, and nothing else on offer is right as well.

Judged by words alone: an answer that stands in the quote word for word is right, and where the quote decides nothing,
nothing is said.
"""

import re

from services.courses.checks.examined import EXCERPT, Block, Examined
from services.courses.checks.findings import AMBER, Finding
from services.courses.checks.rule import Judged, Rule
from services.courses.checks.rules.markable import question_fault
from services.courses.checks.words import (
    Sentence,
    has_words,
    likeness,
    numbers,
    plain,
    says_the_opposite,
    sentence,
    share,
)

_GAP = re.compile(r'_{3,}|\.{4,}|…')
_QUOTED = re.compile(r'[“"„«](.+?)[”"“»]', re.DOTALL)
_STATEMENT = re.compile(r'^[^?]{0,60}\?\s*')
_SAME = 0.75


def judge(course: Examined) -> Judged:
    asked = [block for block in course.questions if block.quotes and not question_fault(block.content)]
    return Judged(len(asked), [finding for block in asked if (finding := _of_question(block))])


def _of_question(block: Block) -> Finding | None:
    kind = block.content['kind']
    if kind == 'true_false':
        return _true_false(block)
    if kind == 'short':
        return _short(block)
    return _choice(block)


def _choice(block: Block) -> Finding | None:
    options = block.content['options']
    stands = {option['id']: _stands(block, option['text']) for option in options}
    right = [option for option in options if option['correct']]
    wrong = [option for option in options if not option['correct']]
    true_but_wrong = [option for option in wrong if stands[option['id']]]
    if not true_but_wrong:
        return None
    if all(stands[option['id']] for option in right):
        if block.content['kind'] == 'single' and not _decides(block, right[0]['text'], true_but_wrong[0]['text']):
            return None
        return block.finding(
            'second_right_answer',
            '“{answer}” is marked wrong, but the source says so too.',
            mend='Take that answer out, or write one that the source does not support.',
            params={'answer': true_but_wrong[0]['text'][:EXCERPT]},
            source=block.quotes[0][: 2 * EXCERPT],
        )
    return block.finding(
        'key_contradicted',
        'The source says “{answer}”, which is marked wrong.',
        mend='Correct the key.',
        params={'answer': true_but_wrong[0]['text'][:EXCERPT]},
        said=next(option['text'] for option in right if not stands[option['id']]),
        source=block.quotes[0][: 2 * EXCERPT],
    )


def _stands(block: Block, answer: str) -> bool:
    """Whether the source says this answer: in the gap where there is one, else as words of its own."""
    gap = next((part for part in _QUOTED.findall(block.content['prompt']) if _GAP.search(part)), '')
    if gap:
        return has_words(block.quoted_words, plain(_GAP.sub(answer, gap)))
    if not sentence(answer, block.language).stems:
        return False  # 'This' stands anywhere
    return has_words(block.quoted_words, plain(answer.rstrip('.')))


def _decides(block: Block, right: str, other: str) -> bool:
    """A word or a value that merely occurs in the quote is no second answer: it has to be as much of it as the key."""
    if _GAP.search(block.content['prompt']):
        return True
    stems_right, stems_other = sentence(right, block.language).stems, sentence(other, block.language).stems
    if has_words(plain(right), plain(other)) or has_words(plain(other), plain(right)):
        return False
    return len(stems_other) >= 2 and len(stems_other) * 2 >= len(stems_right)


def _true_false(block: Block) -> Finding | None:
    statement = _STATEMENT.sub('', block.content['prompt']).strip() or block.content['prompt']
    said = sentence(statement, block.language)
    truth: bool | None = None
    nearest = max(block.quoted, key=lambda quote: likeness(said.stems, quote.stems), default=None)
    if has_words(block.quoted_words, said.plain):
        truth = True
    elif nearest is not None and _denies(said, nearest):
        truth = False
    if truth is None or nearest is None:
        return None
    place = next((number for number, option in enumerate(block.content['options']) if option['correct']), 0)
    if _means_true(block, place) is truth:
        return None
    message = 'The source says this, but the key says it is false.'
    if not truth:
        message = 'The source says otherwise, but the key says it is true.'
    return block.finding(
        'key_contradicted', message, mend='Correct the key.', said=said.text, source=nearest.text, excerpt=''
    )


def _denies(said: Sentence, quoted: Sentence) -> bool:
    if likeness(said.stems, quoted.stems) < _SAME:
        return False
    return set(said.numbers) != set(quoted.numbers) or says_the_opposite(said.text, quoted.text)


def _means_true(block: Block, place: int) -> bool:
    word = plain(block.content['options'][place]['text'])
    return word in _TRUE or (word not in _FALSE and place == 0)


_TRUE = frozenset(['true', 'yes', 'right', 'richtig', 'wahr', 'ja', 'vrai', 'verdadero', 'vero', 'waar', 'verdadeiro'])
_FALSE = frozenset(['false', 'no', 'wrong', 'falsch', 'nein', 'faux', 'falso', 'onwaar'])


def _short(block: Block) -> Finding | None:
    """Every spelling that counts is missing from what the question cites."""
    accepted = block.content['accepted']
    if any(_near(block, answer) for answer in accepted):
        return None
    values = all(numbers(answer) for answer in accepted)
    return block.finding(
        'key_not_in_source',
        'No accepted answer stands in the source: “{answer}”.',
        mend='Correct the answers, or cite the page that has them.',
        severity='red' if values else AMBER,
        params={'answer': accepted[0][:EXCERPT]},
        source=block.quotes[0][: 2 * EXCERPT],
    )


def _near(block: Block, answer: str) -> bool:
    values = numbers(answer)
    if values:
        return set(values) <= {number for quote in block.quoted for number in quote.numbers}
    stems = sentence(answer, block.language).stems
    return has_words(block.quoted_words, plain(answer)) or share(stems, block.quoted_stems) >= 0.5


RULE = Rule(code='key_contradicted', title='Keys are what the source says', judge=judge)

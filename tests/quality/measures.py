"""What can be measured of a drafted course without a reader. A measure is a share, 0 to 1, unless it says otherwise."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from services.generation.authors.offline.verbs import BASE_VERBS
from services.generation.quotes import find_quote
from services.knowledge.language import sentences
from services.richtext import plain_text
from tests.quality.drafting import Drafted

Block = dict[str, Any]

# Reading aloud in the head, with notes: slower than a novel (Brysbaert 2019 gives 238 words a minute for English
# non-fiction); a question is read, thought about and checked.
WORDS_PER_MINUTE, MINUTES_PER_QUESTION, MINUTES_PER_SLIDE = 200, 1.0, 0.5
_ALIKE = 0.85
# Verbs of Bloom's taxonomy as revised by Anderson and Krathwohl (2001), whose result can be seen.
_MEASURABLE = BASE_VERBS | frozenset(
    """apply arrange assess calculate carry choose classify compare compose configure construct contrast create decide
    define demonstrate describe design detect determine develop diagnose differentiate distinguish estimate evaluate
    explain find give identify illustrate install interpret justify list locate name order outline perform plan predict
    prepare read recall recognise recognize record say select set show sketch solve state summarise summarize tell trace
    translate use verify write""".split()
)
_VAGUE = frozenset('understand know learn appreciate grasp be become see believe explore familiarise'.split())


@dataclass(frozen=True, kw_only=True)
class Measures:
    """`sourced`: sentences that stand word for word on a page that their block cites. `covered`: headings of the first
    two levels that some block cites from. `repeated`: sentences that nearly repeat an earlier one. `one_key`: questions
    with exactly one defensible key, by rules. `distractors`: wrong answers that are of the key's kind and length.
    `reading_error`: how far lessons are from their planned minutes, a share of the plan, on average.
    `measurable`: objectives that begin with a verb whose result can be seen."""

    lessons: int
    sentences: int
    sourced: float
    covered: float
    repeated: float
    questions: int
    one_key: float
    distractors: float
    reading_error: float
    measurable: float
    faults: tuple[str, ...]


def measured(drafted: Drafted) -> Measures:
    lessons = [lesson for module in drafted.draft['modules'] for lesson in module['lessons']]
    blocks = [block for lesson in lessons for block in lesson['blocks']]
    said = [(block, sentence) for block in blocks for sentence in _sentences(block)]
    unsourced = [sentence for block, sentence in said if not _is_sourced(sentence, block, drafted)]
    questions = [block for block in blocks if block['type'] == 'question']
    faulty = {place: fault for place, one in enumerate(questions) if (fault := key_fault(one))}
    wrong = [(option, one) for one in questions for option in _wrong(one['content'])]
    aims = [aim for part in [drafted.draft, *drafted.draft['modules'], *lessons] for aim in part['objectives']]
    vague = [aim for aim in aims if not is_measurable(aim)]
    repeated = _repeated(blocks)
    faults = [f'no source: {sentence}' for sentence in unsourced]
    faults += [f'said twice: {sentence}' for sentence in repeated]
    faults += [f'{fault}: {questions[place]["content"]["prompt"]}' for place, fault in faulty.items()]
    faults += [f'vague objective: {aim}' for aim in vague]
    return Measures(
        lessons=len(lessons),
        sentences=len(said),
        sourced=1 - len(unsourced) / max(1, len(said)),
        covered=_covered(drafted, blocks),
        repeated=len(repeated) / max(1, len(said)),
        questions=len(questions),
        one_key=1 - len(faulty) / max(1, len(questions)),
        distractors=sum(is_fair(option, one['content']) for option, one in wrong) / max(1, len(wrong)),
        reading_error=sum(map(_reading_error, lessons)) / max(1, len(lessons)),
        measurable=1 - len(vague) / max(1, len(aims)),
        faults=tuple(faults),
    )


def key_fault(question: Block) -> str:
    """Why not exactly one key can be defended against the quoted words; empty where one can."""
    content, quotes = question['content'], ' '.join(source['quote'] for source in question['sources'])
    if not quotes:
        return 'the key rests on nothing'
    options = content['options']
    texts = [_flat(option['text']) for option in options]
    if len(set(texts)) != len(texts):
        return 'two answers say the same'
    if content['kind'] == 'short':
        return '' if any(_has(quotes, answer) for answer in content['accepted']) else 'the key is not in the source'
    if content['kind'] == 'true_false':
        return ''
    right = [option['text'] for option in options if option['correct']]
    wrong = [option['text'] for option in options if not option['correct']]
    for text in wrong:
        if any(_within(text, key) or _within(key, text) for key in right):
            return 'a wrong answer contains the key, or is contained in it'
        if content['kind'] == 'single' and _word_count(text) > 1 and _has(quotes, text):
            return 'a wrong answer stands in the source too'
    return ''


def is_fair(option: str, content: dict[str, Any]) -> bool:
    """A wrong answer that cannot be told from the key by its looks: numbers beside numbers, of like length and case."""
    keys = [one['text'] for one in content['options'] if one['correct']]
    return any(_looks_like(option, key) for key in keys)


def is_measurable(objective: str) -> bool:
    words = re.findall(r"[a-z'-]+", objective.casefold())
    return bool(words) and words[0] not in _VAGUE and words[0] in _MEASURABLE


def _looks_like(option: str, key: str) -> bool:
    has_number = [bool(re.search(r'\d', text)) for text in (option, key)]
    longer, shorter = sorted((max(1, len(option)), max(1, len(key))), reverse=True)
    return has_number[0] == has_number[1] and longer <= 3 * shorter + 12


def _wrong(content: dict[str, Any]) -> list[str]:
    if content['kind'] not in ('single', 'multiple'):
        return []
    return [option['text'] for option in content['options'] if not option['correct']]


def _sentences(block: Block) -> Iterator[str]:
    content = block['content']
    if block['type'] == 'text':
        text = re.sub(r'<h[2-4]>.*?</h[2-4]>', '', content['html'], flags=re.DOTALL)
        shown = plain_text(text)
    elif block['type'] == 'slide':
        shown = '\n'.join([*content['bullets'], content['notes']])
    else:
        shown = ''  # questions are judged by their key
    for start, end in sentences(shown):
        sentence = shown[start:end].strip('•\t ')
        if _word_count(sentence) >= 3:
            yield sentence


def _is_sourced(sentence: str, block: Block, drafted: Drafted) -> bool:
    """Word for word on a page that the block cites, or running on to the next; a point of a slide may leave out what
    stands in brackets, a label, a full stop: its words then stand there in their order, close together."""
    cited = {(source['document_id'].replace('-', ''), source['page']) for source in block['sources']}
    for document, page in cited:
        text = drafted.pages.get((document, page), '')
        if find_quote(text, sentence) is not None:
            return True
        both = f'{text}\n{drafted.pages.get((document, page + 1), "")}'
        if _in_order(_words(sentence), _words(both)):
            return True
    return False


def _in_order(wanted: list[str], there: list[str]) -> bool:
    """Whether the words stand in their order within a stretch not much longer than themselves."""
    longest = len(wanted) * 2 + 12
    for start in (place for place, word in enumerate(there) if word == wanted[0]):
        found = 0
        for word in there[start : start + longest]:
            found += word == wanted[found]
            if found == len(wanted):
                return True
    return False


def _covered(drafted: Drafted, blocks: list[Block]) -> float:
    cited = {
        (source['document_id'].replace('-', ''), source['page'], source['start'])
        for block in blocks
        for source in block['sources']
    }
    sections: dict[str, list[tuple[str, int, int, int]]] = {}
    for path, spans in drafted.headings.items():
        sections.setdefault(' › '.join(path.split(' › ')[:2]), []).extend(spans)
    reached = sum(
        any(
            (document, page) == (where[0], where[1]) and start <= where[2] < end
            for document, page, start, end in spans
            for where in cited
        )
        for spans in sections.values()
    )
    return reached / max(1, len(sections))


def _repeated(blocks: list[Block]) -> list[str]:
    """What texts teach again, and what slides show again; a slide that sums its text up repeats nothing."""
    texts = [sentence for block in blocks if block['type'] == 'text' for sentence in _sentences(block)]
    points = [point for block in blocks if block['type'] == 'slide' for point in block['content']['bullets']]
    return [*_alike(texts), *_alike(points)]


def _alike(said: list[str]) -> list[str]:
    """Each that is nearly the same as an earlier one, by the words of three letters and more."""
    bags = [(frozenset(re.findall(r'\w{3,}', sentence.casefold())), sentence) for sentence in said]
    long = [(bag, sentence) for bag, sentence in bags if len(bag) > 4]
    near = {
        second for (one, _), (other, second) in combinations(long, 2) if len(one & other) / len(one | other) >= _ALIKE
    }
    return sorted(near)


def _reading_error(lesson: dict[str, Any]) -> float:
    minutes = 0.0
    for block in lesson['blocks']:
        content = block['content']
        if block['type'] == 'text':
            minutes += _word_count(plain_text(content['html'])) / WORDS_PER_MINUTE
        elif block['type'] == 'slide':
            minutes += MINUTES_PER_SLIDE + _word_count(content['notes']) / WORDS_PER_MINUTE
        else:
            minutes += MINUTES_PER_QUESTION
    return abs(minutes - lesson['minutes']) / max(1, lesson['minutes'])


def _has(text: str, words: str) -> bool:
    return _flat(words) in _flat(text)


def _within(part: str, whole: str) -> bool:
    return f' {_flat(part)} ' in f' {_flat(whole)} '


def _flat(text: str) -> str:
    return ' '.join(_words(text))


def _words(text: str) -> list[str]:
    return re.findall(r'\w+', text.casefold())


def _word_count(text: str) -> int:
    return len(re.findall(r'\w+', text))

"""Marks answers to the four kinds of question. Pure: content and answer in, right or wrong out."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

Content = dict[str, Any]
Answer = Any


def is_right(content: Content, answer: Answer) -> bool:
    """Whether the answer is right; nothing, or something of the wrong shape, is wrong."""
    return _MARKERS[content['kind']](content, answer)


def right_options(content: Content) -> tuple[str, ...]:
    """Ids of the options that should have been chosen."""
    return tuple(option['id'] for option in content['options'] if option['correct'])


def right_answers(content: Content) -> tuple[str, ...]:
    """The right answers in words, to show afterwards."""
    if content['kind'] == 'short':
        return tuple(content['accepted'])
    return tuple(option['text'] for option in content['options'] if option['correct'])


def normalised(answer: str) -> str:
    """What two short answers have in common when a teacher would call them the same.

    Case, white space, dashes and quotation marks, a decimal comma for a point, the space before a unit,
    a closing full stop. Never a letter or a digit.
    """
    text = unicodedata.normalize('NFKC', answer).casefold()
    text = re.sub('[‐-―−⁃]', '-', text)
    text = re.sub('[‘’‚‛′`´]', "'", text)
    text = re.sub('[“”„‟″«»]', '"', text)
    text = re.sub(r'(?<=\b0),(?=\d)|(?<=\d),(?=\d{1,2}(?!\d)|\d{4,})', '.', text)
    text = re.sub(r'(?<=\d),(?=\d{3}(?!\d))', '', text)
    text = re.sub(r'\s*-\s*', '-', text)
    text = re.sub(r'(?<=\d)\s+(?=[°%µa-z])', '', text)
    text = re.sub(r'°\s+', '°', text)
    return ' '.join(text.split()).strip(' .!?;:"\'')


def _single(content: Content, answer: Answer) -> bool:
    return _chosen(content, answer) == set(right_options(content))


def _true_false(content: Content, answer: Answer) -> bool:
    if isinstance(answer, bool):
        answer = 'true' if answer else 'false'
    return _single(content, answer)


def _multiple(content: Content, answer: Answer) -> bool:
    """All or nothing: every right option and no wrong one."""
    return _chosen(content, answer) == set(right_options(content))


def _short(content: Content, answer: Answer) -> bool:
    if isinstance(answer, list) and len(answer) == 1:
        answer = answer[0]
    if isinstance(answer, bool) or not isinstance(answer, str | int | float):
        return False
    given = normalised(str(answer))
    return bool(given) and given in {normalised(accepted) for accepted in content['accepted']}


def _chosen(content: Content, answer: Answer) -> set[str]:
    """Ids of the chosen options, which may be named by their text; an unknown one is kept, and so counts as wrong."""
    given = answer if isinstance(answer, list | tuple | set) else [answer]
    by_text = {_folded(option['text']): option['id'] for option in content['options']}
    known = {option['id'] for option in content['options']}
    named = (str(choice) for choice in given if choice is not None)
    return {name if name in known else by_text.get(_folded(name), name) for name in named}


def _folded(text: str) -> str:
    return ' '.join(text.casefold().split())


_MARKERS: dict[str, Callable[[Content, Answer], bool]] = {
    'single': _single,
    'multiple': _multiple,
    'true_false': _true_false,
    'short': _short,
}

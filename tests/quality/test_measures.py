"""The harness finds what it is there to find: each fault is planted once."""

from typing import Any

import pytest

from tests.quality.corpus import SOURCES
from tests.quality.drafting import Drafted
from tests.quality.measures import is_fair, is_measurable, key_fault, measured

PAGE = 'Set the sash at 45 cm. A vapour is a gas that was a liquid. Keep the hood (and its light) on all day long.'


def drafted(*blocks: dict[str, Any]) -> Drafted:
    lesson = {'title': 'Hoods', 'minutes': 1, 'objectives': ['Explain hoods'], 'blocks': list(blocks)}
    module = {'title': 'Hoods', 'objectives': ['Understand hoods'], 'lessons': [lesson]}
    return Drafted(
        source=SOURCES[0],
        draft={'title': 'Hoods', 'objectives': [], 'modules': [module]},
        pages={('d', 1): PAGE},
        headings={'Sash': [('d', 1, 0, 22)], 'Light': [('d', 1, 60, 108)]},
    )


def text(html: str) -> dict[str, Any]:
    return {'type': 'text', 'content': {'html': html}, 'sources': [source('Set the sash at 45 cm.')]}


def source(quote: str) -> dict[str, Any]:
    return {'document_id': 'd', 'page': 1, 'start': PAGE.index(quote), 'quote': quote}


def question(kind: str, options: list[tuple[str, bool]], quote: str = 'Set the sash at 45 cm.') -> dict[str, Any]:
    shown = [{'text': text, 'correct': correct} for text, correct in options]
    return {'type': 'question', 'content': {'kind': kind, 'options': shown}, 'sources': [source(quote)]}


def test_sentences_are_looked_up_on_the_pages_that_their_block_cites() -> None:
    found = measured(drafted(text('<p>Set the sash at 45 cm. Set the sash at 50 cm.</p>'), text(f'<p>{PAGE}</p>')))

    assert (found.sentences, found.sourced) == (5, 0.8)
    assert [fault for fault in found.faults if fault.startswith('no source')] == ['no source: Set the sash at 50 cm.']
    assert found.covered == 0.5
    assert found.measurable == 0.5


def test_a_point_of_a_slide_may_leave_out_what_stands_in_brackets() -> None:
    slide = {'title': 'Hoods', 'bullets': ['Keep the hood on all day long'], 'notes': ''}
    found = measured(drafted({'type': 'slide', 'content': slide, 'sources': [source('Keep the hood')]}))

    assert found.sourced == 1


@pytest.mark.parametrize(
    ('asked', 'fault'),
    [
        (question('single', [('45 cm', True), ('30 cm', False)]), ''),
        (question('single', [('45 cm', True), ('45 cm.', False)]), 'say the same'),
        (question('single', [('45', True), ('45 cm or so', False)]), 'contains the key'),
        (question('single', [('45 cm', True), ('the sash', False)]), 'stands in the source too'),
        ({**question('single', [('45 cm', True), ('30 cm', False)]), 'sources': []}, 'rests on nothing'),
    ],
)
def test_a_question_has_one_key_or_the_reason_why_not(asked: dict[str, Any], fault: str) -> None:
    assert fault in key_fault(asked)
    assert bool(fault) == bool(key_fault(asked))


def test_wrong_answers_look_like_the_key() -> None:
    content = question('single', [('45 cm', True), ('30 cm', False)])['content']

    assert is_fair('30 cm', content)
    assert not is_fair('Nobody knows', content)


def test_an_objective_begins_with_a_verb_whose_result_can_be_seen() -> None:
    assert is_measurable('Explain what a vapour is')
    assert not is_measurable('Understand vapours')

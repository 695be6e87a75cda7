"""Questions that can be marked: every key right, every other answer wrong."""

import re
from collections import Counter
from collections.abc import Sequence

import pytest

from services.generation.authors.offline import OfflineAuthor
from services.generation.authors.offline.closeness import Closeness
from services.generation.authors.offline.quantities import accepted_spellings, other_numbers, quantities, with_number
from services.generation.authors.offline.questions.common import Room
from services.generation.authors.offline.questions.single import single
from services.generation.authors.offline.reading import read
from services.generation.drafts import TextDraft
from tests.generation.authors.drafted import Course, course, every, newly_drafted, questions
from tests.generation.authors.samples import CAFE, GERMAN, LAB


async def test_each_lesson_is_a_mix_that_ends_with_questions(drafted: Course) -> None:
    _, _, written = drafted

    for blocks in written:
        kinds = [block.type for block in blocks]
        assert kinds[0] == 'text'
        assert 1 <= kinds.count('text') <= 6
        assert 1 <= kinds.count('slide') <= 4
        assert 2 <= kinds.count('question') <= 6  # two more where an objective would go unasked
        assert kinds[-1] == 'question'
        assert 'question' not in kinds[: -kinds.count('question')]


async def test_all_four_kinds_of_question_are_asked(lab: Course) -> None:
    kinds = Counter(question.kind for question in questions(lab[2]))

    assert set(kinds) == {'single', 'multiple', 'true_false', 'short'}
    assert len(questions(lab[2])) >= 3 * len(lab[2])


async def test_explanations_quote_the_source_with_its_page(lab: Course) -> None:
    sources, _, written = lab
    whole = ' '.join(' '.join(passage.text.split()) for passage in sources)

    for question in questions(written):
        quoted = re.search(r'“(.*)” \(Chemical hygiene handbook, page \d+\)$', question.explanation)
        assert quoted
        if question.kind != 'multiple':
            assert quoted[1].split('”, not “')[-1].split('”: “')[-1] in whole


async def test_wrong_answers_are_of_the_kind_of_the_right_one(lab: Course) -> None:
    for question in questions(lab[2]):
        if question.kind != 'single':
            continue
        texts = [option.text for option in question.options]
        assert 3 <= len(texts) <= 4
        if '_____' in question.prompt:
            assert len({re.sub(r'^(?:[\d.,−-]+|\w+(?= ))\s?', '', text) for text in texts}) == 1
        elif 'why ' in question.prompt.lower():
            assert len({text.split()[0] for text in texts}) == 1
        elif question.prompt.startswith('What is'):
            assert all(re.match(r'(?:An?|The|Any)\b', text) for text in texts)


async def test_a_false_statement_differs_from_the_source_in_one_fact(lab: Course) -> None:
    sources, _, written = lab
    whole = ' '.join(' '.join(passage.text.split()) for passage in sources)

    for question in questions(written):
        if question.kind == 'true_false':
            statement = question.prompt.removeprefix('True or false? ')
            is_true = next(option.correct for option in question.options if option.text == 'True')
            assert (statement in whole) == is_true


def test_a_quantity_is_accepted_in_the_ways_people_write_it() -> None:
    minutes, height = quantities('Rinse for at least 15 minutes, 45 cm above the floor.')

    assert {'15 minutes', '15 min', '15min', 'fifteen minutes'} <= set(accepted_spellings(minutes, 'en'))
    assert {'45 cm', '45cm', '45 centimetres', '45 centimeters'} <= set(accepted_spellings(height, 'en'))


@pytest.mark.parametrize(
    'text', ['The fridge stands at 1 to 5 °C.', 'Read section 4.2.', 'In 2011 all was well.', 'Call extension 112.']
)
def test_ranges_and_bare_numbers_are_no_quantities(text: str) -> None:
    assert quantities(text) == []


def test_wrong_numbers_are_clearly_other_numbers_as_round_as_the_right_one() -> None:
    (amount,) = quantities('A minor spill is less than 500 ml.')

    wrong = other_numbers(amount, [500.0, 490.0, 100.0])

    assert wrong[0] == 100
    assert 500 not in wrong
    assert 490 not in wrong
    assert all(number % 50 == 0 for number in wrong)


async def test_german_questions_are_german() -> None:
    _, _, written = await course(GERMAN)

    prompts = ' '.join(question.prompt for question in questions(written))
    assert 'Richtig oder falsch?' in prompts
    assert not re.search(r'\b(?:Which|What|Fill|True)\b', prompts)


async def test_vectors_choose_the_wrong_answers_when_there_are_any() -> None:
    asked: list[str] = []

    async def embed(texts: Sequence[str]) -> list[list[float]]:
        asked.extend(texts)
        return [[1.0, 0.0] if 'glove' in text or 'solvent' in text else [0.8, 0.6] for text in texts]

    _, _, written = await newly_drafted(LAB, OfflineAuthor(embed))

    assert any(text.startswith('a ventilated enclosure') for text in asked)
    assert len(set(asked)) == len(asked)
    assert questions(written)


async def test_a_table_stays_a_table_and_is_asked_about() -> None:
    sources, _, written = await course(CAFE)
    shown = ''.join(block.html for block in every(written) if isinstance(block, TextDraft))

    assert '<tr><th>Food</th><th>Keeps for</th><th>Where</th></tr>' in shown
    assert '<tr><td>Milk</td><td>3 days</td><td>fridge</td></tr>' in shown
    room = Room(corpus=read(sources, language='en'), numbers=range(1, 9), likeness=Closeness(), topic='Fridges')
    asked = [one.draft for one in single(room) if one.draft.prompt.startswith('Table')]
    milk = next(question for question in asked if 'for “Milk” under “Keeps for”' in question.prompt)
    assert [option.text for option in milk.options if option.correct] == ['3 days']
    assert {option.text for option in milk.options} <= {'3 days', '2 days', '5 days', '1 day'}


def test_the_unit_agrees_with_the_changed_number() -> None:
    (hour,) = quantities('Rice is cooled within 1 hour.')
    (days,) = quantities('Cake keeps for 2 days.')

    assert with_number(hour, 4) == '4 hours'
    assert with_number(days, 1) == '1 day'
    assert with_number(days, 5) == '5 days'

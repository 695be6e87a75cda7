"""What a teacher objected to once, on a page of rules made for it."""

import re
from collections.abc import Sequence

import pytest

from services.generation.authors.offline import OfflineAuthor
from services.generation.authors.offline.bullets import bullet
from services.generation.authors.offline.goals import module_goals
from services.generation.authors.offline.quantities import quantities
from services.generation.authors.offline.questions.bounds import certainly_wrong, may_be_asked
from services.generation.authors.offline.questions.common import Room
from services.generation.authors.offline.questions.short import short
from services.generation.authors.offline.questions.single import single
from services.generation.authors.offline.reading import Corpus, read
from services.generation.authors.offline.titles import joined
from services.generation.authors.offline.words import likeness, stems
from services.generation.drafts import BlockDraft, LessonPlan, OutlineDraft, SlideDraft, TextDraft
from services.richtext import sanitise
from tests.generation.authors.samples import brief, split

STEPS = [
    'Repeat the order aloud.',
    'Check every ingredient against the label.',
    'Clean the bench with hot water (see section 4).',
    'Wash your hands.',
    'Take the purple board.',
    'Cook with fresh oil.',
    'Cover the plate at 63 °C.',
    'Hand the plate to the server.',
]
HANDBOOK = f"""# 1 Preparing a meal

A garnish is a small piece of food that decorates a plate. Cooked rice is kept in the fridge for no more than 24 hours.

{chr(10).join(f'{number}. {step}' for number, step in enumerate(STEPS, 1))}

Warning: Never taste food to decide whether it is safe. Contaminated food may look and smell normal.

# 2 Cooking

Lower temperatures are equally effective when they are held for longer, as the table shows. The core of the food must
reach 75 °C for at least 30 seconds.

Core temperature | Holding time
60 °C | 45 minutes
65 °C | 10 minutes
70 °C | 2 minutes
80 °C | 6 seconds

# 3 Serving

The figures below are the ones that matter. Hot food must be kept at 63 °C or above until it is served. Restraint is
preferred because it is quicker. A plate is a flat dish that carries food.
"""


def corpus() -> Corpus:
    return read(split('kitchen', HANDBOOK), language='en')


async def lesson(number: int) -> list[BlockDraft]:
    sources = split('kitchen', HANDBOOK)
    plan = LessonPlan(title='A lesson', objectives=[], minutes=5, passages=[number])
    course = OutlineDraft(title='Course', summary='', objectives=[], modules=[], answer='')
    written = await OfflineAuthor().lesson(
        brief(), course, plan, sources, already_written=[], on_partial=lambda partial: None
    )
    return list(written.draft.blocks)


async def test_no_step_of_a_procedure_is_left_out_of_text_or_slides() -> None:
    blocks = await lesson(1)
    text = ''.join(block.html for block in blocks if isinstance(block, TextDraft))
    slides = [block for block in blocks if isinstance(block, SlideDraft) and 'of 2' in block.title]
    lines = [line for slide in slides for line in slide.bullets]

    assert [slide.title for slide in slides] == ['Preparing a meal (1 of 2)', 'Preparing a meal (2 of 2)']
    assert len(lines) == text.count('<li>') == len(STEPS)
    assert all(step.split(' (')[0].rstrip('.') in line for step, line in zip(STEPS, lines, strict=True))


async def test_a_warning_is_shown_whole_and_as_a_warning() -> None:
    text = ''.join(block.html for block in await lesson(1) if isinstance(block, TextDraft))

    assert (
        '<aside class="callout warning"><p><strong>Warning:</strong> Never taste food to decide whether it is safe. '
        'Contaminated food may look and smell normal.</p></aside>'
    ) in text
    assert sanitise(text) == text


async def test_a_sentence_that_points_at_a_table_stands_beside_it_or_nowhere() -> None:
    cooking = ''.join(block.html for block in await lesson(2) if isinstance(block, TextDraft))
    serving = ''.join(block.html for block in await lesson(3) if isinstance(block, TextDraft))

    assert 'as the table shows' in cooking
    assert '<tr><td>65 °C</td><td>10 minutes</td></tr>' in cooking
    assert 'figures below' not in serving
    assert 'Hot food must be kept at 63 °C or above' in serving


@pytest.mark.parametrize(
    'sentence',
    [
        'Food safety is the practice of preparing food in such a way that nobody who eats it is harmed by it.',
        'Refrigerators are set so that food stays between 1 °C and 5 °C on every shelf and at every hour of the day.',
        'Spoiled food is easy to recognise, whereas contaminated food often looks perfect to everybody who sees it.',
        'Raw poultry stands lowest because anything that drips from it must not land on another food or shelf.',
        'The scheme scores premises from 0, where urgent improvement is necessary, to 5, where they are very good.',
        'Ladders are used outdoors unless the wind is stronger than the maker allows for the length of the ladder.',
    ],
)
def test_a_line_is_never_cut_where_it_would_become_untrue(sentence: str) -> None:
    assert bullet(sentence) is None


def test_a_reason_may_be_left_to_the_notes() -> None:
    assert (
        bullet('Large pans are probed in at least two places, because the edge heats much sooner than the middle.')
        == 'Large pans are probed in at least two places'
    )


@pytest.mark.parametrize(
    ('sentence', 'wrong'),
    [
        ('Hands are washed for at least 20 seconds.', [30, 40]),
        ('Food is used within 24 hours.', [12, 6]),
        ('Beards longer than 5 mm are covered.', [3, 2]),
        ('Hot food is kept at 63 °C or above.', [75, 90]),
    ],
)
def test_a_changed_number_is_never_implied_by_the_right_one(sentence: str, wrong: Sequence[float]) -> None:
    (quantity,) = quantities(sentence)

    found = certainly_wrong(sentence, quantity, wrong)

    assert found
    assert all((number > quantity.number) == (wrong[0] > quantity.number) for number in found)


@pytest.mark.parametrize(
    'sentence',
    [
        'An arrest system used at 4 m would let the user hit the ground.',
        'A mouse can pass through a gap of 6 mm.',
        'At −18 °C bacteria are dormant.',
        'Gloves are compulsory because water at 82 °C scalds.',
    ],
)
def test_numbers_that_others_could_replace_are_not_asked_about(sentence: str) -> None:
    assert not may_be_asked(sentence, quantities(sentence)[0])


def test_a_lighter_spanner_falls_as_fast() -> None:
    sentence = 'A spanner of 500 g dropped from 10 m reaches 50 km per hour.'

    assert certainly_wrong(sentence, quantities(sentence)[0], [200.0]) == []


def test_thresholds_of_a_table_are_asked_about_with_their_unit() -> None:
    room = Room(corpus=corpus(), numbers=[2], likeness=_alike, topic='Cooking')

    asked = {one.draft.prompt: one.draft for one in [*short(room), *single(room)]}

    typed = asked['Table “Cooking”: what is given for “65 °C” under “Holding time”? Answer with a number and its unit.']
    assert {'10 minutes', '10 min'} <= set(typed.accepted)
    chosen = asked['Table “Cooking”: what is given for “70 °C” under “Holding time”?']
    assert [option.text for option in chosen.options if option.correct] == ['2 minutes']
    assert not any('prefer' in prompt for prompt in asked)


def _alike(one: str, other: str) -> float:
    return likeness(stems(one, 'en'), stems(other, 'en'))


def test_a_contents_page_is_never_a_source() -> None:
    lines = '\n'.join(f'{n}.1 Heading number {n} ........ {n + 3}' for n in range(1, 9))

    assert read(split('list', f'# Overview\n\n{lines}'), language='en').sentences == ()


def test_a_step_on_the_next_page_belongs_to_the_same_list() -> None:
    halves = ['1. Open the door.\n2. Take the tray.', '3. Close the door.\n4. Wash your hands.']
    found = read([one for half in halves for one in split('one', f'# Doors\n\n{half}')], language='en')

    assert [len(listing.items) for listing in found.listings] == [4]


@pytest.mark.parametrize(
    ('names', 'title'),
    [
        (['Hand washing', 'Clothing, hair and jewellery'], 'Hand washing, clothing, hair and jewellery'),
        (['Cuts and gloves', 'Illness'], 'Cuts and gloves, and illness'),
        (['Refrigerated storage', 'Frozen storage', 'Dry storage'], 'Refrigerated, frozen and dry storage'),
        (['Waste', 'Pests', 'Records'], 'Waste, pests and records'),
    ],
)
def test_titles_are_joined_as_a_person_would_say_them(names: list[str], title: str) -> None:
    assert joined(names, corpus().casing, 'and') == title


def test_a_module_promises_its_procedures_and_figures() -> None:
    goals = module_goals(corpus(), [1, 2, 3], 'The kitchen', [])

    assert goals[0] == 'Carry out “Preparing a meal” step by step'
    assert re.match(r'State the temperatures and times for .*cooking', goals[1])

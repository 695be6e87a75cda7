"""The outline that every new customer sees first."""

import re

import pytest

from services.generation.authors.base import Passage
from services.generation.authors.offline import OfflineAuthor
from services.generation.drafts import LessonPlan, OutlineDraft
from tests.generation.authors.samples import CAFE, GERMAN, IT, LAB, brief, passages, split


async def outline(sources: list[Passage], **changes: object) -> OutlineDraft:
    written = await OfflineAuthor().outline(
        brief(**changes), sources, previous=None, comment='', on_partial=lambda partial: None
    )
    assert (written.provider, written.input_tokens, written.output_tokens) == ('offline', 0, 0)
    return written.draft


async def revised(previous: OutlineDraft, sources: list[Passage], comment: str, **changes: object) -> OutlineDraft:
    written = await OfflineAuthor().outline(
        brief(**changes), sources, previous=previous, comment=comment, on_partial=lambda partial: None
    )
    assert total(written.draft) == 60 * float(str(changes.get('hours', 2.0)))
    return written.draft


def lessons(draft: OutlineDraft) -> list[LessonPlan]:
    return [lesson for module in draft.modules for lesson in module.lessons]


def titles(draft: OutlineDraft) -> list[str]:
    return [lesson.title for lesson in lessons(draft)]


def total(draft: OutlineDraft) -> int:
    return sum(lesson.minutes for lesson in lessons(draft))


@pytest.mark.parametrize('hours', [0.25, 0.5, 1, 1.2, 2, 3.75, 6, 12])
@pytest.mark.parametrize('name', [LAB, CAFE, IT, GERMAN])
async def test_minutes_add_up_to_the_hours_asked(name: str, hours: float) -> None:
    draft = await outline(passages(name), hours=hours)

    assert total(draft) == round(hours * 60)
    assert all(5 <= lesson.minutes <= 60 for lesson in lessons(draft))
    assert 1 <= len(draft.modules) <= 8


async def test_modules_and_lessons_follow_the_headings() -> None:
    draft = await outline(passages(LAB))

    assert [module.title for module in draft.modules] == [
        'Fume hoods',
        'Personal protective equipment',
        'Storage of chemicals',
        'Waste',
        'Emergencies',
    ]
    assert 'What a fume hood does' in titles(draft)
    assert not any(re.match(r'\d', title) or title.isupper() for title in titles(draft))
    numbers = [number for lesson in lessons(draft) for number in lesson.passages]
    assert numbers == sorted(set(numbers))


async def test_contents_and_references_are_not_taught() -> None:
    for name in (LAB, CAFE):
        sources = passages(name)
        used = {number for lesson in lessons(await outline(sources)) for number in lesson.passages}
        apparatus = {
            n for n, passage in enumerate(sources, 1) if re.search('contents|references', passage.heading, re.I)
        }
        assert apparatus
        assert not used & apparatus


async def test_objectives_are_what_a_teacher_would_write() -> None:
    draft = await outline(passages(LAB))
    objectives = [objective for lesson in lessons(draft) for objective in lesson.objectives]

    assert 'Explain why you place all vessels at least 15 cm behind the sash' in objectives
    assert 'Explain what a fume hood is' in objectives
    assert 'Decide what to do if the airflow alarm sounds' in objectives
    assert 'State how often every hood must be inspected' in objectives
    assert 'Carry out the six steps of “Spills” in the right order' in objectives
    assert all(2 <= len(lesson.objectives) <= 3 for lesson in lessons(draft))
    assert len(set(objectives)) == len(objectives)
    assert not any(
        re.search(r'\b(?:it|they|this)$|\[\d|[.;:]$|Explain (?:date|why you [A-Z])', objective)
        for objective in objectives
    )


@pytest.mark.parametrize(('level', 'verb'), [('beginner', 'Explain why'), ('advanced', 'Justify why')])
async def test_the_level_chooses_the_verbs(level: str, verb: str) -> None:
    draft = await outline(passages(LAB), level=level)

    assert any(objective.startswith(verb) for lesson in lessons(draft) for objective in lesson.objectives)


async def test_several_documents_become_modules_of_their_own() -> None:
    draft = await outline(passages(LAB, IT), hours=4)

    assert any('Chemical hygiene' in module.title for module in draft.modules)
    assert any('IT onboarding' in module.title for module in draft.modules)


async def test_a_text_without_headings_still_has_an_outline() -> None:
    prose = ' '.join(passage.text for passage in passages(CAFE)[2:]).replace('•', '')
    sources = split('notes', '\n\n'.join(re.findall(r'(?:[^.]+\.){4}', prose)))

    draft = await outline(sources, hours=1)

    assert total(draft) == 60
    assert all(lesson.title.startswith('Notes') for lesson in lessons(draft))
    assert len(set(titles(draft))) == len(titles(draft))


async def test_a_source_of_a_few_words_still_has_one_lesson() -> None:
    draft = await outline(split('tiny', 'Wear gloves.'), hours=0.5)

    assert len(lessons(draft)) == 1
    assert lessons(draft)[0].passages == [1]


async def test_the_same_sources_give_the_same_outline() -> None:
    assert await outline(passages(LAB)) == await outline(passages(LAB))


async def test_german_sources_get_german_words() -> None:
    draft = await outline(passages(GERMAN), language='de')

    assert 'Abzüge' in [module.title for module in draft.modules]
    assert 'Erklären, was „Abzug“ bedeutet' in lessons(draft)[0].objectives
    assert not re.search(
        r'\b(?:the|Explain|covers|and)\b', draft.model_dump_json(exclude={'title', 'summary', 'answer'})
    )


async def test_modules_appear_one_by_one() -> None:
    partials: list[dict[str, object]] = []

    await OfflineAuthor().outline(brief(), passages(LAB), previous=None, comment='', on_partial=partials.append)

    counts = [len(partial['modules']) for partial in partials]  # type: ignore[arg-type]
    assert counts[:4] == [1, 2, 3, 4]


@pytest.fixture
async def first() -> OutlineDraft:
    return await outline(passages(LAB))


async def test_a_wish_for_a_subject_adds_a_lesson_from_the_sources(first: OutlineDraft) -> None:
    draft = await revised(first, passages(LAB), 'Please add a lesson on eye protection.')

    new = next(lesson for lesson in lessons(draft) if lesson.title == 'Eye protection')
    assert 'safety goggles' in passages(LAB)[new.passages[0] - 1].text.lower()
    assert (
        draft.answer
        == 'Added the lesson “Eye protection” to “Personal protective equipment”, from 1 passage of the sources.'
    )
    assert titles(draft)[:3] == titles(first)[:3]


async def test_a_wish_that_the_sources_cannot_answer_is_declined_in_words(first: OutlineDraft) -> None:
    draft = await revised(first, passages(LAB), 'Add something about lasers.')

    assert 'say nothing about “lasers”' in draft.answer
    assert draft.modules == first.modules


async def test_praise_changes_nothing(first: OutlineDraft) -> None:
    draft = await revised(first, passages(LAB), 'Looks nice!')

    assert draft.modules == first.modules
    assert draft.answer


@pytest.mark.parametrize(
    ('comment', 'answer', 'gone', 'there'),
    [
        ('Rename “Waste” to “Getting rid of waste”', 'Renamed', 'Waste', 'Getting rid of waste'),
        ('Please remove the lesson on gloves', 'Removed the lesson “Gloves”', 'Gloves', 'Spills'),
        ('Remove the module on emergencies', 'Removed the module “Emergencies”', 'Spills', 'Gloves'),
        ('Split storage of chemicals', 'Split “Storage of chemicals”', 'Storage of chemicals', 'Peroxide formers'),
        ('Merge gloves and eye protection', 'Merged the lessons', 'Gloves', 'Gloves, eye protection and lab coats'),
        ('More on peroxide formers please', 'Added the lesson “Peroxide formers”', 'Lasers', 'Peroxide formers'),
    ],
)
async def test_an_order_is_carried_out(first: OutlineDraft, comment: str, answer: str, gone: str, there: str) -> None:
    draft = await revised(first, passages(LAB), comment)

    assert draft.answer.startswith(answer)
    assert gone not in titles(draft)
    assert there in titles(draft)
    untouched = [lesson.title for lesson in lessons(first) if lesson.title in titles(draft)]
    assert [title for title in titles(draft) if title in untouched] == untouched


async def test_shorter_means_fewer_lessons_in_the_same_hours(first: OutlineDraft) -> None:
    draft = await revised(first, passages(LAB), 'Too many lessons, make it shorter.')

    assert len(lessons(draft)) < len(lessons(first))
    assert 'hours of the brief are kept' in draft.answer
    assert {n for one in lessons(draft) for n in one.passages} == {n for one in lessons(first) for n in one.passages}


async def test_a_lesson_is_given_the_time_asked_for(first: OutlineDraft) -> None:
    draft = await revised(first, passages(LAB), 'Make Gloves 30 minutes')

    assert next(lesson.minutes for lesson in lessons(draft) if lesson.title == 'Gloves') == 30


async def test_several_wishes_are_all_answered(first: OutlineDraft) -> None:
    comment = (
        'Add a lesson about peroxide formers. The module on emergencies should come first, and rename Gloves to Hands.'
    )

    draft = await revised(first, passages(LAB), comment)

    assert draft.modules[0].title == 'Emergencies'
    assert {'Peroxide formers', 'Hands'} <= set(titles(draft))
    assert draft.answer.count('“') >= 3


async def test_an_objective_is_added_where_the_subject_is_taught(first: OutlineDraft) -> None:
    draft = await revised(first, passages(LAB), 'The objectives should mention carbon dioxide extinguishers')

    fire = next(lesson for lesson in lessons(draft) if 'fire' in lesson.title.lower())
    assert any('carbon dioxide' in objective.lower() for objective in fire.objectives)

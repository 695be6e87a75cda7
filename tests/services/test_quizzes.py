import asyncio
from typing import Any

import pytest

from services.enrollments import EnrollmentService
from services.errors import Conflict, Forbidden, InvalidInput, NotFound
from services.marking import is_right, normalised
from services.quizzes import QuizPage, QuizService
from tests.services.world import World


@pytest.fixture
def quizzes(world: World) -> QuizService:
    return QuizService(world.gate)


def right(page: QuizPage) -> dict[str, Any]:
    """All four answers as a form hands them in."""
    single, multiple, true_false, short = page.questions
    return {str(single.id): 'b', str(multiple.id): ['a', 'c'], str(true_false.id): True, str(short.id): '15cm'}


async def test_a_quiz_is_marked_with_reasons(world: World, quizzes: QuizService) -> None:
    made = await world.taught(world.demo)
    quiz = (await world.quizzes(world.demo, made))[0]
    heard = world.heard(f'progress:{made.course_id}')
    page = await quizzes.get(world.demo.student, quiz.id)
    answers = right(page)
    answers[str(page.questions[0].id)] = 'a'
    marked = await quizzes.submit(world.demo.student, quiz.id, answers)
    assert (marked.score, marked.max_score, marked.passed, marked.attempts) == (3.0, 4.0, True, 1)
    assert [question.correct for question in marked.questions] == [False, True, True, True]
    wrong = marked.questions[0]
    assert (wrong.right_options, wrong.right_answers) == (('b',), ('15 cm behind',))
    assert wrong.explanation == 'Because of the handbook: Where do vessels stand?'
    assert wrong.sources[0].document_name == 'handbook.pdf'
    assert len(heard) == 1
    assert 'quiz.handed_in' in await world.audit(world.demo)


async def test_the_best_attempt_counts(world: World, quizzes: QuizService) -> None:
    made = await world.taught(world.demo)
    quiz = (await world.quizzes(world.demo, made))[0]
    student = world.demo.student
    page = await quizzes.get(student, quiz.id)
    await quizzes.submit(student, quiz.id, right(page))
    second = await quizzes.submit(student, quiz.id, {})
    assert (second.score, second.passed, second.best_score, second.attempts) == (0.0, False, 4.0, 2)
    assert [attempt.score for attempt in await quizzes.attempts(student, quiz.id)] == [4.0, 0.0]
    standing = (await EnrollmentService(world.gate).learn(student, made.course_id)).lessons[0].quiz
    assert standing is not None
    assert (standing.best_score, standing.passed, standing.attempts) == (4.0, True, 2)


async def test_a_repeated_submission_counts_once_even_at_the_same_moment(world: World, quizzes: QuizService) -> None:
    made = await world.taught(world.demo)
    first, second = await world.quizzes(world.demo, made)
    student = world.demo.student
    page = await quizzes.get(student, first.id)
    answers = (right(page), {}, {}, {})
    marked = await asyncio.gather(
        *(quizzes.submit(student, first.id, given, submission_key='click') for given in answers)
    )
    assert len({(one.id, one.score) for one in marked}) == 1
    assert len(await quizzes.attempts(student, first.id)) == 1
    with pytest.raises(Conflict):
        await quizzes.submit(student, second.id, {}, submission_key='click')
    for key in ('', 'x' * 101, 'a\nb'):
        with pytest.raises(InvalidInput):
            await quizzes.submit(student, first.id, {}, submission_key=key)


async def test_unknown_questions_and_misshapen_answers_are_refused(world: World, quizzes: QuizService) -> None:
    made = await world.taught(world.demo)
    first, second = await world.quizzes(world.demo, made)
    student = world.demo.student
    own = str((await quizzes.get(student, first.id)).questions[0].id)
    foreign = str((await quizzes.get(student, second.id)).questions[0].id)
    for answers in (
        {foreign: 'a'},
        {'no id at all': 'a'},
        {own: {'a': 1}},
        {own: ['a', ['b']]},
        {own: 'x' * 1001},
        {own: float('nan')},
        {own: 'a\x00'},
        {own: '\ud800'},
    ):
        with pytest.raises(InvalidInput) as refused:
            await quizzes.submit(student, first.id, answers)
        assert refused.value.fields
    assert await quizzes.attempts(student, first.id) == ()


async def test_an_author_tries_a_quiz_and_nothing_is_kept(world: World, quizzes: QuizService) -> None:
    made = await world.course(world.demo)
    quiz = (await world.quizzes(world.demo, made))[0]
    for author in (world.demo.instructor, world.demo.reviewer):
        page = await quizzes.get(author, quiz.id)
        marked = await quizzes.submit(author, quiz.id, right(page))
        assert (page.preview, marked.id, marked.score, marked.passed) == (True, None, 4.0, True)
        assert await quizzes.attempts(author, quiz.id) == ()
    assert 'quiz.handed_in' not in await world.audit(world.demo)


async def test_only_learners_of_the_course_take_its_quizzes(world: World, quizzes: QuizService) -> None:
    made = await world.taught(world.demo)
    quiz = (await world.quizzes(world.demo, made))[0]
    for outsider in (world.demo.classmate, world.other.student, world.other.instructor):
        with pytest.raises(NotFound):
            await quizzes.get(outsider, quiz.id)
        with pytest.raises(NotFound):
            await quizzes.submit(outsider, quiz.id, {})
        with pytest.raises(NotFound):
            await quizzes.attempts(outsider, quiz.id)
    with pytest.raises(Forbidden):
        await quizzes.submit(world.demo.site, quiz.id, {})


OPTIONS = [{'id': 'a', 'text': 'At the edge', 'correct': False}, {'id': 'b', 'text': '15 cm behind', 'correct': True}]
TRUTH = [{'id': 'a', 'text': 'True', 'correct': True}, {'id': 'b', 'text': 'False', 'correct': False}]
SEVERAL = [
    {'id': 'a', 'text': 'Acetone', 'correct': True},
    {'id': 'b', 'text': 'Water', 'correct': False},
    {'id': 'c', 'text': 'Ethanol', 'correct': True},
]


@pytest.mark.parametrize(
    ('answer', 'correct'),
    [('b', True), ('15 cm behind', True), (' 15 CM  behind ', True), (['b'], True), ('a', False), (['a', 'b'], False),
     (None, False), ('', False), ([], False), ('c', False), (1, False)],
)  # fmt: skip
def test_a_single_choice_is_an_option_or_its_text(answer: Any, correct: bool) -> None:
    assert is_right({'kind': 'single', 'options': OPTIONS}, answer) is correct


@pytest.mark.parametrize(
    ('answer', 'correct'),
    [(['a', 'c'], True), (['c', 'a', 'a'], True), (['Acetone', 'c'], True), (['a'], False), (['a', 'b', 'c'], False),
     ([], False), (None, False), ('a', False)],
)  # fmt: skip
def test_several_choices_are_all_or_nothing(answer: Any, correct: bool) -> None:
    assert is_right({'kind': 'multiple', 'options': SEVERAL}, answer) is correct


@pytest.mark.parametrize(
    ('answer', 'correct'),
    [(True, True), ('true', True), ('True', True), ('a', True), (False, False), ('false', False), ('b', False),
     (None, False), (1, False)],
)  # fmt: skip
def test_true_or_false_is_a_truth_value_or_an_option(answer: Any, correct: bool) -> None:
    assert is_right({'kind': 'true_false', 'options': TRUTH}, answer) is correct


@pytest.mark.parametrize(
    ('given', 'accepted'),
    [('15cm', '15 cm'), ('15 CM.', '15 cm'), ('0,125', '0.125'), ('3,5 %', '3.5%'), ('−18 °C', '-18°C'),
     ('1,000', '1000'), ('fume–hood', 'fume-hood'), ('  the   Hood ', 'the hood'), ('“sash”', 'sash'),
     ('ﬁre', 'fire'), (15, '15'), (2.5, '2,5'), (['15 cm'], '15 cm')],
)  # fmt: skip
def test_short_answers_that_a_teacher_would_call_the_same_are_right(given: Any, accepted: str) -> None:
    assert is_right({'kind': 'short', 'options': [], 'accepted': [accepted]}, given)


@pytest.mark.parametrize(
    ('given', 'accepted'),
    [('15 m', '15 cm'), ('18 °C', '-18 °C'), ('1.5', '15'), ('hoods', 'hood'), ('', 'hood'), ('.', 'hood'),
     (None, 'hood'), (True, 'true'), (['a', 'b'], 'a')],
)  # fmt: skip
def test_short_answers_that_differ_in_a_letter_or_a_digit_are_wrong(given: Any, accepted: str) -> None:
    assert not is_right({'kind': 'short', 'options': [], 'accepted': [accepted]}, given)


def test_normalising_twice_changes_nothing() -> None:
    for answer in ('3,5 %', '−18 ° C', '1,000,000.', '“A – b”'):
        assert normalised(normalised(answer)) == normalised(answer)

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from components.shared import drawn_once
from pages.course_figures import progress_series, progress_unit, questions_html, students_found
from pages.course_rows import filled
from services.analytics.figures import CourseAnalytics, DayFigures, QuestionFigures, StudentFigures


def analytics(
    *, days: int = 0, students: tuple[StudentFigures, ...] = (), questions: tuple[QuestionFigures, ...] = ()
) -> CourseAnalytics:
    progress = tuple(
        DayFigures(day=date(2026, 1, 1) + timedelta(days=place), progress=(place + 1) / days) for place in range(days)
    )
    return CourseAnalytics(
        course_id=uuid4(),
        title='Safe handling',
        version='1.0',
        pass_mark=0.6,
        enrolled=len(students),
        started=0,
        completed=0,
        completion_rate=1.0,
        scored=0,
        average_score=None,
        median_score=None,
        minutes=40,
        students=students,
        days=progress,
        histogram=(0,) * 10,
        questions=questions,
        changed_at=None,
    )


def student(name: str, score: float | None) -> StudentFigures:
    return StudentFigures(
        user_id=uuid4(),
        name=name,
        email=f'{name}@demo.example',
        progress=0.5,
        lessons_done=1,
        lessons=2,
        score=score,
        attempts=1,
        last_seen=None,
        enrolled_at=datetime(2026, 1, 1, tzinfo=UTC),
        completed_at=None,
    )


def question(prompt: str, rate: float | None) -> QuestionFigures:
    return QuestionFigures(
        block_id=uuid4(),
        lesson_id=uuid4(),
        number='1.1',
        prompt=prompt,
        answered=9 if rate is not None else 0,
        right_rate=rate,
    )


def test_the_ruler_fills_from_its_beginning_and_hatches_what_is_begun() -> None:
    assert [segment.state for segment in filled((10, 20, 10), 0.5)] == ['done', 'working', 'open']
    assert [segment.state for segment in filled((10, 20, 10), 1.0)] == ['done', 'done', 'done']
    assert [segment.state for segment in filled((10, 20, 10), 0.0)] == ['open', 'open', 'open']


def test_a_young_course_is_drawn_by_day_from_nothing() -> None:
    series = progress_series(analytics(days=2))[0]
    assert list(series.x) == [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2)]
    assert list(series.y) == [0.0, 50.0, 100.0]
    assert progress_unit(analytics(days=2)) == 'day'


def test_an_old_course_is_drawn_by_week_and_ends_today() -> None:
    figures = analytics(days=30)
    series = progress_series(figures)[0]
    assert progress_unit(figures) == 'week'
    assert (len(series.x), series.x[-1], series.y[-1]) == (6, figures.days[-1].day, 100.0)


def test_nobody_enrolled_draws_no_line() -> None:
    assert list(progress_series(analytics())[0].x) == []


def test_students_without_a_score_are_the_lowest() -> None:
    figures = analytics(students=(student('Amira', 0.9), student('Jonas', None), student('Petra', 0.1)))
    found = students_found(figures, '', 'score', descending=False)
    assert [one.name for one in found] == ['Jonas', 'Petra', 'Amira']
    assert [one.name for one in students_found(figures, ' PETRA@', 'name', descending=False)] == ['Petra']


def test_the_weakest_question_comes_first_and_the_unanswered_last() -> None:
    html = questions_html(
        analytics(questions=(question('x', None), question('y', 0.9), question('<z>', 0.2))), most=None
    )
    assert html.index('&lt;z&gt;') < html.index('>y<') < html.index('>x<')


def test_what_many_show_alike_is_drawn_once_for_each_state() -> None:
    drawn: list[str] = []

    def draw(value: list[int]) -> str:
        drawn.append(str(value))
        return drawn[-1]

    first, second = [1], [1]
    assert [drawn_once(value, 'test', draw) for value in (first, first, second)] == ['[1]', '[1]', '[1]']
    assert len(drawn) == 2

"""The formulas. Shares are 0 to 1; whoever is not enrolled any more does not count.

progress of a student = lessons done / lessons of the version they learn
completion rate       = mean progress of all students; 0 without students
best share of a quiz  = the highest score / max_score of the student's attempts at it
score of a student    = mean best share of the quizzes they have tried; none before the first attempt
average score         = mean score of the students who have one; none before the first attempt
right rate            = right answers / answers in each student's first attempt, before any feedback was seen
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean, median
from uuid import UUID

BINS = 10
_MOST_DAYS = 90


@dataclass(frozen=True, kw_only=True)
class StudentFigures:
    user_id: UUID
    name: str
    email: str
    progress: float
    lessons_done: int
    lessons: int
    score: float | None
    attempts: int
    last_seen: datetime | None
    enrolled_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class DayFigures:
    """Mean progress of the students enrolled now, as it was at the end of the day (UTC)."""

    day: date
    progress: float


@dataclass(frozen=True, kw_only=True)
class QuestionFigures:
    """`right_rate` is None before anyone has answered; `number` is the lesson's, like '2.1'."""

    block_id: UUID
    lesson_id: UUID
    number: str
    prompt: str
    answered: int
    right_rate: float | None


@dataclass(frozen=True, kw_only=True)
class CourseAnalytics:
    """See the module for the formulas. `histogram` counts students by score in ten equal bins, the last one closed.

    `started` counts students with a lesson done or an attempt made, `scored` those with a score;
    `changed_at` is the last act of a student.
    """

    course_id: UUID
    title: str
    version: str | None
    pass_mark: float
    enrolled: int
    started: int
    completed: int
    completion_rate: float
    scored: int
    average_score: float | None
    median_score: float | None
    minutes: int
    students: tuple[StudentFigures, ...]
    days: tuple[DayFigures, ...]
    histogram: tuple[int, ...]
    questions: tuple[QuestionFigures, ...]
    changed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Hand:
    """One attempt as the figures need it."""

    user_id: UUID
    quiz_id: UUID
    share: float
    results: Mapping[str, bool]
    at: datetime


def score_of(hands: Iterable[Hand]) -> float | None:
    """Mean best share of the quizzes tried."""
    best: defaultdict[UUID, float] = defaultdict(float)
    for hand in hands:
        best[hand.quiz_id] = max(best[hand.quiz_id], hand.share)
    return fmean(best.values()) if best else None


def mean_score(scores: Sequence[float]) -> float | None:
    return fmean(scores) if scores else None


def median_score(scores: Sequence[float]) -> float | None:
    return median(scores) if scores else None


def histogram(scores: Iterable[float]) -> tuple[int, ...]:
    counts = [0] * BINS
    for score in scores:
        # Rounded first: 0.7 * 10 is 6.999… in binary.
        counts[min(int(round(score * BINS, 9)), BINS - 1)] += 1
    return tuple(counts)


def right_rates(hands: Iterable[Hand]) -> dict[str, tuple[int, float]]:
    """question id -> (answers, share of right ones); `hands` are oldest first."""
    first: dict[tuple[UUID, UUID], Hand] = {}
    for hand in hands:
        first.setdefault((hand.user_id, hand.quiz_id), hand)
    marks: defaultdict[str, list[bool]] = defaultdict(list)
    for hand in first.values():
        for question_id, right in hand.results.items():
            marks[question_id].append(right)
    return {question_id: (len(given), sum(given) / len(given)) for question_id, given in marks.items()}


def progress_by_day(
    steps: Iterable[tuple[datetime, float]], students: int, since: datetime | None, today: date
) -> tuple[DayFigures, ...]:
    """`steps` are the moments lessons were done, each with its share of that student's course."""
    if since is None or not students:
        return ()
    gained: defaultdict[date, float] = defaultdict(float)
    for moment, step in steps:
        gained[moment.date()] += step
    begin = max(since.date(), today - timedelta(days=_MOST_DAYS - 1))
    total = sum(step for day, step in gained.items() if day < begin)
    days = []
    for offset in range((today - begin).days + 1):
        day = begin + timedelta(days=offset)
        total += gained[day]
        days.append(DayFigures(day=day, progress=min(1.0, total / students)))
    return tuple(days)

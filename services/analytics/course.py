"""How a course is doing, live: worked out once per change and shared by everyone who watches."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from uuid import UUID

from services.analytics.figures import (
    CourseAnalytics,
    Hand,
    QuestionFigures,
    StudentFigures,
    histogram,
    mean_score,
    median_score,
    progress_by_day,
    right_rates,
    score_of,
)
from services.analytics.following import Followers
from services.analytics.published import PublishedVersion, PublishedVersions
from services.bus import Bus
from services.clock import now
from services.errors import NotFound
from services.snapshots import Snapshots
from services.viewer import Permission, Viewer
from services.work import Gate
from storage import progress
from storage.courses import Course
from storage.database import Scope
from storage.progress import Learner, Try

_PASS_MARK = 0.6


class AnalyticsService:
    def __init__(self, gate: Gate, bus: Bus) -> None:
        self._gate = gate
        self._snapshots: Snapshots[CourseAnalytics] = Snapshots(bus)
        self._versions = PublishedVersions()
        self._followers = Followers(bus, read=self._current, check=self._check)

    async def course(self, viewer: Viewer, course_id: UUID) -> CourseAnalytics:
        """Enrolment, completion and scores; the formulas are in services/analytics/figures.py.

        Cheap to ask again after every word on `progress:ID`: the permission is looked at each time, the figures are
        worked out once for all.
        """
        return await self._current((await self._check(viewer)).organization_id, course_id)

    async def follow(
        self, viewer: Viewer, course_id: UUID, hear: Callable[[CourseAnalytics], None], lost: Callable[[], None]
    ) -> Callable[[], None]:
        """Calls `hear` after every change, the same figures for all, until the answer is called.

        `lost` is called instead, once, when the course has gone or the viewer may not see it any more.
        """
        current = await self._check(viewer)
        return self._followers.add(current, course_id, hear, lost)

    async def _check(self, viewer: Viewer) -> Viewer:
        return await self._gate.check(viewer, Permission.ANALYTICS_READ)

    async def _current(self, organization_id: UUID, course_id: UUID) -> CourseAnalytics:
        async def make() -> CourseAnalytics:
            async with self._gate.database.reading() as tx:
                return await _figures(Scope(tx, organization_id), course_id, self._versions)

        return await self._snapshots.get(
            organization_id, course_id, (f'progress:{course_id}', f'course:{course_id}'), make
        )


async def _figures(scope: Scope, course_id: UUID, versions: PublishedVersions) -> CourseAnalytics:
    course = await scope.find(Course, course_id)
    if course is None:
        raise NotFound()
    learners = await progress.learners(scope, course_id)
    done = await progress.lessons_done(scope, course_id)
    hands = _hands(learners, await progress.tries(scope, course_id))
    of_learner = {learner.enrollment_id: await versions.get(scope, learner.version_id) for learner in learners}
    published = await versions.get(scope, course.published_version_id) if course.published_version_id else None
    counts = Counter(one.enrollment_id for one in done)
    students = tuple(
        _student(learner, counts[learner.enrollment_id], of_learner[learner.enrollment_id], hands)
        for learner in learners
    )
    all_hands = sorted((hand for given in hands.values() for hand in given), key=lambda hand: hand.at)
    scores = [student.score for student in students if student.score is not None]
    return CourseAnalytics(
        course_id=course.id,
        title=course.title,
        version=published.number if published else None,
        pass_mark=_PASS_MARK,
        enrolled=len(students),
        started=sum(bool(student.lessons_done or student.attempts) for student in students),
        completed=sum(student.lessons > 0 and student.lessons_done == student.lessons for student in students),
        completion_rate=fmean(student.progress for student in students) if students else 0.0,
        scored=len(scores),
        average_score=mean_score(scores),
        median_score=median_score(scores),
        minutes=published.minutes if published else 0,
        students=students,
        days=progress_by_day(
            ((one.at, 1 / of_learner[one.enrollment_id].lessons) for one in done),
            len(students),
            min((learner.enrolled_at for learner in learners), default=None),
            now().date(),
        ),
        histogram=histogram(scores),
        questions=_questions(published, all_hands) if published else (),
        changed_at=max([one.at for one in done] + [hand.at for hand in all_hands], default=None),
    )


def _student(
    learner: Learner, done: int, version: PublishedVersion, hands: Mapping[UUID, Sequence[Hand]]
) -> StudentFigures:
    own = hands.get(learner.user_id, ())
    return StudentFigures(
        user_id=learner.user_id,
        name=learner.name,
        email=learner.email,
        progress=done / version.lessons if version.lessons else 0.0,
        lessons_done=done,
        lessons=version.lessons,
        score=score_of(own),
        attempts=len(own),
        last_seen=learner.last_seen_at,
        enrolled_at=learner.enrolled_at,
        completed_at=learner.completed_at,
    )


def _hands(learners: Sequence[Learner], tries: Sequence[Try]) -> dict[UUID, list[Hand]]:
    """user id -> what they handed in, oldest first."""
    users = {learner.enrollment_id: learner.user_id for learner in learners}
    hands: defaultdict[UUID, list[Hand]] = defaultdict(list)
    for one in tries:
        user_id = users.get(one.enrollment_id)
        if user_id is not None and one.max_score:
            share = one.score / one.max_score
            hands[user_id].append(
                Hand(user_id=user_id, quiz_id=one.quiz_id, share=share, results=one.results, at=one.at)
            )
    return dict(hands)


def _questions(version: PublishedVersion, hands: Sequence[Hand]) -> tuple[QuestionFigures, ...]:
    rates = right_rates(hands)
    return tuple(
        QuestionFigures(
            block_id=question.block_id,
            lesson_id=question.lesson_id,
            number=question.number,
            prompt=question.prompt,
            answered=rates.get(str(question.block_id), (0, 0.0))[0],
            right_rate=rates[str(question.block_id)][1] if str(question.block_id) in rates else None,
        )
        for question in version.questions
    )

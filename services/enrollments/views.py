from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.courses.views import LessonView


@dataclass(frozen=True, kw_only=True)
class EnrollmentView:
    """`status` is active or removed."""

    id: UUID
    course_id: UUID
    user_id: UUID
    status: str
    name: str
    email: str
    enrolled_at: datetime
    last_seen_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class EnrollmentLine:
    """What became of one line of a list: `outcome` is enrolled, already or not_member."""

    email: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class MemberView:
    user_id: UUID
    name: str
    email: str
    enrolled: bool


@dataclass(frozen=True, kw_only=True)
class MyCourse:
    """A card on the learner's home. `progress` is 0 to 1; `ruler` holds (minutes, done) of each lesson in order."""

    course_id: UUID
    title: str
    summary: str
    instructor: str
    version: str
    progress: float
    lessons_done: int
    lessons: int
    minutes: int
    minutes_left: int
    next_lesson_id: UUID | None
    next_lesson: str
    ruler: tuple[tuple[int, bool], ...]
    last_seen_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class QuizStanding:
    """The best attempt counts. Scores are in questions; None before the first attempt."""

    quiz_id: UUID
    questions: int
    attempts: int
    best_score: float | None
    max_score: float
    passed: bool


@dataclass(frozen=True, kw_only=True)
class OutlineLesson:
    """`number` is like '2.1'."""

    id: UUID
    number: str
    title: str
    minutes: int
    done: bool
    completed_at: datetime | None
    quiz: QuizStanding | None


@dataclass(frozen=True, kw_only=True)
class OutlineModule:
    id: UUID
    title: str
    lessons: tuple[OutlineLesson, ...]


@dataclass(frozen=True, kw_only=True)
class OutlineView:
    """What the player shows around a lesson. In a `preview` nothing is recorded.

    `continue_at` is the lesson to open: the one last seen, else the first not done. `progress` is 0 to 1.
    """

    course_id: UUID
    version_id: UUID
    version: str
    title: str
    summary: str
    objectives: tuple[str, ...]
    language: str
    preview: bool
    progress: float
    minutes: int
    minutes_left: int
    continue_at: UUID | None
    completed_at: datetime | None
    modules: tuple[OutlineModule, ...]

    @property
    def lessons(self) -> tuple[OutlineLesson, ...]:
        return tuple(lesson for module in self.modules for lesson in module.lessons)


@dataclass(frozen=True, kw_only=True)
class LessonPage:
    """One lesson to learn from, always as a learner sees it, even in a `preview`."""

    course_id: UUID
    course_title: str
    language: str
    module_title: str
    lesson: LessonView
    previous_id: UUID | None
    previous_title: str
    next_id: UUID | None
    next_title: str
    done: bool
    preview: bool


@dataclass(frozen=True, kw_only=True)
class CompletionView:
    """`completed_at` is None where the lesson is open again; `course_progress` is 0 to 1."""

    lesson_id: UUID
    completed_at: datetime | None
    course_progress: float

"""Who learns what, how far they are, and what they answered."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, UniqueConstraint, cast, delete
from sqlmodel import JSON, Field, col, func, select

from storage.base import TenantRow, UtcDateTime
from storage.courses import Block, Course, CourseVersion, Lesson, Quiz
from storage.database import Scope
from storage.identity import User, UserRole

ACTIVE, REMOVED = 'active', 'removed'


class Enrollment(TenantRow, table=True):
    """A person in a course, held to the version they began with."""

    __tablename__ = 'enrollments'
    __table_args__ = (UniqueConstraint('course_id', 'user_id'),)

    course_id: UUID = Field(foreign_key='courses.id', index=True)
    version_id: UUID = Field(foreign_key='course_versions.id')
    user_id: UUID = Field(foreign_key='users.id', index=True)
    status: str = ACTIVE
    last_seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_lesson_id: UUID | None = Field(default=None)
    completed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LessonCompletion(TenantRow, table=True):
    __tablename__ = 'lesson_completions'
    __table_args__ = (UniqueConstraint('enrollment_id', 'lesson_id'),)

    enrollment_id: UUID = Field(foreign_key='enrollments.id')
    lesson_id: UUID = Field(foreign_key='lessons.id', index=True)
    completed_at: datetime = Field(sa_type=UtcDateTime)


class QuizAttempt(TenantRow, table=True):
    """One hand-in. `submission_key` makes a repeated request count once."""

    __tablename__ = 'quiz_attempts'
    __table_args__ = (UniqueConstraint('enrollment_id', 'submission_key'),)

    quiz_id: UUID = Field(foreign_key='quizzes.id', index=True)
    enrollment_id: UUID = Field(foreign_key='enrollments.id', index=True)
    submission_key: str
    answers: dict[str, Any] = Field(sa_type=JSON)
    results: dict[str, bool] = Field(sa_type=JSON)
    score: float
    max_score: float
    passed: bool


async def enrollment_of(scope: Scope, course_id: UUID, user_id: UUID) -> Enrollment | None:
    statement = scope.rows(Enrollment).where(Enrollment.course_id == course_id, Enrollment.user_id == user_id)
    return (await scope.tx.exec(statement)).first()


async def enrollments(
    scope: Scope, *, course_id: UUID | None = None, user_id: UUID | None = None
) -> Sequence[Enrollment]:
    statement = scope.rows(Enrollment)
    if course_id is not None:
        statement = statement.where(Enrollment.course_id == course_id)
    if user_id is not None:
        statement = statement.where(Enrollment.user_id == user_id)
    return (await scope.tx.exec(statement.order_by(col(Enrollment.created_at)))).all()


async def completed_lessons(scope: Scope, enrollment_ids: Collection[UUID]) -> dict[UUID, list[LessonCompletion]]:
    statement = scope.rows(LessonCompletion).where(col(LessonCompletion.enrollment_id).in_(enrollment_ids))
    done: dict[UUID, list[LessonCompletion]] = {enrollment_id: [] for enrollment_id in enrollment_ids}
    for completion in (await scope.tx.exec(statement.order_by(col(LessonCompletion.completed_at)))).all():
        done[completion.enrollment_id].append(completion)
    return done


async def attempts(
    scope: Scope, *, quiz_ids: Collection[UUID] | None = None, enrollment_id: UUID | None = None
) -> Sequence[QuizAttempt]:
    """Oldest first."""
    statement = scope.rows(QuizAttempt)
    if quiz_ids is not None:
        statement = statement.where(col(QuizAttempt.quiz_id).in_(quiz_ids))
    if enrollment_id is not None:
        statement = statement.where(QuizAttempt.enrollment_id == enrollment_id)
    return (await scope.tx.exec(statement.order_by(col(QuizAttempt.created_at)))).all()


async def enrolled_counts(scope: Scope, course_ids: Collection[UUID]) -> dict[UUID, int]:
    statement = (
        select(Enrollment.course_id, func.count(col(Enrollment.id)))
        .where(
            Enrollment.organization_id == scope.organization_id,
            Enrollment.status == ACTIVE,
            col(Enrollment.course_id).in_(course_ids),
        )
        .group_by(col(Enrollment.course_id))
    )
    return dict((await scope.tx.exec(statement)).all())


async def active_courses(scope: Scope, user_id: UUID) -> Sequence[tuple[Enrollment, Course, CourseVersion, str]]:
    """What a person learns now: live courses with their version and instructor, last visited first."""
    statement = (
        select(Enrollment, Course, CourseVersion, User.full_name)
        .join(Course, col(Course.id) == col(Enrollment.course_id))
        .join(CourseVersion, col(CourseVersion.id) == col(Enrollment.version_id))
        .join(User, col(User.id) == col(Course.created_by))
        .where(
            Enrollment.organization_id == scope.organization_id,
            Enrollment.user_id == user_id,
            Enrollment.status == ACTIVE,
            col(Course.deleted_at).is_(None),
        )
        .order_by(func.coalesce(col(Enrollment.last_seen_at), col(Enrollment.created_at)).desc(), col(Enrollment.id))
    )
    return (await scope.tx.exec(statement)).all()


async def courses_of_learner(scope: Scope, user_id: UUID) -> Sequence[UUID]:
    statement = select(Enrollment.course_id).where(
        Enrollment.organization_id == scope.organization_id,
        Enrollment.user_id == user_id,
        Enrollment.status == ACTIVE,
    )
    return (await scope.tx.exec(statement)).all()


async def learners(scope: Scope, course_id: UUID) -> Sequence[tuple[Enrollment, User]]:
    """The active enrolments of a course, by name."""
    statement = (
        select(Enrollment, User)
        .join(User, col(User.id) == col(Enrollment.user_id))
        .where(
            Enrollment.organization_id == scope.organization_id,
            Enrollment.course_id == course_id,
            Enrollment.status == ACTIVE,
        )
        .order_by(col(User.full_name), col(User.id))
    )
    return (await scope.tx.exec(statement)).all()


async def learner_ids(scope: Scope, course_id: UUID) -> Sequence[UUID]:
    statement = select(Enrollment.user_id).where(
        Enrollment.organization_id == scope.organization_id,
        Enrollment.course_id == course_id,
        Enrollment.status == ACTIVE,
    )
    return (await scope.tx.exec(statement)).all()


async def people(scope: Scope, search: str, *, limit: int) -> Sequence[User]:
    """Members of the organisation by part of their name or e-mail."""
    members = select(UserRole.user_id).where(UserRole.organization_id == scope.organization_id)
    statement = select(User).where(col(User.id).in_(members), col(User.is_active), col(User.deleted_at).is_(None))
    if search:
        name = col(User.full_name).icontains(search, autoescape=True)
        statement = statement.where(name | col(User.email).icontains(search, autoescape=True))
    return (await scope.tx.exec(statement.order_by(col(User.full_name), col(User.id)).limit(limit))).all()


async def count_lessons(scope: Scope, version_ids: Collection[UUID]) -> dict[UUID, int]:
    statement = (
        select(Lesson.version_id, func.count(col(Lesson.id)))
        .where(Lesson.organization_id == scope.organization_id, col(Lesson.version_id).in_(version_ids))
        .group_by(col(Lesson.version_id))
    )
    return dict((await scope.tx.exec(statement)).all())


async def completion(scope: Scope, enrollment_id: UUID, lesson_id: UUID) -> LessonCompletion | None:
    statement = scope.rows(LessonCompletion).where(
        LessonCompletion.enrollment_id == enrollment_id, LessonCompletion.lesson_id == lesson_id
    )
    return (await scope.tx.exec(statement)).first()


async def count_completed(scope: Scope, enrollment_id: UUID) -> int:
    statement = select(func.count(col(LessonCompletion.id))).where(
        LessonCompletion.organization_id == scope.organization_id, LessonCompletion.enrollment_id == enrollment_id
    )
    return (await scope.tx.exec(statement)).one()


async def forget_completion(scope: Scope, completion_id: UUID) -> None:
    await scope.tx.exec(
        delete(LessonCompletion).where(
            col(LessonCompletion.organization_id) == scope.organization_id, col(LessonCompletion.id) == completion_id
        )
    )


async def attempt_by_key(scope: Scope, enrollment_id: UUID, submission_key: str) -> QuizAttempt | None:
    statement = scope.rows(QuizAttempt).where(
        QuizAttempt.enrollment_id == enrollment_id, QuizAttempt.submission_key == submission_key
    )
    return (await scope.tx.exec(statement)).first()


async def shows_file(scope: Scope, user_id: UUID, file_id: UUID) -> bool:
    """Whether the picture stands in a lesson that the person is enrolled to read."""
    statement = (
        select(Block.id)
        .join(Enrollment, col(Enrollment.version_id) == col(Block.version_id))
        .join(Course, col(Course.id) == col(Enrollment.course_id))
        .where(
            Block.organization_id == scope.organization_id,
            Enrollment.organization_id == scope.organization_id,
            Enrollment.user_id == user_id,
            Enrollment.status == ACTIVE,
            col(Course.deleted_at).is_(None),
            col(Block.deleted_at).is_(None),
            cast(col(Block.content), String).contains(f'/files/{file_id}'),
        )
        .limit(1)
    )
    return (await scope.tx.exec(statement)).first() is not None


async def quiz_of(scope: Scope, lesson_id: UUID) -> Quiz | None:
    return (await scope.tx.exec(scope.rows(Quiz).where(Quiz.lesson_id == lesson_id))).first()


async def count_questions(scope: Scope, version_id: UUID) -> dict[UUID, int]:
    """lesson id -> number of its questions."""
    statement = (
        select(Block.lesson_id, func.count(col(Block.id)))
        .where(
            Block.organization_id == scope.organization_id,
            Block.version_id == version_id,
            Block.type == 'question',
            col(Block.deleted_at).is_(None),
        )
        .group_by(col(Block.lesson_id))
    )
    return dict((await scope.tx.exec(statement)).all())

"""What the figures of a course are worked out from: columns and not whole rows, for there may be tens of thousands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select

from storage.database import Scope
from storage.enrollments import ACTIVE, Enrollment, LessonCompletion, QuizAttempt
from storage.identity import User


class Learner(NamedTuple):
    enrollment_id: UUID
    version_id: UUID
    user_id: UUID
    name: str
    email: str
    enrolled_at: datetime
    last_seen_at: datetime | None
    completed_at: datetime | None


class Done(NamedTuple):
    enrollment_id: UUID
    at: datetime


class Try(NamedTuple):
    enrollment_id: UUID
    quiz_id: UUID
    score: float
    max_score: float
    results: Mapping[str, bool]
    at: datetime


async def learners(scope: Scope, course_id: UUID) -> Sequence[Learner]:
    """Of the active enrolments of a course, by name."""
    statement = (
        select(
            col(Enrollment.id),
            col(Enrollment.version_id),
            col(Enrollment.user_id),
            col(User.full_name),
            col(User.email),
            col(Enrollment.created_at),
            col(Enrollment.last_seen_at),
            col(Enrollment.completed_at),
        )  # type: ignore[call-overload]
        .join(User, col(User.id) == col(Enrollment.user_id))
        .where(
            Enrollment.organization_id == scope.organization_id,
            Enrollment.course_id == course_id,
            Enrollment.status == ACTIVE,
        )
        .order_by(col(User.full_name), col(User.id))
    )
    return [Learner._make(row) for row in (await scope.tx.exec(statement)).all()]


async def lessons_done(scope: Scope, course_id: UUID) -> Sequence[Done]:
    statement = (
        select(col(LessonCompletion.enrollment_id), col(LessonCompletion.completed_at))
        .join(Enrollment, col(Enrollment.id) == col(LessonCompletion.enrollment_id))
        .where(
            LessonCompletion.organization_id == scope.organization_id,
            Enrollment.course_id == course_id,
            Enrollment.status == ACTIVE,
        )
    )
    return [Done._make(row) for row in (await scope.tx.exec(statement)).all()]


async def tries(scope: Scope, course_id: UUID) -> Sequence[Try]:
    """Every hand-in of the people enrolled now, oldest first."""
    statement = (
        select(
            col(QuizAttempt.enrollment_id),
            col(QuizAttempt.quiz_id),
            col(QuizAttempt.score),
            col(QuizAttempt.max_score),
            col(QuizAttempt.results),
            col(QuizAttempt.created_at),
        )  # type: ignore[call-overload]
        .join(Enrollment, col(Enrollment.id) == col(QuizAttempt.enrollment_id))
        .where(
            QuizAttempt.organization_id == scope.organization_id,
            Enrollment.course_id == course_id,
            Enrollment.status == ACTIVE,
        )
        .order_by(col(QuizAttempt.created_at), col(QuizAttempt.id))
    )
    return [Try._make(row) for row in (await scope.tx.exec(statement)).all()]

"""Reviews in lists: what waits and for whom, what a person decided, and which deadlines are owed a word."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_
from sqlmodel import col, func, select

from storage.courses import Course
from storage.database import Scope, Transaction
from storage.identity import Organization
from storage.reviewing import Approval, CourseReviewer, ReviewDeputy
from storage.workflows import Review, Workflow

_ORDERS: dict[str, Any] = {
    'oldest': (col(Review.created_at), col(Review.id)),
    'newest': (col(Review.created_at).desc(), col(Review.id)),
    'due': (col(Review.due_at).is_(None), col(Review.due_at), col(Review.created_at)),
    'course': (func.lower(Workflow.title), col(Review.created_at)),
}
ORDERS = tuple(_ORDERS)
_MOST_TRIES = 20  # words about one deadline: enough for every outage that ends, an end for what never works


def _named(scope: Scope) -> Any:
    """Whether the course of the workflow names its reviewers."""
    return exists().where(
        col(CourseReviewer.organization_id) == scope.organization_id,
        col(CourseReviewer.course_id) == col(Workflow.course_id),
    )


def _turn_of(scope: Scope, user_id: UUID, at: datetime) -> Any:
    """Whether it is up to this person, who may approve: named, one of all, or the deputy of somebody who is late."""
    own_deputy = (
        select(ReviewDeputy.deputy_id)
        .where(
            ReviewDeputy.organization_id == scope.organization_id,
            ReviewDeputy.user_id == CourseReviewer.user_id,
        )
        .correlate(CourseReviewer)
        .scalar_subquery()
    )
    here = (
        col(CourseReviewer.organization_id) == scope.organization_id,
        col(CourseReviewer.course_id) == col(Workflow.course_id),
    )
    seated = exists().where(*here, col(CourseReviewer.user_id) == user_id)
    stands_in = exists().where(*here, func.coalesce(col(CourseReviewer.deputy_id), own_deputy) == user_id)
    has_approved = exists().where(
        col(Approval.organization_id) == scope.organization_id,
        col(Approval.review_id) == col(Review.id),
        col(Approval.person_id) == user_id,
        col(Approval.ended_at).is_(None),
    )
    asked = or_(~_named(scope), seated, and_(col(Review.due_at) < at, stands_in))
    return and_(asked, ~has_approved)


def _open(
    scope: Scope, *, user_id: UUID, whose: str, at: datetime, course_id: UUID | None, stage: str, mine: bool
) -> Any:
    """`whose`: 'me', 'others' or 'all'; `mine`: whether the person may approve at all."""
    statement = (
        select(Review, Workflow)
        .join(Workflow, col(Workflow.id) == col(Review.workflow_id))
        .join(Course, col(Course.id) == col(Workflow.course_id))
        .where(
            Review.organization_id == scope.organization_id,
            Review.status == 'waiting',
            col(Course.deleted_at).is_(None),
        )
    )
    turn = _turn_of(scope, user_id, at)
    if whose == 'me':
        statement = statement.where(turn) if mine else statement.where(col(Review.id).is_(None))
    elif whose == 'others' and mine:
        statement = statement.where(~turn)
    if course_id is not None:
        statement = statement.where(Workflow.course_id == course_id)
    return statement.where(Review.stage == stage) if stage else statement


async def waiting(
    scope: Scope,
    *,
    user_id: UUID,
    whose: str,
    at: datetime,
    mine: bool,
    course_id: UUID | None = None,
    stage: str = '',
    order: str = 'oldest',
    limit: int = 50,
    offset: int = 0,
) -> tuple[Sequence[tuple[Review, Workflow]], int]:
    """One page and how many there are."""
    statement = _open(scope, user_id=user_id, whose=whose, at=at, course_id=course_id, stage=stage, mine=mine)
    total = (await scope.tx.exec(select(func.count()).select_from(statement.subquery()))).one()
    by = _ORDERS.get(order, _ORDERS['oldest'])
    return (await scope.tx.exec(statement.order_by(*by).limit(limit).offset(offset))).all(), total


async def count_waiting(scope: Scope, *, user_id: UUID, at: datetime) -> int:
    """How many wait for this person, who may approve."""
    statement = _open(scope, user_id=user_id, whose='me', at=at, course_id=None, stage='', mine=True)
    return (await scope.tx.exec(select(func.count()).select_from(statement.subquery()))).one()


async def courses_under_review(scope: Scope) -> Sequence[tuple[UUID, str]]:
    """(course, title) of every open review, by title."""
    statement = (
        select(Workflow.course_id, Workflow.title)
        .join(Review, col(Review.workflow_id) == col(Workflow.id))
        .join(Course, col(Course.id) == col(Workflow.course_id))
        .where(
            Workflow.organization_id == scope.organization_id,
            Review.status == 'waiting',
            col(Course.deleted_at).is_(None),
        )
        .order_by(func.lower(Workflow.title))
    )
    return (await scope.tx.exec(statement)).all()


async def decided_by(scope: Scope, user_id: UUID, *, limit: int) -> Sequence[tuple[Review, Workflow, datetime]]:
    """What the person decided or approved, newest first, with when."""
    given = select(func.max(Approval.at)).where(
        Approval.organization_id == scope.organization_id,
        Approval.review_id == Review.id,
        Approval.person_id == user_id,
    )
    when = func.coalesce(given.correlate(Review).scalar_subquery(), col(Review.decided_at))
    statement = (
        select(Review, Workflow, when)
        .join(Workflow, col(Workflow.id) == col(Review.workflow_id))
        .where(
            Review.organization_id == scope.organization_id,
            or_(col(Review.decided_by) == user_id, given.correlate(Review).scalar_subquery().is_not(None)),
        )
        .order_by(when.desc())
        .limit(limit)
    )
    return (await scope.tx.exec(statement)).all()


async def open_reviews_of_course(scope: Scope, course_id: UUID) -> Sequence[Review]:
    statement = (
        select(Review)
        .join(Workflow, col(Workflow.id) == col(Review.workflow_id))
        .where(
            Review.organization_id == scope.organization_id,
            Workflow.course_id == course_id,
            Review.status == 'waiting',
        )
    )
    return (await scope.tx.exec(statement)).all()


async def owed_deadlines(tx: Transaction, at: datetime) -> Sequence[tuple[UUID, UUID, int]]:
    """(organisation, review, word) of every organisation: reviewers to be reminded, or to be told that it is late."""
    resting = select(Organization.id).where(~col(Organization.is_active) | col(Organization.deleted_at).is_not(None))
    deleted = select(Workflow.id).join(Course, col(Course.id) == col(Workflow.course_id))
    deleted = deleted.where(col(Course.deleted_at).is_not(None))
    statement = select(Review.organization_id, Review.id, Review.deadline_run).where(
        Review.status == 'waiting',
        col(Review.workflow_id).not_in(deleted),
        Review.deadline_run <= _MOST_TRIES,
        or_(
            and_(col(Review.remind_at) <= at, col(Review.reminded_at).is_(None)),
            and_(col(Review.due_at) <= at, col(Review.late_at).is_(None)),
        ),
        col(Review.organization_id).not_in(resting),
    )
    return (await tx.exec(statement)).all()

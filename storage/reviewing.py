"""Who reviews which course, by which rules, and what each person has approved."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import UniqueConstraint, delete, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, func, select

from storage.base import TenantRow, UtcDateTime
from storage.courses import HUMAN, Block, BlockRevision
from storage.database import Scope
from storage.identity import User, UserRole
from storage.workflows import Review, Workflow


class ReviewSettings(TenantRow, table=True):
    """What holds for every course of the organisation. `days` None: reviews have no end. A row once somebody chose."""

    __tablename__ = 'review_settings'
    __table_args__ = (UniqueConstraint('organization_id'),)

    two_people: bool = False
    days: int | None = None
    remind_days: int = 1
    working_days: bool = True


class CourseReviewRules(TenantRow, table=True):
    """What one course asks for beyond its organisation; `days` None: as the organisation has it."""

    __tablename__ = 'course_review_rules'
    __table_args__ = (UniqueConstraint('organization_id', 'course_id'),)

    course_id: UUID = Field(foreign_key='courses.id', index=True)
    two_people: bool = False
    days: int | None = None


class CourseReviewer(TenantRow, table=True):
    """Only these decide on the course; without a row everybody does who may approve."""

    __tablename__ = 'course_reviewers'
    __table_args__ = (UniqueConstraint('organization_id', 'course_id', 'user_id'),)

    course_id: UUID = Field(foreign_key='courses.id', index=True)
    user_id: UUID = Field(foreign_key='users.id', index=True)
    deputy_id: UUID | None = Field(default=None, foreign_key='users.id')


class ReviewSubject(TenantRow, table=True):
    """What courses are about, as far as it decides who reviews them."""

    __tablename__ = 'review_subjects'
    __table_args__ = (UniqueConstraint('organization_id', 'name'),)

    name: str


class SubjectReviewer(TenantRow, table=True):
    """Taken over by a new course of the subject."""

    __tablename__ = 'subject_reviewers'
    __table_args__ = (UniqueConstraint('organization_id', 'subject_id', 'user_id'),)

    subject_id: UUID = Field(foreign_key='review_subjects.id', index=True)
    user_id: UUID = Field(foreign_key='users.id', index=True)


class ReviewDeputy(TenantRow, table=True):
    """Who stands in for a person wherever a course names nobody else for it."""

    __tablename__ = 'review_deputies'
    __table_args__ = (UniqueConstraint('organization_id', 'user_id'),)

    user_id: UUID = Field(foreign_key='users.id', index=True)
    deputy_id: UUID = Field(foreign_key='users.id', index=True)


class Approval(TenantRow, table=True):
    """One person's yes to exactly the bytes of `shown_hash`: of a review as a whole, or of one block.

    It ends when the bytes change, when they are sent back, or when it is taken back; the row stays.
    """

    __tablename__ = 'approvals'

    review_id: UUID | None = Field(default=None, foreign_key='reviews.id', index=True)
    block_id: UUID | None = Field(default=None, foreign_key='blocks.id', index=True)
    person_id: UUID = Field(foreign_key='users.id', index=True)
    person: str
    shown_hash: str
    at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_because: str = ''


class Seat(NamedTuple):
    """A named reviewer and who stands in for them."""

    user_id: UUID
    name: str
    deputy_id: UUID | None
    deputy: str | None


async def settings_of(scope: Scope) -> ReviewSettings | None:
    return (await scope.tx.exec(scope.rows(ReviewSettings))).first()


async def rules_of_courses(scope: Scope, course_ids: Collection[UUID]) -> dict[UUID, CourseReviewRules]:
    """Of the courses that ask for more than their organisation."""
    statement = scope.rows(CourseReviewRules).where(col(CourseReviewRules.course_id).in_(course_ids))
    return {own.course_id: own for own in (await scope.tx.exec(statement)).all()}


async def seats(scope: Scope, course_ids: Collection[UUID]) -> dict[UUID, list[Seat]]:
    """course -> its named reviewers by name; the deputy is the course's choice, else their own."""
    deputy, own = aliased(User), aliased(ReviewDeputy)
    chosen = func.coalesce(col(CourseReviewer.deputy_id), own.deputy_id)
    statement = (
        select(CourseReviewer, User, deputy)
        .join(User, col(User.id) == col(CourseReviewer.user_id))
        .outerjoin(
            own,
            (col(own.user_id) == col(CourseReviewer.user_id))
            & (col(own.organization_id) == col(CourseReviewer.organization_id)),
        )
        .outerjoin(deputy, col(deputy.id) == chosen)
        .where(CourseReviewer.organization_id == scope.organization_id, col(CourseReviewer.course_id).in_(course_ids))
        .order_by(User.full_name)
    )
    found: dict[UUID, list[Seat]] = {course_id: [] for course_id in course_ids}
    rows: Sequence[tuple[CourseReviewer, User, User | None]] = (await scope.tx.exec(statement)).all()
    for seat, person, other in rows:
        seated = Seat(person.id, person.full_name, other.id if other else None, other.full_name if other else None)
        found[seat.course_id].append(seated)
    return found


async def named_deputies(scope: Scope, course_id: UUID) -> dict[UUID, UUID | None]:
    """reviewer -> the deputy that the course itself names."""
    statement = scope.rows(CourseReviewer).where(CourseReviewer.course_id == course_id)
    return {one.user_id: one.deputy_id for one in (await scope.tx.exec(statement)).all()}


async def seat_anew(scope: Scope, course_id: UUID, reviewers: dict[UUID, UUID | None]) -> None:
    """Exactly these name the course's reviewers from now on, each with a deputy or none."""
    await scope.tx.exec(
        delete(CourseReviewer).where(
            col(CourseReviewer.organization_id) == scope.organization_id, col(CourseReviewer.course_id) == course_id
        )
    )
    for user_id, deputy_id in reviewers.items():
        scope.add(CourseReviewer(course_id=course_id, user_id=user_id, deputy_id=deputy_id))


async def deputy_of(scope: Scope, user_id: UUID) -> ReviewDeputy | None:
    return (await scope.tx.exec(scope.rows(ReviewDeputy).where(ReviewDeputy.user_id == user_id))).first()


async def subjects(scope: Scope) -> Sequence[ReviewSubject]:
    return (await scope.tx.exec(scope.rows(ReviewSubject).order_by(func.lower(ReviewSubject.name)))).all()


async def subject_named(scope: Scope, name: str) -> ReviewSubject | None:
    statement = scope.rows(ReviewSubject).where(func.lower(ReviewSubject.name) == name.lower())
    return (await scope.tx.exec(statement)).first()


async def subject_reviewers(scope: Scope) -> dict[UUID, dict[UUID, str]]:
    """subject -> its reviewers and their names, by name."""
    statement = (
        select(SubjectReviewer.subject_id, User.id, User.full_name)
        .join(User, col(User.id) == col(SubjectReviewer.user_id))
        .where(SubjectReviewer.organization_id == scope.organization_id, col(User.deleted_at).is_(None))
        .order_by(User.full_name)
    )
    found: dict[UUID, dict[UUID, str]] = {}
    for subject_id, user_id, name in (await scope.tx.exec(statement)).all():
        found.setdefault(subject_id, {})[user_id] = name
    return found


async def empty_subject(scope: Scope, subject_id: UUID) -> None:
    await scope.tx.exec(
        delete(SubjectReviewer).where(
            col(SubjectReviewer.organization_id) == scope.organization_id,
            col(SubjectReviewer.subject_id) == subject_id,
        )
    )


async def remove_subject(scope: Scope, subject_id: UUID) -> None:
    await empty_subject(scope, subject_id)
    await scope.tx.exec(
        delete(ReviewSubject).where(
            col(ReviewSubject.organization_id) == scope.organization_id, col(ReviewSubject.id) == subject_id
        )
    )


async def holders(scope: Scope, roles: Collection[str]) -> Sequence[User]:
    """People who may sign in and hold one of the roles here, by name."""
    held = select(UserRole.user_id).where(
        UserRole.organization_id == scope.organization_id, col(UserRole.role).in_(roles)
    )
    statement = select(User).where(col(User.id).in_(held), col(User.is_active), col(User.deleted_at).is_(None))
    return (await scope.tx.exec(statement.order_by(User.full_name))).all()


async def approvals_of_blocks(scope: Scope, block_ids: Collection[UUID]) -> dict[UUID, list[Approval]]:
    """block -> the approvals that hold, oldest first."""
    found: dict[UUID, list[Approval]] = {block_id: [] for block_id in block_ids}
    if block_ids:
        statement = scope.rows(Approval).where(col(Approval.block_id).in_(block_ids), col(Approval.ended_at).is_(None))
        for one in (await scope.tx.exec(statement.order_by(col(Approval.at)))).all():
            if one.block_id is not None:
                found[one.block_id].append(one)
    return found


async def approvals_of_review(scope: Scope, review_id: UUID) -> Sequence[Approval]:
    """Those that hold, oldest first."""
    return (await approvals_of_reviews(scope, [review_id]))[review_id]


async def approvals_of_reviews(scope: Scope, review_ids: Collection[UUID]) -> dict[UUID, list[Approval]]:
    """review -> the approvals of the whole that hold, oldest first."""
    found: dict[UUID, list[Approval]] = {review_id: [] for review_id in review_ids}
    statement = scope.rows(Approval).where(col(Approval.review_id).in_(review_ids), col(Approval.ended_at).is_(None))
    for one in (await scope.tx.exec(statement.order_by(col(Approval.at)))).all():
        if one.review_id is not None:
            found[one.review_id].append(one)
    return found


async def open_review_of(scope: Scope, version_id: UUID) -> Review | None:
    """The review that waits for a decision on this version's draft."""
    statement = (
        scope.rows(Review)
        .join(Workflow, col(Workflow.id) == col(Review.workflow_id))
        .where(Workflow.version_id == version_id, Review.status == 'waiting')
    )
    return (await scope.tx.exec(statement)).first()


async def end_approvals(
    scope: Scope,
    at: datetime,
    *,
    because: str,
    block_ids: Collection[UUID] = (),
    version_id: UUID | None = None,
    review_id: UUID | None = None,
    person_id: UUID | None = None,
) -> None:
    """Of these blocks, of the open review of the version, or of the review; with a person only theirs."""
    whose: Any = col(Approval.block_id).in_(block_ids)
    if version_id is not None:
        reviews = (
            select(Review.id)
            .join(Workflow, col(Workflow.id) == col(Review.workflow_id))
            .where(Workflow.version_id == version_id, Review.status == 'waiting')
        )
        whose = whose | col(Approval.review_id).in_(reviews)
    if review_id is not None:
        whose = whose | (col(Approval.review_id) == review_id)
    statement = update(Approval).where(
        col(Approval.organization_id) == scope.organization_id, col(Approval.ended_at).is_(None), whose
    )
    if person_id is not None:
        statement = statement.where(col(Approval.person_id) == person_id)
    await scope.tx.exec(
        statement.values(ended_at=at, ended_because=because).execution_options(synchronize_session=False)
    )


async def sole_authors(scope: Scope, blocks: Collection[Block]) -> dict[UUID, UUID]:
    """block -> who alone wrote it, of the blocks that no model had a hand in."""
    own = [block.id for block in blocks if block.origin == HUMAN]
    if not own:
        return {}
    statement = select(BlockRevision.block_id, BlockRevision.author_id).where(
        BlockRevision.organization_id == scope.organization_id, col(BlockRevision.block_id).in_(own)
    )
    authors: dict[UUID, set[UUID | None]] = {}
    for block_id, author_id in (await scope.tx.exec(statement)).all():
        authors.setdefault(block_id, set()).add(author_id)
    return {
        block_id: author for block_id, found in authors.items() if len(found) == 1 and (author := next(iter(found)))
    }

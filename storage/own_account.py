"""What belongs to one person: their devices and tokens, what they did, and everything that says who they are."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlmodel import col, func, select

from storage.accounts import OneTimeLink
from storage.audit import AuditEvent
from storage.courses import Course, CourseVersion, Lesson, Quiz
from storage.database import Scope, Transaction
from storage.enrollments import Enrollment, LessonCompletion, QuizAttempt
from storage.identity import Organization, SecurityEvent, Session, User, UserRole
from storage.mail import MailMessage
from storage.notifications import Notification
from storage.organizations import Invitation
from storage.second_factor import forget_codes
from storage.sight import look_across_organizations
from storage.sign_on import ExternalIdentity


async def living_sessions(
    tx: Transaction, user_id: UUID, at: datetime, *, tokens: bool
) -> Sequence[tuple[Session, Organization]]:
    """Devices, or with `tokens` API tokens; the newest first. Tokens that expired are listed, devices are not."""
    statement = (
        select(Session, Organization)
        .join(Organization, col(Organization.id) == col(Session.organization_id))
        .where(Session.user_id == user_id, col(Session.revoked_at).is_(None))
        .order_by(col(Session.created_at).desc(), col(Session.id))
    )
    if tokens:
        return (await tx.exec(statement.where(Session.kind == 'token'))).all()
    return (await tx.exec(statement.where(Session.kind != 'token', Session.expires_at > at))).all()


async def own_session(tx: Transaction, user_id: UUID, session_id: UUID) -> Session | None:
    """If it is this person's and was not ended."""
    statement = select(Session).where(
        Session.id == session_id, Session.user_id == user_id, col(Session.revoked_at).is_(None)
    )
    return (await tx.exec(statement)).first()


async def all_sessions(tx: Transaction, user_id: UUID) -> Sequence[Session]:
    return (await tx.exec(select(Session).where(Session.user_id == user_id).order_by(col(Session.created_at)))).all()


async def events_at_the_door(tx: Transaction, user_id: UUID, *, limit: int | None = None) -> Sequence[SecurityEvent]:
    """Newest first."""
    statement = select(SecurityEvent).where(SecurityEvent.user_id == user_id)
    return (await tx.exec(statement.order_by(col(SecurityEvent.created_at).desc()).limit(limit))).all()


async def acts_of(
    scope: Scope, user_id: UUID, *, but: Collection[str] = (), limit: int | None = None
) -> Sequence[AuditEvent]:
    """What the person did in this organisation, newest first; without the actions named."""
    statement = scope.rows(AuditEvent).where(AuditEvent.actor_id == user_id, col(AuditEvent.action).not_in(but))
    return (await scope.tx.exec(statement.order_by(col(AuditEvent.created_at).desc()).limit(limit))).all()


async def learning_of(scope: Scope, user_id: UUID) -> Sequence[tuple[Enrollment, Course, CourseVersion]]:
    """In deleted courses too: what the person did there is still kept."""
    statement = (
        select(Enrollment, Course, CourseVersion)
        .join(Course, col(Course.id) == col(Enrollment.course_id))
        .join(CourseVersion, col(CourseVersion.id) == col(Enrollment.version_id))
        .where(Enrollment.organization_id == scope.organization_id, Enrollment.user_id == user_id)
        .order_by(col(Enrollment.created_at))
    )
    return (await scope.tx.exec(statement)).all()


async def lessons_done(scope: Scope, enrollment_id: UUID) -> Sequence[tuple[LessonCompletion, Lesson]]:
    statement = (
        select(LessonCompletion, Lesson)
        .join(Lesson, col(Lesson.id) == col(LessonCompletion.lesson_id))
        .where(
            LessonCompletion.organization_id == scope.organization_id, LessonCompletion.enrollment_id == enrollment_id
        )
        .order_by(col(LessonCompletion.completed_at))
    )
    return (await scope.tx.exec(statement)).all()


async def attempts_made(scope: Scope, enrollment_id: UUID) -> Sequence[tuple[QuizAttempt, Quiz]]:
    statement = (
        select(QuizAttempt, Quiz)
        .join(Quiz, col(Quiz.id) == col(QuizAttempt.quiz_id))
        .where(QuizAttempt.organization_id == scope.organization_id, QuizAttempt.enrollment_id == enrollment_id)
        .order_by(col(QuizAttempt.created_at))
    )
    return (await scope.tx.exec(statement)).all()


async def told(scope: Scope, user_id: UUID) -> Sequence[Notification]:
    statement = scope.rows(Notification).where(Notification.user_id == user_id)
    return (await scope.tx.exec(statement.order_by(col(Notification.created_at)))).all()


async def others_with_role(tx: Transaction, role: str, *, but: UUID) -> int:
    """How many other people of the whole installation hold the role and may sign in."""
    look_across_organizations(tx, because='the installation may not lose the last person who runs it')
    statement = (
        select(func.count(func.distinct(col(UserRole.user_id))))
        .join(User, col(User.id) == col(UserRole.user_id))
        .where(UserRole.role == role, UserRole.user_id != but, col(User.is_active), col(User.deleted_at).is_(None))
    )
    return (await tx.exec(statement)).one()


async def forget_mail(scope: Scope, user_id: UUID, email: str) -> None:
    """What was written to the person, and invitations that were addressed to them."""
    await scope.tx.exec(
        delete(MailMessage).where(
            col(MailMessage.organization_id) == scope.organization_id,
            or_(col(MailMessage.user_id) == user_id, col(MailMessage.recipient) == email),
        )
    )
    await scope.tx.exec(
        delete(Invitation).where(
            col(Invitation.organization_id) == scope.organization_id, col(Invitation.email) == email
        )
    )
    await scope.tx.exec(
        delete(Notification).where(
            col(Notification.organization_id) == scope.organization_id, col(Notification.user_id) == user_id
        )
    )


async def forget_person(tx: Transaction, user_id: UUID, email: str) -> None:
    """Takes away every way in, and the traces outside of organisations that say who it was."""
    await forget_codes(tx, user_id)
    for table in (OneTimeLink, ExternalIdentity):
        await tx.exec(delete(table).where(col(table.user_id) == user_id))
    await tx.exec(
        update(Session).where(col(Session.user_id) == user_id).values(address='', user_agent='', name='', hint='')
    )
    await tx.exec(
        update(SecurityEvent)
        .where(or_(col(SecurityEvent.user_id) == user_id, col(SecurityEvent.email) == email))
        .values(email='', address='')
    )

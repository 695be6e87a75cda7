"""The named reviewers of a course, and each person's own deputy."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from services import fields
from services.errors import InvalidInput
from services.notifications import notify
from services.reviewing.deadlines import APPROVERS, schedule
from services.reviewing.rules import rules_of
from services.reviewing.views import CourseReviewView, Person, SeatView
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import reviewing as rows
from storage.courses import Course
from storage.organizations import locked_organization
from storage.waiting import open_reviews_of_course

LONGEST_SUBJECT, MOST_REVIEWERS, MOST_DAYS = 80, 50, 365


@dataclass(frozen=True, kw_only=True)
class Seated:
    """A chosen reviewer; without a deputy their own one stands in, if they have one."""

    user_id: UUID
    deputy_id: UUID | None = None


class ReviewerService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def get(self, viewer: Viewer, course_id: UUID) -> CourseReviewView:
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            return await _view(work, await work.get(Course, course_id))

    async def set(
        self,
        viewer: Viewer,
        course_id: UUID,
        *,
        reviewers: Sequence[Seated],
        two_people: bool = False,
        days: int | None = None,
        subject: str = '',
    ) -> CourseReviewView:
        """Exactly these decide from now on, on what is open too; nobody named: all who may approve."""
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            course = await work.get(Course, course_id, lock=True)
            chosen = {one.user_id: one.deputy_id for one in reviewers}
            about = fields.line('subject', subject, limit=LONGEST_SUBJECT)
            await _check_people(work, chosen)
            check_days(days)
            before, seated = (
                await _view(work, course),
                set(await rows.named_deputies(work.scope, course_id)),
            )
            settings = await rows.settings_of(work.scope)
            if len(chosen) == 1 and (two_people or (settings is not None and settings.two_people)):
                fault = 'Two people have to approve here: name at least two reviewers, or nobody in particular.'
                raise InvalidInput(fault, fields={'reviewers': fault})
            await rows.seat_anew(work.scope, course_id, chosen)
            own = (await rows.rules_of_courses(work.scope, [course_id])).get(course_id) or rows.CourseReviewRules(
                course_id=course_id
            )
            own.two_people, own.days = two_people, days
            work.add(own)
            course.subject = about
            work.add(course)
            await work.tx.flush()
            after = await _view(work, course)
            if after != before:
                work.record('course.reviewers_changed', course, before=_told(before), after=_told(after))
            await _apply(work, course_id)
            path = f'/courses/{course_id}'
            await notify(
                work, set(chosen) - seated, 'You review “{subject}” from now on.', subject=course.title, path=path
            )
            return after

    async def candidates(self, viewer: Viewer) -> Sequence[Person]:
        """Everybody who may approve here, by name."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            return [Person(id=one.id, name=one.full_name) for one in await rows.holders(work.scope, APPROVERS)]

    async def deputy(self, viewer: Viewer) -> Person | None:
        """Who stands in for the viewer where a course names nobody else."""
        async with self._gate.reading(viewer, Permission.DRAFT_APPROVE) as work:
            return await _deputy(work)

    async def set_deputy(self, viewer: Viewer, deputy_id: UUID | None) -> Person | None:
        """None: nobody stands in."""
        async with self._gate.writing(viewer, Permission.DRAFT_APPROVE) as work:
            await locked_organization(work.scope)
            own = work.viewer.user_id
            kept = await rows.deputy_of(work.scope, own)
            if deputy_id is not None:
                await _check_people(work, {own: deputy_id}, field='deputy_id')
                kept = kept or rows.ReviewDeputy(user_id=own, deputy_id=deputy_id)
                kept.deputy_id = deputy_id
                work.add(kept)
                text = 'You are the deputy of {subject}: you may decide their reviews once they are late.'
                await notify(work, [deputy_id], text, subject=work.viewer.full_name, path='/reviews')
            elif kept is not None:
                await work.tx.delete(kept)
            await work.tx.flush()
            work.changed(f'reviews:{work.scope.organization_id}')
            return await _deputy(work)


async def take_over(work: Work, course: Course, subject: str) -> None:
    """A new course of this subject begins with the reviewers that the subject has."""
    course.subject = fields.line('subject', subject, limit=LONGEST_SUBJECT)
    known = await rows.subject_named(work.scope, course.subject) if course.subject else None
    if known is not None:
        may = {person.id for person in await rows.holders(work.scope, APPROVERS)}
        people = (await rows.subject_reviewers(work.scope)).get(known.id, {})
        await rows.seat_anew(work.scope, course.id, {user_id: None for user_id in people if user_id in may})


async def inherit(work: Work, original_id: UUID, course_id: UUID) -> None:
    """A course that is made from another one, a translation for instance, is reviewed by the same people and rules."""
    may = {person.id for person in await rows.holders(work.scope, APPROVERS)}
    named = await rows.named_deputies(work.scope, original_id)
    await rows.seat_anew(work.scope, course_id, {key: deputy for key, deputy in named.items() if key in may})
    own = (await rows.rules_of_courses(work.scope, [original_id])).get(original_id)
    if own is not None:
        work.add(rows.CourseReviewRules(course_id=course_id, two_people=own.two_people, days=own.days))


def check_days(days: int | None, *, field: str = 'days') -> None:
    if days is not None and not 1 <= days <= MOST_DAYS:
        fault = f'Give a review from 1 to {MOST_DAYS} days, or leave the field empty for no end.'
        raise InvalidInput(fault, fields={field: fault})


async def check_approvers(work: Work, user_ids: Collection[UUID], *, field: str = 'reviewers') -> None:
    may = {person.id for person in await rows.holders(work.scope, APPROVERS)}
    if not may.issuperset(user_ids):
        fault = 'One of these people may not approve here, or not any more. Take them out, or give them the role first.'
        raise InvalidInput(fault, fields={field: fault})
    if len(user_ids) > MOST_REVIEWERS:
        fault = f'Name at most {MOST_REVIEWERS} reviewers.'
        raise InvalidInput(fault, fields={field: fault})


async def _check_people(work: Work, chosen: dict[UUID, UUID | None], *, field: str = 'reviewers') -> None:
    deputies = {deputy_id for deputy_id in chosen.values() if deputy_id is not None}
    await check_approvers(work, {*(chosen if field == 'reviewers' else ()), *deputies}, field=field)
    if any(user_id == deputy_id for user_id, deputy_id in chosen.items()):
        fault = 'Nobody is their own deputy. Choose somebody else.'
        raise InvalidInput(fault, fields={field: fault})


async def _apply(work: Work, course_id: UUID) -> None:
    """What is open follows the new rules."""
    rules = await rules_of(work, course_id)
    for review in await open_reviews_of_course(work.scope, course_id):
        schedule(review, rules, since=review.created_at)
        work.add(review)
        work.changed(f'workflow:{review.workflow_id}')
    work.changed(f'course:{course_id}', f'reviews:{work.scope.organization_id}')


async def _deputy(work: Work) -> Person | None:
    kept = await rows.deputy_of(work.scope, work.viewer.user_id)
    people = {person.id: person for person in await rows.holders(work.scope, APPROVERS)} if kept else {}
    chosen = people.get(kept.deputy_id) if kept else None
    return Person(id=chosen.id, name=chosen.full_name) if chosen else None


async def _view(work: Work, course: Course) -> CourseReviewView:
    rules = await rules_of(work, course.id)
    own = (await rows.rules_of_courses(work.scope, [course.id])).get(course.id)
    named = await rows.named_deputies(work.scope, course.id)
    may = {person.id for person in await rows.holders(work.scope, APPROVERS)}
    return CourseReviewView(
        course_id=course.id,
        subject=course.subject,
        two_people=own is not None and own.two_people,
        days=own.days if own is not None else None,
        needed=rules.needed,
        due_days=rules.days,
        reviewers=tuple(
            SeatView(
                user_id=seat.user_id,
                name=seat.name,
                deputy_id=seat.deputy_id,
                deputy=seat.deputy,
                own_deputy=seat.deputy_id is not None and named.get(seat.user_id) is None,
                may_approve=seat.user_id in may,
            )
            for seat in rules.seats
        ),
    )


def _told(view: CourseReviewView) -> dict[str, object]:
    return {
        'reviewers': [f'{seat.name} ({seat.deputy})' if seat.deputy else seat.name for seat in view.reviewers],
        'two_people': view.two_people,
        'days': view.days,
        'subject': view.subject,
    }

"""What an organisation asks of every review, and who reviews which subject."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from services import fields
from services.errors import Conflict, InvalidInput
from services.reviewing.reviewers import LONGEST_SUBJECT, check_approvers, check_days
from services.reviewing.views import Person, ReviewSettingsView, SubjectView
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import reviewing as rows
from storage.identity import Organization
from storage.organizations import locked_organization
from storage.reviewing import ReviewSettings, ReviewSubject, SubjectReviewer

MOST_SUBJECTS, MOST_REMIND_DAYS = 200, 30


class ReviewSettingsService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def get(self, viewer: Viewer) -> ReviewSettingsView:
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            return _view(await rows.settings_of(work.scope))

    async def set(self, viewer: Viewer, wanted: ReviewSettingsView) -> ReviewSettingsView:
        """How many people it takes counts at once, for what is open too; days count for reviews that begin later."""
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            check_days(wanted.days)
            if not 0 <= wanted.remind_days <= MOST_REMIND_DAYS:
                fault = f'Remind from 0 to {MOST_REMIND_DAYS} days before the end.'
                raise InvalidInput(fault, fields={'remind_days': fault})
            await locked_organization(work.scope)
            kept = await rows.settings_of(work.scope) or ReviewSettings()
            before = _view(kept)
            kept.two_people, kept.days = wanted.two_people, wanted.days
            kept.remind_days, kept.working_days = wanted.remind_days, wanted.working_days
            work.add(kept)
            await work.tx.flush()
            if _view(kept) != before:
                organization = await work.tx.get_one(Organization, work.scope.organization_id)
                work.record('reviews.settings_changed', organization, before=asdict(before), after=asdict(_view(kept)))
                work.changed(f'reviews:{work.scope.organization_id}')
            return _view(kept)

    async def subjects(self, viewer: Viewer) -> Sequence[SubjectView]:
        """By name, each with its reviewers."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            return await _subjects(work)

    async def create_subject(self, viewer: Viewer, name: str, reviewers: Sequence[UUID]) -> SubjectView:
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            await locked_organization(work.scope)
            if len(await rows.subjects(work.scope)) >= MOST_SUBJECTS:
                raise Conflict('There are {n} subjects already. Delete one first.', n=MOST_SUBJECTS)
            subject = work.add(ReviewSubject(name=await _free_name(work, name)))
            await work.tx.flush()
            return await _seat(work, subject, reviewers, 'review_subject.created')

    async def change_subject(
        self, viewer: Viewer, subject_id: UUID, name: str, reviewers: Sequence[UUID]
    ) -> SubjectView:
        """Courses that took its reviewers over before keep theirs."""
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            subject = await work.get(ReviewSubject, subject_id, lock=True)
            subject.name = await _free_name(work, name, but=subject_id)
            work.add(subject)
            await rows.empty_subject(work.scope, subject_id)
            return await _seat(work, subject, reviewers, 'review_subject.changed')

    async def delete_subject(self, viewer: Viewer, subject_id: UUID) -> None:
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            subject = await work.get(ReviewSubject, subject_id, lock=True)
            work.record('review_subject.deleted', subject, before={'name': subject.name})
            await rows.remove_subject(work.scope, subject_id)
            work.changed(f'reviews:{work.scope.organization_id}')


async def _seat(work: Work, subject: ReviewSubject, reviewers: Sequence[UUID], act: str) -> SubjectView:
    chosen = list(dict.fromkeys(reviewers))
    await check_approvers(work, chosen)
    for user_id in chosen:
        work.add(SubjectReviewer(subject_id=subject.id, user_id=user_id))
    await work.tx.flush()
    work.changed(f'reviews:{work.scope.organization_id}')
    view = next(one for one in await _subjects(work) if one.id == subject.id)
    work.record(act, subject, after={'name': view.name, 'reviewers': [person.name for person in view.reviewers]})
    return view


async def _free_name(work: Work, name: str, *, but: UUID | None = None) -> str:
    wanted = fields.line('name', name, limit=LONGEST_SUBJECT)
    taken = await rows.subject_named(work.scope, wanted) if wanted else None
    if not wanted or (taken is not None and taken.id != but):
        fault = 'There is a subject of this name already.' if wanted else 'Give the subject a name.'
        raise InvalidInput(fault, fields={'name': fault})
    return wanted


async def _subjects(work: Work) -> list[SubjectView]:
    people = await rows.subject_reviewers(work.scope)
    return [
        SubjectView(
            id=subject.id,
            name=subject.name,
            reviewers=tuple(Person(id=key, name=name) for key, name in people.get(subject.id, {}).items()),
        )
        for subject in await rows.subjects(work.scope)
    ]


def _view(kept: ReviewSettings | None) -> ReviewSettingsView:
    if kept is None:
        return ReviewSettingsView()
    return ReviewSettingsView(
        two_people=kept.two_people,
        days=kept.days,
        remind_days=kept.remind_days,
        working_days=kept.working_days,
    )

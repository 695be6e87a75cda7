"""Who reviews what, by which rules and until when, over REST."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.platform import Services
from services.reviewing.reviewers import Seated
from services.reviewing.views import ReviewSettingsView
from services.viewer import Viewer


class _In(BaseModel):
    model_config = ConfigDict(extra='forbid')


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SeatIn(_In):
    user_id: UUID
    deputy_id: UUID | None = Field(default=None, description='none: whom the reviewer chose for themselves')


class ReviewersIn(_In):
    reviewers: list[SeatIn] = Field(max_length=50, description='nobody: everybody decides who may approve')
    two_people: bool = Field(default=False, description='ask for two, where the organisation asks for one')
    days: int | None = Field(default=None, description='none: as the organisation has it')
    subject: str = Field(default='', max_length=200)


class SeatRead(_Out):
    user_id: UUID
    name: str
    deputy_id: UUID | None
    deputy: str | None
    own_deputy: bool = Field(description='chosen by the reviewer, not by the course')
    may_approve: bool = Field(description='false for who lost the role since')


class ReviewersRead(_Out):
    course_id: UUID
    subject: str
    two_people: bool
    days: int | None
    needed: int = Field(description='how many different people have to approve')
    due_days: int | None = Field(description='how long a review may take, in the end')
    reviewers: list[SeatRead]


class PersonRead(_Out):
    id: UUID
    name: str


class SettingsIn(_In):
    two_people: bool
    days: int | None = Field(description='how long a review may take; none: no end')
    remind_days: int = 1
    working_days: bool = Field(default=True, description='Saturdays and Sundays do not count')


class SettingsRead(_Out):
    two_people: bool
    days: int | None
    remind_days: int
    working_days: bool


class SubjectIn(_In):
    name: str = Field(max_length=200)
    reviewer_ids: list[UUID] = Field(max_length=50)


class SubjectRead(_Out):
    id: UUID
    name: str
    reviewers: list[PersonRead]


class SubjectList(BaseModel):
    items: list[SubjectRead]


class DeputyIn(_In):
    deputy_id: UUID | None


class DeputyRead(BaseModel):
    deputy: PersonRead | None


class ApprovalRead(_Out):
    person_id: UUID
    person: str
    at: datetime
    current: bool = Field(description='given to exactly what there is to decide on now')


class StandingRead(_Out):
    needed: int
    given: int
    approvals: list[ApprovalRead]
    who_may: list[str] = Field(description='the named reviewers; nobody: all who may approve')
    may_decide: bool
    has_approved: bool
    deputy_for: str
    due_at: datetime | None
    late: bool


class ReviewRow(_Out):
    id: UUID
    workflow_id: UUID
    course_id: UUID
    title: str
    stage: str
    since: datetime
    started_by: str
    hash: str
    mine: bool
    standing: StandingRead


class ReviewList(BaseModel):
    items: list[ReviewRow]
    total: int


class DecidedRow(_Out):
    id: UUID
    workflow_id: UUID
    course_id: UUID
    title: str
    stage: str
    decision: Literal['approve', 'reject', 'waiting']
    hash: str
    at: datetime


class DecidedList(BaseModel):
    items: list[DecidedRow]


class ReplayedEvent(_Out):
    seq: int
    type: str
    at: datetime
    actor: str
    hash: str
    comment: str
    stage: str
    status: str
    moved: bool


class ReplayRead(_Out):
    """`stage` and `status` are what the history leads to; `matches`: they are what is stored."""

    events: list[ReplayedEvent]
    stage: str
    status: str
    stored_stage: str
    stored_status: str
    matches: bool


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['reviews'])
    reviewers, settings, lists = services.reviewers, services.review_settings, services.review_lists
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/reviews')
    async def list_reviews(
        viewer: Asking,
        waiting_for: Literal['me', 'others', 'all'] = 'me',
        course_id: UUID | None = None,
        stage: Literal['outline', 'content'] | None = None,
        order: Literal['oldest', 'newest', 'due', 'course'] = 'oldest',
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> ReviewList:
        """Open reviews: those that wait for me, for others, or all of them."""
        found, total = await lists.list(
            viewer, waiting_for=waiting_for, course_id=course_id, stage=stage or '', order=order, limit=limit,
            offset=offset,
        )  # fmt: skip
        return ReviewList(items=[ReviewRow.model_validate(row) for row in found], total=total)

    @api.get('/reviews/decided')
    async def list_decided(viewer: Asking, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> DecidedList:
        """What I decided or approved last, newest first."""
        found = await lists.decided(viewer, limit=limit)
        return DecidedList(items=[DecidedRow.model_validate(row) for row in found])

    @api.get('/reviews/deputy')
    async def get_deputy(viewer: Asking) -> DeputyRead:
        """Who stands in for me where a course names nobody else."""
        return DeputyRead.model_validate({'deputy': await reviewers.deputy(viewer)}, from_attributes=True)

    @api.put('/reviews/deputy')
    async def set_deputy(body: DeputyIn, viewer: Asking) -> DeputyRead:
        """They may decide my reviews once they are late."""
        kept = await reviewers.set_deputy(viewer, body.deputy_id)
        return DeputyRead.model_validate({'deputy': kept}, from_attributes=True)

    @api.get('/courses/{course_id}/reviewers')
    async def get_reviewers(course_id: UUID, viewer: Asking) -> ReviewersRead:
        return ReviewersRead.model_validate(await reviewers.get(viewer, course_id))

    @api.put('/courses/{course_id}/reviewers')
    async def set_reviewers(course_id: UUID, body: ReviewersIn, viewer: Asking) -> ReviewersRead:
        """Exactly these decide from now on, on what is open too."""
        seats = [Seated(user_id=seat.user_id, deputy_id=seat.deputy_id) for seat in body.reviewers]
        rules = body.model_dump(exclude={'reviewers'})
        return ReviewersRead.model_validate(await reviewers.set(viewer, course_id, reviewers=seats, **rules))

    @api.get('/review-settings')
    async def get_settings(viewer: Asking) -> SettingsRead:
        return SettingsRead.model_validate(await settings.get(viewer))

    @api.put('/review-settings')
    async def set_settings(body: SettingsIn, viewer: Asking) -> SettingsRead:
        """What every review of the organisation needs: how many people, and until when."""
        return SettingsRead.model_validate(await settings.set(viewer, ReviewSettingsView(**body.model_dump())))

    @api.get('/review-subjects')
    async def list_subjects(viewer: Asking) -> SubjectList:
        """Each with the reviewers that a new course of it begins with."""
        return SubjectList(items=[SubjectRead.model_validate(one) for one in await settings.subjects(viewer)])

    @api.post('/review-subjects', status_code=201)
    async def create_subject(body: SubjectIn, viewer: Asking) -> SubjectRead:
        return SubjectRead.model_validate(await settings.create_subject(viewer, body.name, body.reviewer_ids))

    @api.put('/review-subjects/{review_subject_id}')
    async def change_subject(review_subject_id: UUID, body: SubjectIn, viewer: Asking) -> SubjectRead:
        """Courses that took its reviewers over before keep theirs."""
        changed = await settings.change_subject(viewer, review_subject_id, body.name, body.reviewer_ids)
        return SubjectRead.model_validate(changed)

    @api.delete('/review-subjects/{review_subject_id}', status_code=204)
    async def delete_subject(review_subject_id: UUID, viewer: Asking) -> None:
        """Courses keep the reviewers that they took over."""
        await settings.delete_subject(viewer, review_subject_id)

    @api.get('/workflows/{workflow_id}/replay')
    async def replay(workflow_id: UUID, viewer: Asking) -> ReplayRead:
        """The state after each event of the history, and whether it leads to exactly what is stored."""
        return ReplayRead.model_validate(await services.timeline.replay(viewer, workflow_id))

    return api

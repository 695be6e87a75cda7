"""Reviewers, rules and reviews as screens and programs see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Person:
    id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class ApprovalView:
    """`current`: given to exactly what there is to decide on now."""

    person_id: UUID
    person: str
    at: datetime
    current: bool = True


@dataclass(frozen=True, kw_only=True)
class SeatView:
    """`deputy` stands in once it is late; `own_deputy`: chosen by the reviewer, not by the course. `may_approve` is
    False for who lost the role since."""

    user_id: UUID
    name: str
    deputy_id: UUID | None
    deputy: str | None
    own_deputy: bool
    may_approve: bool


@dataclass(frozen=True, kw_only=True)
class CourseReviewView:
    """`reviewers` empty: everybody decides who may approve. `needed` and `due_days` are what holds in the end."""

    course_id: UUID
    subject: str
    two_people: bool
    days: int | None
    needed: int
    due_days: int | None
    reviewers: tuple[SeatView, ...]


@dataclass(frozen=True, kw_only=True)
class ReviewSettingsView:
    two_people: bool = False
    days: int | None = None
    remind_days: int = 1
    working_days: bool = True


@dataclass(frozen=True, kw_only=True)
class SubjectView:
    id: UUID
    name: str
    reviewers: tuple[Person, ...]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an open review stands for whoever asks. `who_may` names the reviewers, nobody: all who may approve.

    `deputy_for`: in whose place the viewer decides, or may once it is late.
    """

    needed: int
    approvals: tuple[ApprovalView, ...]
    who_may: tuple[str, ...]
    may_decide: bool
    has_approved: bool
    deputy_for: str
    due_at: datetime | None
    late: bool

    @property
    def given(self) -> int:
        return sum(approval.current for approval in self.approvals)


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """One open review in a list; `hash` names what there is to decide on now. `mine`: it is the viewer's turn."""

    id: UUID
    workflow_id: UUID
    course_id: UUID
    title: str
    stage: str
    since: datetime
    started_by: str
    answers_comments: bool
    hash: str
    mine: bool
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class DecidedRow:
    """`decision` is 'approve', 'reject', or 'waiting' where another approval is missing."""

    id: UUID
    workflow_id: UUID
    course_id: UUID
    title: str
    stage: str
    decision: str
    hash: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ReplayedEvent:
    """`stage` and `status` are the state after the event; `moved`: it is another one than before."""

    seq: int
    type: str
    at: datetime
    actor: str
    hash: str
    comment: str
    stage: str
    status: str
    moved: bool


@dataclass(frozen=True, kw_only=True)
class Replay:
    """The history folded again; `matches`: it leads to exactly the state that is stored."""

    events: tuple[ReplayedEvent, ...]
    stage: str
    status: str
    stored_stage: str
    stored_status: str

    @property
    def matches(self) -> bool:
        return (self.stage, self.status) == (self.stored_stage, self.stored_status)

"""A workflow, its outlines, reviews and history, as screens and programs see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.generation.outlines import Outline
from services.reviewing.views import Standing


@dataclass(frozen=True, kw_only=True)
class OpenReview:
    """The question that waits for a decision; `hash` names exactly what there is to decide on now."""

    id: UUID
    stage: str
    hash: str
    since: datetime
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class WorkflowView:
    """`progress` is 0 to 1 within the stage; `activity` is the id of the lesson being written, if any."""

    id: UUID
    course_id: UUID
    version_id: UUID
    title: str
    brief: str
    audience: str
    level: str
    hours: float
    language: str
    document_ids: tuple[UUID, ...]
    provider: str
    started_by: str
    stage: str
    status: str
    progress: float
    activity: str
    error: str | None
    run_started_at: datetime
    created_at: datetime
    review: OpenReview | None
    waits_until: datetime | None = None
    waits_for: str = ''


@dataclass(frozen=True, kw_only=True)
class OutlineView:
    """One draft of the outline; `current` is the one people edit and decide on."""

    number: int
    outline: Outline
    hash: str
    comment: str
    answer: str
    seconds: float
    written_at: datetime
    origin: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class EventView:
    seq: int
    type: str
    at: datetime
    actor: str
    payload: dict[str, Any]

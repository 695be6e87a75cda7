"""How a course is doing, over REST. Shares are 0 to 1; the formulas are in services/analytics/figures.py."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.platform import Services
from services.viewer import Viewer


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class StudentRead(_Out):
    user_id: UUID
    name: str
    email: str
    progress: float
    score: float | None = Field(description='mean best share of the quizzes tried; null before the first attempt')
    attempts: int
    last_seen: datetime | None
    completed_at: datetime | None


class DayRead(_Out):
    day: date
    progress: float


class QuestionRead(_Out):
    block_id: UUID
    lesson_id: UUID
    number: str
    prompt: str
    answered: int
    right_rate: float | None


class CourseAnalyticsRead(_Out):
    course_id: UUID
    title: str
    enrolled: int
    completed: int
    completion_rate: float = Field(description='mean progress of all students')
    average_score: float | None = Field(description='mean score of the students who have one')
    students: list[StudentRead]
    days: list[DayRead]
    histogram: list[int] = Field(description='students by score in ten equal bins')
    questions: list[QuestionRead]


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['analytics'])
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/analytics/course/{course_id}')
    async def course_analytics(course_id: UUID, viewer: Asking) -> CourseAnalyticsRead:
        return CourseAnalyticsRead.model_validate(await services.analytics.course(viewer, course_id))

    return api

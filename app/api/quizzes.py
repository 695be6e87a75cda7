"""Quizzes over REST."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.courses import SourceRead
from app.api.viewer import CurrentViewer
from services.platform import Services
from services.quizzes import QuizPage
from services.viewer import Viewer


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class OptionRead(BaseModel):
    id: str
    text: str


class QuestionRead(BaseModel):
    id: UUID
    kind: str
    prompt: str
    options: list[OptionRead]


class AttemptRead(_Out):
    id: UUID
    score: float
    max_score: float
    passed: bool
    at: datetime


class Attempts(BaseModel):
    items: list[AttemptRead]
    total: int


class QuizRead(BaseModel):
    id: UUID
    course_id: UUID
    lesson_id: UUID
    title: str
    pass_mark: float
    questions: list[QuestionRead]
    attempts: list[AttemptRead]


class AttemptIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    answers: dict[str, Any] = Field(
        max_length=500, description='question id -> option id, list of option ids, true or false, or text'
    )
    submission_key: str | None = Field(default=None, description='the same key counts once')


class QuestionMarked(_Out):
    id: UUID
    correct: bool
    explanation: str
    right_options: list[str]
    right_answers: list[str]
    sources: list[SourceRead]


class Marked(_Out):
    id: UUID | None = Field(description='null where an author tries the quiz: nothing is kept')
    score: float
    max_score: float
    passed: bool
    best_score: float
    attempts: int
    questions: list[QuestionMarked]


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(tags=['quizzes'])
    quizzes = services.quizzes
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.get('/quizzes/{quiz_id}')
    async def get_quiz(quiz_id: UUID, viewer: Asking) -> QuizRead:
        return _read(await quizzes.get(viewer, quiz_id))

    @api.get('/quizzes/{quiz_id}/attempts')
    async def list_attempts(quiz_id: UUID, viewer: Asking) -> Attempts:
        """My own, oldest first."""
        found = await quizzes.attempts(viewer, quiz_id)
        return Attempts(items=[AttemptRead.model_validate(attempt) for attempt in found], total=len(found))

    @api.post('/quizzes/{quiz_id}/attempts')
    async def hand_in(quiz_id: UUID, body: AttemptIn, viewer: Asking) -> Marked:
        """What is not answered is wrong; the best attempt counts."""
        marked = await quizzes.submit(viewer, quiz_id, body.answers, submission_key=body.submission_key)
        return Marked.model_validate(marked)

    return api


def _read(page: QuizPage) -> QuizRead:
    return QuizRead(
        id=page.id,
        course_id=page.course_id,
        lesson_id=page.lesson_id,
        title=page.title,
        pass_mark=page.pass_mark,
        questions=[
            QuestionRead(
                id=question.id,
                kind=question.kind,
                prompt=question.prompt,
                options=[OptionRead(id=option_id, text=text) for option_id, text in question.options],
            )
            for question in page.questions
        ],
        attempts=[AttemptRead.model_validate(attempt) for attempt in page.attempts],
    )

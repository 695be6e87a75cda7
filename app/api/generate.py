"""Drafts on request: a syllabus, slides, questions."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.platform import Services
from services.viewer import Viewer


class _Topic(BaseModel):
    model_config = ConfigDict(extra='forbid')

    topic: str = Field(min_length=1, max_length=200)
    level: str = Field(default='', max_length=60)
    document_ids: list[UUID] = Field(default_factory=list, max_length=50)


class SyllabusIn(_Topic):
    hours: float


class QuizIn(_Topic):
    kinds: list[Literal['single', 'multiple', 'true_false', 'short']] = Field(default_factory=list)


class SyllabusLesson(BaseModel):
    title: str
    objectives: list[str]
    minutes: int


class SyllabusModule(BaseModel):
    title: str
    objectives: list[str]
    minutes: int
    lessons: list[SyllabusLesson]


class Syllabus(BaseModel):
    title: str
    objectives: list[str]
    minutes: int
    modules: list[SyllabusModule]


class Slides(BaseModel):
    slides: list[dict[str, Any]]


class Questions(BaseModel):
    questions: list[dict[str, Any]]


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/generate', tags=['drafts on request'])
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('/syllabus')
    async def syllabus(body: SyllabusIn, viewer: Asking) -> Syllabus:
        """Modules and lessons whose minutes add up to the hours asked for."""
        outline = await services.ondemand.syllabus(viewer, **body.model_dump())
        modules = [
            SyllabusModule(
                title=module.title,
                objectives=module.objectives,
                minutes=module.minutes,
                lessons=[
                    SyllabusLesson(title=lesson.title, objectives=lesson.objectives, minutes=lesson.minutes)
                    for lesson in module.lessons
                ],
            )
            for module in outline.modules
        ]
        return Syllabus(title=outline.title, objectives=outline.objectives, minutes=outline.minutes, modules=modules)

    @api.post('/slides')
    async def slides(body: _Topic, viewer: Asking) -> Slides:
        """Slides with speaker notes on one topic."""
        return Slides(slides=await services.ondemand.slides(viewer, **body.model_dump()))

    @api.post('/quiz')
    async def quiz(body: QuizIn, viewer: Asking) -> Questions:
        """Questions of the kinds asked for, each with an explanation."""
        return Questions(questions=await services.ondemand.questions(viewer, **body.model_dump()))

    return api

"""Drafts on request: a syllabus, slides, questions, exercises; answered at once, or kept as parts."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.viewer import CurrentViewer
from services.generation.outlines import Outline
from services.generation.parts import PartView
from services.generation.parts_writing import Asked
from services.platform import Services
from services.viewer import Viewer

QuestionKind = Literal['single', 'multiple', 'true_false', 'short']


class _Topic(BaseModel):
    model_config = ConfigDict(extra='forbid')

    topic: str = Field(min_length=1, max_length=200)
    level: str = Field(default='', max_length=60)
    document_ids: list[UUID] = Field(default_factory=list, max_length=50)


class SyllabusIn(_Topic):
    hours: float


class QuizIn(_Topic):
    kinds: list[QuestionKind] = Field(default_factory=list, max_length=4)
    count: int = Field(default=0, ge=0, le=20, description='0: one or more of each kind, as the documents allow')


class LabIn(_Topic):
    count: int = Field(default=1, ge=1, le=5)


class PartIn(_Topic):
    kind: Literal['syllabus', 'slides', 'quiz', 'lab']
    hours: float = 1.0
    kinds: list[QuestionKind] = Field(default_factory=list, max_length=4)
    count: int = Field(default=0, ge=0, le=20)
    language: str = Field(default='en', min_length=2, max_length=12)


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
    slides: list[dict[str, Any]] = Field(description='{title, bullets, notes, sources}')


class Questions(BaseModel):
    questions: list[dict[str, Any]] = Field(description='{kind, prompt, options, accepted, explanation, sources}')


class Labs(BaseModel):
    labs: list[dict[str, Any]] = Field(
        description='{title, task_html, language, starter, solution, tests, hints, minutes, sources}'
    )


class PartRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: Literal['syllabus', 'slides', 'quiz', 'lab']
    topic: str
    status: Literal['queued', 'running', 'ready', 'failed', 'unchanged']
    blocks: list[dict[str, Any]] = Field(description='{type, content, sources, added}')
    outline: dict[str, Any] | None = Field(description='of a syllabus')
    answer: str = Field(description='what the author says, above all what it could not do')
    error: str | None
    model: str
    seconds: float
    asker: str
    asked_at: datetime
    finished_at: datetime | None


class PartList(BaseModel):
    items: list[PartRead]
    total: int


class AddIn(BaseModel):
    model_config = ConfigDict(extra='forbid')

    lesson_id: UUID
    places: list[int] = Field(min_length=1, max_length=20, description='which blocks of the part, counted from 0')


class Added(BaseModel):
    block_ids: list[UUID]


def router(services: Services, current_viewer: CurrentViewer) -> APIRouter:
    api = APIRouter(prefix='/generate', tags=['drafts on request'])
    Asking = Annotated[Viewer, Depends(current_viewer)]

    @api.post('/syllabus')
    async def syllabus(body: SyllabusIn, viewer: Asking) -> Syllabus:
        """Modules and lessons whose minutes add up to the hours asked for."""
        return _syllabus(await services.ondemand.syllabus(viewer, **body.model_dump()))

    @api.post('/slides')
    async def slides(body: _Topic, viewer: Asking) -> Slides:
        """Slides with speaker notes on one topic, each with its sources."""
        return Slides(slides=await services.ondemand.slides(viewer, **body.model_dump()))

    @api.post('/quiz')
    async def quiz(body: QuizIn, viewer: Asking) -> Questions:
        """Questions of the kinds asked for, each with an explanation and its sources."""
        return Questions(questions=await services.ondemand.questions(viewer, **body.model_dump()))

    @api.post('/lab')
    async def lab(body: LabIn, viewer: Asking) -> Labs:
        """Exercises with starter, solution and tests; 422 where the documents show no code to practise."""
        return Labs(labs=await services.ondemand.labs(viewer, **body.model_dump()))

    @api.post('/parts', status_code=202)
    async def begin_part(body: PartIn, viewer: Asking) -> PartRead:
        """Begins a part that is kept; ask for it again until it is ready or failed."""
        given = {**body.model_dump(), 'kinds': tuple(body.kinds), 'document_ids': tuple(body.document_ids)}
        return _part(await services.parts.begin(viewer, Asked(**given)))

    @api.get('/parts')
    async def list_parts(
        viewer: Asking, limit: Annotated[int, Query(ge=1, le=100)] = 50, offset: Annotated[int, Query(ge=0)] = 0
    ) -> PartList:
        """The parts that are kept, newest first."""
        found, total = await services.parts.list(viewer, limit=limit, offset=offset)
        return PartList(items=[_part(one) for one in found], total=total)

    @api.get('/parts/{part_id}')
    async def read_part(part_id: UUID, viewer: Asking) -> PartRead:
        return _part(await services.parts.get(viewer, part_id))

    @api.delete('/parts/{part_id}', status_code=204)
    async def discard_part(part_id: UUID, viewer: Asking) -> None:
        """Discards it; what lessons took from it stays there."""
        await services.parts.discard(viewer, part_id)

    @api.post('/parts/{part_id}/restore')
    async def restore_part(part_id: UUID, viewer: Asking) -> PartRead:
        return _part(await services.parts.restore(viewer, part_id))

    @api.post('/parts/{part_id}/retry', status_code=202)
    async def retry_part(part_id: UUID, viewer: Asking) -> PartRead:
        """Tries one that failed once more."""
        return _part(await services.parts.again(viewer, part_id))

    @api.post('/parts/{part_id}/add', status_code=201)
    async def add_part(part_id: UUID, body: AddIn, viewer: Asking) -> Added:
        """Puts blocks of it at the end of a lesson of a draft, where they wait for approval."""
        found = await services.parts.add(viewer, part_id, body.lesson_id, body.places)
        return Added(block_ids=list(found))

    return api


def _syllabus(outline: Outline) -> Syllabus:
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


def _part(view: PartView) -> PartRead:
    return PartRead.model_validate(view)

"""The outline as people see and edit it: the author's draft with stable ids and the pages behind each lesson."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.errors import InvalidInput
from services.generation.authors.base import Passage
from services.generation.drafts import LessonPlan, ModulePlan, OutlineDraft
from services.hashing import content_hash


class _Part(BaseModel):
    model_config = ConfigDict(extra='forbid', str_strip_whitespace=True)


class SourcePage(_Part):
    document_id: UUID
    document_name: str
    page: int


class OutlineLesson(_Part):
    id: UUID = Field(default_factory=uuid4)
    title: str = Field(min_length=1, max_length=200)
    objectives: list[str] = Field(default_factory=list)
    minutes: int = Field(ge=1, le=600)
    passage_ids: list[UUID] = Field(default_factory=list)
    pages: list[SourcePage] = Field(default_factory=list)


class OutlineModule(_Part):
    id: UUID = Field(default_factory=uuid4)
    title: str = Field(min_length=1, max_length=200)
    objectives: list[str] = Field(default_factory=list)
    lessons: list[OutlineLesson] = Field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)


class Outline(_Part):
    title: str
    summary: str = ''
    objectives: list[str] = Field(default_factory=list)
    modules: list[OutlineModule] = Field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(module.minutes for module in self.modules)

    def lessons(self) -> Iterator[tuple[OutlineModule, OutlineLesson]]:
        for module in self.modules:
            for lesson in module.lessons:
                yield module, lesson

    @property
    def hash(self) -> str:
        return content_hash(self.model_dump(mode='json'))


def from_json(content: Any) -> Outline:
    """Raises InvalidInput with the place of the first fault: 'modules.0.lessons.2.title'."""
    try:
        return Outline.model_validate(content)
    except ValidationError as error:
        faults = {'.'.join(map(str, fault['loc'])): fault['msg'] for fault in error.errors()}
        raise InvalidInput(
            'The outline cannot be kept like this: every module and lesson needs a title, and minutes from 1 to 600.',
            fields=faults,
        ) from error


def from_draft(draft: OutlineDraft, passages: Sequence[Passage], previous: Outline | None) -> Outline:
    """Parts that kept their title keep their id, so that comments and comparisons find them again."""
    known = {lesson.title: lesson.id for _, lesson in previous.lessons()} if previous else {}
    known_modules = {module.title: module.id for module in previous.modules} if previous else {}
    return Outline(
        title=draft.title,
        summary=draft.summary,
        objectives=draft.objectives,
        modules=[
            OutlineModule(
                id=known_modules.pop(module.title, None) or uuid4(),
                title=module.title,
                objectives=module.objectives,
                lessons=[_lesson(plan, passages, known) for plan in module.lessons],
            )
            for module in draft.modules
        ],
    )


def to_draft(outline: Outline, passages: Sequence[Passage]) -> OutlineDraft:
    """The outline as an author sees it: passages by number, counted from 1."""
    number = {passage.id: place for place, passage in enumerate(passages, 1)}
    return OutlineDraft(
        title=outline.title,
        summary=outline.summary,
        objectives=outline.objectives,
        modules=[
            ModulePlan(
                title=module.title,
                objectives=module.objectives,
                lessons=[
                    LessonPlan(
                        title=lesson.title,
                        objectives=lesson.objectives,
                        minutes=lesson.minutes,
                        passages=[number[key] for key in lesson.passage_ids if key in number],
                    )
                    for lesson in module.lessons
                ],
            )
            for module in outline.modules
        ],
        answer='',
    )


def _lesson(plan: LessonPlan, passages: Sequence[Passage], known: dict[str, UUID]) -> OutlineLesson:
    # A model may name a passage that does not exist; it is simply not a source then.
    chosen = [passages[number - 1] for number in dict.fromkeys(plan.passages) if 1 <= number <= len(passages)]
    pages = {
        (passage.document_id, passage.page): SourcePage(
            document_id=passage.document_id, document_name=passage.document_name, page=passage.page
        )
        for passage in chosen
    }
    return OutlineLesson(
        id=known.pop(plan.title, None) or uuid4(),
        title=plan.title[:200] or 'Lesson',
        objectives=plan.objectives,
        minutes=min(max(plan.minutes, 1), 600),
        passage_ids=[passage.id for passage in chosen],
        pages=list(pages.values()),
    )

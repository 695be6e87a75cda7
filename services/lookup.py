"""One search over everything a person may open: courses by name, lessons by meaning, passages of documents."""

from dataclasses import dataclass
from uuid import UUID

from services.knowledge.documents import DocumentService
from services.knowledge.index import Index
from services.knowledge.views import Found
from services.viewer import Permission, Viewer
from services.work import Gate
from storage.lookup import courses_named, findable_lessons


@dataclass(frozen=True, kw_only=True)
class LessonHit:
    course_id: UUID
    course_title: str
    lesson_id: UUID
    lesson_title: str


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """`courses` are (id, title); every list is best first."""

    courses: list[tuple[UUID, str]]
    lessons: list[LessonHit]
    passages: list[Found]


class LookupService:
    def __init__(self, gate: Gate, documents: DocumentService, index: Index) -> None:
        self._gate = gate
        self._documents = documents
        self._index = index

    async def find(self, viewer: Viewer, query: str) -> Lookup:
        """Learners find what they are enrolled in; staff everything of their organisation."""
        words = query.strip()
        if not words:
            return Lookup(courses=[], lessons=[], passages=[])
        async with self._gate.reading(viewer) as work:
            learner = None if work.viewer.may(Permission.COURSE_READ) else work.viewer.user_id
            named = await courses_named(work.scope, words, learner=learner)
            lessons = {lesson.lesson_id: lesson for lesson in await findable_lessons(work.scope, learner=learner)}
            organization_id = work.viewer.organization_id
            reads_documents = work.viewer.may(Permission.KNOWLEDGE_READ)
        order = await self._index.lessons(organization_id, words, list(lessons))
        passages = await self._documents.search(viewer, words, limit=6) if reads_documents else []
        return Lookup(
            courses=[(course.id, course.title) for course in named],
            lessons=[
                LessonHit(
                    course_id=lessons[lesson_id].course_id,
                    course_title=lessons[lesson_id].course_title,
                    lesson_id=lesson_id,
                    lesson_title=lessons[lesson_id].lesson_title,
                )
                for lesson_id in order[:8]
            ],
            passages=[passage for passage in passages if passage.document_id not in lessons],
        )

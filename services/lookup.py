"""One search over everything a person may open: courses by name, lessons by meaning, passages of documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.knowledge.documents import DocumentService
from services.knowledge.index import Index
from services.knowledge.views import Found
from services.language.queries import Query
from services.language.service import LanguageService
from services.viewer import Permission, Viewer
from services.work import Gate
from storage.lookup import courses_named, documents_like, findable_lessons

_FEW, _MANY = 6, 60


@dataclass(frozen=True, kw_only=True)
class LessonHit:
    course_id: UUID
    course_title: str
    lesson_id: UUID
    lesson_title: str


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """`courses` are (id, title); every list is best first. `query` is how the search was understood."""

    courses: list[tuple[UUID, str]]
    lessons: list[LessonHit]
    passages: list[Found]
    query: Query


class LookupService:
    def __init__(self, gate: Gate, documents: DocumentService, index: Index, language: LanguageService) -> None:
        self._gate = gate
        self._documents = documents
        self._index = index
        self._language = language

    async def find(self, viewer: Viewer, query: str, *, exactly: bool = False) -> Lookup:
        """Learners find what they are enrolled in; staff everything of their organisation.

        With `exactly` nothing is read otherwise than typed."""
        if not query.strip():
            return Lookup(courses=[], lessons=[], passages=[], query=Query(typed='', text=''))
        understood = await self._language.query(viewer, query.strip(), exactly=exactly)
        about_documents = bool(understood.page or understood.type or understood.document)
        async with self._gate.reading(viewer) as work:
            learner = None if work.viewer.may(Permission.COURSE_READ) else work.viewer.user_id
            everywhere = not about_documents and understood.text
            named = await courses_named(work.scope, _name(understood), learner=learner) if everywhere else []
            findable = await findable_lessons(work.scope, learner=learner) if everywhere else []
            lessons = {lesson.lesson_id: lesson for lesson in findable}
            organization_id = work.viewer.organization_id
            reads_documents = work.viewer.may(Permission.KNOWLEDGE_READ)
        order = await self._index.lessons(organization_id, understood.text, list(lessons))
        passages = await self._passages(viewer, understood) if reads_documents else []
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
            query=understood,
        )

    async def _passages(self, viewer: Viewer, query: Query) -> list[Found]:
        """Filters on documents narrow the search; pages and phrases are looked for in what it finds."""
        named: Sequence[UUID] | None = None
        if query.document or query.type:
            async with self._gate.reading(viewer, Permission.KNOWLEDGE_READ) as work:
                named = await documents_like(work.scope, name=query.document, ending=query.type)
            if not named:
                return []
        words = query.text or query.document or query.type
        if not words:
            return []
        limit = _MANY if query.filters else _FEW
        found = await self._documents.search(viewer, words, limit=limit, document_ids=named)
        wanted = [' '.join(phrase.casefold().split()) for phrase in query.phrases]
        return [
            one
            for one in found
            if query.page in (None, one.page)
            and all(phrase in ' '.join(one.text.casefold().split()) for phrase in wanted)
        ][:_FEW]


def _name(query: Query) -> str:
    """What the title of a course could hold: without the words that acronyms stand for."""
    text = query.text
    for _short, long in query.expanded:
        text = text.removesuffix(long).strip()
    return text

"""A course's glossary: terms that its sources explain, suggested by rules and accepted by people."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from services import fields
from services.errors import Conflict, InvalidInput, NotFound
from services.language.terms import Term, key_of, terms
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import glossary as rows
from storage.courses import Course
from storage.documents import page as page_of
from storage.glossary import GlossaryTerm

_LONGEST_TERM, _LONGEST_DEFINITION, _MOST_PAGES = 120, 2000, 1500


class TermKnown(Conflict):
    code = 'term_known'


@dataclass(frozen=True, kw_only=True)
class SourceOfTerm:
    """Where a page says it: page text[start:end]."""

    document_id: UUID
    page: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """`found` is defined, acronym or name; a name has no `definition` yet, and `quote` says where it is used."""

    term: str
    definition: str
    found: str
    count: int
    document_id: UUID
    document_name: str
    page: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, kw_only=True)
class TermView:
    """`document_id` is None for a term that a person wrote."""

    id: UUID
    term: str
    definition: str
    document_id: UUID | None
    document_name: str
    page: int
    quote: str
    added_by: str


class GlossaryService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._found: dict[UUID, list[Term]] = {}

    async def terms(self, viewer: Viewer, course_id: UUID) -> list[TermView]:
        """By the alphabet."""
        async with self._gate.reading(viewer, Permission.COURSE_READ) as work:
            await work.get(Course, course_id)
            found = await rows.glossary(work.scope, course_id)
            return [_view(row) for row in found if row.status == rows.ACCEPTED]

    async def suggestions(self, viewer: Viewer, course_id: UUID) -> list[Suggestion]:
        """What the course's documents explain and nobody has decided about; the best first."""
        async with self._gate.reading(viewer, Permission.COURSE_WRITE) as work:
            await work.get(Course, course_id)
            decided = {row.key for row in await rows.glossary(work.scope, course_id)}
            documents = await rows.documents_of_course(work.scope, course_id)
            unread = [document.id for document in documents if document.id not in self._found]
            pages = await rows.texts_of(work.scope, unread, limit=_MOST_PAGES)
        for document_id, texts in pages.items():
            self._found[document_id] = await asyncio.to_thread(terms, texts)
        suggested: dict[str, Suggestion] = {}
        for document in documents:
            for term in self._found.get(document.id, ()):
                if key_of(term.term) not in decided:
                    place = {name: value for name, value in vars(term).items() if name in Suggestion.__annotations__}
                    one = Suggestion(document_id=document.id, document_name=document.name, **place)
                    suggested.setdefault(key_of(term.term), one)
        if len(self._found) > 500:
            self._found.clear()
        return sorted(suggested.values(), key=lambda one: ('defined', 'acronym', 'name').index(one.found))

    async def accept(
        self, viewer: Viewer, course_id: UUID, term: str, definition: str, source: SourceOfTerm | None = None
    ) -> TermView:
        """Into the glossary, with the place that says it where there is one."""
        words = fields.line('term', term, limit=_LONGEST_TERM)
        meaning = fields.text('definition', definition, limit=_LONGEST_DEFINITION)
        if not words or not meaning:
            name, fault = ('definition', 'Say what it means.') if words else ('term', 'Name the term.')
            raise InvalidInput(fault, fields={name: fault})
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            course = await work.get(Course, course_id)
            row = await rows.term_called(work.scope, course_id, key_of(words))
            if row is not None and row.status == rows.ACCEPTED:
                raise TermKnown(
                    '“{term}” is in the glossary already. Remove it first to say it otherwise.', term=row.term
                )
            row = row or GlossaryTerm(course_id=course_id, key=key_of(words), term=words)
            row.term, row.definition, row.status = words, meaning, rows.ACCEPTED
            row.added_by = work.viewer.full_name
            await _cite(work, row, source)
            work.add(row)
            work.record('glossary.term_added', course, after={'term': words})
            work.changed(f'glossary:{course_id}')
            return _view(row)

    async def decline(self, viewer: Viewer, course_id: UUID, term: str) -> None:
        """It is not suggested again."""
        words = fields.line('term', term, limit=_LONGEST_TERM)
        if not words:
            raise InvalidInput('Name the term.', fields={'term': 'Name the term.'})
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            await work.get(Course, course_id)
            if await rows.term_called(work.scope, course_id, key_of(words)) is None:
                work.add(GlossaryTerm(course_id=course_id, key=key_of(words), term=words, status=rows.DECLINED))
                work.changed(f'glossary:{course_id}')

    async def remove(self, viewer: Viewer, course_id: UUID, term_id: UUID) -> None:
        """Out of the glossary; from then on it may be suggested again."""
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            course = await work.get(Course, course_id)
            row = await work.get(GlossaryTerm, term_id)
            if row.course_id != course_id:
                raise NotFound()
            await work.tx.delete(row)
            work.record('glossary.term_removed', course, before={'term': row.term})
            work.changed(f'glossary:{course_id}')


async def _cite(work: Work, row: GlossaryTerm, source: SourceOfTerm | None) -> None:
    """The quote is read from the page, whatever the request says it is."""
    if source is None:
        return
    page = await page_of(work.scope, source.document_id, source.page)
    names = {one.id: one.name for one in await rows.documents_of_course(work.scope, row.course_id)}
    if page is None or source.document_id not in names or not 0 <= source.start < source.end <= len(page.text):
        raise InvalidInput('The place in the document is no longer there. Look at the suggestions again.')
    row.document_id, row.document_name = source.document_id, names[source.document_id]
    row.page, row.start, row.end = source.page, source.start, source.end
    row.quote = page.text[source.start : source.end][:2000]


def _view(row: GlossaryTerm) -> TermView:
    return TermView(
        id=row.id,
        term=row.term,
        definition=row.definition,
        document_id=row.document_id,
        document_name=row.document_name,
        page=row.page,
        quote=row.quote,
        added_by=row.added_by,
    )

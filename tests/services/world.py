"""Two organisations with the same cast, and a course made the short way: rows as a finished workflow leaves them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from services.bus import Bus
from services.clock import now
from services.courses.assembly import assemble
from services.courses.service import CourseService
from services.enrollments import EnrollmentService
from services.hashing import content_hash
from services.viewer import Role, Viewer
from services.work import Gate
from storage.audit import AuditEvent
from storage.courses import APPROVED, Block, BlockSource, Course, CourseVersion, Lesson, Module, Quiz
from storage.courses import quizzes as quizzes_of
from storage.database import Database, Scope, Transaction
from storage.documents import Document, DocumentPage
from storage.identity import Organization, Session, User, UserRole

PAGE = 'Set the sash at the marked height. Keep vessels 15 cm behind the sash. Acetone is flammable.'
CAST = {
    'admin': (Role.ORG_ADMIN,),
    'instructor': (Role.INSTRUCTOR, Role.EDITOR),
    'editor': (Role.EDITOR,),
    'reviewer': (Role.REVIEWER,),
    'student': (Role.STUDENT,),
    'classmate': (Role.STUDENT,),
    'site': (Role.SITE_ADMIN,),
}


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The people of one organisation, each signed in."""

    organization_id: UUID
    admin: Viewer
    instructor: Viewer
    editor: Viewer
    reviewer: Viewer
    student: Viewer
    classmate: Viewer
    site: Viewer


@dataclass(frozen=True, kw_only=True)
class Made:
    """A course of two modules with two lessons each; the first and the last ask questions of all four kinds."""

    course_id: UUID
    version_id: UUID
    lesson_ids: tuple[UUID, ...]
    block_ids: tuple[UUID, ...]
    document_id: UUID


@dataclass(frozen=True, kw_only=True)
class World:
    database: Database
    bus: Bus
    gate: Gate
    demo: Cast
    other: Cast

    @asynccontextmanager
    async def writing(self, cast: Cast) -> AsyncIterator[Transaction]:
        """A transaction of the cast's organisation, for what no service does."""
        async with self.database.writing() as tx:
            Scope(tx, cast.organization_id)
            yield tx

    async def course(self, cast: Cast, title: str = 'Safe handling', *, approved: bool = True) -> Made:
        """A drafted version; `approved` also assembles it."""
        async with self.database.writing() as tx:
            scope = Scope(tx, cast.organization_id)
            made = await _written(scope, cast, title, approved=approved)
        if approved:
            async with self.gate.platform(cast.organization_id) as work:
                await assemble(work, made.version_id, summary='How to work safely.', objectives=['Set the sash'])
        return made

    async def published(self, cast: Cast, title: str = 'Safe handling') -> Made:
        made = await self.course(cast, title)
        await CourseService(self.gate).publish(cast.instructor, made.course_id)
        return made

    async def taught(self, cast: Cast) -> Made:
        """Published, and the student is enrolled."""
        made = await self.published(cast)
        await EnrollmentService(self.gate).enroll(cast.instructor, made.course_id, user_id=cast.student.user_id)
        return made

    async def quizzes(self, cast: Cast, made: Made) -> list[Quiz]:
        """In course order."""
        async with self.database.reading() as tx:
            found = await quizzes_of(Scope(tx, cast.organization_id), made.version_id)
        return sorted(found, key=lambda quiz: made.lesson_ids.index(quiz.lesson_id))

    async def audit(self, cast: Cast) -> list[str]:
        async with self.database.reading() as tx:
            statement = Scope(tx, cast.organization_id).rows(AuditEvent).order_by(AuditEvent.created_at)
            return [event.action for event in (await tx.exec(statement)).all()]

    def heard(self, *topics: str) -> list[str]:
        """Grows with every word spoken on the topics from now on."""
        words: list[str] = []
        for topic in topics:
            self.bus.subscribe(topic, lambda topic=topic: words.append(topic))
        return words


async def make_world(database: Database, gate: Gate | None = None) -> World:
    """On a gate of its own, or on that of a running platform."""
    gate = gate or Gate(database, Bus())
    return World(
        database=database,
        bus=gate.bus,
        gate=gate,
        demo=await _cast(database, 'Demo Academy', 'demo'),
        other=await _cast(database, 'Other Institute', 'other'),
    )


async def _cast(database: Database, name: str, slug: str) -> Cast:
    async with database.writing() as tx:
        organization = Organization(name=name, slug=slug)
        tx.add(organization)
        await tx.flush()
        scope = Scope(tx, organization.id)
        people = {
            person: User(email=f'{person}@{slug}.example', full_name=f'{person.title()} of {name}', password_hash='-')
            for person in CAST
        }
        tx.add_all(people.values())
        await tx.flush()
        for person, roles in CAST.items():
            for role in roles:
                scope.add(UserRole(user_id=people[person].id, role=role))
        sessions = {
            person: Session(
                user_id=user.id,
                organization_id=organization.id,
                secret_hash=uuid4().hex,
                expires_at=now().replace(year=now().year + 1, day=1),
            )
            for person, user in people.items()
        }
        tx.add_all(sessions.values())
    viewers = {
        person: Viewer(
            user_id=user.id,
            organization_id=organization.id,
            session_id=sessions[person].id,
            email=user.email,
            full_name=user.full_name,
            organization_name=name,
            roles=frozenset(CAST[person]),
        )
        for person, user in people.items()
    }
    return Cast(organization_id=organization.id, **viewers)


async def _written(scope: Scope, cast: Cast, title: str, *, approved: bool) -> Made:
    document = Document(name='handbook.pdf', sha256='0' * 64, uploaded_by=cast.instructor.user_id)
    course = Course(title=title, created_by=cast.instructor.user_id)
    scope.add(document)
    scope.add(course)
    await scope.tx.flush()
    version = CourseVersion(course_id=course.id, number='1.0')
    scope.add(DocumentPage(document_id=document.id, number=1, text=PAGE))
    scope.add(version)
    await scope.tx.flush()
    lessons: list[Lesson] = []
    blocks: list[Block] = []
    for place, name in enumerate(('Before you open a bottle', 'At the bench'), 1):
        module = Module(version_id=version.id, position=place, title=name)
        scope.add(module)
        await scope.tx.flush()
        for number in (1, 2):
            lesson = Lesson(
                version_id=version.id,
                module_id=module.id,
                position=number,
                title=f'Lesson {place}.{number}',
                minutes=10,
            )
            scope.add(lesson)
            await scope.tx.flush()
            lessons.append(lesson)
            asks = {(1, 1): _QUESTIONS, (2, 2): _OTHER_QUESTIONS}.get((place, number), [])
            for position, (type, content) in enumerate([*_TEACHING, *asks], 1):
                blocks.append(_block(version, lesson, position, type, content, cast if approved else None))
                scope.add(blocks[-1])
    await scope.tx.flush()
    for block in blocks:
        scope.add(
            BlockSource(
                block_id=block.id,
                position=1,
                document_id=document.id,
                document_name=document.name,
                page=1,
                start=0,
                end=33,
                quote=PAGE[:33],
            )
        )
        if block.type == 'question':
            scope.add(
                BlockSource(
                    block_id=block.id,
                    position=2,
                    document_id=document.id,
                    document_name=document.name,
                    page=1,
                    start=35,
                    end=len(PAGE),
                    quote=PAGE[35:],
                )
            )
    return Made(
        course_id=course.id,
        version_id=version.id,
        lesson_ids=tuple(lesson.id for lesson in lessons),
        block_ids=tuple(block.id for block in blocks),
        document_id=document.id,
    )


def _block(
    version: CourseVersion, lesson: Lesson, position: int, type: str, content: dict[str, Any], approver: Cast | None
) -> Block:
    block = Block(
        version_id=version.id,
        lesson_id=lesson.id,
        position=position,
        type=type,
        content=content,
        content_hash=content_hash(content),
    )
    if approver:
        block.review_state, block.approved_hash = APPROVED, block.content_hash
        block.approved_by, block.approver = approver.reviewer.user_id, approver.reviewer.full_name
        block.approved_at = now()
    return block


def _question(kind: str, prompt: str, options: list[tuple[str, bool]], accepted: list[str]) -> dict[str, Any]:
    return {
        'kind': kind,
        'prompt': prompt,
        'options': [
            {'id': chr(ord('a') + place), 'text': text, 'correct': correct}
            for place, (text, correct) in enumerate(options)
        ],
        'accepted': accepted,
        'explanation': f'Because of the handbook: {prompt}',
    }


_TEACHING = [
    ('text', {'html': '<p>Set the sash at the marked height.</p>'}),
    ('slide', {'title': 'The sash', 'bullets': ['Marked height'], 'notes': 'Say it twice.'}),
]
_QUESTIONS = [
    ('question', _question('single', 'Where do vessels stand?', [('At the edge', False), ('15 cm behind', True)], [])),
    (
        'question',
        _question('multiple', 'What is flammable?', [('Acetone', True), ('Water', False), ('Ethanol', True)], []),
    ),
    ('question', _question('true_false', 'Acetone burns.', [('True', True), ('False', False)], [])),
    ('question', _question('short', 'How far behind the sash?', [], ['15 cm', 'fifteen centimetres'])),
]
_OTHER_QUESTIONS = [
    (
        'question',
        _question('single', 'At what height is the sash?', [('At any', False), ('At the marked one', True)], []),
    ),
    (
        'question',
        _question('multiple', 'What burns at the bench?', [('Ether', True), ('Sand', False), ('Petrol', True)], []),
    ),
    ('question', _question('true_false', 'Vessels may stand at the edge.', [('True', False), ('False', True)], [])),
    ('question', _question('short', 'What is flammable in this lab?', [], ['acetone', 'propanone'])),
]

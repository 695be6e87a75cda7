"""The demo organisation: its people, and two courses made by the real pipeline from real documents."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

from app.banner import DEMO_PASSWORD
from app.demo.learners import learn
from app.platform import Platform
from services.clock import now
from services.generation.views import WorkflowView
from services.identity import hashed
from services.knowledge.views import DocumentView
from services.platform import Services
from services.viewer import Role, Viewer
from storage.database import Database, Scope
from storage.identity import Organization, User, UserRole, organization_by_slug

HANDBOOKS = Path(__file__).parent / 'handbooks'
_LOOK_SECONDS = 0.2
_log = logging.getLogger(__name__)

_CAST: dict[str, tuple[str, tuple[Role, ...]]] = {
    'admin': ('Adwoa Mensah', (Role.ORG_ADMIN, Role.ADMIN)),
    'instructor': ('Ingrid Solberg', (Role.INSTRUCTOR, Role.EDITOR)),
    'reviewer': ('Hanne Brekke', (Role.REVIEWER,)),
    'student': ('Marta Villalobos', (Role.STUDENT,)),
    'site': ('Sami Haddad', (Role.SITE_ADMIN,)),
}
_ADDRESS, _PHONE = 'Harbour Street 12\n5003 Bergen\nNorway', '+47 55 01 23 45'
LEARNERS = {
    'jonas': 'Jonas Reuter',
    'amira': 'Amira Lahlou',
    'petra': 'Petra Svoboda',
    'emil': 'Emil Carlsson',
}


async def seed(platform: Platform) -> None:
    """Does nothing where the demo organisation exists; people appear at once, courses as they are made."""
    if not await people(platform.database):
        return
    services = platform.services
    instructor = await viewer_of(services, 'instructor@demo.example')
    reviewer = await viewer_of(services, 'reviewer@demo.example')
    names = ('food-safety-handbook.pdf', 'working-at-height.docx')
    handbooks = [await _upload(services, instructor, HANDBOOKS / name) for name in names]
    food, height = [await _indexed(services, instructor, document.id) for document in handbooks]
    await _published(services, instructor, reviewer, food)
    await _waiting(services, instructor, height)
    _log.info('The demo organisation is ready')


async def viewer_of(services: Services, email: str) -> Viewer:
    return (await services.identity.sign_in(email, DEMO_PASSWORD)).viewer


async def people(database: Database) -> bool:
    """Both organisations with their people, all or nothing; False where they are there already."""
    async with database.reading() as tx:
        if await organization_by_slug(tx, 'demo') is not None:
            return False
    password_hash = await asyncio.to_thread(hashed, DEMO_PASSWORD)
    async with database.writing() as tx:
        for slug, name, domain in (
            ('demo', 'Demo Academy', 'demo.example'),
            ('other', 'Other Institute', 'other.example'),
        ):
            place = Organization(id=uuid4(), name=name, slug=slug, self_signup=slug == 'demo')
            if slug == 'demo':
                place.address, place.phone, place.contact_email = _ADDRESS, _PHONE, f'office@{domain}'
            tx.add(place)
            await tx.flush()
            scope = Scope(tx, place.id)
            cast = dict(_CAST)
            if slug == 'demo':
                cast |= {who: (full_name, (Role.STUDENT,)) for who, full_name in LEARNERS.items()}
            for who, (full_name, roles) in cast.items():
                person = User(
                    id=uuid4(),
                    email=f'{who}@{domain}',
                    full_name=full_name,
                    password_hash=password_hash,
                    email_verified_at=now(),
                )
                tx.add(person)
                await tx.flush()
                for role in roles:
                    scope.add(UserRole(user_id=person.id, role=role))
    return True


async def _published(services: Services, instructor: Viewer, reviewer: Viewer, document: DocumentView) -> None:
    workflow = await services.workflows.create(
        instructor,
        title='Food Safety in the Training Kitchen',
        brief='Everyone who works in the training kitchen handles food safely from their first shift.',
        audience='New kitchen trainees',
        level='Introductory',
        hours=3,
        language='en',
        document_ids=[document.id],
    )
    await _without_what_is_not_asked(services, instructor, workflow.id)
    for stage in ('outline', 'content'):
        await _approved(services, reviewer, workflow.id, stage)
    await _until(services, instructor, workflow.id, 'done', 'completed')
    await services.courses.publish(instructor, workflow.course_id)
    for who in ('student', *LEARNERS):
        await services.enrollments.enroll(instructor, workflow.course_id, email=f'{who}@demo.example')
    for place, who in enumerate(('student', *LEARNERS)):
        learner = await viewer_of(services, f'{who}@demo.example')
        await learn(services, instructor, learner, workflow.course_id, place)


async def _without_what_is_not_asked(services: Services, instructor: Viewer, workflow_id: UUID) -> None:
    """The instructor takes objectives out that the lessons will not ask about, as the publish check would advise."""
    await _until(services, instructor, workflow_id, 'outline', 'awaiting_review')
    draft = (await services.workflows.outlines(instructor, workflow_id))[-1]
    outline = draft.outline.model_dump(mode='json')
    lessons = [lesson for module in outline['modules'] for lesson in module['lessons']]
    for part in (outline, *lessons):
        part['objectives'] = [one for one in part['objectives'] if one not in _NOT_ASKED]
    await services.workflows.save_outline(instructor, workflow_id, draft.hash, outline)


_NOT_ASKED = (
    'Explain why the probe is inserted away from bone and away from the tray',
    'Explain why a wrong entry is struck through once and initialled',
)


async def _waiting(services: Services, instructor: Viewer, document: DocumentView) -> None:
    workflow = await services.workflows.create(
        instructor,
        title='Working at Height',
        brief='Staff choose, inspect and use ladders safely.',
        audience='Workshop and facilities staff',
        level='Introductory',
        hours=1.5,
        language='en',
        document_ids=[document.id],
    )
    await _approved(services, instructor, workflow.id, 'outline')
    await _until(services, instructor, workflow.id, 'content', 'awaiting_review')


async def _approved(services: Services, reviewer: Viewer, workflow_id: UUID, stage: str) -> None:
    workflow = await _until(services, reviewer, workflow_id, stage, 'awaiting_review')
    assert workflow.review is not None
    await services.reviews.decide(
        reviewer, workflow_id, review_id=workflow.review.id, shown_hash=workflow.review.hash, approve=True
    )


async def _until(services: Services, viewer: Viewer, workflow_id: UUID, stage: str, status: str) -> WorkflowView:
    while True:
        workflow = await services.workflows.get(viewer, workflow_id)
        if (workflow.stage, workflow.status) == (stage, status):
            return workflow
        if workflow.status == 'failed':
            raise RuntimeError(f'{workflow.title}: {workflow.error}')
        await asyncio.sleep(_LOOK_SECONDS)


async def _upload(services: Services, instructor: Viewer, path: Path) -> DocumentView:
    async def parts() -> AsyncIterator[bytes]:
        yield await asyncio.to_thread(path.read_bytes)

    return await services.documents.upload(instructor, path.name, parts())


async def _indexed(services: Services, instructor: Viewer, document_id: UUID) -> DocumentView:
    while True:
        document = await services.documents.get(instructor, document_id)
        if document.status == 'indexed':
            return document
        if document.status == 'failed':
            raise RuntimeError(f'{document.name}: {document.error}')
        await asyncio.sleep(_LOOK_SECONDS)

import io
import zipfile
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image
from pypdf import PdfReader

from services.durable import Durable
from services.errors import Conflict, Forbidden, InvalidInput, NotFound
from services.exports.collecting import publication_of
from services.exports.service import ExportService, file_name
from services.files import FileService
from services.flags import EXPORTS, FlagService, SwitchedOff
from storage.courses import Block, Course, CourseVersion
from storage.files import FileStore
from tests.services.world import Made, World


class Started(Durable):
    """Durable work that only notes what it should begin."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, UUID, UUID, int]] = []

    def start(self, kind: str, organization_id: UUID, row_id: UUID, run: int) -> None:
        self.begun.append((kind, organization_id, row_id, run))


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / 'files')


@pytest.fixture
def durable() -> Started:
    return Started()


@pytest.fixture
def exports(world: World, durable: Started, store: FileStore) -> ExportService:
    return ExportService(world.gate, durable, store, FlagService(world.gate))


async def finish(exports: ExportService, durable: Started) -> None:
    while durable.begun:
        kind, organization_id, row_id, run = durable.begun.pop()
        assert kind == 'export'
        await exports.run(organization_id, row_id, run)


async def test_an_export_is_asked_for_made_and_fetched(world: World, exports: ExportService, durable: Started) -> None:
    made = await world.published(world.demo)
    heard = world.heard(f'course:{made.course_id}')
    asked = await exports.request(world.demo.instructor, made.course_id, 'html')
    assert (asked.status, asked.version, asked.requested_by) == ('queued', '1.0', 'Instructor of Demo Academy')
    with pytest.raises(Conflict, match='still being made'):
        await exports.file(world.demo.instructor, asked.id)
    await finish(exports, durable)
    ready = await exports.get(world.demo.instructor, asked.id)
    assert (ready.status, ready.file_name, ready.error) == ('ready', 'Safe handling 1.0.zip', None)
    file = await exports.file(world.demo.reviewer, asked.id)
    with zipfile.ZipFile(file.path) as archive:
        assert 'index.html' in archive.namelist()
        assert archive.testzip() is None
    assert file.path.stat().st_size == ready.size
    assert len(heard) == 3
    assert [action for action in await world.audit(world.demo) if action.startswith('export')] == [
        'export.requested',
        'export.finished',
    ]


async def test_a_pdf_has_the_title_and_the_text(world: World, exports: ExportService, durable: Started) -> None:
    made = await world.published(world.demo)
    asked = await exports.request(world.demo.instructor, made.course_id, 'pdf')
    await finish(exports, durable)
    file = await exports.file(world.demo.instructor, asked.id)
    assert (file.name, file.media_type) == ('Safe handling 1.0.pdf', 'application/pdf')
    document = PdfReader(file.path)
    assert document.metadata is not None
    assert document.metadata.title == 'Safe handling'
    assert 'Set the sash' in ''.join(page.extract_text() for page in document.pages)


async def test_running_again_makes_the_same_file_and_a_stale_run_nothing(
    world: World, exports: ExportService, durable: Started
) -> None:
    made = await world.published(world.demo)
    asked = await exports.request(world.demo.instructor, made.course_id, 'html')
    (begun,) = durable.begun
    await exports.run(begun[1], asked.id, 99)
    assert (await exports.get(world.demo.instructor, asked.id)).status == 'queued'
    await finish(exports, durable)
    before = await exports.get(world.demo.instructor, asked.id)
    await exports.run(begun[1], asked.id, begun[3])
    await exports.failed(begun[1], asked.id, begun[3], 'too late')
    assert await exports.get(world.demo.instructor, asked.id) == before


async def test_a_failed_export_says_why(world: World, exports: ExportService, durable: Started) -> None:
    made = await world.published(world.demo)
    asked = await exports.request(world.demo.instructor, made.course_id, 'html')
    await exports.failed(world.demo.organization_id, asked.id, 1, 'The disk is full.')
    found = await exports.get(world.demo.instructor, asked.id)
    assert (found.status, found.error) == ('failed', 'The disk is full.')
    with pytest.raises(Conflict, match='disk is full'):
        await exports.file(world.demo.instructor, asked.id)


async def test_the_published_version_comes_before_the_assembled_one(
    world: World, exports: ExportService, durable: Started
) -> None:
    draft = await world.course(world.demo, approved=False)
    with pytest.raises(Conflict, match='nothing to export'):
        await exports.request(world.demo.instructor, draft.course_id, 'pdf')
    with pytest.raises(Conflict, match='nothing to export'):
        await exports.request(world.demo.instructor, draft.course_id, 'pdf', version_id=draft.version_id)
    assembled = await world.course(world.demo)
    assert (await exports.request(world.demo.instructor, assembled.course_id, 'pdf')).version == '1.0'
    with pytest.raises(NotFound):
        await exports.request(world.demo.instructor, draft.course_id, 'pdf', version_id=assembled.version_id)
    with pytest.raises(InvalidInput):
        await exports.request(world.demo.instructor, assembled.course_id, 'docx')


async def test_proof_copies_are_begun_once(world: World, exports: ExportService, durable: Started) -> None:
    made = await world.course(world.demo)
    for _ in range(2):
        await exports.proof_copies(world.demo.organization_id, made.version_id)
    listed = await exports.list(world.demo.instructor, made.course_id)
    assert sorted(export.format for export in listed) == ['html', 'pdf']
    assert len(durable.begun) == 2


async def test_who_may_not_see_answers_may_not_export_them(
    world: World, exports: ExportService, durable: Started
) -> None:
    made = await world.taught(world.demo)
    asked = await exports.request(world.demo.instructor, made.course_id, 'html')
    await finish(exports, durable)
    for viewer, refusal in (
        (world.demo.student, Forbidden),
        (world.demo.site, Forbidden),
        (world.other.instructor, NotFound),
    ):
        with pytest.raises(refusal):
            await exports.request(viewer, made.course_id, 'html')
        with pytest.raises(refusal):
            await exports.list(viewer, made.course_id)
        with pytest.raises(refusal):
            await exports.get(viewer, asked.id)
        with pytest.raises(refusal):
            await exports.file(viewer, asked.id)
    with pytest.raises(NotFound):
        await exports.get(world.demo.instructor, uuid4())


async def test_where_exports_are_switched_off_none_is_begun_and_none_is_fetched(
    world: World, exports: ExportService, durable: Started
) -> None:
    flags, made = FlagService(world.gate), await world.published(world.demo)
    await flags.switch(world.demo.site, EXPORTS, False, organization_id=world.demo.organization_id)
    with pytest.raises(SwitchedOff):
        await exports.request(world.demo.instructor, made.course_id, 'html')
    with pytest.raises(SwitchedOff):
        await exports.file(world.demo.instructor, uuid4())
    await exports.proof_copies(world.demo.organization_id, made.version_id)
    assert durable.begun == []
    await flags.switch(world.demo.site, EXPORTS, None, organization_id=world.demo.organization_id)
    await exports.request(world.demo.instructor, made.course_id, 'html')
    assert len(durable.begun) == 1


async def test_pictures_travel_with_the_course(
    world: World, exports: ExportService, durable: Started, store: FileStore
) -> None:
    written = io.BytesIO()
    Image.new('RGB', (30, 30), 'red').save(written, 'PNG')
    kept = await FileService(world.gate, store).upload(world.demo.instructor, 'a.png', written.getvalue())
    made = await world.published(world.demo)
    async with world.writing(world.demo) as tx:
        block = await tx.get_one(Block, made.block_ids[0])
        block.content = {'html': f'<p><img src="{kept.path}" alt="A red field"></p>'}
        tx.add(block)
    asked = await exports.request(world.demo.instructor, made.course_id, 'html')
    await finish(exports, durable)
    with zipfile.ZipFile((await exports.file(world.demo.instructor, asked.id)).path) as archive:
        assert f'images/{kept.id}.png' in archive.namelist()


async def test_a_publication_says_who_wrote_and_who_approved(world: World, store: FileStore) -> None:
    made: Made = await world.published(world.demo)
    async with world.gate.platform(world.demo.organization_id) as work:
        course = await work.get(Course, made.course_id)
        version = await work.get(CourseVersion, made.version_id)
        publication = await publication_of(work, course, version, store)
    assert publication.organization == 'Demo Academy'
    assert publication.authors == ('Instructor of Demo Academy',)
    assert publication.approvers == ('Reviewer of Demo Academy',)
    assert publication.objectives == ('Set the sash',)
    assert publication.modules[0].lessons[0].blocks[0].sources[0].page == 1


def test_file_names_are_what_every_file_system_takes() -> None:
    assert file_name('a/b\\c: "d"?\n', '1.0', '.pdf') == 'a b c d 1.0.pdf'
    assert file_name('../..', '1.0', '.zip') == 'Course 1.0.zip'
    assert len(file_name('x' * 500, '1.0', '.pdf')) < 120
    assert file_name('Chémie für 化学', '2.0', '.pdf') == 'Chémie für 化学 2.0.pdf'

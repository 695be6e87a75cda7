"""Drafts on request: from the organisation's own documents, stored nowhere."""

import pytest

from services.ai.authors import Authors
from services.errors import Forbidden, InvalidInput
from services.generation.authors.offline import OfflineAuthor
from services.generation.ondemand import OnDemandService
from services.knowledge.index import Index
from services.sealing import Sealer
from storage.database import Scope
from storage.documents import chunks, documents_by_id
from storage.vectors import VectorStore
from tests.doubles.embedder import LetterEmbedder
from tests.generation.conftest import Studio


@pytest.fixture
async def ondemand(studio: Studio) -> OnDemandService:
    """The offline author over an index that holds the handbook."""
    embedder = LetterEmbedder()
    index = Index(VectorStore(studio.platform.settings.data_dir / 'vectors', embedder.dimensions), embedder)
    async with studio.platform.database.reading() as tx:
        scope = Scope(tx, studio.demo.organization_id)
        [document] = await documents_by_id(scope, [studio.document_id])
        await index.add_passages(document, await chunks(scope, [studio.document_id]))
    authors = Authors(
        studio.platform.gate,
        Sealer('unused: nobody has a key of their own'),
        installed=OfflineAuthor(),
        extractive=OfflineAuthor,
        make=lambda provider, key, model, base_url: OfflineAuthor(),
    )
    return OnDemandService(studio.platform.gate, authors, index)


async def test_the_minutes_of_a_syllabus_add_up_to_the_hours_asked_for(
    studio: Studio, ondemand: OnDemandService
) -> None:
    outline = await ondemand.syllabus(studio.demo.instructor, topic='Fume hoods', level='Introductory', hours=1.5)
    assert outline.minutes == 90
    assert outline.modules
    _, total = await studio.services.workflows.list(studio.demo.instructor)
    assert total == 0


async def test_slides_have_points_and_speaker_notes(studio: Studio, ondemand: OnDemandService) -> None:
    slides = await ondemand.slides(studio.demo.instructor, topic='Working at the fume hood')
    assert slides
    assert all(slide['title'] and slide['bullets'] and slide['notes'] for slide in slides)


async def test_only_the_kinds_of_question_asked_for_come(studio: Studio, ondemand: OnDemandService) -> None:
    questions = await ondemand.questions(studio.demo.instructor, topic='The sash', kinds=['true_false'])
    assert {question['kind'] for question in questions} == {'true_false'}
    assert all(question['explanation'] for question in questions)


async def test_bad_requests_and_wrong_roles_are_refused(studio: Studio, ondemand: OnDemandService) -> None:
    with pytest.raises(InvalidInput):
        await ondemand.syllabus(studio.demo.instructor, topic='Hoods', level='', hours=0)
    with pytest.raises(Forbidden):
        await ondemand.slides(studio.demo.student, topic='Hoods')
    with pytest.raises(InvalidInput, match='no indexed document'):
        await ondemand.slides(studio.world.other.instructor, topic='Hoods')

"""A newer version of a source: exactly its blocks turn amber, and no word of a person changes by itself."""

from uuid import UUID

import pytest

from services.living.diffing import Quoted, fate_of
from services.living.following import Following
from services.living.rewording import machine_words, reworded
from services.living.service import LivingService, NoNextVersion
from storage.database import Scope
from storage.documents import INDEXED, Document, DocumentPage
from tests.generation.conftest import PAGES, Studio

OWN = 'Our safety officer Anja Weiss measures it herself every Monday morning.'


async def test_one_fact_on_one_page_turns_only_its_blocks_amber(studio: Studio) -> None:
    workflow = await studio.drafted()
    editor, blocks = studio.demo.instructor, studio.services.blocks
    drafted = [
        block
        for module in await blocks.draft(editor, workflow.id)
        for lesson in module.lessons
        for block in lesson.blocks
    ]
    text = drafted[0]
    edited = await blocks.edit(editor, text.id, text.hash, {'html': f'{text.content["html"]}<p>{OWN}</p>'})
    living = LivingService(studio.platform.gate)

    await _replace(studio, [PAGES[1], PAGES[0].replace('15 cm', '20 cm'), PAGES[2]])

    changes = await living.changes(editor, workflow.course_id)
    assert {change.block_id for change in changes} == {block.id for block in drafted[:3]}
    assert {(change.kind, change.page, change.new_page) for change in changes} == {('changed', 1, 2)}
    assert 'Keep every vessel 20 cm behind the sash.' in changes[0].new_text
    check = await studio.services.courses.check(editor, workflow.course_id)
    amber = {finding.block_id for finding in check.warnings if finding.code == 'source_changed'}
    assert amber == {block.id for block in drafted[:3]}
    assert not [finding for finding in check.findings if finding.code == 'quote_not_found']
    moved = next(block for block in await _blocks(studio, workflow.id) if block.id == drafted[3].id)
    assert [(source.page, source.quote) for source in moved.sources] == [(1, PAGES[1])]

    (proposal,) = await studio.services.proposals.waiting(editor, workflow.id)
    assert (proposal.kind, proposal.block_id) == ('source', text.id)
    assert proposal.content['html'] == edited.content['html'].replace('15 cm', '20 cm')
    assert f'<p>{OWN}</p>' in proposal.content['html']
    await studio.services.proposals.accept(editor, proposal.id, edited.hash)
    mended = next(block for block in await _blocks(studio, workflow.id) if block.id == text.id)
    assert mended.content == proposal.content
    assert [source.quote for source in mended.sources] == [PAGES[0].replace('15 cm', '20 cm')]
    left = await living.changes(editor, workflow.course_id)
    assert {change.block_id for change in left} == {block.id for block in drafted[1:3]}

    await living.dismiss(editor, left[0].id, 'The slide does not name a distance.')
    assert len(await living.changes(editor, workflow.course_id)) == 1
    await living.take_up_again(editor, left[0].id)
    assert len(await living.changes(editor, workflow.course_id)) == 2


async def test_a_published_version_stays_and_its_next_version_takes_the_change_up(studio: Studio) -> None:
    workflow = await studio.drafted()
    instructor, courses = studio.demo.instructor, studio.services.courses
    await studio.decide(workflow)
    await studio.until(workflow.id, 'done', 'completed')
    await courses.publish(instructor, workflow.course_id)
    living = LivingService(studio.platform.gate)
    before = await courses.get(instructor, workflow.course_id)

    await _replace(studio, [PAGES[0].replace('15 cm', '20 cm'), *PAGES[1:]])

    assert await courses.get(instructor, workflow.course_id) == before
    assert {change.version for change in await living.changes(instructor, workflow.course_id)} == {'1.0'}
    told = await studio.services.notifications.list(instructor)
    assert 'A source of “{subject}” changed. Look at what rests on it.' in [one.text for one in told]

    made = await living.next_version(instructor, workflow.course_id)
    assert (made.number, made.proposals) == ('1.1', 1)
    with pytest.raises(NoNextVersion):
        await living.next_version(instructor, workflow.course_id)
    draft = await courses.get(instructor, workflow.course_id)
    assert draft.version is not None
    assert (draft.version.number, draft.version.approved, draft.version.blocks) == ('1.1', 9, 9)
    assert {change.version for change in await living.changes(instructor, workflow.course_id)} == {'1.1', '1.0'}

    (proposal,) = await studio.services.proposals.waiting(instructor, made.workflow_id)
    await studio.services.proposals.accept(instructor, proposal.id, proposal.base_hash)
    again = await studio.until(made.workflow_id, 'content')
    await studio.decide(again)
    await studio.until(made.workflow_id, 'done', 'completed')
    assert (await courses.publish(instructor, workflow.course_id)).number == '1.1'
    now = (await courses.get(instructor, workflow.course_id)).lessons[0].blocks[0]
    assert '20 cm' in now.content['html']
    assert (await courses.check(instructor, workflow.course_id)).blocking == ()


def test_a_question_takes_the_new_value_and_a_persons_sentence_stays_byte_for_byte() -> None:
    old = 'Hot food must be cooled to below 8 °C within 90 minutes. It is covered.'
    fate = fate_of(Quoted(page=4, start=0, end=len(old), quote=old), [(1, 'Intro.'), (2, old.replace('90', '60'))])
    assert fate.kind == 'changed'
    question = {
        'kind': 'single',
        'prompt': 'Which value belongs in the gap? “Hot food must be cooled to below 8 °C within _____.”',
        'options': [
            {'id': 'a', 'text': '90 minutes', 'correct': True},
            {'id': 'b', 'text': '4 hours', 'correct': False},
        ],
        'accepted': [],
        'explanation': '“Hot food must be cooled to below 8 °C within 90 minutes” (Handbook, page 2)',
    }
    asked = reworded('question', question, fate.pairs, machine_words([question])).content
    assert asked['options'][0] == {'id': 'a', 'text': '60 minutes', 'correct': True}
    assert asked['explanation'] == '“Hot food must be cooled to below 8 °C within 60 minutes” (Handbook, page 2)'
    own = {'html': '<p>We cool hot food to below 8 °C within 90 minutes, whatever it costs. It is covered.</p>'}
    kept = reworded('text', own, fate.pairs, machine_words([{'html': f'<p>{old}</p>'}]))
    assert kept.content == own
    assert kept.look_at == ('We cool hot food to below 8 °C within 90 minutes, whatever it costs.',)
    gone = fate_of(Quoted(page=1, start=0, end=9, quote='Gloves are worn at every sink.'), [(1, 'Intro.')])
    assert (gone.kind, gone.now) == ('gone', None)
    both = {'html': '<p>Gloves are worn at every sink. Aprons too.</p>'}
    assert reworded('text', both, gone.pairs, machine_words([both])).content == {'html': '<p>Aprons too.</p>'}


async def _blocks(studio: Studio, workflow_id: UUID):  # type: ignore[no-untyped-def]
    modules = await studio.services.blocks.draft(studio.demo.instructor, workflow_id)
    return [block for module in modules for lesson in module.lessons for block in lesson.blocks]


async def _replace(studio: Studio, pages: list[str]) -> None:
    """As indexing leaves a newer version of the handbook."""
    async with studio.platform.database.writing() as tx:
        scope = Scope(tx, studio.demo.organization_id)
        old = await scope.find(Document, studio.document_id)
        assert old is not None
        new = Document(
            name=old.name, sha256='1' * 64, status=INDEXED, pages=3, uploaded_by=old.uploaded_by,
            lineage_id=old.lineage_id, version=2,
        )  # fmt: skip
        scope.add(new)
        await tx.flush()
        old.current, old.replaced_by = False, new.id
        tx.add(old)
        for number, text in enumerate(pages, 1):
            scope.add(DocumentPage(document_id=new.id, number=number, text=text))
        document_id = new.id
    following = Following(studio.platform.gate)
    await following.after_indexed(studio.demo.organization_id, document_id)
    await following.after_indexed(studio.demo.organization_id, document_id)  # durable work may run twice

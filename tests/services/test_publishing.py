import pytest

from services.courses.assembly import NotReviewed, assemble
from services.courses.checks import PublishBlocked
from services.courses.service import AlreadyPublished, CourseService
from services.errors import NotFound
from storage.courses import Block, sources
from storage.database import Scope
from storage.documents import DocumentPage, page
from tests.services.world import World


@pytest.fixture
def courses(world: World) -> CourseService:
    return CourseService(world.gate)


async def test_publishing_makes_the_version_final(world: World, courses: CourseService) -> None:
    made = await world.course(world.demo)
    assert (await courses.check(world.demo.reviewer, made.course_id)).may_publish
    version = await courses.publish(world.demo.instructor, made.course_id)
    assert (version.number, version.state, version.published_by) == ('1.0', 'published', 'Instructor of Demo Academy')
    assert len(version.content_hash) == 64
    assert version.published_at is not None
    with pytest.raises(AlreadyPublished):
        await courses.publish(world.demo.instructor, made.course_id)
    assert [found.state for found in await courses.versions(world.demo.instructor, made.course_id)] == ['published']
    assert (await world.audit(world.demo)).count('course.published') == 1


async def test_an_empty_course_cannot_be_published(world: World, courses: CourseService) -> None:
    made = await courses.create(world.demo.instructor, 'Empty')
    with pytest.raises(PublishBlocked) as refused:
        await courses.publish(world.demo.instructor, made.id)
    assert [finding['code'] for finding in refused.value.extra()['findings']] == ['course_empty']


async def test_a_version_under_review_cannot_be_published(world: World, courses: CourseService) -> None:
    made = await world.course(world.demo, approved=False)
    with pytest.raises(PublishBlocked) as refused:
        await courses.publish(world.demo.instructor, made.course_id)
    codes = [finding['code'] for finding in refused.value.findings]
    assert (codes.count('not_assembled'), codes.count('not_approved')) == (1, 16)


async def test_a_block_changed_after_its_approval_blocks_publishing(world: World, courses: CourseService) -> None:
    made = await world.course(world.demo)
    async with world.writing(world.demo) as tx:
        block = await tx.get_one(Block, made.block_ids[0])
        block.content_hash = 'changed'
        tx.add(block)
    with pytest.raises(PublishBlocked) as refused:
        await courses.publish(world.demo.instructor, made.course_id)
    (finding,) = refused.value.findings
    assert finding['code'] == 'not_approved'
    assert finding['block_id'] == str(made.block_ids[0])
    assert finding['lesson_id'] == str(made.lesson_ids[0])
    assert finding['excerpt'] == 'Set the sash at the marked height.'


async def test_a_quote_that_left_its_page_blocks_publishing(world: World, courses: CourseService) -> None:
    made = await world.course(world.demo)
    async with world.database.writing() as tx:
        found = await page(Scope(tx, world.demo.organization_id), made.document_id, 1)
        assert isinstance(found, DocumentPage)
        found.text = 'Something else entirely.'
        tx.add(found)
    check = await courses.check(world.demo.instructor, made.course_id)
    assert {finding.code for finding in check.blocking} == {'quote_not_found'}
    assert 'handbook.pdf' in check.blocking[0].sentence
    assert {line.code: (line.passed, line.total) for line in check.checks}['quote_not_found'] == (0, 24)
    with pytest.raises(PublishBlocked):
        await courses.publish(world.demo.instructor, made.course_id)


async def test_a_question_that_cannot_be_marked_blocks_publishing(world: World, courses: CourseService) -> None:
    made = await world.course(world.demo)
    async with world.writing(world.demo) as tx:
        block = await tx.get_one(Block, made.block_ids[2])
        block.content = {
            **block.content,
            'options': [{**option, 'correct': True} for option in block.content['options']],
        }
        tx.add(block)
    check = await courses.check(world.demo.instructor, made.course_id)
    assert [finding.code for finding in check.blocking] == ['question_invalid']


async def test_a_drafted_sentence_without_a_source_blocks_publishing(world: World, courses: CourseService) -> None:
    made = await world.course(world.demo)
    async with world.database.writing() as tx:
        scope = Scope(tx, world.demo.organization_id)
        (source,) = (await sources(scope, made.block_ids[:1]))[made.block_ids[0]]
        await tx.delete(source)
    check = await courses.check(world.demo.instructor, made.course_id)
    (finding,) = check.blocking
    assert (finding.code, finding.block_id, finding.fix) == ('claim_unsourced', made.block_ids[0], 'own_words')
    assert '“Set the sash at the marked height.”' in finding.sentence


async def test_assembling_waits_for_every_approval_and_does_nothing_twice(world: World) -> None:
    waiting = await world.course(world.demo, approved=False)
    with pytest.raises(NotReviewed, match='16 blocks'):
        async with world.gate.platform(world.demo.organization_id) as work:
            await assemble(work, waiting.version_id)
    made = await world.course(world.demo)
    async with world.gate.platform(world.demo.organization_id) as work:
        again = await assemble(work, made.version_id, title='Another')
    assert (again.title, again.state, again.objectives) == ('Safe handling', 'assembled', ['Set the sash'])
    assert len(await world.quizzes(world.demo, made)) == 2
    with pytest.raises(NotFound):
        async with world.gate.platform(world.other.organization_id) as work:
            await assemble(work, made.version_id)

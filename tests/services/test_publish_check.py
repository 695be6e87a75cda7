"""The publish check as a compiler: what is planted is found where it was planted, and a sound course is let alone."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.courses.checks import PublishBlocked
from services.courses.mending import MendingService, described, in_order
from services.courses.service import CourseService
from services.errors import Forbidden, InvalidInput
from services.hashing import content_hash
from storage.courses import Block, BlockRevision, CourseVersion, Lesson
from storage.living import LinkAnswer
from tests.services.world import Made, World

Plant = Callable[[dict[str, Any]], dict[str, Any]]
AWAY = 'https://handbook.invalid/sash'


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Rules are the same on both databases; storage has tests of its own."""
    shutil.copy(sqlite_template, tmp_path / 'coursewright.sqlite')
    return f'sqlite+aiosqlite:///{tmp_path}/coursewright.sqlite'


def more(html: str) -> Plant:
    return lambda content: {'html': content['html'] + html}


def key(*right: bool) -> Plant:
    def plant(content: dict[str, Any]) -> dict[str, Any]:
        options = [{**option, 'correct': is_right} for option, is_right in zip(content['options'], right, strict=True)]
        return {**content, 'options': options}

    return plant


# Place of the block in the course, what is done to it, and the finding: in the eight kinds that the issue names.
FAULTS: dict[str, tuple[int, Plant, str]] = {
    'unsourced claim': (0, more('<p>Gloves dissolve in acetone after a long evening of work.</p>'), 'claim_unsourced'),
    'wrong key': (2, key(True, False), 'key_contradicted'),
    'two right keys': (
        3,
        lambda content: {
            **content,
            'kind': 'single',
            'options': [
                {'id': 'a', 'text': 'Acetone is flammable', 'correct': True},
                {'id': 'b', 'text': 'Keep vessels 15 cm behind the sash', 'correct': False},
            ],
        },
        'second_right_answer',
    ),
    'duplicate question': (
        15,
        lambda content: {**content, 'prompt': 'How far behind that sash?', 'accepted': ['15 cm']},
        'duplicate_question',
    ),
    'dead link': (6, more(f'<p><a href="{AWAY}" rel="noopener noreferrer">More</a></p>'), 'link_dead'),
    'image without alt': (8, more('<p><img src="/files/{file}"></p>'), 'image_without_alt'),
    'heading out of order': (10, more('<h2>Sash</h2><h4>Height</h4>'), 'heading_out_of_order'),
}  # fmt: skip


async def plant(world: World, made: Made, *names: str) -> None:
    async with world.writing(world.demo) as tx:
        for name in names:
            place, change, _code = FAULTS[name]
            block = await tx.get_one(Block, made.block_ids[place])
            block.content = change(block.content)
            if '{file}' in str(block.content):
                block.content = {'html': block.content['html'].replace('{file}', str(made.lesson_ids[0]))}
            block.content_hash = block.approved_hash = content_hash(block.content)
            tx.add(block)
            tx.add(
                BlockRevision(
                    organization_id=block.organization_id, block_id=block.id, number=block.revision,
                    origin=block.origin, content=block.content, content_hash=block.content_hash, author='extractive-1',
                )
            )  # fmt: skip


async def test_eight_planted_faults_are_eight_findings_and_block_until_they_are_mended(world: World) -> None:
    courses = CourseService(world.gate)
    made = await world.course(world.demo)
    assert (await courses.check(world.demo.instructor, made.course_id)).findings == ()
    sound: dict[UUID, dict[str, Any]] = {}
    async with world.writing(world.demo) as tx:
        for block_id in made.block_ids:
            sound[block_id] = (await tx.get_one(Block, block_id)).content
        lesson = await tx.get_one(Lesson, made.lesson_ids[3])
        lesson.objectives = ['Explain how the compressor is serviced']
        tx.add(lesson)
    await plant(world, made, *FAULTS)

    check = await courses.check(world.demo.instructor, made.course_id)
    found = sorted((finding.code, finding.block_id) for finding in check.findings if finding.block_id)
    assert found == sorted((code, made.block_ids[place]) for place, _, code in FAULTS.values())
    (objective,) = [finding for finding in check.findings if not finding.block_id]
    assert (objective.code, objective.lesson_id) == ('objective_not_covered', made.lesson_ids[3])
    assert len(check.blocking) == 8
    for finding in check.findings:
        assert f'lesson={finding.lesson_id}' in finding.jump
        assert finding.block_id is None or f'block={finding.block_id}' in finding.jump
        assert finding.sentence
        assert finding.how_to_mend

    with pytest.raises(PublishBlocked) as refused:
        await courses.publish(world.demo.instructor, made.course_id)
    assert len(refused.value.findings) == 8
    async with world.writing(world.demo) as tx:
        for block_id, content in sound.items():
            block = await tx.get_one(Block, block_id)
            block.content, block.content_hash, block.approved_hash = (
                content,
                content_hash(content),
                content_hash(content),
            )
            tx.add(block)
        lesson = await tx.get_one(Lesson, made.lesson_ids[3])
        lesson.objectives = []
        tx.add(lesson)
    assert (await courses.publish(world.demo.instructor, made.course_id)).state == 'published'


async def test_an_administrator_publishes_over_findings_with_a_reason_and_nobody_else(world: World) -> None:
    courses = CourseService(world.gate)
    made = await world.course(world.demo)
    await plant(world, made, 'unsourced claim', 'dead link')
    reason = 'The supplier confirmed it by telephone.'
    with pytest.raises(Forbidden):
        await courses.publish(world.demo.instructor, made.course_id, override_reason=reason)
    with pytest.raises(PublishBlocked):
        await courses.publish(world.demo.admin, made.course_id)
    with pytest.raises(InvalidInput):
        await courses.publish(world.demo.admin, made.course_id, override_reason='Because')
    version = await courses.publish(world.demo.admin, made.course_id, override_reason=reason)
    assert (version.override_reason, len(version.overridden)) == (reason, 2)
    assert 'Gloves dissolve' in version.overridden[0]
    assert 'course.published_over_findings' in await world.audit(world.demo)
    shown = (await courses.get(world.demo.admin, made.course_id)).version
    assert shown is not None
    assert shown.override_reason == reason
    waiting = await world.course(world.demo, approved=False)
    with pytest.raises(PublishBlocked):  # what nobody approved is published for no reason
        await courses.publish(world.demo.admin, waiting.course_id, override_reason=reason)


async def test_a_version_goes_back_into_review_and_is_mended_with_one_click_each(world: World) -> None:
    courses, mending = CourseService(world.gate), MendingService(world.gate)
    made = await world.course(world.demo)
    await plant(world, made, 'unsourced claim', 'image without alt', 'heading out of order')
    viewer = world.demo.instructor
    reopened = await courses.reopen(viewer, made.course_id)
    assert reopened.version is not None
    assert (reopened.version.state, reopened.version.approved) == ('draft', 16)
    hashes = {block.id: block.content_hash for lesson in reopened.lessons for block in lesson.blocks}
    codes = {'claim_unsourced', 'image_without_alt', 'heading_out_of_order'}

    async def found() -> set[str]:
        return {finding.code for finding in (await courses.check(viewer, made.course_id)).findings} & codes

    assert await found() == codes
    claim = next(f for f in (await courses.check(viewer, made.course_id)).findings if f.code == 'claim_unsourced')
    own, image, heading = made.block_ids[0], made.block_ids[8], made.block_ids[10]
    assert await mending.own_words(viewer, own, hashes[own], list(claim.about)) == list(claim.about)
    described_now = await mending.describe_images(viewer, image, hashes[image], 'A fume hood with its sash half down')
    ordered = await mending.order_headings(viewer, heading, hashes[heading])
    assert await found() == set()
    assert 'alt="A fume hood with its sash half down"' in described_now.content['html']
    assert ordered.content['html'].endswith('<h2>Sash</h2><h3>Height</h3>')
    lesson = (await courses.get(viewer, made.course_id)).lessons[0]
    assert lesson.blocks[0].own_words == claim.about
    await mending.no_longer_own(viewer, own)
    await mending.put_back(viewer, image, described_now.hash)
    await mending.put_back(viewer, heading, ordered.hash)
    assert await found() == codes


async def test_links_that_were_not_asked_are_amber_and_blocked_addresses_say_so(world: World) -> None:
    courses = CourseService(world.gate)
    made = await world.course(world.demo)
    links = ('https://a.org/x', 'https://b.org/x', 'https://c.org/x', '/knowledge/nothing', 'mailto:a@b.org')
    html = ''.join(f'<p><a href="{link}" rel="noopener noreferrer">More</a></p>' for link in links)
    async with world.writing(world.demo) as tx:
        block = await tx.get_one(Block, made.block_ids[0])
        block.content = {'html': block.content['html'] + html}
        block.content_hash = block.approved_hash = content_hash(block.content)
        tx.add(block)
        version = await tx.get_one(CourseVersion, made.version_id)
        answers = {
            'https://b.org/x': ('refused', 'The host is inside a private network.'),
            'https://c.org/x': ('live', ''),
        }
        for url, (state, why) in answers.items():
            tx.add(LinkAnswer(
                organization_id=version.organization_id, url=url, state=state, why=why, asked_at=version.created_at
            ))  # fmt: skip
    check = await courses.check(world.demo.instructor, made.course_id)
    assert [finding.code for finding in check.blocking] == ['link_dead']
    said = [finding.sentence for finding in check.warnings]
    assert said == [
        'The link to https://a.org/x could not be checked: It has not been asked yet.',
        'The link to https://b.org/x could not be checked: The host is inside a private network.',
    ]


def test_headings_and_images_are_mended_without_touching_anything_else() -> None:
    html = '<p>a &amp; b</p><h4>One</h4><h2></h2><h4>Two</h4><p><img src="/files/1" alt="IMG_1.png"></p>'
    assert in_order(html, 2) == html.replace('<h4>One</h4><h2></h2><h4>Two</h4>', '<h3>One</h3><h4>Two</h4>')
    assert described(html, 'A "sash"').endswith('<p><img alt="A &quot;sash&quot;" src="/files/1"></p>')

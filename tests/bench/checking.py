"""The publish check on the demo course of some 200 blocks: how long it takes, what it finds, what it finds wrongly."""

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from app.demo.seed import seed, viewer_of
from app.platform import Platform, build_services
from app.settings import Settings
from services.courses import PublishCheck
from services.courses.checks.words import plain
from services.hashing import content_hash
from services.viewer import Viewer
from storage.courses import Block, Lesson, blocks, lessons, sources
from storage.database import Scope
from storage.exports import StoredFile
from tests.bench.figures import Figure, Group

_ROUNDS = 5


async def measure(directory: Path) -> AsyncIterator[Figure]:
    platform = build_services(Settings(data_dir=directory))
    await platform.start()
    try:
        await seed(platform)
        viewer = await viewer_of(platform.services, 'instructor@demo.example')
        listed, _ = await platform.services.courses.list(viewer, status='published')
        course_id, version_id = listed[0].id, listed[0].version_id
        assert version_id is not None
        sound, seconds = await _checked(platform, viewer, course_id)
        note = f'{sound.blocks} blocks, the slowest of {_ROUNDS}, with reading them'
        yield Figure(name='check_seconds', value=seconds, unit='s', most=2, note=note)
        yield Figure(name='false_findings', value=len(sound.findings), unit='', most=0, note='on the demo course')
        planted = await _plant(platform, viewer, version_id)
        check, _ = await _checked(platform, viewer, course_id)
        found = [(finding.code, finding.block_id or finding.lesson_id) for finding in check.blocking if finding.jump]
        hit = sum(one in found for one in planted)
        also = len(check.findings) - hit
        note = f'{len(planted)} planted, {also} other findings, every one with a way to it'
        yield Figure(name='planted_faults_found', value=hit - also, unit='', least=len(planted), note=note)
    finally:
        await platform.close()


async def _checked(platform: Platform, viewer: Viewer, course_id: UUID) -> tuple[PublishCheck, float]:
    slowest, check = 0.0, None
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        check = await platform.services.courses.check(viewer, course_id)
        slowest = max(slowest, time.perf_counter() - began)
    assert check is not None
    return check, slowest


async def _plant(platform: Platform, viewer: Viewer, version_id: UUID) -> list[tuple[str, UUID]]:
    """The eight kinds, each in a block of its own, as somebody with access to the database would leave them."""
    planted: list[tuple[str, UUID]] = []
    async with platform.database.writing() as tx:
        scope = Scope(tx, viewer.organization_id)
        every = await blocks(scope, version_id)
        texts = iter([block for block in every if block.type == 'text' and '<p>' in block.content['html']])
        single = [block for block in every if block.content.get('kind') == 'single']

        def change(block: Block, code: str, content: dict[str, Any]) -> None:
            block.content, block.content_hash = content, content_hash(content)
            block.approved_hash = block.content_hash
            tx.add(block)
            planted.append((code, block.id))

        def add(code: str, html: str) -> None:
            block = next(texts)
            change(block, code, {'html': block.content['html'] + html})

        add('claim_unsourced', '<p>Copper kettles were forbidden by the guild of Lübeck in winter.</p>')
        add('link_dead', '<p><a href="https://guild.invalid/x" rel="noopener noreferrer">More</a></p>')
        picture = StoredFile(
            name='kettle.png', sha256='0' * 64, size=1, media_type='image/png', uploaded_by=viewer.user_id
        )
        scope.add(picture)
        add('image_without_alt', f'<p><img src="/files/{picture.id}"></p>')
        add('heading_out_of_order', '<h2>Kettles</h2><h4>Copper</h4>')
        quotes = {key: ' '.join(one.quote for one in found) for key, found in
                  (await sources(scope, [block.id for block in single])).items()}  # fmt: skip
        first = next(block for block in single if _right(block)['text'].rstrip('.') in quotes[block.id])
        change(first, 'key_contradicted', _moved(first))
        second, words = next(_with_words_left([block for block in single if block is not first], quotes))
        change(second, 'second_right_answer', _with_wrong(second, words))
        third = next(block for block in single if block not in (first, second))
        twin = Block(
            id=uuid4(), version_id=version_id, lesson_id=third.lesson_id, position=900, type=third.type,
            content=third.content, content_hash=third.content_hash, approved_hash=third.content_hash,
        )  # fmt: skip
        scope.add(twin)
        planted.append(('duplicate_question', twin.id))
        lesson = next(iter(await lessons(scope, version_id)))
        row = await tx.get_one(Lesson, lesson.id)
        row.objectives = [*row.objectives, 'Explain how the guild taxed copper kettles']
        tx.add(row)
        planted.append(('objective_not_covered', row.id))
    return planted


def _right(block: Block) -> dict[str, Any]:
    found: dict[str, Any] = next(option for option in block.content['options'] if option['correct'])
    return found


def _moved(block: Block) -> dict[str, Any]:
    """The key on another answer."""
    right = _right(block)
    wrong = next(option for option in block.content['options'] if option is not right)
    options = [{**option, 'correct': option is wrong} for option in block.content['options']]
    return {**block.content, 'options': options}


def _with_words_left(single: list[Block], quotes: dict[UUID, str]) -> Iterator[tuple[Block, str]]:
    """Questions whose quote says something besides the key."""
    for block in single:
        quote, key = plain(quotes[block.id]), plain(_right(block)['text'])
        before = quote.partition(key)[0].strip() if key in quote else ''
        if len(before.split()) >= 6 and '___' not in block.content['prompt']:
            yield block, before


def _with_wrong(block: Block, words: str) -> dict[str, Any]:
    wrong = next(option for option in block.content['options'] if not option['correct'])
    options = [{**option, 'text': words} if option is wrong else option for option in block.content['options']]
    return {**block.content, 'options': options}


GROUP = Group(names=('check_seconds', 'false_findings', 'planted_faults_found'), measure=measure)

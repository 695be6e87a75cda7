"""Parts alone, kept: asked for, written as durable work, listed, put into a lesson, discarded and brought back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.clock import now
from services.durable import Durable
from services.errors import Conflict, InvalidInput
from services.generation.blocks import VersionIsPublished, revise, say
from services.generation.content import checked_content
from services.generation.parts_writing import Asked, PartKind, PartWriter
from services.limits import GENERATE
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import courses
from storage import generated as rows
from storage.courses import Block, BlockSource, CourseVersion, Lesson
from storage.generated import GeneratedPart

KIND = 'part'
Added = list[dict[str, Any]]


class PartNotReady(Conflict):
    code = 'part_not_ready'


@dataclass(frozen=True, kw_only=True)
class PartView:
    """`status`: queued, running, ready, failed (`error` says why). `blocks`: [{type, content, sources, added}], `added`
    is how often a block of it was put into a lesson; `outline` is there for a syllabus instead."""

    id: UUID
    kind: PartKind
    topic: str
    asked: dict[str, Any]
    status: str
    blocks: tuple[dict[str, Any], ...]
    outline: dict[str, Any] | None
    answer: str
    error: str | None
    model: str
    seconds: float
    asker: str
    asked_at: datetime
    finished_at: datetime | None

    @property
    def is_running(self) -> bool:
        return self.status in (rows.QUEUED, rows.RUNNING)


class PartService:
    def __init__(self, gate: Gate, durable: Durable, writer: PartWriter) -> None:
        self._gate = gate
        self._durable = durable
        self._writer = writer

    async def begin(self, viewer: Viewer, asked: Asked) -> PartView:
        """Begins to write it; it is kept, and goes on without anybody watching."""
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            asked = asked.checked()
            await self._gate.limits.spend(GENERATE, str(work.viewer.user_id))
            ready, _ = await self._writer.sources(work, asked)
            row = work.add(
                GeneratedPart(
                    kind=asked.kind,
                    topic=asked.topic,
                    asked=_as_json(asked),
                    document_ids=[str(key) for key in ready],
                    asked_by=work.viewer.user_id,
                    asker=work.viewer.full_name,
                )
            )
            await self._start(work, row)
            return _view(row)

    async def get(self, viewer: Viewer, part_id: UUID) -> PartView:
        async with self._gate.reading(viewer, Permission.COURSE_WRITE) as work:
            return _view(await work.get(GeneratedPart, part_id))

    async def list(self, viewer: Viewer, *, limit: int = 50, offset: int = 0) -> tuple[Sequence[PartView], int]:
        """Newest first, of the whole organisation."""
        async with self._gate.reading(viewer, Permission.COURSE_WRITE) as work:
            found, total = await rows.generated_parts(work.scope, limit=limit, offset=offset)
            return [_view(row) for row in found], total

    async def again(self, viewer: Viewer, part_id: UUID) -> PartView:
        """Tries one that failed once more, in the name of whoever asks now."""
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            row = await work.get(GeneratedPart, part_id, lock=True)
            if row.status != rows.FAILED:
                raise PartNotReady('This did not fail, so there is nothing to try again.')
            await self._gate.limits.spend(GENERATE, str(work.viewer.user_id))
            row.status, row.error, row.finished_at, row.run = rows.QUEUED, None, None, row.run + 1
            row.asked_by, row.asker = work.viewer.user_id, work.viewer.full_name
            await self._start(work, row)
            return _view(row)

    async def discard(self, viewer: Viewer, part_id: UUID) -> None:
        """What is still being written stops; what lessons took from it stays there."""
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            row = await work.get(GeneratedPart, part_id, lock=True)
            row.deleted_at = now()
            if row.status in (rows.QUEUED, rows.RUNNING):
                row.status, row.error = rows.FAILED, 'Stopped, because it was discarded.'
            work.add(row)
            tell(work, row)

    async def restore(self, viewer: Viewer, part_id: UUID) -> PartView:
        """Undoes a discarding."""
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            row = await work.removed(GeneratedPart, part_id)
            row.deleted_at = None
            work.add(row)
            tell(work, row)
            return _view(row)

    async def add(self, viewer: Viewer, part_id: UUID, lesson_id: UUID, places: Sequence[int]) -> Sequence[UUID]:
        """Puts blocks of the part (by their place, from 0) at the end of a lesson of a draft, with their sources. They
        wait for approval there. Gives their ids, for undoing it."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            row = await work.get(GeneratedPart, part_id, lock=True)
            drafted = (row.result or {}).get('blocks') or []
            if row.status != rows.READY:
                raise PartNotReady('This is not written yet. Wait until it is.')
            if not places or not set(places) <= set(range(len(drafted))):
                raise InvalidInput('Choose what to add: this part has {n} blocks.', n=len(drafted))
            lesson = await work.get(Lesson, lesson_id)
            version = await work.get(CourseVersion, lesson.version_id)
            if version.state != courses.DRAFT:
                raise VersionIsPublished('Version {number} is finished and stays as it is.', number=version.number)
            others = await courses.blocks(work.scope, version.id, lesson_id=lesson.id)
            last = max((other.position for other in others), default=0)
            added: Added = []
            for position, place in enumerate(dict.fromkeys(places), last + 1):
                block = await _add_block(work, lesson, drafted[place], position, author=row.model)
                added.append({'place': place, 'lesson_id': str(lesson.id), 'block_id': str(block.id)})
            row.added = [*row.added, *added]
            work.add(row)
            tell(work, row)
            return [UUID(one['block_id']) for one in added]

    async def _start(self, work: Work, row: GeneratedPart) -> None:
        work.add(row)
        await work.tx.flush()
        tell(work, row)
        organization_id, row_id, run = work.scope.organization_id, row.id, row.run
        work.then(lambda: self._durable.start(KIND, organization_id, row_id, run))


def tell(work: Work, row: GeneratedPart) -> None:
    work.changed(f'part:{row.id}', f'parts:{work.scope.organization_id}')


def asked_of(row: GeneratedPart) -> Asked:
    given = {**row.asked, 'kinds': tuple(row.asked['kinds'])}
    return Asked(**given, document_ids=tuple(UUID(key) for key in row.document_ids))


async def _add_block(work: Work, lesson: Lesson, drafted: dict[str, Any], position: int, *, author: str) -> Block:
    block = Block(
        id=uuid4(),
        version_id=lesson.version_id,
        lesson_id=lesson.id,
        position=position,
        type=drafted['type'],
        content={},
        content_hash='',
        revision=0,
    )
    content = checked_content(drafted['type'], drafted['content'])
    await revise(work, block, content, origin=courses.AI, author=author, state=courses.WAITING, by_model=True)
    for place, source in enumerate(drafted['sources'], 1):
        given = {**source, 'document_id': UUID(source['document_id'])}
        work.add(BlockSource(block_id=block.id, position=place, **given))
    await say(work, block, 'block.added')
    return block


def _as_json(asked: Asked) -> dict[str, Any]:
    return {
        'kind': asked.kind,
        'topic': asked.topic,
        'level': asked.level,
        'hours': asked.hours,
        'kinds': list(asked.kinds),
        'count': asked.count,
        'language': asked.language,
    }


def _view(row: GeneratedPart) -> PartView:
    result = row.result or {}
    uses = [one['place'] for one in row.added]
    blocks = [{**block, 'added': uses.count(place)} for place, block in enumerate(result.get('blocks') or [])]
    return PartView(
        id=row.id,
        kind=row.kind,  # type: ignore[arg-type]
        topic=row.topic,
        asked=row.asked,
        status=row.status,
        blocks=tuple(blocks),
        outline=result.get('outline'),
        answer=row.answer,
        error=row.error,
        model=row.model,
        seconds=row.seconds,
        asker=row.asker,
        asked_at=row.created_at,
        finished_at=row.finished_at,
    )

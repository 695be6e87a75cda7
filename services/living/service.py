"""Sources that changed under a course: what rests on them, why it may stay, and a next version that takes them up."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services import fields
from services.clock import now
from services.courses.reading import modules_of
from services.courses.views import block_view
from services.errors import Conflict, InvalidInput
from services.living.diffing import fate_of
from services.living.following import Cited, mark_block, quoted_in
from services.living.next_version import copy_version
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import living as rows
from storage.catalogue import newest_versions
from storage.courses import PUBLISHED, Block, BlockSource, Course, CourseVersion
from storage.documents import Document
from storage.living import SourceChange


class ChangeDecided(Conflict):
    code = 'change_decided'


class NoNextVersion(Conflict):
    code = 'no_next_version'


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """`kind` is changed, gone or removed; `advice` says what a person has to look at themselves."""

    id: UUID
    block_id: UUID
    lesson_id: UUID
    lesson: str
    version: str
    kind: str
    document_id: UUID
    new_document_id: UUID | None
    document_name: str
    page: int
    quote: str
    new_page: int | None
    new_text: str
    advice: str
    proposal_id: UUID | None
    status: str
    reason: str
    decider: str
    found_at: datetime


@dataclass(frozen=True, kw_only=True)
class NextVersion:
    version_id: UUID
    workflow_id: UUID
    number: str
    proposals: int


class LivingService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def changes(self, viewer: Viewer, course_id: UUID, *, decided: bool = False) -> Sequence[ChangeView]:
        """Of the newest version and of the published one, in course order; `decided` gives those of the past too."""
        async with self._gate.reading(viewer, Permission.COURSE_READ) as work:
            course = await work.get(Course, course_id)
            found: list[ChangeView] = []
            for version in await _versions(work, course):
                found += await _changes(work, version, decided=decided)
            return found

    async def dismiss(self, viewer: Viewer, change_id: UUID, reason: str) -> None:
        """The block may stay as it is; the reason stands in the audit trail."""
        because = fields.text('reason', reason, limit=2000)
        if not because:
            fault = 'Say why the block may stay as it is.'
            raise InvalidInput(fault, fields={'reason': fault})
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            change = await work.get(SourceChange, change_id, lock=True)
            await _decide(work, change, rows.OPEN, rows.DISMISSED, because)
            work.record('source_change.dismissed', change, after={'quote': change.quote[:200]}, because=because)

    async def take_up_again(self, viewer: Viewer, change_id: UUID) -> None:
        """Undoes a dismissal."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            change = await work.get(SourceChange, change_id, lock=True)
            await _decide(work, change, rows.DISMISSED, rows.OPEN, '')
            work.record('source_change.taken_up_again', change)

    async def next_version(self, viewer: Viewer, course_id: UUID) -> NextVersion:
        """A draft made from the published version, with a proposal for every block whose source changed.

        What nobody changes keeps its approval; the rest is reviewed as ever."""
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            course = await work.get(Course, course_id, lock=True)
            newest = (await newest_versions(work.scope, [course_id])).get(course_id)
            if newest is None or newest.state != PUBLISHED:
                raise NoNextVersion('The next version is being made already. Open it in the studio.')
            copied = await copy_version(work, course, newest)
            proposals = await self._carry_over(work, copied.blocks)
            work.record('course.next_version', course, after={'version': copied.version.number})
            work.changed(f'course:{course.id}', f'courses:{work.scope.organization_id}')
            return NextVersion(
                version_id=copied.version.id,
                workflow_id=copied.workflow.id,
                number=copied.version.number,
                proposals=proposals,
            )

    @staticmethod
    async def _carry_over(work: Work, blocks: Sequence[Block]) -> int:
        """Looks at every source of the copy that has a newer version, as if that had just been indexed."""
        by_id = {block.id: block for block in blocks}
        cited = await rows.sources_of_replaced(work.scope, list(by_id))
        by_document: defaultdict[UUID, list[tuple[Block, BlockSource]]] = defaultdict(list)
        for source, newest_id in cited:
            by_document[newest_id].append((by_id[source.block_id], source))
        proposals = 0
        for document_id, found in by_document.items():
            document = await work.get(Document, document_id)
            pages = await rows.page_texts(work.scope, document_id)
            fates = await asyncio.to_thread(
                lambda found=found, pages=pages: [fate_of(quoted_in(source), pages) for _, source in found]  # type: ignore[misc]
            )
            of_block: defaultdict[UUID, list[Cited]] = defaultdict(list)
            for (block, source), fate in zip(found, fates, strict=True):
                of_block[block.id].append(Cited(source, fate))
            for block_id, some in of_block.items():
                await mark_block(work, document, by_id[block_id], some, is_open=True)
        await work.tx.flush()
        if blocks:
            changes = await rows.changes_of_version(work.scope, blocks[0].version_id)
            proposals = len({change.proposal_id for change in changes if change.proposal_id})
        return proposals


async def _versions(work: Work, course: Course) -> list[CourseVersion]:
    newest = (await newest_versions(work.scope, [course.id])).get(course.id)
    found = [newest] if newest else []
    if course.published_version_id and (newest is None or newest.id != course.published_version_id):
        found.append(await work.get(CourseVersion, course.published_version_id))
    return found


async def _changes(work: Work, version: CourseVersion, *, decided: bool) -> list[ChangeView]:
    changes = await rows.changes_of_version(work.scope, version.id, status=None if decided else rows.OPEN)
    if not changes:
        return []
    places = {
        block.id: (place, lesson)
        for place, (lesson, block) in enumerate(
            (lesson, block)
            for module in await modules_of(work, version.id, block_view)
            for lesson in module.lessons
            for block in lesson.blocks
        )
    }
    here = [change for change in changes if change.block_id in places]
    return [
        ChangeView(
            id=change.id,
            block_id=change.block_id,
            lesson_id=places[change.block_id][1].id,
            lesson=f'{places[change.block_id][1].number} {places[change.block_id][1].title}',
            version=version.number,
            kind=change.kind,
            document_id=change.document_id,
            new_document_id=change.new_document_id,
            document_name=change.document_name,
            page=change.page,
            quote=change.quote,
            new_page=change.new_page,
            new_text=change.new_text,
            advice=change.advice,
            proposal_id=change.proposal_id,
            status=change.status,
            reason=change.reason,
            decider=change.decider,
            found_at=change.created_at,
        )
        for change in sorted(here, key=lambda one: (places[one.block_id][0], one.created_at))
    ]


async def _decide(work: Work, change: SourceChange, was: str, becomes: str, reason: str) -> None:
    decision = {
        'status': becomes,
        'reason': reason,
        'decided_by': work.viewer.user_id,
        'decider': work.viewer.full_name,
        'decided_at': now(),
    }
    if not await rows.decide_change_once(work.scope, change.id, was, **decision):
        raise ChangeDecided('{name} decided about this already.', name=change.decider or 'Somebody')
    version = await work.get(CourseVersion, change.version_id)
    work.changed(f'course:{version.course_id}')

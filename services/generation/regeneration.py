"""Blocks written again by instruction, and new ones for a lesson: asked for here, written as durable work.

What comes back is a proposal. It is applied at once where the block still says what it said, since a person asked for
it; it can be undone, and the block waits for approval again. Otherwise it stays open, with the difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services import fields
from services.clock import now
from services.durable import Durable
from services.errors import Conflict, InvalidInput
from services.generation.blocks import BlockChanged, VersionIsPublished, open_block
from services.limits import GENERATE
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import courses
from storage import generated as rows
from storage.courses import Block, CourseVersion, Lesson
from storage.generated import Regeneration
from storage.proposals import Proposal
from storage.workflows import Workflow

KIND = 'regeneration'
NewType = Literal['text', 'slide', 'question', 'lab']
NEW_TYPES = ('text', 'slide', 'question', 'lab')
_LONGEST = 1000


class BeingWritten(Conflict):
    code = 'being_written'


@dataclass(frozen=True, kw_only=True)
class RegenerationView:
    """`status`: queued, running, ready, unchanged (`answer` says why), failed (`error` says why).

    `applied`: the block says it by now; otherwise the proposal waits for a decision. `block_id` is None until a new
    block is there."""

    id: UUID
    block_id: UUID | None
    lesson_id: UUID
    instruction: str
    type: str
    status: str
    proposal_id: UUID | None
    applied: bool
    answer: str
    error: str | None
    asker_id: UUID
    asker: str
    asked_at: datetime
    finished_at: datetime | None

    @property
    def is_running(self) -> bool:
        return self.status in (rows.QUEUED, rows.RUNNING)


class RegenerationService:
    def __init__(self, gate: Gate, durable: Durable) -> None:
        self._gate = gate
        self._durable = durable

    async def ask(self, viewer: Viewer, block_id: UUID, shown_hash: str, instruction: str) -> RegenerationView:
        """Begins to write the block again; it is refused if the block says something else than was shown."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            return await view(work, await self._begin(work, block_id, shown_hash, _checked(instruction)))

    async def ask_lesson(
        self, viewer: Viewer, lesson_id: UUID, shown: Mapping[UUID, str], instruction: str
    ) -> list[RegenerationView]:
        """The same for several blocks of a lesson (block id -> hash): all begin, or none."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            words = _checked(instruction)
            if not shown:
                raise InvalidInput('Say which blocks of the lesson are to be written again.')
            lesson = await work.get(Lesson, lesson_id)
            own = {block.id for block in await courses.blocks(work.scope, lesson.version_id, lesson_id=lesson.id)}
            if not set(shown) <= own:
                raise BlockChanged('This lesson changed while you read it. Look at it again.')
            return [await view(work, await self._begin(work, key, shown[key], words)) for key in shown]

    async def add(self, viewer: Viewer, lesson_id: UUID, type: str, instruction: str = '') -> RegenerationView:
        """Begins to write one more block for the lesson, of this type; it comes at the lesson's end."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            if type not in NEW_TYPES:
                fault = f'Choose one of {", ".join(NEW_TYPES)}.'
                raise InvalidInput(fault, fields={'type': fault})
            words = fields.text('instruction', instruction, limit=_LONGEST)
            await self._gate.limits.spend(GENERATE, str(work.viewer.user_id))
            lesson = await work.get(Lesson, lesson_id)
            version = await work.get(CourseVersion, lesson.version_id)
            if version.state != courses.DRAFT:
                raise VersionIsPublished('Version {number} is finished and stays as it is.', number=version.number)
            row = work.add(
                Regeneration(
                    version_id=version.id,
                    lesson_id=lesson.id,
                    type=type,
                    instruction=words,
                    asked_by=work.viewer.user_id,
                    asker=work.viewer.full_name,
                )
            )
            await self._start(work, row)
            return await view(work, row)

    async def get(self, viewer: Viewer, regeneration_id: UUID) -> RegenerationView:
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            return await view(work, await work.get(Regeneration, regeneration_id))

    async def waiting(self, viewer: Viewer, workflow_id: UUID) -> list[RegenerationView]:
        """What is being written in the draft, and what ended without a change and nobody has read yet."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            return [await view(work, row) for row in await rows.regenerations(work.scope, workflow.version_id)]

    async def again(self, viewer: Viewer, regeneration_id: UUID) -> RegenerationView:
        """Tries one that failed once more."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            row = await work.get(Regeneration, regeneration_id, lock=True)
            if row.status != rows.FAILED:
                raise BeingWritten('This did not fail. Look at the block as it is now.')
            if row.block_id is not None:
                row.base_hash = (await open_block(work, row.block_id)).content_hash
            await self._gate.limits.spend(GENERATE, str(work.viewer.user_id))
            row.status, row.error, row.finished_at, row.run = rows.QUEUED, None, None, row.run + 1
            row.asked_by, row.asker = work.viewer.user_id, work.viewer.full_name
            await self._start(work, row)
            return await view(work, row)

    async def dismiss(self, viewer: Viewer, regeneration_id: UUID) -> None:
        """Somebody has read how it ended; it is shown no longer."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            row = await work.get(Regeneration, regeneration_id, lock=True)
            row.seen_at = now()
            work.tx.add(row)
            await tell(work, row)

    async def _begin(self, work: Work, block_id: UUID, shown_hash: str, instruction: str) -> Regeneration:
        await self._gate.limits.spend(GENERATE, str(work.viewer.user_id))
        block = await open_block(work, block_id)
        if block.content_hash != shown_hash:
            raise BlockChanged('This block changed while you read it. Look at the difference, then ask again.')
        if await rows.running_of_block(work.scope, block.id) is not None:
            raise BeingWritten('This block is being written again already. Wait until that is done.')
        row = work.add(
            Regeneration(
                version_id=block.version_id,
                lesson_id=block.lesson_id,
                block_id=block.id,
                instruction=instruction,
                base_hash=block.content_hash,
                asked_by=work.viewer.user_id,
                asker=work.viewer.full_name,
            )
        )
        await self._start(work, row)
        return row

    async def _start(self, work: Work, row: Regeneration) -> None:
        await work.tx.flush()
        await tell(work, row)
        organization_id, row_id, run = work.scope.organization_id, row.id, row.run
        work.then(lambda: self._durable.start(KIND, organization_id, row_id, run))


async def tell(work: Work, row: Regeneration) -> None:
    """Whoever looks at the draft looks again."""
    work.changed(f'regeneration:{row.id}')
    statement = work.scope.rows(Workflow).where(Workflow.version_id == row.version_id)
    workflow = (await work.tx.exec(statement)).first()
    if workflow is not None:
        work.changed(f'workflow:{workflow.id}')


async def view(work: Work, row: Regeneration) -> RegenerationView:
    block = None if row.block_id is None else await work.scope.find(Block, row.block_id)
    proposal = None if row.proposal_id is None else await work.get(Proposal, row.proposal_id)
    return RegenerationView(
        id=row.id,
        block_id=row.block_id,
        lesson_id=row.lesson_id,
        instruction=row.instruction,
        type=row.type or (block.type if block else ''),
        status=row.status,
        proposal_id=row.proposal_id,
        applied=proposal.status == 'accepted' if proposal else row.status == rows.READY,
        answer=row.answer,
        error=row.error,
        asker_id=row.asked_by,
        asker=row.asker,
        asked_at=row.created_at,
        finished_at=row.finished_at,
    )


def _checked(instruction: str) -> str:
    words = fields.text('instruction', instruction, limit=_LONGEST)
    if not words:
        fault = 'Say what should be different: “shorter”, “harder distractors”, or in your own words.'
        raise InvalidInput(fault, fields={'instruction': fault})
    return words

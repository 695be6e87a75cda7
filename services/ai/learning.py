"""What later drafts learn from: approved blocks, listed, taken out, taken in again, or the whole switched off."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.generation.examples import in_words
from services.viewer import Permission, Viewer
from services.work import Gate
from storage import learning as rows
from storage.ai_budget import UnlearnedBlock, policy_of, unlearned_block
from storage.courses import Block


@dataclass(frozen=True, kw_only=True)
class LearnedView:
    """`excerpt` is the beginning of what it says; `forgotten`: models are not shown it."""

    block_id: UUID
    type: str
    lesson: str
    course: str
    course_id: UUID
    excerpt: str
    approver: str
    approved_at: datetime | None
    forgotten: bool


class LearningService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def learned(self, viewer: Viewer, *, limit: int = 50, offset: int = 0) -> tuple[list[LearnedView], int]:
        """Every approved block, the latest approval first, the forgotten ones too."""
        async with self._gate.reading(viewer, Permission.ORGANIZATION_MANAGE) as work:
            found, total = await rows.approved(work.scope, with_forgotten=True, limit=limit, offset=offset)
            return [
                LearnedView(
                    block_id=one.block.id,
                    type=one.block.type,
                    lesson=one.lesson,
                    course=one.course,
                    course_id=one.course_id,
                    excerpt=in_words(one.block),
                    approver=one.block.approver,
                    approved_at=one.block.approved_at,
                    forgotten=one.forgotten,
                )
                for one in found
            ], total

    async def forget(self, viewer: Viewer, block_id: UUID) -> None:
        """Later drafts do not see this block any more; it stays approved."""
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            block = await work.get(Block, block_id)
            if await unlearned_block(work.scope, block_id) is None:
                work.add(UnlearnedBlock(block_id=block_id, by=work.viewer.full_name))
                work.record('block.unlearned', block)
                work.changed(f'ai:{work.scope.organization_id}')

    async def remember(self, viewer: Viewer, block_id: UUID) -> None:
        """Takes `forget` back."""
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            block = await work.get(Block, block_id)
            row = await unlearned_block(work.scope, block_id)
            if row is not None:
                await work.tx.delete(row)
                work.record('block.learned', block)
                work.changed(f'ai:{work.scope.organization_id}')

    async def switch(self, viewer: Viewer, *, enabled: bool) -> None:
        """Whether drafts learn from approvals at all; what is forgotten stays so."""
        async with self._gate.writing(viewer, Permission.ORGANIZATION_MANAGE) as work:
            policy = await policy_of(work.scope)
            work.add(policy)
            before = {'learns': policy.learns}
            policy.learns = enabled
            work.record('ai_policy.changed', policy, before=before, after={'learns': enabled})
            work.changed(f'ai:{work.scope.organization_id}')

"""Changes to blocks that must happen at once or not at all."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col

from storage.courses import APPROVED, Block, BlockSource
from storage.database import Scope
from storage.documents import DocumentChunk


async def approve_once(scope: Scope, block_id: UUID, shown_hash: str, **approval: Any) -> bool:
    """False where the block is approved already or says something else by now."""
    statement = (
        update(Block)
        .where(
            col(Block.organization_id) == scope.organization_id,
            col(Block.id) == block_id,
            col(Block.content_hash) == shown_hash,
            col(Block.review_state) != APPROVED,
        )
        .values(review_state=APPROVED, approved_hash=shown_hash, **approval)
        .execution_options(synchronize_session=False)
    )
    return (await scope.tx.exec(statement)).rowcount == 1


async def clear_sources(scope: Scope, block_id: UUID) -> None:
    await scope.tx.exec(
        delete(BlockSource).where(
            col(BlockSource.organization_id) == scope.organization_id, col(BlockSource.block_id) == block_id
        )
    )


async def chunks_by_id(scope: Scope, ids: Collection[UUID]) -> Sequence[DocumentChunk]:
    return (await scope.tx.exec(scope.rows(DocumentChunk).where(col(DocumentChunk.id).in_(ids)))).all()

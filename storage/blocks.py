"""What blocks rest on."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from storage.courses import BlockSource
from storage.database import Scope
from storage.documents import DocumentChunk


async def clear_sources(scope: Scope, block_id: UUID) -> None:
    await scope.tx.exec(
        delete(BlockSource).where(
            col(BlockSource.organization_id) == scope.organization_id, col(BlockSource.block_id) == block_id
        )
    )


async def chunks_by_id(scope: Scope, ids: Collection[UUID]) -> Sequence[DocumentChunk]:
    return (await scope.tx.exec(scope.rows(DocumentChunk).where(col(DocumentChunk.id).in_(ids)))).all()

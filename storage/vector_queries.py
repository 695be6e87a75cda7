"""What a search in the table of passages asks for, and what comes back."""

from collections.abc import Collection
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

SET_ASIDE = 'set_aside'
"""The collection of passages that are found only where their document is named: those of replaced versions."""


def scoped(
    query: Any,
    collection: str | None,
    document_ids: Collection[UUID] | None,
    without: Collection[UUID] = (),
    *,
    pages_only: bool = False,
) -> Any:
    """Filters are expressions with literals, never text that a value could break out of."""
    wanted = [equals('collection', collection)] if collection is not None else []
    if document_ids is not None:
        wanted.append(_among(document_ids))
    elif collection is None:
        wanted.append(~equals('collection', SET_ASIDE))
    if without:
        wanted.append(~_among(without))
    if pages_only:
        wanted.append(_on_a_page())
    return query.where(reduce(and_, wanted)) if wanted else query


def _among(document_ids: Collection[UUID]) -> Any:
    from lancedb.expr import col, lit

    return col('document_id').isin([lit(str(as_uuid(document_id))) for document_id in document_ids])


def _on_a_page() -> Any:
    from lancedb.expr import col, lit

    return col('page') > lit(0)


def equals(column: str, value: str) -> Any:
    from lancedb.expr import col, lit

    return col(column) == lit(value)


async def rows_of(query: Any) -> list[dict[str, Any]]:
    """The vectors stay rows of one array: as Python's own numbers they would cost more than the search."""
    columns = await query.to_arrow()
    dimensions = columns.schema.field('vector').type.list_size
    vectors = columns['vector'].combine_chunks().flatten().to_numpy().reshape(len(columns), dimensions)
    rows: list[dict[str, Any]] = columns.drop_columns(['vector']).to_pylist()
    return [row | {'vector': vector} for row, vector in zip(rows, vectors, strict=True)]


def reach(limit: int) -> int:
    """Each ranking goes deeper than the answer, so that a passage good in both can win."""
    return min(max(4 * limit, 20), 1_000)


def as_uuid(value: UUID) -> UUID:
    """Also in a program that does not keep to the types, nothing but a UUID becomes a path or a filter."""
    return UUID(str(value))

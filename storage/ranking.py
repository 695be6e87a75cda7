"""Which of the passages found by meaning and by word come first, and how good they are."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Hit:
    """`score` is the cosine of query and passage, raised by up to a third of what is missing to 1 for shared words.

    So 1 is “says exactly this”, above 0.5 mostly answers the query, and below 0.2 has little to do with it.
    `learned` is the part of the score that comes from what people said of the passage.
    """

    chunk_id: UUID
    document_id: UUID
    page: int
    start: int
    end: int
    heading: str
    text: str
    score: float
    learned: float = 0.0


def fused(*rankings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Reciprocal rank fusion: what several rankings put high comes first, whatever their scores mean."""
    weights: dict[str, float] = {}
    rows: dict[str, dict[str, Any]] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking):
            rows.setdefault(row['chunk_id'], row)
            weights[row['chunk_id']] = weights.get(row['chunk_id'], 0.0) + 1 / (_RRF + rank + 1)
    return [rows[chunk_id] for chunk_id in sorted(weights, key=lambda chunk_id: -weights[chunk_id])]


def hit_of(row: dict[str, Any], text: str, vector: list[float]) -> Hit:
    cosine = min(1.0, max(0.0, float(row['vector'] @ vector)))
    shared = _share_of_words(text, f'{row["heading"]} {row["text"]}')
    return Hit(
        chunk_id=UUID(row['chunk_id']),
        document_id=UUID(row['document_id']),
        page=row['page'],
        start=row['start'],
        end=row['stop'],
        heading=row['heading'],
        text=row['text'],
        score=cosine + (1 - cosine) * shared / 3,
    )


def _share_of_words(query: str, text: str) -> float:
    """How many of the query's longer words, or those with digits, the text has: 0 to 1."""
    wanted = {word.lower() for word in words_of(query) if len(word) > 3 or not word.isalpha()}
    return len(wanted & {word.lower() for word in _WORDS.findall(text)}) / len(wanted) if wanted else 0.0


def words_of(query: str) -> list[str]:
    """Its words without any sign that a query language could understand; a long query is cut."""
    return _WORDS.findall(query)[:_MOST_WORDS]


_WORDS = re.compile(r'\w+')
_MOST_WORDS = 64
# Of the original paper (Cormack, Clarke and Büttcher, 2009): how much a first place counts over a tenth.
_RRF = 60

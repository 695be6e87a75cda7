"""Approved blocks as examples of how an organisation writes, for authors that ask a model.

Few, the most like what is to be written, never another organisation's; marked as data, and no source of facts.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from uuid import UUID

from services.generation.authors.base import Author, Brief
from services.generation.authors.offline.words import stems
from services.generation.drafts import LessonPlan
from services.work import Gate
from storage.ai_budget import policy_of
from storage.courses import Block
from storage.database import Scope
from storage.learning import approved

_EXTRACTIVE = 'offline'
_TAG = re.compile(r'<[^>]+>')
_LOOKED_AT, MOST, _SHOWN = 200, 6, 120
_LONGEST = 900  # characters of one example


@dataclass(frozen=True, kw_only=True)
class Example:
    """`text` is the block's content as JSON."""

    block_id: UUID
    lesson: str
    type: str
    text: str


async def taught(gate: Gate, organization_id: UUID, author: Author, brief: Brief, plan: LessonPlan) -> Brief:
    """The brief with examples for this lesson; as it is where nothing was approved, or learning is switched off."""
    if author.provider == _EXTRACTIVE:
        return brief
    async with gate.database.reading() as tx:
        scope = Scope(tx, organization_id)
        if not (await policy_of(scope)).learns:
            return brief
        found, _ = await approved(scope, with_forgotten=False, limit=_LOOKED_AT)
    known = [example_of(one.block, one.lesson) for one in found]
    wanted = ' '.join([plan.title, *plan.objectives])
    chosen = await asyncio.to_thread(nearest, known, wanted, brief.language)
    return replace(brief, examples=tuple((one.type, one.lesson, one.text) for one in chosen))


def nearest(known: Sequence[Example], wanted: str, language: str) -> list[Example]:
    """The most alike first, the best of each lesson before the second best of any; what says the same, once."""
    sought = stems(wanted, language)
    ranked = sorted(range(len(known)), key=lambda place: (-len(sought & stems(known[place].text, language)), place))
    rounds: dict[str, int] = {}
    placed: list[tuple[int, int, Example]] = []
    said: set[str] = set()
    for order, place in enumerate(ranked):
        one = known[place]
        if one.text in said:
            continue
        said.add(one.text)
        rounds[one.lesson] = rounds.get(one.lesson, 0) + 1
        placed.append((rounds[one.lesson], order, one))
    return [one for _, _, one in sorted(placed, key=lambda row: row[:2])[:MOST]]


def in_words(block: Block) -> str:
    """The beginning of what it says, for people who look through the examples."""
    content = block.content
    said = (
        content.get('html')
        or content.get('prompt')
        or '. '.join([content.get('title', ''), *content.get('bullets', [])])
    )
    words = ' '.join(unescape(_TAG.sub(' ', str(said))).split())
    return words if len(words) <= _SHOWN else f'{words[:_SHOWN]}…'


def example_of(block: Block, lesson: str) -> Example:
    text = json.dumps(block.content, ensure_ascii=False)
    cut = text if len(text) <= _LONGEST else f'{text[:_LONGEST]}…'
    return Example(block_id=block.id, lesson=lesson, type=block.type, text=cut)

"""Who wrote a block, measured from its revisions: which of its words came from a model and which from people.

A person's words are those that differ from the last text of a model; words that a model kept stay whose they were.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from typing import Any

from services.work import Work
from storage import courses as rows
from storage.courses import AI, AI_HUMAN, HUMAN, Block

# From here on it is a person's text in which some words of the model are left.
MOSTLY_HUMAN = 0.9
_LONG = 2_000  # words; what is longer is compared beside the event loop
_WORD, _TAG = re.compile(r'\w+'), re.compile(r'<[^>]+>')


@dataclass(frozen=True, kw_only=True)
class Measured:
    """`human_share` of the words, 0 to 1; `origin` as the contract names it."""

    origin: str
    human_share: float


@dataclass(frozen=True, kw_only=True)
class Said:
    """One revision: its words, and whether a model wrote it."""

    words: tuple[str, ...]
    by_model: bool


async def measure(work: Work, block: Block, content: dict[str, Any], *, by_model: bool) -> Measured:
    """Of the block if it says `content` next, by the viewer or by a model."""
    earlier = [
        Said(words=words_of(revision.content), by_model=revision.author_id is None)
        for revision in await rows.revisions(work.scope, block.id)
    ]
    said = [*earlier, Said(words=words_of(content), by_model=by_model)]
    if sum(len(one.words) for one in said) > _LONG:
        return await asyncio.to_thread(measured, said)
    return measured(said)


def measured(said: Sequence[Said]) -> Measured:
    """Of the last of these revisions, oldest first."""
    owners = _owners(said)
    human = sum(owners)
    share = human / len(owners) if owners else float(not said[-1].by_model)
    if share >= MOSTLY_HUMAN:
        return Measured(origin=HUMAN, human_share=share)
    return Measured(origin=AI_HUMAN if human or _touched(said) else AI, human_share=share)


def words_of(content: Any) -> tuple[str, ...]:
    """What a reader reads, in the order in which it is stored; marks, spaces and ids do not count."""
    if isinstance(content, str):
        return tuple(_WORD.findall(unescape(_TAG.sub(' ', content)).casefold()))
    if isinstance(content, list):
        return tuple(word for one in content for word in words_of(one))
    if isinstance(content, dict):
        kept = (value for name, value in sorted(content.items()) if name not in ('id', 'kind'))
        return tuple(word for value in kept for word in words_of(value))
    return (str(content).casefold(),) if isinstance(content, bool) else ()


def _owners(said: Sequence[Said]) -> list[bool]:
    """Of each word of the last revision: whether a person wrote it."""
    last = said[-1]
    if last.words:  # an undone change: what was said before belongs to whom it belonged then
        for place in range(len(said) - 2, -1, -1):
            if said[place].words == last.words:
                return _owners(said[: place + 1])
    if last.by_model:
        base = said[:-1]
    else:
        newest = max((place for place, one in enumerate(said) if one.by_model), default=-1)
        base = said[: newest + 1]
    owners = [not last.by_model] * len(last.words)
    if base:
        before = _owners(base)
        matcher = SequenceMatcher(None, base[-1].words, last.words, autojunk=False)
        for start, there, length in matcher.get_matching_blocks():
            owners[there : there + length] = before[start : start + length]
    return owners


def _touched(said: Sequence[Said]) -> bool:
    """Whether a person took words away, or moved them, since a model wrote last."""
    newest = max((place for place, one in enumerate(said) if one.by_model), default=-1)
    return newest < 0 or said[newest].words != said[-1].words

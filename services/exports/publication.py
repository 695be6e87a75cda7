import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class PublishedSource:
    """Words of a document that a block rests on; start and end count characters in that page's text."""

    document_id: UUID
    document_name: str
    page: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, kw_only=True)
class PublishedBlock:
    """`origin` is 'ai', 'ai_human' or 'human'; `own_words` are sentences that a person stands for themselves, an empty
    one stands for all of it."""

    id: UUID
    type: str
    content: dict[str, Any]
    origin: str
    approved_by: str
    sources: tuple[PublishedSource, ...]
    own_words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PublishedLesson:
    id: UUID
    title: str
    objectives: tuple[str, ...]
    minutes: int
    blocks: tuple[PublishedBlock, ...]


@dataclass(frozen=True, kw_only=True)
class PublishedModule:
    id: UUID
    title: str
    objectives: tuple[str, ...]
    minutes: int
    lessons: tuple[PublishedLesson, ...]


@dataclass(frozen=True, kw_only=True)
class PublishedImage:
    """An uploaded image the lessons show, as a file on this machine."""

    file_id: UUID
    path: Path
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Publication:
    """One immutable version of a course with everything an export may show. Exports read nothing else."""

    course_id: UUID
    title: str
    summary: str
    language: str
    version: str
    published_at: datetime
    organization: str
    authors: tuple[str, ...]
    approvers: tuple[str, ...]
    objectives: tuple[str, ...]
    modules: tuple[PublishedModule, ...]
    images: tuple[PublishedImage, ...]


@dataclass(frozen=True, kw_only=True)
class NumberedSource:
    number: int
    source: PublishedSource


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A lesson with its place in the course."""

    index: int
    number: str
    module: PublishedModule
    module_number: int
    lesson: PublishedLesson

    @property
    def sources(self) -> tuple[NumberedSource, ...]:
        """The lesson's sources from 1, in order of first use; the same words cited twice keep their number."""
        unique = dict.fromkeys(source for block in self.lesson.blocks for source in block.sources)
        return tuple(NumberedSource(number=number, source=source) for number, source in enumerate(unique, 1))

    def sources_of(self, block: PublishedBlock) -> tuple[NumberedSource, ...]:
        cited = set(block.sources)
        return tuple(numbered for numbered in self.sources if numbered.source in cited)


def chapters(publication: Publication) -> tuple[Chapter, ...]:
    """All lessons in reading order, numbered '2.3' for the third lesson of the second module."""
    return tuple(_chapters(publication))


def module_minutes(module: PublishedModule) -> int:
    """What the lessons add up to, or what the module itself says while they say nothing."""
    return sum(lesson.minutes for lesson in module.lessons) or module.minutes


def course_minutes(publication: Publication) -> int:
    return sum(module_minutes(module) for module in publication.modules)


def all_sources(publication: Publication) -> tuple[PublishedSource, ...]:
    """Every source of the course once, in order of first use: the ledger's numbering."""
    blocks = (block for chapter in chapters(publication) for block in chapter.lesson.blocks)
    return tuple(dict.fromkeys(source for block in blocks for source in block.sources))


def documents(publication: Publication) -> tuple[tuple[str, int], ...]:
    """(name, number of quoted spans) of each document the course rests on, most quoted first."""
    counted: dict[UUID, tuple[str, int]] = {}
    for source in all_sources(publication):
        name, count = counted.get(source.document_id, (source.document_name, 0))
        counted[source.document_id] = name, count + 1
    return tuple(sorted(counted.values(), key=lambda entry: (-entry[1], entry[0])))


def origin_shares(publication: Publication) -> dict[str, int]:
    """Number of blocks per origin."""
    shares = {'ai': 0, 'ai_human': 0, 'human': 0}
    for chapter in chapters(publication):
        for block in chapter.lesson.blocks:
            shares[block.origin] = shares.get(block.origin, 0) + 1
    return shares


def questions(lesson: PublishedLesson) -> Sequence[PublishedBlock]:
    return [block for block in lesson.blocks if block.type == 'question']


def ruler_widths(publication: Publication) -> list[int]:
    """Minutes per lesson, at least one each, so that no lesson disappears from the ruler."""
    return [max(1, math.ceil(chapter.lesson.minutes)) for chapter in chapters(publication)]


def _chapters(publication: Publication) -> Iterator[Chapter]:
    index = 0
    for module_number, module in enumerate(publication.modules, 1):
        for lesson_number, lesson in enumerate(module.lessons, 1):
            yield Chapter(
                index=index,
                number=f'{module_number}.{lesson_number}',
                module=module,
                module_number=module_number,
                lesson=lesson,
            )
            index += 1

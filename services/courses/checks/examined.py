"""A version as rules see it: everything is read before, so that they are plain functions over values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from services.courses.checks.findings import RED, Finding
from services.courses.checks.words import Sentence, pieces, plain, quoted_sentences, sentences
from services.courses.views import BlockView, LessonView
from services.richtext import plain_text

Pages = Mapping[tuple[UUID, int], str]
EXCERPT = 160


@dataclass(frozen=True, kw_only=True)
class Link:
    """How an address answered: live, dead, refused (by our own walls) or silent; `why` is a sentence."""

    state: str
    why: str = ''


@dataclass(frozen=True, kw_only=True)
class ChangedSource:
    """Words of a source that a newer version does not have (kind: changed, gone or removed)."""

    block_id: UUID
    kind: str
    document: str
    page: int
    quote: str
    new_text: str


@dataclass(frozen=True, kw_only=True)
class Own:
    """Sentences (in their plain form) that a person marked as their own words; `whole`: all of the block."""

    whole: bool = False
    sentences: frozenset[str] = frozenset()

    def holds(self, sentence: Sentence) -> bool:
        return self.whole or sentence.plain in self.sentences


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What stands outside of the version: pages that it cites, links, files, marks of its authors."""

    pages: Pages = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    internal: frozenset[str] = frozenset()  # ids of what internal links and images may point to
    own: Mapping[UUID, Own] = field(default_factory=dict)
    documents: Mapping[UUID, str] = field(default_factory=dict)  # id -> 'here' or 'removed'
    changed: tuple[ChangedSource, ...] = ()
    settled: frozenset[tuple[UUID, UUID]] = frozenset()  # (block, document): somebody said why it may stay
    hours: float | None = None
    language: str = 'en'


@dataclass(frozen=True)
class Block:
    """A block with its place."""

    view: BlockView
    lesson: LessonView
    language: str

    @property
    def id(self) -> UUID:
        return self.view.id

    @property
    def type(self) -> str:
        return self.view.type

    @property
    def content(self) -> dict[str, Any]:
        return self.view.content

    @property
    def quotes(self) -> list[str]:
        return [source.quote for source in self.view.sources]

    @cached_property
    def quoted(self) -> list[Sentence]:
        return list(quoted_sentences(self.quotes, self.language))

    @cached_property
    def quoted_words(self) -> str:
        return plain(' '.join(self.quotes))

    @cached_property
    def quoted_stems(self) -> frozenset[str]:
        return frozenset().union(*(one.stems for one in self.quoted)) if self.quoted else frozenset()

    @cached_property
    def texts(self) -> list[str]:
        """What it says, part by part."""
        content = self.content
        if self.type == 'text':
            return list(pieces(str(content.get('html', ''))).texts)
        if self.type == 'slide':
            return [*content.get('bullets', []), str(content.get('notes', ''))]
        if self.type == 'question':
            answers = [option['text'] for option in content.get('options', [])] + content.get('accepted', [])
            return [str(content.get('prompt', '')), *answers, str(content.get('explanation', ''))]
        return [plain_text(str(value)) for value in content.values() if isinstance(value, str)]

    @cached_property
    def sentences(self) -> list[Sentence]:
        return [one for text in self.texts for one in sentences(text, self.language)]

    @cached_property
    def stems(self) -> frozenset[str]:
        heading = [one.text for one in pieces(str(self.content.get('html', ''))).headings]
        titles = [str(self.content.get('title', '')), *heading]
        every = [*self.sentences, *(one for title in titles for one in sentences(title, self.language))]
        return frozenset().union(*(one.stems for one in every)) if every else frozenset()

    def finding(self, code: str, message: str, *, severity: str = RED, **details: Any) -> Finding:
        details.setdefault('excerpt', excerpt(self.view))
        return Finding(code=code, message=message, severity=severity, block_id=self.id, **where(self.lesson), **details)


@dataclass(frozen=True, kw_only=True)
class Examined:
    """A version and its surroundings."""

    state: str
    objectives: tuple[str, ...]
    lessons: tuple[LessonView, ...]
    around: Surroundings

    @cached_property
    def language(self) -> str:
        return self.around.language.split('-')[0].lower()

    @cached_property
    def blocks(self) -> list[Block]:
        return [Block(block, lesson, self.language) for lesson in self.lessons for block in lesson.blocks]

    @cached_property
    def questions(self) -> list[Block]:
        return [block for block in self.blocks if block.type == 'question']

    def of(self, lesson: LessonView) -> Iterator[Block]:
        return (block for block in self.blocks if block.lesson is lesson)


def where(lesson: LessonView) -> dict[str, Any]:
    return {'lesson_id': lesson.id, 'lesson': f'{lesson.number} {lesson.title}'}


def excerpt(block: BlockView) -> str:
    """The first words of a block, to tell it by."""
    content = block.content
    words = plain_text(content.get('html', '')) or content.get('title') or content.get('prompt') or ''
    return ' '.join(str(words).split())[:EXCERPT]

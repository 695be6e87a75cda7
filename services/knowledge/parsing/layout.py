"""From blocks of text to pages and sections, the same way for every format."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from services.knowledge.language import sentences
from services.knowledge.parsing.document import ParsedPage, Section
from services.knowledge.parsing.errors import DocumentTooLarge
from services.knowledge.parsing.limits import MAX_CHARACTERS, MAX_PAGES

PAGE_CHARACTERS = 3_000
"""About one printed page, for formats that have none."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """A paragraph, a heading (`level` 1 to 6), or a list item or table row: these have no blank line between them."""

    text: str
    level: int = 0
    kind: Literal['text', 'item', 'row'] = 'text'
    new_page: bool = False


class Pages:
    """Collects blocks page by page, and refuses a document that has too much of them."""

    def __init__(self, name: str) -> None:
        self.pages: list[ParsedPage] = []
        self.sections: list[Section] = []
        self._name = name
        self._characters = 0

    def add(self, blocks: Iterable[Block]) -> None:
        """One page of exactly these blocks."""
        number = len(self.pages) + 1
        if number > MAX_PAGES:
            raise DocumentTooLarge(
                '“{name}” has more than {limit} pages. Split it into parts and add them one by one.',
                name=self._name,
                limit=MAX_PAGES,
            )
        parts: list[str] = []
        length = 0
        previous: Block | None = None
        for block in blocks:
            if previous is not None:
                separator = '\n' if block.kind == previous.kind != 'text' else '\n\n'
                parts.append(separator)
                length += len(separator)
            if block.level:
                self.sections.append(
                    Section(title=block.text.replace('\n', ' '), level=min(block.level, 6), page=number, start=length)
                )
            parts.append(block.text)
            length += len(block.text)
            previous = block
        self._characters += length
        if self._characters > MAX_CHARACTERS:
            raise too_long(self._name)
        self.pages.append(ParsedPage(number=number, text=''.join(parts)))

    def flow(self, blocks: Iterable[Block], *, breaks_only: bool = False) -> None:
        """Pages of about `PAGE_CHARACTERS`, cut before a heading or paragraph; or only where `new_page` says so."""
        page: list[Block] = []
        length = 0
        for block in _bounded(blocks):
            full = length + len(block.text) > PAGE_CHARACTERS or (block.level > 0 and length > PAGE_CHARACTERS * 0.6)
            if page and (block.new_page or (full and not breaks_only)):
                carried = [] if block.new_page else _headings_at_the_end(page)
                if len(carried) < len(page):
                    self.add(page[: len(page) - len(carried)])
                    page = carried
                    length = sum(len(kept.text) for kept in page)
            page.append(block)
            length += len(block.text)
        if page:
            self.add(page)


def too_long(name: str) -> DocumentTooLarge:
    return DocumentTooLarge(
        '“{name}” holds more text than can be read at once. Split it into parts and add them one by one.', name=name
    )


def _headings_at_the_end(page: list[Block]) -> list[Block]:
    """A heading goes to the next page with what it is the heading of."""
    count = 0
    while count < len(page) and page[-1 - count].level:
        count += 1
    return page[len(page) - count :]


def _bounded(blocks: Iterable[Block]) -> Iterator[Block]:
    """Cuts paragraphs of more than two pages at sentence ends, or anywhere if they have none."""
    for block in blocks:
        if len(block.text) <= 2 * PAGE_CHARACTERS:
            yield block
            continue
        first = True
        for piece in _pieces(block.text):
            yield replace(block, text=piece, new_page=block.new_page and first, level=block.level if first else 0)
            first = False


def _pieces(text: str) -> Iterator[str]:
    start = end = 0
    for sentence_start, sentence_end in sentences(text):
        if end > start and sentence_end - start > PAGE_CHARACTERS:
            yield text[start:end]
            start = sentence_start
        end = sentence_end
        while end - start > 2 * PAGE_CHARACTERS:
            cut = text.rfind(' ', start, start + PAGE_CHARACTERS)
            cut = cut if cut > start else start + PAGE_CHARACTERS
            yield text[start:cut]
            start = cut + 1 if text[cut] == ' ' else cut
    if start < end:
        yield text[start:end]

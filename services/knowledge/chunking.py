"""Pages cut into passages small enough to be found by their meaning and quoted as a source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.knowledge.language import sentences
from services.knowledge.parsing.document import ParsedDocument, ParsedPage, Section

TARGET_WORDS = 160
"""About 210 tokens of English prose; the embedding model reads 256 and ignores the rest."""

Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """`text` is exactly the characters `start` to `end` of the text of `page`; `heading` like “Fume hoods › Use”."""

    ordinal: int
    page: int
    start: int
    end: int
    text: str
    heading: str

    @property
    def for_embedding(self) -> str:
        """The text below its headings, which often name what the text then calls “it”."""
        missing = [part for part in self.heading.split(SEPARATOR) if part and not self.text.startswith(part)]
        return '\n'.join([SEPARATOR.join(missing), self.text]) if missing else self.text


SEPARATOR = ' › '


def chunks(document: ParsedDocument) -> list[Chunk]:
    """In reading order. A chunk begins and ends with a sentence, and never crosses a page or goes past a heading."""
    found: list[Chunk] = []
    headings = _Headings()
    for page in document.pages:
        sections = [section for section in document.sections if section.page == page.number]
        for stretch, opening in _stretches(page, sections):
            headings.open(opening)
            for start, end in _cut(page.text, stretch):
                found.append(
                    Chunk(
                        ordinal=len(found),
                        page=page.number,
                        start=start,
                        end=end,
                        text=page.text[start:end],
                        heading=headings.path,
                    )
                )
    return found


def sentence_chunks(text: str) -> list[str]:
    """Text that is no document's, such as a lesson's, in pieces of the same size."""
    return [text[start:end] for start, end in _cut(text, (0, len(text)))]


class _Headings:
    """The headings that are open at a place of the document, outermost first."""

    def __init__(self) -> None:
        self._open: list[Section] = []

    def open(self, sections: Sequence[Section]) -> None:
        for section in sections:
            while self._open and self._open[-1].level >= section.level:
                self._open.pop()
            self._open.append(section)

    @property
    def path(self) -> str:
        return SEPARATOR.join(section.title for section in self._open)


def _stretches(page: ParsedPage, sections: Sequence[Section]) -> Iterator[tuple[Span, list[Section]]]:
    """The page cut at its headings; headings with nothing between them stay together with what follows."""
    edges = sorted({0, len(page.text), *(section.start for section in sections)})
    begun: int | None = None
    opening: list[Section] = []
    for start, end in pairwise(edges):
        here = [section for section in sections if section.start == start]
        opening += here
        begun = start if begun is None else begun
        titles = max((len(section.title) for section in here), default=0)
        if page.text[start + titles : end].strip() or end == len(page.text):
            yield (begun, end), opening
            begun, opening = None, []


def _cut(text: str, stretch: Span) -> Iterator[Span]:
    """Spans of about `TARGET_WORDS`, all of nearly the same length, so that no crumb is left at the end."""
    start, end = stretch
    pieces = [
        piece for first, last in sentences(text[start:end]) for piece in _bounded(text, (start + first, start + last))
    ]
    if not pieces:
        return
    lengths = [_words(text[first:last]) for first, last in pieces]
    count = max(1, round(sum(lengths) / TARGET_WORDS))
    target = sum(lengths) / count
    begun, taken, made = pieces[0][0], 0, 0
    for place, ((_, last), length) in enumerate(zip(pieces, lengths, strict=True)):
        taken += length
        following = lengths[place + 1] if place + 1 < len(lengths) else 0
        if place + 1 == len(pieces) or (made < count - 1 and taken + following / 2 > target * (made + 1)):
            yield begun, last
            made += 1
            if place + 1 < len(pieces):
                begun = pieces[place + 1][0]


def _bounded(text: str, sentence: Span) -> Iterator[Span]:
    """A “sentence” without an end, like a table squeezed into a line, is cut between words."""
    start, end = sentence
    while end - start > _LONGEST:
        cut = text.rfind(' ', start + 1, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        yield start, cut
        start = cut + 1 if text[cut] == ' ' else cut
    if start < end:
        yield start, end


def _words(text: str) -> int:
    """Counted by characters where a script has no spaces: six make about one English word's worth of tokens."""
    return max(text.count(' ') + 1, len(text) // 12)


_LONGEST = 1_200

"""Reading passages: which sentences and lists they hold, and where each stands, verbatim."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from services.generation.authors.base import Passage
from services.generation.authors.offline import grammar, titles
from services.generation.authors.offline.context import is_about_the_document, needs_context, points_elsewhere
from services.generation.authors.offline.sentences import (
    asks,
    clean,
    front_matter,
    is_bare_list,
    is_code,
    is_contents,
    is_machine_written,
    is_title_page,
    is_usable,
    label_of,
    leans_on_a_reference,
    lines_of,
    paragraphs,
    sentence_spans,
)
from services.generation.authors.offline.words import language_of, rarity, stems

Kind = Literal['prose', 'item', 'lead', 'row']
Path = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """`text` is what is shown; `passage_text[start:end]` is what it was taken from, verbatim."""

    text: str
    passage: int
    start: int
    end: int
    section: Path
    paragraph: int
    ordinal: int
    kind: Kind
    standalone: bool  # can be shown and asked about by itself
    points: bool  # 'as the table shows': belongs beside the table
    label: str  # 'Warning' where the paragraph is one
    stems: frozenset[str]

    @property
    def length(self) -> int:
        return len(self.text.split())


@dataclass(frozen=True, kw_only=True)
class Listing:
    lead: Sentence | None
    items: tuple[Sentence, ...]
    ordered: bool
    language: str

    @property
    def section(self) -> Path:
        return self.items[0].section

    @property
    def is_code(self) -> bool:
        return 3 * sum(is_code(item.text) for item in self.items) >= len(self.items)

    @property
    def is_procedure(self) -> bool:
        """Steps that tell somebody what to do; 'the seven principles' in numbers are only a list."""
        if not self.ordered or (self.section and titles.counts_itself(self.section[-1])):
            return False
        orders = sum(grammar.is_order(item.text) for item in self.items)
        return orders >= 0.8 * len(self.items) or self.language == 'de'


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of cells set apart by bars, as the parsers write them; a table that goes on over the page is one."""

    header: Sentence
    rows: tuple[Sentence, ...]

    @staticmethod
    def cells(row: Sentence) -> list[str]:
        return [cell.strip() for cell in row.text.split('|')]


@dataclass(frozen=True, kw_only=True)
class Corpus:
    passages: tuple[Passage, ...]
    sections: tuple[Path, ...]  # of each passage; the first part names the document where there are several
    sentences: tuple[Sentence, ...]
    listings: tuple[Listing, ...]
    code: tuple[Listing, ...]  # listings of what is typed or drawn with signs: shown as it is, asked about by nobody
    tables: tuple[Table, ...]
    language: str
    casing: titles.Casing
    rarity: dict[str, float] = field(repr=False)

    def within(self, numbers: Sequence[int]) -> list[Sentence]:
        wanted = set(numbers)
        return [sentence for sentence in self.sentences if sentence.passage in wanted]

    def dangles(self, sentence: Sentence) -> bool:
        """'The method is compulsory …': which method was said before, and whoever reads this alone has not seen it."""
        subject = _SUBJECT.match(sentence.text)
        if not subject or self.language != 'en':
            return False
        named = stems(subject[1], self.language)
        return not named & stems(' '.join(sentence.section), self.language) and not re.match(_SAYS_WHICH, subject[2])

    def quote(self, first: Sentence, last: Sentence | None = None) -> str:
        return self.passages[first.passage - 1].text[first.start : (last or first).end]


_FEW = 4  # passages: too little to have a title page


def read(passages: Sequence[Passage], *, language: str) -> Corpus:
    language = language_of((passage.text for passage in passages[:80]), otherwise=language)
    casing = titles.casing_of((passage.text for passage in passages), language)
    sections = titles.paths(passages, casing)
    reader = _Reader(
        language, frozenset(_folded(part) for passage in passages for part in passage.heading.split(' › '))
    )
    for number, (passage, section) in enumerate(zip(passages, sections, strict=True), 1):
        opens = number > 1 or len(passages) < _FEW
        title_page = not opens and is_title_page(passage.text)
        if not titles.is_apparatus(passage.heading) and not is_contents(passage.text) and not title_page:
            reader.spoken = passage.document_name.lower().endswith(('.pptx', '.ppt', '.odp'))
            is_first = number == 1 or passage.document_id != passages[number - 2].document_id
            plain = is_first and not passage.heading and len(passages) >= _FEW
            reader.read(number, passage.text, section, begins=front_matter(passage.text) if plain else 0)
    reader.close_list()
    return Corpus(
        passages=tuple(passages),
        sections=tuple(sections),
        sentences=tuple(reader.sentences),
        listings=tuple(listing for listing in reader.listings if not listing.is_code),
        code=tuple(listing for listing in reader.listings if listing.is_code),
        tables=tuple(Table(header=rows[0], rows=tuple(rows[1:])) for rows in reader.tables if len(rows) >= 2),
        language=language,
        casing=casing,
        rarity=rarity([sentence.stems for sentence in reader.sentences]),
    )


_SUBJECT = re.compile(
    r'The\s+((?:[\w’-]+\s+)??[\w’-]+)\s+((?:is|are|must|may|should|has|have|of|in|on|at|for|that|shows|takes|needs|hangs|holds|stands|covers|carries)\b)'
)
_SAYS_WHICH = r'(?:of|in|on|at|for|that)\b'
_MARKER = re.compile(
    r'\s*(?:[•◦▪‣●○■□✓☐·*+–—-]|\(?\d{1,2}[.)]|\(?[a-z]\)|(?:Step|Schritt|Étape|Paso)\s+\d+\s*[:.–-])\s+'
)
_ORDERED = re.compile(r'\s*(?:\(?\d|Step|Schritt|Étape|Paso)')
_TABLE = re.compile(r'\||\t|(?:\S {3,}\S.*){2}|\.{5,}|(?:\. ){4}')


class _Reader:
    def __init__(self, language: str, headings: frozenset[str]) -> None:
        self.language = language
        self.headings = headings
        self.sentences: list[Sentence] = []
        self.listings: list[Listing] = []
        self.tables: list[list[Sentence]] = []
        self._seen: set[str] = set()
        self._paragraph = 0
        self._lead: Sentence | None = None
        self._items: list[Sentence] = []
        self._ordered = False
        self._label = ''
        self.spoken = False

    def read(self, number: int, text: str, section: Path, *, begins: int = 0) -> None:
        """`begins`: where the first paragraph that counts starts."""
        if self._items and self._items[-1].section != section:
            self.close_list()
        for start, end in paragraphs(text):
            if start < begins:
                continue
            self._paragraph += 1
            self._label, start = label_of(text, start, end)
            if self._read_table(number, text, start, end, section):
                continue
            parts = list(self._parts(text, start, end))
            for place, (kind, ordered, a, b) in enumerate(parts, 1):
                if kind == 'item':
                    self._ordered = self._ordered or ordered
                    item = self._add(number, text, a, b, section, 'item')
                    if item is not None:
                        self._items.append(item)
                    continue
                self.close_list()
                for c, d in sentence_spans(text, a, b):
                    ends = text[c:d].rstrip()
                    lead = ends.endswith(':') or (place < len(parts) and not ends.endswith(('.', '!', '?')))
                    sentence = self._add(number, text, c, d, section, 'lead' if lead else 'prose')
                    self._lead = sentence if lead else None

    def _read_table(self, number: int, text: str, start: int, end: int, section: Path) -> bool:
        lines = list(lines_of(text, start, end))
        widths = {text[a:b].count('|') for a, b in lines}
        if len(widths) != 1 or widths == {0}:
            return False
        self.close_list()
        rows = [row for a, b in lines if (row := self._add(number, text, a, b, section, 'row'))]
        before = self.tables[-1] if self.tables else []
        goes_on = (
            before and before[-1].section == section and before[-1].ordinal + 1 == (rows[0].ordinal if rows else 0)
        )
        if goes_on and before[-1].text.count('|') in widths:
            before.extend(rows)
        elif rows:
            self.tables.append(rows)
        return True

    def close_list(self) -> None:
        if self._items:
            self.listings.append(
                Listing(lead=self._lead, items=tuple(self._items), ordered=self._ordered, language=self.language)
            )
        self._items, self._lead, self._ordered = [], None, False

    def _parts(self, text: str, start: int, end: int) -> Iterator[tuple[Kind, bool, int, int]]:
        lines = [line for line in lines_of(text, start, end) if self._is_material(text[line[0] : line[1]])]
        marked = [_MARKER.match(text, a, b) for a, b in lines]
        after_lead = bool(self._lead) or (len(lines) > 2 and text[slice(*lines[0])].rstrip().endswith(':'))
        bare_list = (
            not any(marked) and len(lines) > 1 and is_bare_list([text[a:b] for a, b in lines], after_lead=after_lead)
        )
        prose: tuple[int, int] | None = None
        item: tuple[bool, int, int] | None = None
        for (a, b), marker in zip(lines, marked, strict=True):
            is_first_lead = bare_list and text[a:b].rstrip().endswith(':')
            if marker or (bare_list and not is_first_lead):
                if prose:
                    yield 'prose', False, *prose
                    prose = None
                if item:
                    yield 'item', *item
                item = (bool(_ORDERED.match(text, a, b)), marker.end() if marker else a, b)
            elif item and (
                text[a : a + 1].islower() or not text[item[1] : item[2]].rstrip().endswith(('.', '!', '?', ';', ':'))
            ):
                item = (item[0], item[1], b)
            else:
                if item:
                    yield 'item', *item
                    item = None
                prose = (prose[0] if prose else a, b)
        if item:
            yield 'item', *item
        if prose:
            yield 'prose', False, *prose

    def _is_material(self, line: str) -> bool:
        line = line.strip()
        if not line or _TABLE.search(line[:400]) or _folded(line) in self.headings:
            return False
        return not (titles.is_caption(line) or is_machine_written(line))

    def _add(self, number: int, text: str, start: int, end: int, section: Path, kind: Kind) -> Sentence | None:
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end -= len(text[start:end]) - len(text[start:end].rstrip())
        shown = clean(text[start:end])
        if not is_usable(shown, kind) or (kind in ('prose', 'lead') and shown.casefold() in self._seen):
            return None
        self._seen.add(shown.casefold())
        if self._label == 'Notes' and self.spoken and grammar.is_order(shown):
            return None  # 'Ask the group …' is meant for whoever presents
        points = points_elsewhere(shown)
        leans = points or needs_context(shown, self.language) or leans_on_a_reference(shown)
        sentence = Sentence(
            text=shown,
            passage=number,
            start=start,
            end=end,
            section=section,
            paragraph=self._paragraph,
            ordinal=len(self.sentences),
            kind=kind,
            standalone=kind == 'prose' and not leans and not asks(shown) and not is_about_the_document(shown),
            points=points,
            label='' if self._label == 'Notes' else self._label,
            stems=stems(shown, self.language),
        )
        self.sentences.append(sentence)
        return sentence


def _folded(line: str) -> str:
    return re.sub(r'\W+', ' ', titles.without_number(line.lstrip('#').strip())).strip().casefold()

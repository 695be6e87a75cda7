"""Text blocks: the sources' own sentences in their order.

Nothing is left out unless there is far more than the lesson has time for; and then no list, no table, no warning, no
rule and no figure.
"""

import html
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from services.generation.authors.offline.context import needs_context
from services.generation.authors.offline.grammar import definition, is_rule
from services.generation.authors.offline.quantities import quantities
from services.generation.authors.offline.reading import Corpus, Listing, Path, Sentence, Table
from services.generation.authors.offline.sentences import asks
from services.generation.authors.offline.words import overlap
from services.generation.drafts import Citation, LessonPlan, TextDraft

MOST_BLOCKS = 6
_FULL_BLOCK = 150  # words
_WORDS_A_MINUTE = 70  # read with care, the questions answered as well


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A paragraph's sentences, or a list with its lead-in."""

    sentences: tuple[Sentence, ...]
    listing: Listing | None = None
    table: Table | None = None

    @property
    def section(self) -> Path:
        return self.sentences[0].section

    @property
    def length(self) -> int:
        return sum(sentence.length for sentence in self.sentences)

    @property
    def is_whole(self) -> bool:
        """All or nothing: a list without an item, or half a warning, would be false."""
        return bool(self.listing or self.table or self.sentences[0].label)


def text_blocks(
    corpus: Corpus, lesson: LessonPlan, numbers: Sequence[int], *, taken: Collection[str]
) -> list[TextDraft]:
    """`taken`: sentences that earlier lessons show already."""
    every = pieces(corpus, numbers)
    fresh = [piece for piece in every if not all(sentence.text in taken for sentence in piece.sentences)]
    chosen = _within(
        corpus,
        fresh if sum(piece.length for piece in fresh) >= 60 else every,
        budget=max(400, lesson.minutes * _WORDS_A_MINUTE),
    )
    groups = _grouped(chosen)
    sections = {piece.section for piece in chosen}
    above = {section[: len(section) - 1] for section in sections if section}
    headed = {section for section in sections if section in above} if len(sections) > 1 else sections
    blocks = []
    for group in map(_answered, groups):
        if group:
            blocks.append(_block(corpus, group, headed, lesson.title))
    return blocks


def pieces(corpus: Corpus, numbers: Sequence[int]) -> list[Piece]:
    """Everything these passages hold that reads well by itself, in order."""
    every_list = (*corpus.listings, *corpus.code)
    lists = {listing.items[0].ordinal: listing for listing in every_list}
    in_lists = {item.ordinal for listing in every_list for item in listing.items}
    tables = {table.header.ordinal: table for table in corpus.tables}
    tabled = {table.header.section for table in corpus.tables}
    kept: set[int] = set()
    found: list[Piece] = []
    for _, run in groupby(corpus.within(numbers), key=lambda sentence: (sentence.passage, sentence.paragraph)):
        some = list(run)
        prose = [sentence for sentence in some if sentence.kind == 'prose']
        paragraph = _readable(corpus, prose, kept, tabled)
        kept.update(sentence.ordinal for sentence in some if sentence in paragraph or sentence.kind != 'prose')
        before = [
            sentence
            for sentence in paragraph
            if not in_lists
            or sentence.ordinal < min((s.ordinal for s in some if s.ordinal in in_lists), default=1 << 30)
        ]
        after = [sentence for sentence in paragraph if sentence not in before]
        if before:
            found.append(Piece(sentences=tuple(before)))
        for sentence in some:
            if sentence.kind == 'lead' and sentence.ordinal + 1 in tables:
                found.append(Piece(sentences=(sentence,)))
            table = tables.get(sentence.ordinal)
            if table:
                found.append(Piece(sentences=(table.header, *table.rows), table=table))
            listing = lists.get(sentence.ordinal)
            if listing:
                lead = (listing.lead,) if listing.lead else ()
                found.append(Piece(sentences=(*lead, *listing.items), listing=listing))
        if after:
            found.append(Piece(sentences=tuple(after)))
    return found


def _answered(group: list[Piece]) -> list[Piece]:
    """Without questions that nothing follows: their answers are not here."""
    followed = [*group[1:], None]
    return [piece for piece, after in zip(group, followed, strict=True) if not _is_question(piece) or _answers(after)]


def _is_question(piece: Piece) -> bool:
    return len(piece.sentences) == 1 and asks(piece.sentences[0].text)


def _answers(piece: Piece | None) -> bool:
    return piece is not None and not _is_question(piece)


def _readable(
    corpus: Corpus, prose: Sequence[Sentence], before: Collection[int], tabled: Collection[Path]
) -> list[Sentence]:
    """Sentences that stand alone, and those that lean on one kept right before them or on a table beside them."""
    kept: list[Sentence] = []
    for sentence in prose:
        last = sentence.ordinal - 1
        known = last in before and corpus.sentences[last].section == sentence.section
        leans_on_kept = known or bool(kept and kept[-1].ordinal == last)
        if sentence.points and sentence.section not in tabled:
            continue
        if sentence.standalone or leans_on_kept or not needs_context(sentence.text, corpus.language):
            kept.append(sentence)
    return kept


def weight(corpus: Corpus, sentence: Sentence, topic: Collection[str]) -> float:
    """How much a sentence teaches: its rare words, what it does, and how near it is to the topic."""
    rare = sum(corpus.rarity.get(stem, 0.0) for stem in sentence.stems) / (len(sentence.stems) + 3)
    acts = 0.6 * bool(definition(sentence.text, corpus.language)) + 0.4 * is_rule(sentence.text, corpus.language)
    return 0.2 * rare + acts + 0.3 * bool(quantities(sentence.text)) + 0.5 * overlap(sentence.stems, topic)


def _within(corpus: Corpus, every: list[Piece], *, budget: int) -> list[Piece]:
    """Drops the least telling last sentences of paragraphs until the words fit, or nothing more may go."""
    chosen = list(every)
    while sum(piece.length for piece in chosen) > budget:
        options = [
            (weight(corpus, piece.sentences[-1], frozenset()), i)
            for i, piece in enumerate(chosen)
            if not piece.is_whole and len(piece.sentences) > 1 and not matters(corpus, piece.sentences[-1])
        ]
        if not options:
            break
        _, i = min(options)
        chosen[i] = replace(chosen[i], sentences=chosen[i].sentences[:-1])
    return chosen


def matters(corpus: Corpus, sentence: Sentence) -> bool:
    """Figures, rules and definitions are what a lesson is for."""
    text = sentence.text
    return bool(
        quantities(text) or is_rule(text, corpus.language) or definition(text, corpus.language) or ' only' in text
    )


def _grouped(chosen: Sequence[Piece]) -> list[list[Piece]]:
    """Three to six blocks: by heading first, long ones cut between paragraphs, short neighbours joined."""
    groups = [list(run) for _, run in groupby(chosen, key=lambda piece: piece.section)]
    while len(groups) > MOST_BLOCKS:
        i = min(range(len(groups) - 1), key=lambda i: _length(groups[i]) + _length(groups[i + 1]))
        groups[i : i + 2] = [groups[i] + groups[i + 1]]
    i = 0
    while i < len(groups) - 1:
        if _length(groups[i]) + _length(groups[i + 1]) < 60:
            groups[i : i + 2] = [groups[i] + groups[i + 1]]
        else:
            i += 1
    while len(groups) < MOST_BLOCKS:
        cuttable = [
            group for group in groups if len(group) > 1 and _length(group) > (110 if len(groups) < 2 else _FULL_BLOCK)
        ]
        if not cuttable:
            break
        group = max(cuttable, key=_length)
        half = min(range(1, len(group)), key=lambda k: abs(_length(group[:k]) - _length(group[k:])))
        i = groups.index(group)
        groups[i : i + 1] = [group[:half], group[half:]]
    return groups


def _length(group: Sequence[Piece]) -> int:
    return sum(piece.length for piece in group)


def _block(corpus: Corpus, group: Sequence[Piece], headed: set[Path], lesson_title: str) -> TextDraft:
    parts: list[str] = []
    for piece in group:
        if piece.section and piece.section not in headed:
            headed.add(piece.section)
            if piece.section[-1] != lesson_title:
                parts.append(f'<h3>{html.escape(piece.section[-1], quote=False)}</h3>')
        parts.append(markup(piece))
    citations = [citation for piece in group for citation in cited(corpus, piece.sentences)]
    return TextDraft(type='text', html=''.join(parts), citations=citations)


def markup(piece: Piece) -> str:
    if piece.table:
        return _table_markup(piece.table)
    if piece.listing and piece.listing.is_code:
        code = '\n'.join(html.escape(item.text, quote=False) for item in piece.listing.items)
        lead = f'<p>{html.escape(piece.listing.lead.text, quote=False)}</p>' if piece.listing.lead else ''
        return f'{lead}<pre><code>{code}</code></pre>'
    if piece.listing:
        tag = 'ol' if piece.listing.ordered else 'ul'
        items = ''.join(f'<li>{html.escape(item.text, quote=False)}</li>' for item in piece.listing.items)
        lead = f'<p>{html.escape(piece.listing.lead.text, quote=False)}</p>' if piece.listing.lead else ''
        return f'{lead}<{tag}>{items}</{tag}>'
    if piece.sentences[0].label:
        return _callout(piece.sentences)
    if _is_question(piece):
        return f'<h3>{html.escape(piece.sentences[0].text, quote=False)}</h3>'
    runs = _breaths(piece.sentences)
    return ''.join(f'<p>{html.escape(" ".join(sentence.text for sentence in run), quote=False)}</p>' for run in runs)


_CALLOUTS = {'note': 'note', 'hinweis': 'note', 'tip': 'tip', 'tipp': 'tip', 'remember': 'tip'}
_CALLOUTS |= {'example': 'example', 'beispiel': 'example'}


def _callout(sentences: Sequence[Sentence]) -> str:
    label = sentences[0].label
    said = html.escape(' '.join(sentence.text for sentence in sentences), quote=False)
    kind = _CALLOUTS.get(label.lower(), 'warning')
    return f'<aside class="callout {kind}"><p><strong>{label}:</strong> {said}</p></aside>'


def _table_markup(table: Table) -> str:
    def row(tag: str, sentence: Sentence) -> str:
        cells = ''.join(f'<{tag}>{html.escape(cell, quote=False)}</{tag}>' for cell in Table.cells(sentence))
        return f'<tr>{cells}</tr>'

    body = ''.join(row('td', sentence) for sentence in table.rows)
    return f'<table><thead>{row("th", table.header)}</thead><tbody>{body}</tbody></table>'


def _breaths(sentences: Sequence[Sentence]) -> list[Sequence[Sentence]]:
    """A paragraph of more than five sentences in two, cut before one that stands alone."""
    if len(sentences) <= 5:
        return [sentences]
    middle = len(sentences) // 2
    cuts = [i for i in range(2, len(sentences) - 1) if sentences[i].standalone]
    if not cuts:
        return [sentences]
    cut = min(cuts, key=lambda i: abs(i - middle))
    return [sentences[:cut], sentences[cut:]]


def cited(corpus: Corpus, sentences: Sequence[Sentence]) -> list[Citation]:
    """One citation for each unbroken run of sentences."""
    citations: list[Citation] = []
    run: list[Sentence] = []
    for sentence in [*sentences, None]:
        if run and (sentence is None or not _adjoins(corpus, run[-1], sentence) or sentence.end - run[0].start > 500):
            citations.append(Citation(passage=run[0].passage, quote=corpus.quote(run[0], run[-1])))
            run = []
        if sentence is not None:
            run.append(sentence)
    return citations


def _adjoins(corpus: Corpus, a: Sentence, b: Sentence) -> bool:
    if a.passage != b.passage or b.start < a.end:
        return False
    between = corpus.passages[a.passage - 1].text[a.end : b.start]
    return len(between.strip()) <= 3


def read_aloud(sentences: Sequence[Sentence]) -> str:
    """The sentences in a row; what has no end mark, an item of a list, is set off by a semicolon."""
    whole = ''
    for sentence in sentences:
        if asks(sentence.text):
            continue
        gap = '' if not whole else ' ' if whole[-1] in '.!?:' else '; '
        whole += gap + sentence.text
    return whole

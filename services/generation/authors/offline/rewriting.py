"""A block written again to answer a reviewer's comment: other sentences, fewer sentences, another question."""

import re
from collections.abc import Sequence

from services.generation.authors.offline.bullets import bullet
from services.generation.authors.offline.closeness import Closeness
from services.generation.authors.offline.lessons import Drawing, nearest, numbers_of, sentences_shown, taken_by
from services.generation.authors.offline.questions import KINDS, best
from services.generation.authors.offline.questions.common import Room
from services.generation.authors.offline.reading import Corpus, Sentence
from services.generation.authors.offline.texts import Piece, cited, markup, pieces, read_aloud, weight
from services.generation.authors.offline.words import stems
from services.generation.drafts import BlockDraft, LessonPlan, QuestionDraft, QuestionKind, SlideDraft, TextDraft

SHORTER = re.compile(
    (
        r'\b(?:short(?:er|en)?|brief(?:er)?|too long|less|concise'
        r'|simpl(?:e|er|ify)|trim|cut|condense|fewer|kürze[rn]?|weniger'
        r'|einfacher)\b'
    ),
    re.I,
)
LONGER = re.compile(
    (
        r'\b(?:longer|more detail|expand|elaborate|too short|more on|add'
        r'|include|mention|say|name|explain|missing|ausführlicher|mehr'
        r'|ergänze)\b'
    ),
    re.I,
)
_KIND: list[tuple[re.Pattern[str], QuestionKind]] = [
    (re.compile(r'\b(?:true.?(?:/|or).?false|richtig.oder.falsch)\b', re.I), 'true_false'),
    (re.compile(r'\b(?:short answer|open question|fill|gap|kurzantwort|lücke)\b', re.I), 'short'),
    (
        re.compile(
            (
                r'\b(?:several (?:choices|answers)|multiple (?:answers'
                r'|response)|more than one (?:right|correct)|mehrere)\b'
            ),
            re.I,
        ),
        'multiple',
    ),
    (re.compile(r'\b(?:single choice|multiple choice|one right answer)\b', re.I), 'single'),
]
_TALK = stems(
    """long brief too much many little like bad good nice dull nothing something please name mention add say include
    explain shorter longer simpler simple detail question answer wrong key text slide block better rewrite
    sentence word option options bullet title student reader clear unclear boring hard easy difficult another
    different correct mistake check source use make instead lesson course example two three number""",
    'en',
)


class Rewriting:
    def __init__(
        self,
        corpus: Corpus,
        lesson: LessonPlan,
        block: BlockDraft,
        comment: str,
        already: Sequence[BlockDraft],
        closeness: Closeness,
    ) -> None:
        self.corpus, self.lesson, self.old, self.comment, self.already, self.closeness = (
            corpus,
            lesson,
            block,
            comment,
            already,
            closeness,
        )
        self.numbers = numbers_of(corpus, lesson)
        self.about = stems(comment, corpus.language) - _TALK
        self.about &= frozenset(stem for sentence in corpus.sentences for stem in sentence.stems)

    def block(self) -> BlockDraft:
        if isinstance(self.old, TextDraft):
            return self._text(self.old)
        if isinstance(self.old, SlideDraft):
            return self._slide(self.old)
        return self._question(self.old) if isinstance(self.old, QuestionDraft) else self.old

    def answers(self) -> list[str]:
        return Drawing(self.corpus, self.lesson, self.already, self.closeness).answers()

    def _source(self) -> list[Sentence]:
        """Sentences the old block was made from."""
        quotes = [' '.join(citation.quote.split()) for citation in self.old.citations]
        return [
            s for s in self.corpus.sentences if any(' '.join(self.corpus.quote(s).split()) in quote for quote in quotes)
        ]

    def _asked_for(self, *, limit: int) -> list[Sentence]:
        """New sentences that speak of what the comment names: first in the lesson, then anywhere."""
        if not self.about:
            return []
        have = {s.ordinal for s in self._source()}
        anywhere = nearest(self.corpus, ' '.join(self.about), limit=6)
        found = [
            (
                sum(self.corpus.rarity.get(stem, 0.0) for stem in s.stems & self.about)
                + 0.5 * (s.passage in self.numbers)
                + 0.2 * weight(self.corpus, s, ()),
                s,
            )
            for s in self.corpus.within([*self.numbers, *anywhere])
            if s.ordinal not in have and (s.standalone or s.kind == 'item') and s.stems & self.about
        ]
        most = max((score for score, _ in found), default=0.0)
        best_ones = sorted(
            (pair for pair in found if pair[0] >= 0.8 * most), key=lambda pair: (-pair[0], pair[1].ordinal)
        )[:limit]
        return sorted((s for _, s in best_ones), key=lambda s: s.ordinal)

    def _text(self, old: TextDraft) -> TextDraft:
        source = self._source()
        pieces_of_old = self._pieces(source)
        wanted = self._asked_for(limit=3)
        if SHORTER.search(self.comment) or not (wanted or LONGER.search(self.comment)):
            pieces_of_old = self._shortened(pieces_of_old)
        if not wanted and LONGER.search(self.comment) and not SHORTER.search(self.comment):
            shown = sentences_shown([*self.already, old])
            wanted = [s for s in self.corpus.within(self.numbers) if s.standalone and s.text not in shown][:3]
        html, citations = self._heading(old), []
        for piece in self._placed(pieces_of_old, wanted):
            html += markup(piece)
            citations += cited(self.corpus, piece.sentences)
        new = TextDraft(type='text', html=html, citations=citations)
        return new if citations and new.html != old.html else self._other_text(old)

    def _pieces(self, source: Sequence[Sentence]) -> list[Piece]:
        chosen = {s.ordinal for s in source}
        found = []
        for piece in pieces(self.corpus, sorted({s.passage for s in source})):
            kept = tuple(s for s in piece.sentences if s.ordinal in chosen)
            if (piece.listing or piece.table) and len(kept) == len(piece.sentences):
                found.append(piece)
            elif kept and not piece.listing and not piece.table:
                found.append(Piece(sentences=kept))
        return found

    def _shortened(self, old: list[Piece]) -> list[Piece]:
        """About the better half: whole sentences, the least telling ones gone; what an objective promises stays."""
        total = sum(piece.length for piece in old)
        sentences = [s for piece in old if not piece.listing and not piece.table for s in piece.sentences]
        promised = [stems(objective.partition(' ')[2], self.corpus.language) for objective in self.lesson.objectives]
        free = [s for s in sentences if not any(aim and 2 * len(aim & s.stems) >= len(aim) for aim in promised)]
        ranked = sorted(free, key=lambda s: weight(self.corpus, s, self.about) - 0.02 * s.length)
        gone: set[int] = set()
        lists = sum(piece.length for piece in old if piece.listing or piece.table)
        for s in ranked:
            if total - sum(x.length for x in sentences if x.ordinal in gone) <= max(25, 0.6 * total) or len(
                gone
            ) >= len(sentences) - (lists == 0):
                break
            gone.add(s.ordinal)
            for later in sentences:  # what leans on a dropped sentence goes with it
                if not later.standalone and later.ordinal - 1 in gone:
                    gone.add(later.ordinal)
        kept = [
            piece
            if piece.listing or piece.table
            else Piece(sentences=tuple(s for s in piece.sentences if s.ordinal not in gone) or piece.sentences[:0])
            for piece in old
        ]
        kept = [piece for piece in kept if piece.sentences]
        return (
            kept or [Piece(sentences=(max(sentences, key=lambda s: weight(self.corpus, s, self.about)),))]
            if sentences
            else old[:1]
        )

    def _placed(self, old: list[Piece], new: list[Sentence]) -> list[Piece]:
        items = [Piece(sentences=(s,)) for s in new if s.kind != 'item' or len(s.text.split()) >= 4]
        return sorted([*old, *items], key=lambda piece: piece.sentences[0].ordinal)

    def _heading(self, old: TextDraft) -> str:
        found = re.match(r'<h3>.*?</h3>', old.html)
        return found[0] if found else ''

    def _other_text(self, old: TextDraft) -> TextDraft:
        """The same block could only come out the same: other paragraphs of the lesson, or fewer of these."""
        shown = sentences_shown([*self.already, old])
        fresh = [
            piece for piece in pieces(self.corpus, self.numbers) if not all(s.text in shown for s in piece.sentences)
        ][:2]
        fresh = fresh or [Piece(sentences=(s,)) for s in self._source() if s.standalone][:1]
        html = ''.join(markup(piece) for piece in fresh) or old.html
        if html == old.html:
            html = (
                re.sub(r'</p><p>', ' ', old.html)
                if '</p><p>' in old.html
                else f'<h3>{self.lesson.title}</h3>{old.html}'
            )
        return TextDraft(
            type='text',
            html=html,
            citations=[c for piece in fresh for c in cited(self.corpus, piece.sentences)] or old.citations,
        )

    def _slide(self, old: SlideDraft) -> SlideDraft:
        lines = {line.casefold() for line in old.bullets}
        source = [s for s in self._source() if bullet(s.text, most=20)]
        wanted = [s for s in self._asked_for(limit=3) if bullet(s.text, most=20)]
        if SHORTER.search(self.comment) and not wanted:
            keep = sorted(source, key=lambda s: len((bullet(s.text, most=20) or '').split()))[
                : max(2, min(3, len(source) - 1))
            ]
        elif wanted:
            keep = [
                *sorted(source, key=lambda s: -weight(self.corpus, s, self.about))[: max(2, 5 - len(wanted))],
                *wanted,
            ]
        else:
            fresh = [
                s
                for s in self.corpus.within(self.numbers)
                if s.standalone and (line := bullet(s.text)) and line.casefold() not in lines
            ]
            keep = [*fresh[:3], *source[:2]] if fresh else source[:-1]
        keep = sorted(dict.fromkeys(keep), key=lambda s: s.ordinal) or source
        bullets = list(dict.fromkeys(line for s in keep if (line := bullet(s.text, most=20))))
        if not bullets or bullets == old.bullets:
            bullets = old.bullets[: max(2, len(old.bullets) - 1)]
        return SlideDraft(
            type='slide',
            title=old.title,
            bullets=bullets,
            notes=read_aloud(keep) or old.notes,
            citations=cited(self.corpus, keep) or old.citations,
        )

    def _question(self, old: QuestionDraft) -> QuestionDraft:
        kind = kind_asked_for(self.comment) or old.kind
        everywhere = list(range(1, len(self.corpus.passages) + 1))
        named = nearest(self.corpus, ' '.join(self.about), limit=4) if self.about else []
        nothing: frozenset[str] = frozenset()
        tries = [
            *(
                (self.about, numbers, one, 0.6)
                for numbers in (self.numbers, named)
                for one in dict.fromkeys([kind, old.kind, *KINDS])
            ),
            *((self.about, numbers, kind, 0.01) for numbers in (self.numbers, named)),
            *(
                (nothing, numbers, one, 0.0)
                for numbers in (self.numbers, everywhere)
                for one in dict.fromkeys([kind, old.kind])
            ),
        ]
        for about, numbers, one, least in tries:
            if least and not about:
                continue
            room = Room(
                corpus=self.corpus, numbers=numbers, likeness=self.closeness, topic=self.lesson.title, about=about
            )
            found = best(room, taken_by(self.corpus, [*self.already, old]), one)
            if found and len(stems(f'{found.prompt} {found.explanation}', self.corpus.language) & about) >= least * len(
                about
            ):
                return found
        shuffled = [*old.options[1:], *old.options[:1]]
        return old.model_copy(update={'options': shuffled, 'explanation': old.explanation or old.prompt})


def kind_asked_for(comment: str) -> QuestionKind | None:
    """'true or false instead' names a kind of question; None where the comment names none."""
    return next((kind for pattern, kind in _KIND if pattern.search(comment)), None)

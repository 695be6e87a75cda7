"""One block again by instruction, as far as extracting allows: what is not asked for stays, byte for byte.

Every method gives the block and, where the instruction cannot be followed, the very same block and the reason.
"""

import re
from collections.abc import Sequence
from html import escape

from services.generation.authors.offline.bullets import bullet, step
from services.generation.authors.offline.distractors import harder
from services.generation.authors.offline.lessons import taken_by
from services.generation.authors.offline.questions import best
from services.generation.authors.offline.questions.common import Room
from services.generation.authors.offline.reading import Sentence
from services.generation.authors.offline.rewriting import LONGER, SHORTER, Rewriting, kind_asked_for
from services.generation.authors.offline.texts import Piece, cited, markup, matters, weight
from services.generation.drafts import BlockDraft, Citation, QuestionDraft, SlideDraft, TextDraft

_SIMPLER = re.compile(
    r'\b(?:simpl(?:e|er|ify)|easier to (?:read|understand)|plain(?:er)?|einfacher|verständlicher)\b', re.I
)
_EXAMPLES = re.compile(r'\b(?:example|examples|for instance|illustrat\w+|beispiele?)\b', re.I)
_IS_EXAMPLE = re.compile(r'\b(?:for example|for instance|such as|e\.g\.|zum Beispiel|z\.\s?B\.|beispielsweise)', re.I)
_MORE = re.compile(r'\b(?:more|mehr)\b', re.I)
_HARDER = re.compile(r'\b(?:hard(?:er)?|difficult|tricky|trickier|tempting|closer|schwerer|schwieriger)\b', re.I)
_OPTIONS = re.compile(r'\b(?:distractors?|wrong answers?|options?|choices)\b', re.I)
_ANOTHER = re.compile(r'\b(?:another|other|different|new|andere[rs]?|neue[rs]?)\b', re.I)
_FOR_WHOM = re.compile(
    r'^\s*(?:for|für|aimed at|adapt(?:ed)? (?:it )?(?:to|for)|rewrite (?:it )?for)\s+(?:the\s+)?'
    r'(?P<whom>\w[^.?!]{1,60})',
    re.I,
)
_ONLY = (
    'Without a model a block can be made shorter, longer or plainer, get examples from the sources, harder wrong '
    'answers or another question. “{instruction}” is none of these, so the block stays as it is.'
)


class Again(Rewriting):
    answer = ''

    def block(self) -> BlockDraft:
        whom = _FOR_WHOM.match(self.comment)
        if whom and not SHORTER.search(self.comment):
            return self._stay(
                f'Words can be fitted to a reader ({whom["whom"].strip()}) only by a model; without one every sentence '
                'is the source’s own. The block stays as it is.'
            )
        if isinstance(self.old, TextDraft):
            return self._text_again(self.old)
        if isinstance(self.old, SlideDraft):
            return self._slide_again(self.old)
        if isinstance(self.old, QuestionDraft):
            return self._question_again(self.old)
        return self._stay('An exercise is written again only by a model. Edit its files, or connect a model.')

    def _stay(self, answer: str) -> BlockDraft:
        self.answer = answer
        return self.old

    def _unknown(self) -> BlockDraft:
        return self._stay(_ONLY.format(instruction=' '.join(self.comment.split())[:120]))

    def _text_again(self, old: TextDraft) -> BlockDraft:
        if SHORTER.search(self.comment) or _SIMPLER.search(self.comment):
            return self._less(old, plainer=not SHORTER.search(self.comment) or bool(_SIMPLER.search(self.comment)))
        if _MORE.search(self.comment) or LONGER.search(self.comment) or _EXAMPLES.search(self.comment) or self.about:
            return self._more(old)
        return self._unknown()

    def _less(self, old: TextDraft, *, plainer: bool) -> BlockDraft:
        """Whole sentences go, those that teach least or read hardest; lists, tables and warnings stay whole."""
        there = [s for s in self._source() if s.kind == 'prose' and not s.label and old.html.count(_shown(s)) == 1]
        if len(there) < 2:
            return self._stay('There is no sentence that could go: the rest are lists, tables, warnings or own words.')
        total = sum(s.length for s in there)
        ranked = sorted(
            there,
            key=lambda s: (
                matters(self.corpus, s),
                _plainness(s) if plainer else weight(self.corpus, s, ()) - 0.02 * s.length,
            ),
        )
        gone: set[int] = set()
        for s in ranked:
            left = sum(x.length for x in there if x.ordinal not in gone)
            if len(gone) >= len(there) - 1 or left <= 0.65 * total:
                break
            gone.add(s.ordinal)
            for later in there:  # what leans on a dropped sentence goes with it
                if not later.standalone and later.ordinal - 1 in gone and len(gone) < len(there) - 1:
                    gone.add(later.ordinal)
        html = old.html
        for s in there:
            if s.ordinal in gone:
                html = html.replace(_shown(s), '', 1)
        left_out = ' '.join(f'“{s.text}”' for s in there if s.ordinal in gone)
        why = 'The sentences that read hardest went; the others are still the source’s own words. ' if plainer else ''
        self.answer = f'{why}Left out: {left_out}'
        return old.model_copy(update={'html': _tidied(html), 'citations': self._without(old.citations, gone)})

    def _without(self, citations: Sequence[Citation], gone: set[int]) -> list[Citation]:
        """Citations that lose a sentence are made anew from what they keep; the others stay as they are."""
        kept: list[Citation] = []
        for citation in citations:
            flat = ' '.join(citation.quote.split())
            inside = [s for s in self._source() if ' '.join(self.corpus.quote(s).split()) in flat]
            if any(s.ordinal in gone for s in inside):
                kept += cited(self.corpus, [s for s in inside if s.ordinal not in gone])
            else:
                kept.append(citation)
        return list(dict.fromkeys(kept))

    def _more(self, old: TextDraft) -> BlockDraft:
        shown = self._html_shown(old)
        fresh = [
            s for s in self.corpus.within(self.numbers) if s.standalone and s.kind == 'prose' and _shown(s) not in shown
        ]
        if _EXAMPLES.search(self.comment):
            wanted = [s for s in fresh if _IS_EXAMPLE.search(s.text) or s.label in ('Example', 'Beispiel')][:3]
            none = 'The passages of this lesson hold no example that is not shown already. The block stays as it is.'
        else:
            named = [s for s in self._asked_for(limit=3) if s.kind == 'prose' and _shown(s) not in shown]
            wanted = named or ([] if self.about and not LONGER.search(self.comment) else fresh[:3])
            none = 'The passages of this lesson say nothing more about it. The block stays as it is.'
        if not wanted:
            return self._stay(none)
        html, there = old.html, self._source()
        for s in wanted:
            html = _inserted(html, s, there)
            there = sorted([*there, s], key=lambda one: one.ordinal)
        return old.model_copy(update={'html': html, 'citations': [*old.citations, *cited(self.corpus, wanted)]})

    def _html_shown(self, old: TextDraft) -> str:
        return '\n'.join(block.html for block in [*self.already, old] if isinstance(block, TextDraft))

    def _slide_again(self, old: SlideDraft) -> BlockDraft:
        lines = {line: s for s in self._source() if (line := bullet(s.text, most=20))}
        if SHORTER.search(self.comment) or _SIMPLER.search(self.comment):
            if len(old.bullets) <= 2:
                return self._stay('The slide has two points or fewer already, so it stays as it is.')
            if self._shows_a_list(old):
                return self._stay('These points are one list of the source. Without one of them it would be wrong.')
            ranked = sorted(
                old.bullets, key=lambda line: weight(self.corpus, lines[line], ()) if line in lines else 9.0
            )
            out = set(ranked[: max(1, len(old.bullets) // 3)])
            gone = {lines[line].ordinal for line in out if line in lines}
            notes = old.notes
            for line in out:
                notes = notes.replace(lines[line].text, '', 1) if line in lines else notes
            changes = {'bullets': [line for line in old.bullets if line not in out], 'notes': ' '.join(notes.split())}
            return old.model_copy(update={**changes, 'citations': self._without(old.citations, gone) or old.citations})
        if not (_MORE.search(self.comment) or LONGER.search(self.comment) or self.about):
            return self._unknown()
        sections = {s.section for s in self._source()}
        wanted = [s for s in self._asked_for(limit=2) if bullet(s.text, most=20)] or [
            s
            for s in self.corpus.within(self.numbers)
            if s.section in sections
            and s.standalone
            and (line := bullet(s.text))
            and line not in old.bullets
            and s.text not in old.notes
        ][:2]
        if not wanted:
            return self._stay('The sources hold no further point on what this slide shows. It stays as it is.')
        changes = {
            'bullets': [*old.bullets, *(line for s in wanted if (line := bullet(s.text, most=20)))],
            'notes': ' '.join([old.notes, *(s.text for s in wanted)]).strip(),
        }
        return old.model_copy(update={**changes, 'citations': [*old.citations, *cited(self.corpus, wanted)]})

    def _shows_a_list(self, old: SlideDraft) -> bool:
        shown = set(old.bullets)
        return any(len(shown & {step(item.text) for item in one.items}) >= 2 for one in self.corpus.listings)

    def _question_again(self, old: QuestionDraft) -> BlockDraft:
        kind = kind_asked_for(self.comment)
        if _HARDER.search(self.comment) and kind is None and old.options and old.kind != 'true_false':
            found, self.answer = harder(self._room(), old)
            return found
        if _OPTIONS.search(self.comment) and kind is None and not _ANOTHER.search(self.comment):
            return self._stay('This kind of question has no wrong answers of its own. The question stays as it is.')
        if kind is None and not (_ANOTHER.search(self.comment) or _HARDER.search(self.comment) or self.about):
            return self._unknown()
        taken = taken_by(self.corpus, [*self.already, old])
        for numbers in ([s.passage for s in self._source()], self.numbers):
            another = best(self._room(numbers), taken, kind or old.kind) if numbers else None
            if another:
                return another
        return self._stay(
            'The passages of this lesson hold no other question of this kind. The question stays as it is.'
        )

    def _room(self, numbers: Sequence[int] = ()) -> Room:
        return Room(
            corpus=self.corpus,
            numbers=sorted(set(numbers)) or self.numbers,
            likeness=self.closeness,
            topic=self.lesson.title,
            about=self.about,
        )


def _shown(sentence: Sentence) -> str:
    return escape(sentence.text, quote=False)


def _plainness(sentence: Sentence) -> float:
    """Few words, and short ones, read easily."""
    words = sentence.text.split()
    return -(sum(len(word) for word in words) / len(words) + 0.25 * len(words))


def _tidied(html: str) -> str:
    """Without the blanks and the empty paragraphs that a sentence leaves behind."""
    html = re.sub(r'(?<=>) +| +(?=</p>)', '', re.sub(r'(?<=\S) {2,}(?=\S)', ' ', html))
    return re.sub(r'<h3>[^<]*</h3>(?=\s*(?:<h3>|$))', '', re.sub(r'<p>\s*</p>', '', html))


def _inserted(html: str, new: Sentence, there: Sequence[Sentence]) -> str:
    """A paragraph of its own, after the one that holds the sentence before it in the source."""
    paragraph = markup(Piece(sentences=(new,)))
    before = [s for s in there if s.ordinal < new.ordinal and _shown(s) in html]
    if not before:
        return html + paragraph
    place = html.index(_shown(before[-1]))
    ends = [found.end() for found in re.finditer(r'</(?:p|ul|ol|table|aside)>', html) if found.end() > place]
    depth = next((end for end in ends if _is_outside(html[:end])), len(html))
    return html[:depth] + paragraph + html[depth:]


def _is_outside(html: str) -> bool:
    """Whether every list, table and call-out that was opened is closed."""
    return all(html.count(f'<{tag}') == html.count(f'</{tag}>') for tag in ('ul', 'ol', 'table', 'aside', 'blockquote'))

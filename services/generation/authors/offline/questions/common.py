"""What all kinds of question share: where material comes from, which wrong answers are fair, how they are explained."""

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from services.generation.authors.offline import grammar
from services.generation.authors.offline.grammar import Condition, Definition, Reason
from services.generation.authors.offline.reading import Corpus, Sentence
from services.generation.authors.offline.texts import cited, read_aloud, weight
from services.generation.authors.offline.titles import document_title, inside
from services.generation.authors.offline.wording import Wording, wording
from services.generation.authors.offline.words import likeness, stems
from services.generation.drafts import Citation, OptionDraft, QuestionDraft, QuestionKind

Likeness = Callable[[str, str], float]


@dataclass(frozen=True, kw_only=True)
class Asked:
    draft: QuestionDraft
    score: float
    sentences: frozenset[int]
    stems: frozenset[str]
    sort: str


# 'Say this threshold is …': whoever is asked has not read which
_LEANS = re.compile(r"\b(?:this|these|those) [a-z]+|\blet['’]s\b|^(?:see|note|please|refer)\b", re.I)
_SHORTEST, _LONGEST = 5, 34  # words


def _can_be_asked(sentence: Sentence) -> bool:
    return _SHORTEST <= sentence.length <= _LONGEST and not _LEANS.search(sentence.text)


@dataclass(kw_only=True)
class Room:
    """The lesson's passages to ask about, the whole corpus to find wrong answers in."""

    corpus: Corpus
    numbers: Sequence[int]
    likeness: Likeness
    topic: str
    about: frozenset[str] = frozenset()
    promised: list[frozenset[str]] = field(default_factory=list)  # stems of objectives that nothing asks about yet

    @cached_property
    def words(self) -> Wording:
        return wording(self.corpus.language)

    @cached_property
    def sentences(self) -> list[Sentence]:
        return [s for s in self.corpus.within(self.numbers) if s.kind == 'prose' and s.standalone and _can_be_asked(s)]

    @cached_property
    def definitions(self) -> list[tuple[Sentence, Definition]]:
        return [
            (s, d)
            for s in self.corpus.sentences
            if s.kind == 'prose'
            and s.standalone
            and (d := grammar.definition(s.text, self.corpus.language))
            and not re.search(r'\b(?:that|this|it|so|them|these|those)[.]?$', d.meaning)  # 'a tool to do just that'
        ]

    @cached_property
    def reasons(self) -> list[tuple[Sentence, Reason]]:
        return [
            (s, r)
            for s in self.corpus.sentences
            if s.kind == 'prose' and s.standalone and (r := grammar.reason(s.text, self.corpus.language))
        ]

    @cached_property
    def conditions(self) -> list[tuple[Sentence, Condition]]:
        return [
            (s, c)
            for s in self.corpus.sentences
            if s.kind == 'prose' and (c := grammar.condition(s.text, self.corpus.language))
        ]

    def here(self, sentence: Sentence) -> bool:
        return sentence.passage in set(self.numbers) and not _LEANS.search(sentence.text)

    def small(self, text: str) -> str:
        if self.corpus.language == 'en' and grammar.is_order(text):
            return text[:1].lower() + text[1:]
        return inside(text, self.corpus.casing)

    def stems(self, text: str) -> frozenset[str]:
        return stems(text, self.corpus.language)

    def wrong(self, right: str, others: Iterable[str], *, limit: int = 3) -> list[str]:
        """Wrong answers from a band of likeness: near enough to tempt, too far to be right as well."""
        mine = self.stems(right)
        seen: list[str] = []
        for other in dict.fromkeys(others):
            theirs = self.stems(other)
            if (
                not theirs
                or theirs <= mine
                or mine <= theirs
                or likeness(mine, theirs) > 0.5
                or self.likeness(right, other) > 0.8
            ):
                continue
            if any(likeness(theirs, self.stems(one)) > 0.5 for one in seen):
                continue
            seen.append(other)
        length = len(right.split())
        return sorted(
            seen, key=lambda other: (-self.likeness(right, other) + 0.06 * abs(len(other.split()) - length), other)
        )[:limit]

    def options(self, right: Sequence[str], wrong: Sequence[str], *, seed: str) -> list[OptionDraft]:
        options = [OptionDraft(text=sentence_case(text), correct=True) for text in right]
        options += [OptionDraft(text=sentence_case(text), correct=False) for text in wrong]
        dice(seed).shuffle(options)
        return options

    def explanation(self, sentences: Sequence[Sentence], *, before: str = '') -> str:
        first = sentences[0]
        passage = self.corpus.passages[first.passage - 1]
        quote = read_aloud(sentences).replace(' | ', ' – ')
        return before + self.words.where.format(
            quote=quote.rstrip('.') if len(sentences) == 1 else quote,
            document=document_title(passage.document_name, self.corpus.casing),
            page=passage.page,
        )

    def placed(self, question: str, claim: str, sentence: Sentence) -> str:
        """The question under its heading, where it would not say by itself what it is about."""
        topic = sentence.section[-1] if sentence.section else ''
        if not topic or self.stems(topic) & self.stems(claim):
            return question
        return self.under(topic, question)

    def under(self, topic: str, question: str) -> str:
        small = question[:1].lower() + question[1:] if self.corpus.language == 'en' else question
        return self.words.about.format(topic=topic, question=small)

    def weight(self, sentence: Sentence) -> float:
        return weight(self.corpus, sentence, frozenset())

    def citations(self, sentences: Sequence[Sentence]) -> list[Citation]:
        return cited(self.corpus, sentences)

    def asked(
        self,
        kind: QuestionKind,
        prompt: str,
        sentences: Sequence[Sentence],
        *,
        score: float,
        options: Sequence[OptionDraft] = (),
        accepted: Sequence[str] = (),
        explanation: str = '',
    ) -> Asked:
        draft = QuestionDraft(
            type='question',
            kind=kind,
            prompt=prompt,
            options=list(options),
            accepted=list(accepted),
            explanation=explanation or self.explanation(sentences),
            citations=self.citations(sentences),
        )
        return Asked(
            draft=draft,
            score=score + 0.1 * dice(prompt).random(),
            sentences=frozenset(s.ordinal for s in sentences),
            stems=frozenset(stem for s in sentences for stem in s.stems),
            sort=f'{kind} {prompt[:8]}',
        )


def dice(seed: str) -> random.Random:
    """Chance that falls the same way for the same words."""
    return random.Random(int.from_bytes(sha256(seed.encode()).digest()[:8]))  # noqa: S311


def sentence_case(text: str) -> str:
    text = text.strip().rstrip('.;,')
    return text[:1].upper() + text[1:]


def has_loose_pronoun(text: str) -> bool:
    """Whether a clause taken out of its sentence points at something outside it."""
    return bool(
        re.search(r'\b(?:it|its|they|them|their|this|that one|these|those|she|he|sie|es|ihn|ihre?)\b', text, re.I)
    )

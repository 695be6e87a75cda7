"""True or false: a sentence of the source as it stands, or with one fact changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.generation.authors.offline import grammar
from services.generation.authors.offline.quantities import quantities, with_number
from services.generation.authors.offline.questions.bounds import certainly_wrong, is_loose, may_be_asked
from services.generation.authors.offline.questions.common import Asked, Room, dice
from services.generation.authors.offline.reading import Sentence
from services.generation.drafts import OptionDraft

_FIRM = re.compile(r'(?:never|always|do not)\b', re.I)


def true_false(room: Room) -> Iterator[Asked]:
    for sentence in room.sentences:
        if sentence.length > 26 or '?' in sentence.text or sentence.text[0] in '“"„':
            continue
        change = changed(room, sentence)
        commands = grammar.is_order(sentence.text) and not _FIRM.match(sentence.text)
        if change is None or commands or room.corpus.dangles(sentence):
            continue
        truthful = change.right == change.wrong or dice(sentence.text).random() < 0.4
        statement = sentence.text if truthful else change.statement
        options = [
            OptionDraft(text=room.words.true, correct=truthful),
            OptionDraft(text=room.words.false, correct=not truthful),
        ]
        before = (
            ''
            if truthful
            else room.words.not_but.format(right=change.right, wrong=change.wrong)
            if change.named
            else ''
        )
        yield room.asked(
            'true_false',
            room.words.true_or_false.format(statement=statement),
            [sentence],
            score=1.0 + change.score,
            options=options,
            explanation=room.explanation([sentence], before=before),
        )


@dataclass(frozen=True, kw_only=True)
class Change:
    statement: str
    right: str
    wrong: str
    score: float
    named: bool = True


def changed(room: Room, sentence: Sentence) -> Change | None:
    return next(_changes(room, sentence), None)


def _changes(room: Room, sentence: Sentence) -> Iterator[Change]:
    yield from _number(room, sentence)
    yield from _polarity(room, sentence)
    yield from _opposite(sentence, room.corpus.language)
    yield from _other_meaning(room, sentence)
    if grammar.is_rule(sentence.text, room.corpus.language) and not grammar.is_order(sentence.text):
        yield Change(statement=sentence.text, right='', wrong='', score=-0.3, named=False)


def _number(room: Room, sentence: Sentence) -> Iterator[Change]:
    found = quantities(sentence.text)
    for quantity in found[:1]:
        known = sorted({q.number for s in room.corpus.sentences for q in quantities(s.text) if q.unit == quantity.unit})
        taboo = {q.number for q in found}
        choices = [n for n in certainly_wrong(sentence.text, quantity, known) if n not in taboo][:3]
        if choices and may_be_asked(sentence.text, quantity):
            wrong = with_number(quantity, dice(sentence.text).choice(choices))
            statement = sentence.text[: quantity.start] + wrong + sentence.text[quantity.end :]
            yield Change(statement=statement, right=quantity.text, wrong=wrong, score=0.3)


_POLARITY = {
    'en': (
        (r'\bmust not be\b', 'may be'), (r'\bmust never\b', 'may'), (r'\bmust not\b', 'may'),
        (r'\bmay not\b', 'may'), (r'(?<!every )\bmust be\b', 'need not be'),
        (r'^Never\b', 'Always'), (r'^Always\b', 'Never'), (r'^Do not (\w)', None),
        (r'\b(is|are) never\b', r'\1 always'), (r'\b(is|are) always\b', r'\1 never'),
        (r'\b(is|are) not\b', r'\1'), (r'\bcannot\b', 'can'), (r'\bnever\b', 'always'),
        (r'\bare (required|allowed|forbidden|prohibited)\b', r'are not \1'),
        (r'\bis (required|allowed|forbidden|prohibited|compulsory)\b', r'is not \1'),
    ),
    'de': (
        (r'\bdürfen nicht\b', 'dürfen'), (r'\bdarf nicht\b', 'darf'), (r'\bmüssen immer\b', 'müssen nie'),
        (r'\bniemals\b', 'immer'), (r'\bnie\b', 'immer'),
        (r'\bimmer\b', 'nie'), (r'\bsofort\b', 'am nächsten Tag'), (r'\bist nicht\b', 'ist'),
        (r'\bsind nicht\b', 'sind'),
    ),
}  # fmt: skip


_FOR_ALL = re.compile(r'(?:every|all|each|no)\b|.*\b(?:which|that|who)\b.*\bmust be\b', re.I)


def _polarity(room: Room, sentence: Sentence) -> Iterator[Change]:
    if re.match(r'(?:no|none|nobody|nothing|neither|kein\w*|niemand)\b', sentence.text, re.I):
        return  # 'No package is not allowed …' says nothing clearly
    for pattern, replacement in _POLARITY.get(room.corpus.language, ()):
        found = re.search(pattern, sentence.text)
        if not found or (found[0] == 'must be' and _FOR_ALL.match(sentence.text)):
            continue
        put = found.expand(replacement) if replacement is not None else found[1].upper()
        statement = sentence.text[: found.start()] + put + sentence.text[found.end() :]
        if (
            ' because ' not in sentence.text
            and ' so that ' not in sentence.text
            and ' anyone' not in sentence.text
            and ' any ' not in sentence.text
        ):
            score = 0.05 if found[0] in ('cannot', 'is not', 'are not') else 0.15
            yield Change(statement=statement, right=found[0], wrong=put, score=score, named=replacement is not None)


def _other_meaning(room: Room, sentence: Sentence) -> Iterator[Change]:
    """A term with the meaning of another."""
    mine = grammar.definition(sentence.text, room.corpus.language)
    if not mine or mine.verb not in ('is', 'ist'):
        return
    stems = room.stems(sentence.text)
    for other, theirs in sorted(room.definitions, key=lambda pair: dice(sentence.text + pair[0].text).random()):
        same_sort = theirs.verb == mine.verb and theirs.meaning.split()[0] == mine.meaning.split()[0]
        near = other.section[:1] == sentence.section[:1] and other is not sentence
        if near and same_sort and not room.stems(other.text) <= stems and not room.stems(mine.term) & other.stems:
            statement = f'{mine.term} {mine.verb} {theirs.meaning}.'
            yield Change(statement=statement, right=mine.meaning, wrong=theirs.meaning, score=0.02, named=False)
            return


# Only words whose opposite makes any statement wrong: a blue board may be as dirty as a red one.
_OPPOSITES = {
    'en': (
        ('above', 'below'), ('before', 'after'), ('at least', 'at most'), ('no more than', 'no less than'),
        ('increases', 'reduces'), ('highest', 'lowest'), ('higher', 'lower'), ('the top', 'the bottom'),
        ('fastest', 'slowest'), ('slowly', 'quickly'), ('more than', 'less than'), ('fewer than', 'more than'),
        ('largest', 'smallest'), ('daily', 'monthly'), ('weekly', 'yearly'),
    ),
    'de': (('über', 'unter'), ('mindestens', 'höchstens'), ('vor', 'nach'), ('geschlossen', 'geöffnet')),
}  # fmt: skip


# 'the cases below', '(the fourth form above)': a place in the text, and nobody learns those
_PLACE = re.compile(
    r'\b(?:cases?|forms?|tables?|lists?|examples?|sections?|text|rules?|described|shown|listed|mentioned|given|noted|see)\s+(?:above|below)$',
    re.I,
)


def _opposite(sentence: Sentence, language: str) -> Iterator[Change]:
    if re.search(r'\bmay\b', sentence.text):
        return  # what is allowed on one side of a limit is often allowed on the other
    for one, other in _OPPOSITES.get(language, ()):
        for right, wrong in ((one, other), (other, one)):
            found = re.search(rf'(?<![\w-]){right}(?![\w-])', sentence.text)
            if (
                found
                and not _PLACE.search(sentence.text[: found.end()])
                and not is_loose(sentence.text[: found.start()], sentence.text)
                and len(re.findall(rf'\b(?:{one}|{other})\b', sentence.text)) == 1
            ):
                statement = sentence.text[: found.start()] + wrong + sentence.text[found.end() :]
                yield Change(statement=statement, right=right, wrong=wrong, score=0.1)

"""Single choice: what something is, what to do when, why, how much."""

import re
from collections.abc import Iterator, Sequence

from services.generation.authors.offline import grammar
from services.generation.authors.offline.grammar import Definition, Reason
from services.generation.authors.offline.quantities import other_numbers, quantities, with_number
from services.generation.authors.offline.questions.bounds import may_be_asked
from services.generation.authors.offline.questions.common import Asked, Room, has_loose_pronoun
from services.generation.authors.offline.reading import Sentence, Table
from services.generation.authors.offline.sentences import is_code
from services.generation.authors.offline.words import tokens

GAP = '_____'
_FEWEST_WRONG = 2


def single(room: Room) -> Iterator[Asked]:
    yield from _what_to_do(room)
    yield from _why(room)
    yield from _what_is(room)
    yield from _which_term(room)
    yield from _which_value(room)
    yield from _in_the_table(room)


def _what_to_do(room: Room) -> Iterator[Asked]:
    """'If the alarm sounds, close the sash' asks: What should you do if the alarm sounds?"""
    answers = [(s, c.then) for s, c in room.conditions if grammar.is_order(c.then)]
    orders = [
        (s, s.text)
        for s in room.corpus.sentences
        if s.kind == 'prose' and s.standalone and s.length <= 14 and grammar.is_order(s.text)
    ]
    for sentence, condition in room.conditions:
        if (
            not room.here(sentence)
            or not grammar.is_order(condition.then)
            or not sentence.standalone
            or has_loose_pronoun(condition.when)
        ):
            continue
        others = [
            text
            for s, text in answers + orders
            if s.section != sentence.section
            and not has_loose_pronoun(text)
            and not re.match(r'(?:never|do not)\b', text, re.I)
        ]
        wrong = room.wrong(condition.then, others)
        if len(wrong) < _FEWEST_WRONG:
            continue
        when = f'{condition.word.lower()} {condition.when}'
        options = room.options([condition.then], wrong, seed=sentence.text)
        yield room.asked('single', room.words.what_to_do.format(when=when), [sentence], score=1.5, options=options)


def _why(room: Room) -> Iterator[Asked]:
    for sentence, reason in room.reasons:
        question = _why_question(room, sentence, reason)
        if not room.here(sentence) or not question or sentence.length > 34:
            continue
        if not grammar.is_worth_asking(reason.claim):
            continue
        question = room.placed(question, reason.claim, sentence)
        right = because(reason)
        others = [
            because(other)
            for s, other in room.reasons
            if s is not sentence
            and _class(other) == _class(reason)
            and room.likeness(other.claim, reason.claim) < 0.6
            and (not has_loose_pronoun(other.reason) or _pronouns(other.reason) <= _pronouns(reason.reason))
        ]
        wrong = room.wrong(right, others)
        if len(wrong) < _FEWEST_WRONG:
            continue
        yield room.asked(
            'single', question, [sentence], score=1.4, options=room.options([right], wrong, seed=sentence.text)
        )


def _why_question(room: Room, sentence: Sentence, reason: Reason) -> str | None:
    if room.corpus.language == 'en':
        asked = grammar.asked(reason.claim, room.small(reason.claim))
        return room.words.why.format(asked=asked) if asked else None
    return room.words.why.format(asked=f'„{reason.claim} …“') if room.corpus.language == 'de' else None


def because(reason: Reason) -> str:
    return f'{reason.connector} {reason.reason}'


def _class(reason: Reason) -> str:
    return 'to' if reason.connector in ('to', 'in order to', 'um') else reason.connector


def _pronouns(text: str) -> set[str]:
    return {word for word in re.findall(r'[a-z]+', text.lower()) if has_loose_pronoun(word)}


def _what_is(room: Room) -> Iterator[Asked]:
    for sentence, definition in room.definitions:
        if not room.here(sentence):
            continue
        right = meaning_of(definition)
        others = [
            meaning_of(other)
            for s, other in room.definitions
            if s is not sentence and _fits(definition, other) and not names_itself(room, definition.term, other.meaning)
        ]
        wrong = room.wrong(right, [other for other in others if len(other.split()) >= 4])
        if len(wrong) < _FEWEST_WRONG or len(right.split()) > 24 or names_itself(room, definition.term, right):
            continue
        if definition.verb in ('is', 'are', 'ist', 'sind'):
            prompt = room.words.what_is.format(
                verb=definition.verb,
                term=room.small(definition.term)
                if room.corpus.language == 'en'
                else _with_small_article(definition.term),
            )
        else:
            prompt = room.words.which_meaning.format(term=definition.term)
        yield room.asked(
            'single', prompt, [sentence], score=1.25, options=room.options([right], wrong, seed=sentence.text)
        )


def _fits(one: Definition, other: Definition) -> bool:
    """Singular with singular, thing with thing, so that grammar does not give the answer away."""
    return one.verb == other.verb and (one.meaning.split()[0] in ('when', 'what', 'how')) == (
        other.meaning.split()[0] in ('when', 'what', 'how')
    )


def meaning_of(definition: Definition) -> str:
    """The meaning up to where it starts to tell more than what the thing is."""
    return re.split(
        r'(?:;|,\s+(?:so|and (?:it|they|is|are|must)|but|because|which is why|whereas)\b)', definition.meaning
    )[0].strip()


def names_itself(room: Room, term: str, meaning: str) -> bool:
    return bool(room.stems(term) & room.stems(meaning))


def _with_small_article(term: str) -> str:
    return re.sub(r'^(?:Ein|Eine|Der|Die|Das)\b', lambda found: found[0].lower(), term)


def bare(term: str) -> str:
    """The term without its article and in brackets."""
    return re.sub(r'^(?:an?|the|ein|eine|der|die|das)\s+', '', term, flags=re.I).strip()


def _which_term(room: Room) -> Iterator[Asked]:
    for sentence, definition in room.definitions:
        meaning = meaning_of(definition)
        if not room.here(sentence) or names_itself(room, definition.term, meaning) or len(meaning.split()) > 24:
            continue
        others = [
            bare(other.term)
            for s, other in room.definitions
            if s is not sentence and _fits(definition, other) and len(bare(other.term).split()) <= 4
        ]
        wrong = room.wrong(bare(definition.term), others)
        if len(wrong) < _FEWEST_WRONG:
            continue
        options = room.options([bare(definition.term)], wrong, seed=sentence.text)
        yield room.asked(
            'single', room.words.which_term.format(meaning=meaning), [sentence], score=1.0, options=options
        )


def _which_value(room: Room) -> Iterator[Asked]:
    known = [(q.unit, q.number) for s in room.corpus.sentences for q in quantities(s.text)]
    for sentence in room.sentences:
        found = quantities(sentence.text)
        if not found or len(found) > 2 or not may_be_asked(sentence.text, found[0]):
            continue
        quantity = found[0]
        taboo = {q.number for q in found}
        numbers = [
            n
            for n in other_numbers(quantity, sorted({n for unit, n in known if unit == quantity.unit}))
            if n not in taboo
        ][:3]
        if len(numbers) < _FEWEST_WRONG:
            continue
        gapped = f'{sentence.text[: quantity.start]}{GAP}{sentence.text[quantity.end :]}'
        options = room.options([quantity.text], [with_number(quantity, n) for n in numbers], seed=sentence.text)
        if len({option.text.casefold() for option in options}) == len(options):
            yield room.asked(
                'single', room.words.which_value.format(sentence=gapped), [sentence], score=1.1, options=options
            )


def _in_the_table(room: Room) -> Iterator[Asked]:
    """A row and a column name a cell; the other cells of the column are wrong."""
    for topic, column, row, right, others in cells_asked_about(room):
        wrong = [one for one in dict.fromkeys(others) if one and not _same_answer(one, right)]
        wrong = sorted(wrong, key=lambda one: (-_alike(one, right), one))[:3]
        if right in others or len(wrong) < _FEWEST_WRONG:
            continue
        prompt = room.words.in_the_table.format(topic=topic, column=column, row=Table.cells(row)[0])
        options = room.options([right], wrong, seed=prompt)
        if len({option.text.casefold() for option in options}) == len(options):
            yield room.asked('single', prompt, [row], score=1.35, options=options)


def cells_asked_about(room: Room) -> Iterator[tuple[str, str, Sentence, str, list[str]]]:
    """(topic, column, row, the cell, the other cells of its column); pointers into the document are no knowledge."""
    for table in room.corpus.tables:
        header = Table.cells(table.header)
        labels = [Table.cells(row)[0] for row in table.rows]
        topic = table.header.section[-1] if table.header.section else room.topic
        if not _names_columns(header):
            continue
        for row in table.rows:
            cells = Table.cells(row)
            if not room.here(row) or labels.count(cells[0]) > 1 or not re.search(r'[^\W\d_]{3}|\d', cells[0]):
                continue
            for column in range(1, len(cells)):
                others = [Table.cells(other)[column] for other in table.rows if other is not row]
                asked = header[column] and not _POINTER.fullmatch(header[column])
                if cells[column] and asked and (len(header) == 2 or _belongs_to_one([cells[column], *others])):
                    yield topic, header[column], row, cells[column], others


def _names_columns(header: Sequence[str]) -> bool:
    """A list of terms has no header: its first row would be taken for one."""
    return all(
        len(cell.split()) <= _MOST_IN_A_HEADER
        and not cell.endswith(('.', ',', ';'))
        and not cell[:1].islower()
        and not re.match(r'(?:an?|the)\s', cell, re.I)
        and re.search(r'[^\W\d_]{3}', cell)
        and not is_code(cell)
        for cell in header
    )


_MOST_IN_A_HEADER = 6  # words
_POINTER = re.compile(
    r'(?:section|chapter|page|see|reference|ref\.?|no\.?|number|signed by|notes?|remarks?|abschnitt|kapitel|seite|siehe'
    r'|nr\.?|bemerkung)s?',
    re.I,
)


_OF_A_KIND = re.compile(r'\d|(?:every|each|daily|weekly|monthly|yearly|after|before|jede[nrs]?|täglich)\b', re.I)


def _belongs_to_one(cells: Sequence[str]) -> bool:
    """Figures and times belong to their row; what several rows might share ('not suitable for') has no wrong cell."""
    return sum(bool(_OF_A_KIND.search(cell)) and len(cell.split()) <= 5 for cell in cells) >= 0.75 * len(cells)


def _alike(one: str, other: str) -> float:
    """Cells that look like the right one tempt most: numbers beside numbers, and of the same unit."""
    a, b = set(tokens(one.casefold())), set(tokens(other.casefold()))
    same_sort = bool(quantities(one)) == bool(quantities(other))
    return same_sort + len(a & b) / (len(a | b) or 1)


def _same_answer(one: str, other: str) -> bool:
    """'Cooking' beside 'Thorough cooking' would be right as well."""
    a, b = set(tokens(one.casefold())), set(tokens(other.casefold()))
    return a <= b or b <= a

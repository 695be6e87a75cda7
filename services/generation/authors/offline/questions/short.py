"""Short answer: a quantity or a term, with the ways a student may write it."""

from collections.abc import Iterator

from services.generation.authors.offline.quantities import accepted_spellings, quantities
from services.generation.authors.offline.questions.bounds import may_be_asked
from services.generation.authors.offline.questions.common import Asked, Room
from services.generation.authors.offline.questions.single import (
    GAP,
    bare,
    cells_asked_about,
    meaning_of,
    names_itself,
)
from services.generation.authors.offline.reading import Table
from services.generation.authors.offline.words import plural_of, singular_of


def short(room: Room) -> Iterator[Asked]:
    yield from _quantity(room)
    yield from _cell(room)
    yield from _term(room)


def _quantity(room: Room) -> Iterator[Asked]:
    for sentence in room.sentences:
        found = quantities(sentence.text)
        if len(found) != 1 or sentence.length > 28 or not may_be_asked(sentence.text, found[0]):
            continue
        quantity = found[0]
        gapped = f'{sentence.text[: quantity.start]}{GAP}{sentence.text[quantity.end :]}'
        yield room.asked(
            'short',
            room.words.gap_number.format(sentence=gapped),
            [sentence],
            score=1.2,
            accepted=accepted_spellings(quantity, room.corpus.language),
        )


def _cell(room: Room) -> Iterator[Asked]:
    """A cell that holds one quantity and little else."""
    for topic, column, row, cell, others in cells_asked_about(room):
        found = quantities(cell)
        if len(found) != 1 or len(cell.split()) > 5 or cell in others:
            continue
        prompt = room.words.value_in_table.format(topic=topic, column=column, row=Table.cells(row)[0])
        spellings = accepted_spellings(found[0], room.corpus.language)
        accepted = list(dict.fromkeys([cell, *spellings]))
        yield room.asked('short', prompt, [row], score=1.25, accepted=accepted)


def _term(room: Room) -> Iterator[Asked]:
    for sentence, definition in room.definitions:
        meaning, term = meaning_of(definition), bare(definition.term)
        if (
            not room.here(sentence)
            or names_itself(room, term, meaning)
            or len(term.split()) > 3
            or len(meaning.split()) > 26
        ):
            continue
        prompt = room.words.name_term.format(meaning=meaning[:1].upper() + meaning[1:])
        yield room.asked(
            'short',
            prompt,
            [sentence],
            score=1.0,
            accepted=_forms(term, definition.term, room.corpus.language, several=definition.verb == 'are'),
        )


def _forms(term: str, whole: str, language: str, *, several: bool) -> list[str]:
    """The term with and without its article, as one and as several."""
    forms = [term[:1].lower() + term[1:] if language == 'en' and term[1:].islower() else term, whole]
    if language == 'en':
        singular = singular_of(term) if several else term
        forms.append(singular)
        if whole != term:  # what has an article can be counted
            forms.append(plural_of(singular))
    if '-' in term:
        forms.append(term.replace('-', ' '))
    return list(
        {
            form.casefold(): form[:1].lower() + form[1:] if form[1:].islower() and language == 'en' else form
            for form in forms
        }.values()
    )

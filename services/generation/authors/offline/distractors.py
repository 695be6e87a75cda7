"""Wrong answers that tempt more: the nearest of the same sort that the sources hold."""

from collections.abc import Sequence

from services.generation.authors.offline.quantities import other_numbers, quantities, with_number
from services.generation.authors.offline.questions.common import Room, sentence_case
from services.generation.authors.offline.questions.single import bare, because, meaning_of
from services.generation.authors.offline.words import likeness
from services.generation.drafts import OptionDraft, QuestionDraft

_TOO_LIKE, _TOO_LIKE_BY_MEANING = 0.75, 0.9


def harder(room: Room, old: QuestionDraft) -> tuple[QuestionDraft, str]:
    """The question with nearer wrong answers in the places of the old ones; itself and why, if there are none."""
    right = [option.text for option in old.options if option.correct]
    wrong = [option.text for option in old.options if not option.correct]
    candidates = _numbers(room, right[0]) if len(right) == 1 and quantities(right[0]) else _phrases(room, right)
    nearness = {text: max(_near(room, text, one) for one in right) for text in {*candidates, *wrong}}
    ranked = sorted(
        {*candidates, *wrong},
        key=lambda text: (-nearness[text], text not in wrong, candidates.index(text) if text in candidates else 0),
    )
    if candidates and quantities(right[0]):
        ranked = [*candidates, *(text for text in wrong if text not in candidates)]
    chosen = _apart(room, ranked)[: len(wrong)]
    fresh = [text for text in chosen if text not in wrong]
    if not fresh:
        return old, 'The wrong answers are the nearest that the sources hold already. The question stays as it is.'
    leaving = [text for text in wrong if text not in chosen]
    instead = dict(zip(leaving, fresh, strict=False))
    options = [
        option if option.correct else OptionDraft(text=instead.get(option.text, option.text), correct=False)
        for option in old.options
    ]
    return old.model_copy(update={'options': options}), (
        'The new wrong answers are other statements of your sources. Check that none of them is right here as well.'
    )


def _numbers(room: Room, right: str) -> list[str]:
    """The same unit, the nearest values first."""
    quantity = quantities(right)[0]
    known = sorted({q.number for s in room.corpus.sentences for q in quantities(s.text) if q.unit == quantity.unit})
    numbers = {*known, *other_numbers(quantity, known)} - {quantity.number}
    nearest = sorted(numbers, key=lambda number: abs(number - quantity.number))
    texts = [right[: quantity.start] + with_number(quantity, number) + right[quantity.end :] for number in nearest]
    return [text for text in dict.fromkeys(texts) if text.casefold() != right.casefold()]


def _phrases(room: Room, right: Sequence[str]) -> list[str]:
    """Of the sort to which the right answers belong: terms beside terms, reasons beside reasons, steps beside steps."""
    wanted = {text.casefold() for text in right}
    own, other_lists = _items(room, wanted)
    if own:  # what stands in the same list may be right as well
        return [text for text in other_lists if text.casefold() not in own]
    if len(right) > 1:
        return []  # statements of the sources are all right: only a changed one is wrong, and that takes an author
    sorts = (
        [bare(definition.term) for _, definition in room.definitions],
        [meaning_of(definition) for _, definition in room.definitions],
        [because(reason) for _, reason in room.reasons],
        [condition.then for _, condition in room.conditions],
    )
    pools = [[sentence_case(text) for text in sort] for sort in sorts]
    found = next((pool for pool in pools if wanted & {text.casefold() for text in pool}), None)
    if found is None:
        return []
    taboo = [room.stems(text) for text in right]
    return [
        text
        for text in dict.fromkeys(found)
        if (mine := room.stems(text))
        and text.casefold() not in wanted
        and not any(mine <= one or one <= mine or likeness(mine, one) > _TOO_LIKE for one in taboo)
        and max(room.likeness(text, one) for one in right) <= _TOO_LIKE_BY_MEANING
    ]


def _items(room: Room, wanted: set[str]) -> tuple[set[str], list[str]]:
    """What the lists say that hold a right answer, and the items of the others."""
    own: set[str] = set()
    others: list[str] = []
    for listing in room.corpus.listings:
        items = [sentence_case(item.text) for item in listing.items]
        if wanted & {item.casefold() for item in items}:
            own |= {item.casefold() for item in items}
        else:
            others += [text for text, item in zip(items, listing.items, strict=True) if item.length <= 18]
    return own, list(dict.fromkeys(others))


def _near(room: Room, text: str, right: str) -> float:
    length = len(right.split())
    return (
        room.likeness(right, text)
        + likeness(room.stems(right), room.stems(text))
        - 0.04 * abs(len(text.split()) - length)
    )


def _apart(room: Room, ranked: Sequence[str]) -> list[str]:
    """Without what says nearly the same as a better one."""
    kept: list[str] = []
    for text in ranked:
        mine = room.stems(text)
        if quantities(text) or not any(likeness(mine, room.stems(one)) > 0.6 for one in kept):
            kept.append(text)
    return kept

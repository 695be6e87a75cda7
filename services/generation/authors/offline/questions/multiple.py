"""Several choices: what stands in a list, among what stands in another."""

import re
from collections.abc import Iterator, Sequence

from services.generation.authors.offline import grammar
from services.generation.authors.offline.questions.common import Asked, Room, dice, has_loose_pronoun
from services.generation.authors.offline.questions.true_false import changed
from services.generation.authors.offline.reading import Listing, Sentence
from services.generation.authors.offline.titles import counts_itself
from services.generation.authors.offline.words import likeness, overlap


def multiple(room: Room) -> Iterator[Asked]:
    yield from _from_lists(room)
    yield from _from_enumerations(room)
    yield from _from_statements(room)
    yield from _from_rules(room)


def _from_lists(room: Room) -> Iterator[Asked]:
    for listing in room.corpus.listings:
        items = [item for item in listing.items if item.length <= 18]
        if not room.here(listing.items[0]) or len(items) < 3 or not (listing.section or listing.lead):
            continue
        right = _sample(items, min(3, len(items) - 1) if len(items) < 5 else 3, listing.items[0].text)
        texts = [item.text for item in right]
        others = [
            item.text
            for other in room.corpus.listings
            if other is not listing and other.section != listing.section
            for item in other.items
            if item.length <= 18
            and other.is_procedure == listing.is_procedure
            and _shape(room, item.text) == _shape(room, texts[0])
        ]
        others += [] if len(others) >= 2 else _loose(room, listing, texts[0])
        wrong = _unlike(room, [item.text for item in listing.items], others, 2)
        if len(wrong) < 2:
            continue
        prompt = _list_prompt(room, listing)
        explanation = room.explanation([*([listing.lead] if listing.lead else []), *right], before=room.words.belongs)
        yield room.asked(
            'multiple',
            prompt,
            [*([listing.lead] if listing.lead else []), *right],
            score=1.5,
            options=room.options(texts, wrong, seed=prompt),
            explanation=explanation,
        )


def _list_prompt(room: Room, listing: Listing) -> str:
    if listing.lead:
        return room.words.list_question.format(lead=listing.lead.text.rstrip(': '))
    sentences = all(item.text.endswith('.') for item in listing.items)
    other = room.words.said_about if sentences and not counts_itself(listing.section[-1]) else room.words.rules_question
    template = room.words.steps_question if listing.is_procedure else other
    return template.format(topic=listing.section[-1])


def _loose(room: Room, listing: Listing, like: str) -> list[str]:
    """Where no other list has such items: lines of other sections."""
    if _shape(room, like)[0] != 'order':
        return []
    return [
        s.text
        for s in room.corpus.sentences
        if s.section != listing.section and s.standalone and s.length <= 16 and _shape(room, s.text)[0] == 'order'
    ]


def _shape(room: Room, text: str) -> tuple[str, bool]:
    order = room.corpus.language == 'en' and grammar.is_order(text)
    clause = bool(
        re.search(r'\b(?:is|are|was|has|have|must|should|can|shows?|moves?|ist|sind|muss|kann|wird|werden)\b', text)
    )
    determined = bool(re.match(r'(?:an?|the|any|every|ein|eine|der|die|das)\b', text, re.I))
    placed = bool(
        re.match(r'(?:after|before|when|if|at|in|on|with|during|every|each|once|bei|nach|vor|wenn)\b', text, re.I)
    )
    kind = next(
        name
        for name, is_so in (
            ('order', order),
            ('circumstance', placed),
            ('sentence', clause and text.endswith('.')),
            ('clause', clause),
            ('noun', determined),
            ('phrase', True),
        )
        if is_so
    )
    return kind, len(text.split()) > 8


_ENUMERATION = re.compile(
    r'^(?P<stem>[^:;]{8,90}?\b(?:are|include|includes|contains?|consists? of|such as|needs?|requires?'
    r'|sind|gehören|umfass(?:t|en)))\s*:?\s+(?P<items>[^:;]+?,[^:;]+?\s(?:and|or|und'
    r'|oder)\s[^,:;]+)\.$'
)


def _enumeration(sentence: Sentence) -> tuple[str, list[str]] | None:
    found = _ENUMERATION.match(sentence.text) if sentence.length <= 40 else None
    if not found:
        return None
    items = [
        item.strip() for item in re.split(r',\s*(?:and|or|und|oder)\s+|,\s*|\s+(?:and|or|und|oder)\s+', found['items'])
    ]
    if not 3 <= len(items) <= 7 or any(
        not 1 <= len(item.split()) <= 5
        or re.search(r'\b(?:is|are|that|which|to|not|if|when|people|with|stored|kept|placed|by)\b', item)
        for item in items
    ):
        return None
    return found['stem'], items


def _from_enumerations(room: Room) -> Iterator[Asked]:
    known = [(s, found) for s in room.corpus.sentences if s.kind == 'prose' and (found := _enumeration(s))]
    for sentence, (stem, items) in known:
        if not room.here(sentence) or not sentence.standalone:
            continue
        others = [
            item for s, (_, rest) in known if s is not sentence and s.section != sentence.section for item in rest
        ]
        wrong = _unlike(room, [sentence.text, *items], others, 2)
        if len(wrong) < 2:
            continue
        right = items[:3]
        prompt = room.words.complete_list.format(stem=stem)
        yield room.asked('multiple', prompt, [sentence], score=1.2, options=room.options(right, wrong, seed=prompt))


def _from_statements(room: Room) -> Iterator[Asked]:
    """Two statements as they stand, two with one fact changed."""
    ready = [s for s in room.sentences if s.length <= 20 and not room.corpus.dangles(s)]
    false = [(s, change) for s in ready if (change := changed(room, s)) and change.score >= 0.1]
    if len(false) < 2 or len(ready) < 4:
        return
    false = sorted(false, key=lambda pair: (-pair[1].score, dice(pair[0].text).random()))[:2]
    right = [s for s in ready if all(s is not one for one, _ in false)]
    right = sorted(right, key=lambda s: (-room.weight(s), s.ordinal))[:2]
    section = (
        right[0].section[-1]
        if right[0].section and all(s.section == right[0].section for s in [*right, *(s for s, _ in false)])
        else ''
    )
    prompt = room.words.right_about.format(topic=section) if section else room.under(room.topic, room.words.right_ones)
    options = room.options([s.text for s in right], [change.statement for _, change in false], seed=right[0].text)
    told = [s for s, _ in false]
    explanation = room.explanation(told, before=room.words.in_fact)
    yield room.asked('multiple', prompt, [*right, *told], score=1.0, options=options, explanation=explanation)


def _from_rules(room: Room) -> Iterator[Asked]:
    """Rules of this section among rules of others."""
    language = room.corpus.language
    rules = [
        s
        for s in room.corpus.sentences
        if s.kind == 'prose' and s.standalone and s.length <= 16 and s.section and not has_loose_pronoun(s.text)
    ]
    rules = [s for s in rules if grammar.is_rule(s.text, language)] or rules
    for section in dict.fromkeys(s.section for s in rules if room.here(s)):
        mine = [s for s in rules if s.section == section and room.here(s)]
        topic = room.stems(section[-1])
        near = [s.text for s in rules if s.section[0] != section[0] and not s.stems & topic]
        right = _sample(mine, min(2, len(mine)), section[-1])
        wrong = _unlike(room, [s.text for s in room.corpus.sentences if s.section == section], near, 2)
        if len(right) < 2 or len(wrong) < 2:
            continue
        prompt = room.words.said_about.format(topic=section[-1])
        explanation = room.explanation(right, before=room.words.belongs)
        yield room.asked(
            'multiple',
            prompt,
            right,
            score=0.5,
            options=room.options([s.text for s in right], wrong, seed=prompt),
            explanation=explanation,
        )


def _sample(sentences: Sequence[Sentence], count: int, seed: str) -> list[Sentence]:
    return sorted(dice(seed).sample(list(sentences), count), key=lambda s: s.ordinal)


def _unlike(room: Room, right: Sequence[str], others: Sequence[str], limit: int) -> list[str]:
    """Items that share little with anything that is right."""
    mine = [room.stems(text) for text in right]
    found: list[str] = []
    for other in sorted(
        dict.fromkeys(others), key=lambda text: (abs(max(room.likeness(text, one) for one in right[:8]) - 0.35), text)
    ):
        theirs = room.stems(other)
        if not theirs or any(overlap(theirs, one) > 0.34 for one in mine):
            continue
        if any(likeness(theirs, room.stems(one)) > 0.34 for one in found) or any(
            room.likeness(other, one) > 0.6 for one in right
        ):
            continue
        found.append(other)
        if len(found) == limit:
            break
    return found

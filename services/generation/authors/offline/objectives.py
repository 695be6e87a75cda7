"""Objectives a teacher would write, made from what the sources order, define and justify."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.generation.authors.offline import grammar
from services.generation.authors.offline.quantities import in_words, quantities, units_in
from services.generation.authors.offline.reading import Corpus, Sentence
from services.generation.authors.offline.titles import core, counts_itself, inside
from services.generation.authors.offline.wording import wording
from services.generation.authors.offline.words import likeness, stems


@dataclass(frozen=True, kw_only=True)
class Objective:
    text: str
    kind: str
    score: float
    stems: frozenset[str]


def objectives(
    corpus: Corpus,
    numbers: Sequence[int],
    topic: str,
    level: int,
    *,
    limit: int,
    taken: Sequence[str] = (),
    about: frozenset[str] = frozenset(),
) -> list[str]:
    """The best few of different kinds; `about` puts those first that speak of these stems."""
    found = candidates(corpus, numbers, level)
    used = [stems(text, corpus.language) for text in taken]
    picked: list[Objective] = []
    while len(picked) < limit:
        rest = [
            (one.score - 0.45 * sum(one.kind == other.kind for other in picked) + 3 * len(one.stems & about), one)
            for one in found
            if not (one.kind == 'what' and any(other.kind == 'what' for other in picked))
            and all(likeness(one.stems, other.stems) < 0.4 for other in picked)
            and all(likeness(one.stems, other) < 0.5 for other in used)
        ]
        if not rest:
            break
        best = max(rest, key=lambda pair: pair[0])
        if best[0] < 0.2:
            break
        picked.append(best[1])
    texts = [one.text for one in picked]
    if REFERENCE.match(topic):
        return [wording(corpus.language).goal_reference]
    if len(texts) < min(limit, 2):
        general = wording(corpus.language).topic[level].format(topic=inside(core(topic), corpus.casing))
        if general not in taken and general not in texts:
            texts.append(general)
    return texts


def candidates(corpus: Corpus, numbers: Sequence[int], level: int) -> list[Objective]:
    found = [one for sentence in corpus.within(numbers) for one in _from_sentence(corpus, sentence, level)]
    wanted = set(numbers)
    words = wording(corpus.language)
    for listing in corpus.listings:
        if listing.items[0].passage not in wanted or len(listing.items) < 3 or not listing.section:
            continue
        topic = listing.section[-1]
        count = in_words(len(listing.items), corpus.language)
        kind, score, text = 'points', 0.7, words.points.format(count=count, topic=topic)
        if counts_itself(topic):
            small = inside(topic, corpus.casing)
            whole = small if corpus.language == 'de' or small.startswith('the ') else f'the {small}'
            kind, score, text = 'list', 1.7, words.list_all.format(topic=whole)
        elif listing.is_procedure:
            kind, score, text = 'steps', 2.0, words.steps.format(count=count, topic=topic)
        elif listing.ordered:
            kind, score, text = 'order', 1.3, words.in_order.format(count=count, topic=topic)
        elif corpus.language == 'en' and listing.lead and (noun := _COUNTED.search(listing.lead.text)):
            kind, score, text = 'list', 1.0, f'Name the {count} {noun[1]} listed under “{topic}”'
        found.append(Objective(text=text, kind=kind, score=score, stems=stems(topic, corpus.language) | {f'#{kind}'}))
    return found


def _from_sentence(corpus: Corpus, sentence: Sentence, level: int) -> list[Objective]:
    if not sentence.standalone:
        return []
    text, score, kind = '', 0.0, ''
    if corpus.language == 'en':
        text, score, kind = _english(corpus, sentence, level)
    elif corpus.language == 'de':
        text, score, kind = _german(sentence, level)
    if not text or not 4 <= len(text.split()) <= 19:
        return []
    rare = sum(corpus.rarity.get(stem, 0.0) for stem in sentence.stems) / (len(sentence.stems) or 1)
    score += 0.25 if len(text.split()) <= 14 else 0.0
    return [Objective(text=text, kind=kind, score=score + 0.05 * rare, stems=stems(text, corpus.language))]


REFERENCE = re.compile(
    r'(?:quick (?:reference|guide)|at a glance|key (?:facts|figures)|kurzübersicht|auf einen blick)\b', re.I
)
_COUNTED = re.compile(r'\b(?:the following|these)\s+([a-z]+s)\b')
_LIMIT = re.compile(
    r'\b(?:at least|at most|no (?:more|less|larger|longer) than|not more than|up to|within|below|above|or (?:more|less)'
    r'|every|must|never|only|between|more than|less than|fewer than|maximum|minimum|for (?:\d|two|three))\b',
    re.I,
)
_DURATIONS = ('second', 'minute', 'hour', 'day', 'working day', 'week', 'month', 'year')
_HOW_LONG = re.compile(r'^(?P<act>.+?)\s+for\s+(?:at least|up to|about|around|no more than|a minimum of)?\s*$', re.I)
_HOW_OFTEN = re.compile(
    (
        r'^(?P<subject>[^,;:]+?)\s+(?P<modal>must be|should be|are|is)\s+(?P<verb>\w+(?:ed|en|wn'
        r'|ght))\s+(?:at least\s+)?(?:every|once (?:a|an|per|every)|twice (?:a|an|per)|daily|weekly'
        r'|monthly|yearly|annually)\b'
    ),
    re.I,
)


def _english(corpus: Corpus, sentence: Sentence, level: int) -> tuple[str, float, str]:
    words = wording('en')
    shown = sentence.text.rstrip('.! ')
    small = inside(shown, corpus.casing)
    defined = grammar.definition(sentence.text, 'en')
    if defined and defined.verb in ('is', 'are', 'means', 'refers to'):
        verb = defined.verb if defined.verb in ('is', 'are') else 'means'
        return words.explain_what.format(term=inside(defined.term, corpus.casing), verb=verb), 0.85, 'what'
    caused = grammar.reason(sentence.text, 'en')
    if (
        caused
        and len(caused.claim.split()) <= 14
        and grammar.is_worth_asking(caused.claim)
        and not corpus.dangles(sentence)
    ):
        claim = inside(caused.claim, corpus.casing)
        if re.match(r'(?:if|when|while|although|unless|once|as)\b', claim, re.I) or claim[:1].isdigit():
            claim = ''  # 'Explain why if …' is no sentence
        elif grammar.is_order(caused.claim):
            claim = f'you {claim[0].lower()}{claim[1:]}'
        elif not re.search(r'\b(?:is|are|must|should|may|can|will|has|have)\b', claim):
            claim = ''
        if claim:
            can_be_asked = grammar.asked(caused.claim, claim) is not None
            return words.explain_why[level].format(claim=claim), 1.3 if can_be_asked else 0.5, 'why'
    often = _HOW_OFTEN.match(shown)
    if often and len(often['subject'].split()) <= 5 and ' and ' not in often['subject']:
        return (
            f'State how often {inside(often["subject"], corpus.casing)} {often["modal"]} {often["verb"]}',
            1.25,
            'how often',
        )
    for quantity in quantities(shown):
        long = _HOW_LONG.match(shown[: quantity.start].strip()) if quantity.unit in _DURATIONS else None
        if (
            long
            and grammar.is_order(long['act'])
            and not re.match(r'(?:never|do not)', shown, re.I)
            and ',' not in long['act']
        ):
            return f'State how long to {long["act"][0].lower()}{long["act"][1:]}', 1.25, 'how long'
    conditional = grammar.condition(sentence.text, 'en')
    if (
        conditional
        and conditional.word in ('If', 'When', 'Before', 'After', 'In case of', 'In the event of')
        and grammar.is_order(conditional.then)
    ) and not re.search(r'\b(?:it|they|this|them)\b', conditional.when):
        return f'Decide what to do {conditional.word.lower()} {conditional.when}', 1.4, 'condition'
    if grammar.is_order(shown):
        return _order(shown), 0.9, 'order'
    limit = re.split(r',?\s+(?:because|since)\b|,\s+(?:as|which)\b', shown)[0]
    plain = not re.search(r'[;:]|\b(?:can|could|would|might)\b', limit) and not corpus.dangles(sentence)
    if units_in(limit) and _LIMIT.search(limit) and plain and 6 <= len(limit.split()) <= 17:
        firm = 0.2 if re.search(r'\b(?:must|never|only)\b', limit) else 0.0
        return words.figure[level].format(claim=inside(limit, corpus.casing)), 1.35 + firm, 'figure'
    if (
        re.search(r'\b(?:must|may not|may only|must not|should)\b', shown)
        and shown.count(',') == 0
        and ';' not in shown
        and ':' not in shown
    ):
        return words.rule[level].format(claim=small), 0.6, 'rule'
    return '', 0.0, ''


def _order(shown: str) -> str:
    """The main clause of an order; one that forbids or hangs on a condition is not an ability."""
    if re.match(r"(?:never|do not|don['’]t|please|only|always)\b", shown, re.I):
        shown = re.sub(r'^(?:please|always)\s+', '', shown, flags=re.I)
        if re.match(r"(?:never|do not|don['’]t|only)\b", shown, re.I):
            return ''
        shown = shown[0].upper() + shown[1:]
    clause = re.split(
        r',?\s+(?:because|so that|in order to|which|unless|even if|as)\b|[;:–(]|,\s+(?:and|or|then|but)\b', shown
    )[0].strip(' ,')
    if (
        ',' in clause
        or len(clause.split()) < 4
        or re.search(r'\b(?:it|them|they|this|that|these|those|one)\b', clause, re.I)
    ):
        return ''
    if re.match(
        r'(?:see|ask|contact|call|note|remember|refer|read|have|be|do|keep in mind|expect|let|go)\b', clause, re.I
    ):
        return ''
    return clause


def _german(sentence: Sentence, level: int) -> tuple[str, float, str]:
    words = wording('de')
    shown = sentence.text.rstrip('.! ')
    defined = grammar.definition(sentence.text, 'de')
    if defined:
        term = re.sub(r'^(?:Ein|Eine|Der|Die|Das)\s+', '', defined.term)
        return words.explain_what.format(term=term), 1.2, 'what'
    if grammar.reason(sentence.text, 'de'):
        return words.explain_why[level].format(sentence=shown), 1.1, 'why'
    if grammar.is_rule(sentence.text, 'de') and sentence.length <= 14:
        return words.rule[level].format(sentence=shown), 0.7, 'rule'
    return '', 0.0, ''

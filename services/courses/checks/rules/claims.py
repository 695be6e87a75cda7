"""Every claim rests on a quoted source, or is marked as its author's own.

A sentence rests on a quote that has it word for word, or at least three in five of its words that carry meaning. Then
its numbers have to be the source's, and it may not say the opposite.
"""

from services.courses.checks.examined import EXCERPT, Block, Examined, Own
from services.courses.checks.findings import Finding
from services.courses.checks.rule import Judged, Rule
from services.courses.checks.words import Sentence, has_words, likeness, says_the_opposite, share

_BACKED, _SAME = 0.6, 0.8
_NOBODY = Own()


def judge(course: Examined) -> Judged:
    found, total = [], 0
    for block in course.blocks:
        if block.type not in ('text', 'slide'):
            continue
        own = course.around.own.get(block.id, _NOBODY)
        claims = [one for one in block.sentences if one.is_claim and not own.holds(one)]
        total += len(claims)
        found += _of_block(block, claims)
    return Judged(total, found)


def _of_block(block: Block, claims: list[Sentence]) -> list[Finding]:
    unsourced = []
    for claim in claims:
        if has_words(block.quoted_words, claim.plain):
            continue
        if share(claim.stems, block.quoted_stems) < _BACKED:
            unsourced.append(claim)
        elif finding := _differs(block, claim):
            return [finding]
    if not unsourced or (block.view.origin == 'human' and not block.quotes):
        return []
    return [
        block.finding(
            'claim_unsourced',
            '“{claim}” has no source.' if block.quotes else '“{claim}” has no source, and neither has its block.',
            mend='Cite a page that says it, take it out, or mark it as your own words.',
            params={'claim': unsourced[0].text[:EXCERPT]},
            excerpt=' '.join(one.text for one in unsourced)[: 2 * EXCERPT],
            about=tuple(one.text for one in unsourced),
            fix='own_words',
        )
    ]


def _differs(block: Block, claim: Sentence) -> Finding | None:
    known = {number for quote in block.quoted for number in quote.numbers}
    nearest = max(block.quoted, key=lambda quote: likeness(_words(claim), _words(quote)))
    beside = {'said': claim.text, 'source': nearest.text, 'excerpt': ''}
    if strange := [number for number in claim.numbers if number not in known]:
        return block.finding(
            'number_differs',
            'A number differs from its source: {number} is not in what the block cites.',
            mend='Say what the source says, or cite the page that says {number}.',
            params={'number': strange[0]},
            **beside,
        )
    if likeness(_words(claim), _words(nearest)) >= _SAME and says_the_opposite(claim.text, nearest.text):
        return block.finding(
            'says_the_opposite',
            'A sentence says the opposite of its source.',
            mend='Say what the source says, or cite the page that says otherwise.',
            **beside,
        )
    return None


def _words(sentence: Sentence) -> frozenset[str]:
    return sentence.stems - frozenset(sentence.numbers)


RULE = Rule(code='no_source', title='Every claim has a source', judge=judge)

"""Text in a source that reads like instructions to an AI. A warning for people, never a filter: the source stays."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_AI = r'(?:ai|llm|language model|chatbot|gpt|claude|copilot)s?'
_NEAR, _SOON = r'[^.!?\n]{0,40}', r'[^.!?\n]{0,30}'
_EARLIER = r'(?:(?:all|any|your|the|previous|prior|above|earlier|preceding|other|these|those|my)\s+){1,3}'
# Each rule alone is enough. Measured on manuals, changelogs and policies: of 26,000 pages of ordinary text they take
# one for an order.
_RULES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf'\b(?:ignore|disregard|forget|override|bypass)\b{_NEAR}\b{_EARLIER}'
        r'(?:instructions?|prompts?|rules?\b(?! of| for the)|guidelines|directions)',
        rf'\b(?:reveal|print|repeat|output|show|reply with|send|leak|tell me)\b{_SOON}\b(?:your|the|its)\s+'
        r'(?:system\s+prompt|(?:api|secret|access)\s*keys?\b|(?:hidden|initial)\s+(?:prompt|instructions))',
        r'\b(?:you are|act|behave|pretend to be)\s+(?:now\s+|from now on\s+|as\s+)*(?:an?\s+)?'
        r'(?:unrestricted|jailbroken|developer mode|DAN\b|different (?:ai|assistant|model)|helpful assistant)',
        rf'\b{_AI}\b{_NEAR}\b(?:must|should|shall|please)\b{_NEAR}\b(?:approve|publish|ignore|'
        r'(?:answer|reply|respond) only|rate|recommend|output|execute|call the (?:tool|function))\b',
        rf'\b(?:note|message|instructions?|attention)\s+(?:to|for)\s+(?:the\s+|any\s+|all\s+)?{_AI}\b',
        rf'\b(?:approve|publish)\s+(?:this|the|every|all)\b{_NEAR}\bwithout\s+(?:a\s+)?'
        r'(?:review|asking|human|approval)',
        r'<\|?(?:im_start|im_end|system|endoftext|assistant)\|?>|(?-i:\[/?INST\])|^\s*(?:system|assistant)\s*:\s*you\b',
        r'</?(?:passages?|tool_(?:use|call|result)|function_calls?|asked|said_before|previous_outline)\b',
        rf'\b(?:ignoriere|vergiss|missachte)\b{_NEAR}\b(?:anweisungen|regeln|vorgaben|instruktionen)',
        rf'\b(?:ignore[zr]?|oublie[zr]?)\b{_SOON}\b(?:instructions|consignes|règles)\s+(?:précédentes|ci-dessus)',
    )
)
_UNSEEN = re.compile('[\U000e0000-\U000e007f]{3,}|[\u200b\u2060\u2063]{8,}')
_AROUND, _MOST = 60, 5


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """What reads like an instruction, with its place in the text."""

    start: int
    end: int
    excerpt: str


def suspicions(text: str) -> list[Suspicion]:
    """In order, at most one for each line."""
    found: dict[int, Suspicion] = {}
    for match in sorted(_matches(text), key=lambda one: one.start()):
        line = text.count('\n', 0, match.start())
        if line not in found:
            start, end = max(0, match.start() - _AROUND // 3), min(len(text), match.end() + _AROUND)
            words = ' '.join(_UNSEEN.sub('⍰', text[start:end]).split())
            found[line] = Suspicion(start=match.start(), end=match.end(), excerpt=words[:160])
    return list(found.values())


def page_warning(number: int, text: str) -> str:
    """A sentence for whoever reviews what was drafted from the page; '' where nothing was found."""
    found = suspicions(text)
    if not found:
        return ''
    return f'Page {number} contains text that reads like instructions to an AI: “{found[0].excerpt}”'


def warnings_of(pages: Sequence[str]) -> list[str]:
    """For a document, whose pages count from 1: at most five sentences."""
    found = list(filter(None, (page_warning(number, text) for number, text in enumerate(pages, 1))))
    more = [f'So do {len(found) - _MOST} more pages.'] if len(found) > _MOST else []
    return found[:_MOST] + more


def _matches(text: str) -> 'Iterator[re.Match[str]]':
    for rule in (*_RULES, _UNSEEN):
        yield from rule.finditer(text)

"""What is asked for, by rules: enough for an author behind which no model stands, and it says when it is not."""

import re
from dataclasses import dataclass

from services.generation.authors.conversation import OutlineEdit
from services.generation.outlines import Outline

_POLITE = re.compile(
    r'^(?:please|bitte|hi|hello|ok(?:ay)?|so|now|and|can you|could you|would you|will you|i (?:would like|want|need)'
    r'(?: you)?(?: to)?|we (?:should|need to|want to)|let us|let\'s|kannst du|könntest du|können sie)[\s,]+',
    re.I,
)
_ORDERS = re.compile(
    r'^(?:make|shorten|lengthen|rename|retitle|move|put|swap|exchange|remove|delete|drop|add|write|rewrite|rephrase|'
    r'change|replace|split|merge|combine|simplify|expand|give|use|translate|insert|include|cut|reduce|merge|ask|turn|'
    r'create|leave out|shift|reorder|mention|explain in|mach|kürze|benenne|verschiebe|tausche|entferne|lösche|füge|'
    r'schreibe|ergänze|streiche|ersetze|übersetze)\b',
    re.I,
)
_QUESTIONS = re.compile(
    r'^(?:what|why|who|whom|whose|when|where|which|how|is|are|was|were|do|does|did|has|have|may|must|should|shall|'
    r'was|warum|wer|wann|wo|welche[rsn]?|wie|ist|sind|darf|muss|soll|quel(?:le)?s?|pourquoi|comment|qué|por qué)\b',
    re.I,
)
_SHOULD = re.compile(
    r'\b(?:should|must|needs? to|could) be\b|\bis too (?:long|short|hard|easy)\b|\btoo (?:long|short)\b'
)
_TONE = re.compile(
    r'\b(?:friendl\w*|warm\w*|formal\w*|funn\w*|humou?r\w*|casual\w*|polite\w*|tone|style|engaging|livel\w*|'
    r'simpler words|plain(?:er)? (?:language|words)|reword\w*|rephras\w*|'
    r'translate\w*|freundlich\w*|lockerer|übersetze\w*)\b',
    re.I,
)
_KINDS = (
    (re.compile(r'\b(?:questions?|quiz(?:zes)?|fragen?)\b', re.I), 'question'),
    (re.compile(r'\b(?:slides?|folien?)\b', re.I), 'slide'),
    (re.compile(r'\b(?:texts?|paragraphs?|absatz|absätze)\b', re.I), 'text'),
)
_ADD = re.compile(r'^(?:add|write|insert|create|include|ask|give|füge|ergänze|schreibe)\b', re.I)
_ABOUT = re.compile(r'\b(?:on|about|regarding|covering|for|to|über|zu[mr]?)\s+(?P<topic>.+)$', re.I)
_SWAP = re.compile(
    r'^(?:swap|exchange|tausche)\s+(?:the\s+)?(?P<kind>module|lesson|modul|lektion)s?\s+(?P<one>[\d.]+)\s+'
    r'(?:and|with|for|und|mit)\s+(?:(?:module|lesson|modul|lektion)\s+)?(?P<other>[\d.]+)',
    re.I,
)
_PART = re.compile(r'\b(?:module|modul)\s+(\d+)\b(?!\.)|\b(?:lesson|lektion)\s+(\d+(?:\.\d+)?)\b', re.I)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """`words` without politeness. `adds`: a new block is asked for, about `topic`, of `type`."""

    words: str
    changes: bool
    tone: bool
    adds: bool
    type: str
    topic: str


def understood(asked: str) -> Wish:
    words = ' '.join(asked.split())
    while (shorter := _POLITE.sub('', words)) != words:
        words = shorter
    changes = bool(_ORDERS.match(words)) or (not _QUESTIONS.match(words) and bool(_SHOULD.search(words)))
    type = next((name for pattern, name in _KINDS if pattern.search(words)), '')
    adds = changes and bool(_ADD.match(words)) and bool(type) and 'more' not in words.lower().split()[:2]
    about = _ABOUT.search(words)
    return Wish(
        words=words,
        changes=changes,
        tone=changes and bool(_TONE.search(words)),
        adds=adds,
        type=type,
        topic=re.sub(r'\b(?:in|to)\s+(?:lesson|module)\s+[\d.]+', '', about['topic'], flags=re.I).strip(' .?!')
        if about
        else '',
    )


def swapped(words: str, outline: Outline) -> list[OutlineEdit]:
    """'swap modules 1 and 2' as edits; [] where it is something else, or names what is not there."""
    found = _SWAP.match(words)
    if not found:
        return []
    one, other = found['one'].strip('.'), found['other'].strip('.')
    if '.' not in one and found['kind'].lower().startswith('le'):
        every = [f'{i}.{j}' for i, module in enumerate(outline.modules, 1) for j in range(1, len(module.lessons) + 1)]
        if not all(number.isdecimal() and 1 <= int(number) <= len(every) for number in (one, other)):
            return []
        one, other = every[int(one) - 1], every[int(other) - 1]
    first, second = sorted((one, other), key=lambda number: [int(part) for part in number.split('.')])
    return [_moved(second, first), _moved(first, second)]


def with_titles(words: str, outline: Outline) -> str:
    """'remove lesson 2.1' with the title in place of the number."""

    def title(found: 're.Match[str]') -> str:
        if found[1]:
            modules = outline.modules[int(found[1]) - 1 : int(found[1])]
            return f'the module “{modules[0].title}”' if modules else found[0]
        lessons = [lesson for _module, lesson in outline.lessons()]
        numbers = {
            f'{i}.{j}': lesson
            for i, module in enumerate(outline.modules, 1)
            for j, lesson in enumerate(module.lessons, 1)
        }
        number = found[2]
        plain = number.isdecimal() and 1 <= int(number) <= len(lessons)
        lesson = numbers.get(number) or (lessons[int(number) - 1] if plain else None)
        return f'the lesson “{lesson.title}”' if lesson else found[0]

    return _PART.sub(title, words)


def _moved(part: str, to: str) -> OutlineEdit:
    return OutlineEdit(
        what='edit_outline', act='move', part=part, to=to, title='', minutes=0, objectives=[], passages=[]
    )

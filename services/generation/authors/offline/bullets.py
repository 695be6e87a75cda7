"""A sentence as a line on a slide: whole where it is short, shortened only where it stays true and keeps its point."""

import re

from services.generation.authors.offline.grammar import definition
from services.generation.authors.offline.quantities import quantities

MOST_WORDS = 15
_FEWEST_LEFT = 6

_LEADING = re.compile(
    r'^(?:In (?:general|practice|addition|particular)|As a rule|Generally|Usually|Normally|In der Regel'
    r'|Grundsätzlich),\s+',
    re.I,
)
# What follows adds a reason or a remark. What follows "so that", "whereas", "but", "although", "unless", "except" or
# "if" limits or reverses what stands before it, so nothing is cut there.
_REMARK = re.compile(
    r'(?:,?\s+because\b|,\s+(?:which|since|so|and therefore|where|as)\b(?! (?:that|soon|long|if))|;|\s[–—]\s'
    r'|,\s+(?:weil|da|wobei|was)\b)',
    re.I,
)
_LIMIT = re.compile(
    r'\b(?:so that|whereas|while|but|although|though|unless|except|only if|even if|provided|damit|sodass|obwohl'
    r'|sondern|außer|aber)\b',
    re.I,
)
_PROMISES_MORE = re.compile(r'\b(?:is|are|was|were|ist|sind)(?: \w+)?$|\b(?:easy|small|important|matters?)$', re.I)
_FIRM = re.compile(r'\b(?:must|never|not|no|only|always|cannot|nobody|muss|nie|nicht|kein\w*|nur|immer)\b', re.I)


def bullet(sentence: str, *, most: int = MOST_WORDS) -> str | None:
    """The sentence as a line on a slide; None if it is too long and may not be cut."""
    line = re.sub(r'\s*\([^)]*\)', '', _LEADING.sub('', sentence)).strip()
    whole = _line(line)
    if whole and len(whole.split()) <= most:
        return whole
    cut = _REMARK.search(line)
    if cut is None or definition(sentence, 'en') or definition(sentence, 'de'):
        return None
    left, rest = line[: cut.start()], line[cut.end() :]
    if ',' in rest and not cut.group().lower().endswith(('because', 'since', ';')):
        return None  # 'from 0, where …, to 5': the sentence goes on after the remark
    promises = _PROMISES_MORE.search(left) and not (quantities(left) or _FIRM.search(left))
    if len(left.split()) < _FEWEST_LEFT or promises or _LIMIT.search(line[cut.start() :]):
        return None
    shorter = _line(left)
    return shorter if shorter and len(shorter.split()) <= most else None


_AND = re.compile(r'[,;]\s+(?:and|or|und|oder)$', re.I)  # what leads to the next item of a running sentence


def step(item: str) -> str:
    """An item of a list, never left out: long ones lose what stands in brackets or after a semicolon."""
    line = _AND.sub('', item.strip(' .;,'))
    if len(line.split()) > MOST_WORDS:
        line = re.split(r';|\s[–—]\s', re.sub(r'\s*\([^)]*\)', '', line))[0].strip(' .;,')
    return line[:1].upper() + line[1:]


def _line(text: str) -> str | None:
    text = text.strip(' .;,!')
    return text[:1].upper() + text[1:] if len(text) > 2 and ':' not in text and '?' not in text else None

"""A block brought up to date with its source: only sentences that rest on what changed, none that a person wrote."""

import html as entities
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from services.courses.checks.words import likeness, pieces, plain, sentences
from services.richtext import plain_text

_TOKEN = re.compile(r'\S+')
_EMPTY = re.compile(r'<(p|li)>\s*</\1>')
_RESTS = 0.5


@dataclass(frozen=True, kw_only=True)
class Reworded:
    """`content` is the same where nothing could be carried over. `look_at` are people's sentences that rest on it."""

    content: dict[str, Any]
    look_at: tuple[str, ...]


def reworded(
    kind: str, content: dict[str, Any], pairs: Sequence[tuple[str, str]], machine: Collection[str]
) -> Reworded:
    """`pairs` are sentences of the source, old and new ('': it says this no more). `machine` holds in their plain form
    the sentences and texts that a model wrote; whatever else the block says is a person's and stays byte for byte."""
    own = [one.text for text in texts_of(content) for one in sentences(text, 'en') if one.plain not in machine]
    changed = {name: _value(kind, value, pairs, own) for name, value in content.items()}
    for one in own:
        if not any(one in text for text in _flat(changed)) and any(one in text for text in _flat(content)):
            changed = content  # better nothing than a person's words lost
    return Reworded(content=changed, look_at=tuple(one for one in own if _rests(one, pairs)))


def texts_of(content: dict[str, Any]) -> list[str]:
    """Every text of a block, without markup."""
    found: list[str] = []
    for name, value in content.items():
        if name == 'html':
            found += pieces(str(value)).texts
        elif isinstance(value, str):
            found.append(value)
        elif isinstance(value, list):
            found += [str(one['text']) if isinstance(one, dict) and 'text' in one else str(one) for one in value]
    return found


def _flat(content: dict[str, Any]) -> list[str]:
    return [' '.join(text.split()) for text in texts_of(content)]


def _value(kind: str, value: Any, pairs: Sequence[tuple[str, str]], own: Sequence[str]) -> Any:
    if isinstance(value, list):
        parts = [_value(kind, one, pairs, own) for one in value]
        return [one for one in parts if one != ''] if kind == 'slide' else parts
    if isinstance(value, dict):
        return {name: _value(kind, one, pairs, own) if name == 'text' else one for name, one in value.items()}
    if not isinstance(value, str) or not value:
        return value
    if any(one == ' '.join(value.split()) for one in own):
        return value
    for old, new in pairs:
        value = _sentence(value, old, new, kind)
    return value


def _sentence(text: str, old: str, new: str, kind: str) -> str:
    """The text with the old sentence replaced, or with the words that changed where it holds nothing but them."""
    if not new and kind == 'question':
        return text  # a question without its source is for a person to decide about
    markup = '<' in text
    for before, after in ((old, new), (old.rstrip('.'), new.rstrip('.'))):
        if markup:
            before, after = (entities.escape(one, quote=False) for one in (before, after))
        pattern = r'\s+'.join(map(re.escape, before.split()))
        put = after.replace('\\', r'\\')
        found = re.sub(rf'(?<!\w){pattern}(?!\w)', put, text) if before else text
        if found != text:
            tidy = re.sub(r' {2,}', ' ', _EMPTY.sub('', found)) if not new else found
            return tidy.strip() if not markup else tidy.replace('<p> ', '<p>')
    if new and kind == 'question':
        return _fragment(text, old, new)
    return text


def _fragment(text: str, old: str, new: str) -> str:
    """An answer that is exactly the words that changed: '90 minutes' becomes '60 minutes'."""
    a, b = _TOKEN.findall(old.rstrip('.')), _TOKEN.findall(new.rstrip('.'))
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != 'replace':
            continue
        for width in range(4):  # with the unit that follows
            for back in range(3):
                before = ' '.join(a[max(0, i1 - back) : i2 + width]).strip(',;')
                after = ' '.join(b[max(0, j1 - back) : j2 + width]).strip(',;')
                if plain(before) and plain(before) == plain(text) and plain(after):
                    return after[:1].upper() + after[1:] if text[:1].isupper() else after
    return text


def _rests(sentence: str, pairs: Sequence[tuple[str, str]]) -> bool:
    mine = frozenset(plain(sentence).split())
    return any(likeness(mine, frozenset(plain(old).split())) >= _RESTS for old, _ in pairs)


def machine_words(contents: Sequence[dict[str, Any]]) -> frozenset[str]:
    """The plain form of every sentence and text in what a model wrote."""
    found: set[str] = set()
    for content in contents:
        for text in [*texts_of(content), plain_text(str(content.get('html', '')))]:
            found.add(plain(text))
            found |= {one.plain for one in sentences(text, 'en')}
    return frozenset(found)

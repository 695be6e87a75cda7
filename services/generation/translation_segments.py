"""A block as texts to translate, and back: structure, code, formulas and pictures never leave the house."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_BLOCK_TAG = re.compile(
    r'(</?(?:p|h[2-4]|ul|ol|li|pre|blockquote|table|thead|tbody|tr|th|td|figure|figcaption|hr|aside)\b[^>]*>)'
)
_KEPT = re.compile(r'<code\b[^>]*>.*?</code>|<span class="formula[^>]*>.*?</span>|<img\b[^>]*>|<br\s*/?>', re.DOTALL)
_MARK = re.compile(r'⟦(\d+)⟧')
_PLAIN = {
    'slide': ('title', 'notes'),
    'question': ('prompt', 'explanation'),
    'lab': ('title',),
}
_LISTS = {'slide': ('bullets',), 'question': ('accepted',), 'lab': ('hints',)}
_HTML = {'text': ('html',), 'lab': ('task_html',)}


def texts_of(type: str, content: Mapping[str, Any]) -> list[str]:
    """What a translator gets, in order: plain texts, and pieces of HTML with inline tags and marks for the rest."""
    return [text for _, text in _walk(type, content)]


def with_texts(type: str, content: Mapping[str, Any], texts: Sequence[str]) -> dict[str, Any]:
    """The block that says these texts instead, one for one."""
    new = dict(zip((place for place, _ in _walk(type, content)), texts, strict=True))
    result = {**content}
    for name in _PLAIN.get(type, ()):
        result[name] = new.get((name, 0), content[name])
    for name in _LISTS.get(type, ()):
        result[name] = [new.get((name, place), old) for place, old in enumerate(content[name])]
    for name in _HTML.get(type, ()):
        result[name] = _rebuilt(name, str(content[name]), new)
    if type == 'question':
        result['options'] = [
            {**option, 'text': new.get(('options', place), option['text'])}
            for place, option in enumerate(content['options'])
        ]
    return result


def _walk(type: str, content: Mapping[str, Any]) -> Iterator[tuple[tuple[str, int], str]]:
    for name in _PLAIN.get(type, ()):
        if _says(str(content.get(name) or '')):
            yield (name, 0), str(content[name])
    for name in _LISTS.get(type, ()):
        yield from (((name, place), str(text)) for place, text in enumerate(content[name]) if _says(str(text)))
    if type == 'question':
        for place, option in enumerate(content['options']):
            if _says(str(option['text'])):
                yield ('options', place), str(option['text'])
    for name in _HTML.get(type, ()):
        for place, piece in _pieces(str(content[name])):
            yield (name, place), _hidden(piece)[0]


def _pieces(html: str) -> Iterator[tuple[int, str]]:
    """(place among the parts between block tags, inline HTML) of what says something; not within code."""
    within_code = False
    for place, part in enumerate(_BLOCK_TAG.split(html)):
        if place % 2:
            within_code = part.startswith('<pre') or (within_code and not part.startswith('</pre'))
        elif not within_code and _says(_hidden(part)[0]):
            yield place, part


def _rebuilt(name: str, html: str, new: Mapping[tuple[str, int], str]) -> str:
    parts = _BLOCK_TAG.split(html)
    for place, piece in _pieces(html):
        if (name, place) in new:
            kept = _hidden(piece)[1]
            before, after = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
            said = _MARK.sub(
                lambda found, kept=kept: kept[int(found[1]) - 1] if 0 < int(found[1]) <= len(kept) else '',  # type: ignore[misc]
                new[name, place].strip(),
            )
            parts[place] = f'{before}{said}{after}'
    return ''.join(parts)


def _hidden(piece: str) -> tuple[str, list[str]]:
    """The piece with ⟦1⟧, ⟦2⟧ … for what stays as it is, and what that was."""
    kept: list[str] = []

    def hide(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f'⟦{len(kept)}⟧'

    return _KEPT.sub(hide, piece).strip(), kept


def _says(text: str) -> bool:
    """Whether there is a letter to translate, tags and marks aside."""
    return any(character.isalpha() for character in re.sub(r'<[^>]+>|&\w+;', '', text))

"""Whether the words that somebody commented on still stand in their block."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.richtext import plain_text

LONGEST_QUOTE = 500
_UNSPOKEN = ('id', 'kind', 'language', 'media_type')


def squeezed(text: str) -> str:
    """White space counts as one blank: a selection in a browser has its own line breaks."""
    return ' '.join(text.split())


def words_of(type: str, content: Mapping[str, Any]) -> str:
    """Everything a block says, on one line."""
    if type == 'text':
        return squeezed(plain_text(str(content.get('html') or '')))
    return squeezed(' '.join(_texts(content)))


def stands_in(quote: str, type: str, content: Mapping[str, Any]) -> bool:
    """An empty quote is about the whole block, which always stands."""
    return squeezed(quote) in words_of(type, content)


def _texts(value: Any, name: str = '') -> Iterator[str]:
    if isinstance(value, str):
        if name not in _UNSPOKEN:
            yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, key)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner, name)

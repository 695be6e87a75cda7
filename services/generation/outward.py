"""What a model may not put into a draft: addresses that nobody gave it. A link can carry away what was read."""

import re
from html import unescape
from typing import Any

# As services.richtext writes it.
_LINK = re.compile(r'<a\b[^>]*?\shref="([^"]*)"[^>]*>(.*?)</a>', re.S)
_OUTSIDE = re.compile(r'\s*(?:[a-z][a-z0-9+.-]*:|//|\\)', re.I)
_PICTURE = re.compile(r'!\[([^\]]*)\]\s*\(([^)]*)\)')
_WRITTEN_LINK = re.compile(r'\[([^\]]*)\]\s*\(([^)]*)\)')
_ADDRESS = re.compile(r'\b(?:https?|ftp)://[^\s<>"\')\]]+', re.I)


def inward(content: dict[str, Any], known: str = '') -> dict[str, Any]:
    """A checked block (services.generation.content) without links to addresses that do not stand in `known` (its
    sources, what it said before): their words stay. Pictures written as Markdown go; those in HTML are dropped by
    services.richtext."""
    return {name: _inward(value, known) for name, value in content.items()}


def said(text: str, known: str = '') -> str:
    """The same for what is said in plain text."""
    text = _PICTURE.sub(lambda found: found[1], text)
    text = _WRITTEN_LINK.sub(lambda found: found[1] if _unknown(found[2], known) else found[0], text)
    return _ADDRESS.sub(lambda found: '…' if _unknown(found[0], known) else found[0], text)


def _inward(value: Any, known: str) -> Any:
    if isinstance(value, str):
        without = _LINK.sub(lambda found: found[2] if _unknown(found[1], known) else found[0], value)
        return _PICTURE.sub(lambda found: found[1], without)
    if isinstance(value, list):
        return [_inward(one, known) for one in value]
    return {name: _inward(one, known) for name, one in value.items()} if isinstance(value, dict) else value


def _unknown(address: str, known: str) -> bool:
    plain = unescape(address).strip()
    return bool(_OUTSIDE.match(plain)) and plain.rstrip('.,;') not in known and address not in known

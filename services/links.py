"""Which addresses a link may lead to: the web, mail, and our own pages. Nothing that runs, and nothing hidden."""

import re

# No backslash, no "//host" and no control characters: browsers read those as another site.
_LINK = re.compile(
    r'(?:https?://|mailto:|#|\?|/(?![/\\])|(?![/\\])[^:/\\?#]*(?:[/?#]|$))[^\\\s\x00-\x1f]*', re.IGNORECASE
)
NOWHERE = '#'


def is_safe(address: str) -> bool:
    """Whether it is http, https, mailto, or relative to our own site."""
    return bool(address) and _LINK.fullmatch(address) is not None


def safe_link(address: str) -> str:
    """The address, or one that leads nowhere."""
    return address if is_safe(address) else NOWHERE

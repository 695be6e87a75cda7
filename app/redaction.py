"""What no log line may hold: passwords, keys, tokens, cookies, and the ids by which a page can be taken over."""

import re
import sys
from collections.abc import Iterable
from typing import Any

GONE = '[redacted]'
_LEAST_SECRET = 6  # shorter ones would blank ordinary words
_NAMES = (
    r'(?:password|passwd|passphrase|secret|secret[_-]?key|api[_-]?key|token|authorization|cookie|code[_-]?verifier'
    r'|client[_-]?id|tab[_-]?id|otp)(?:[_-]?hash)?'
)
_HEADERS = r'(?:(?:set-)?cookie|(?:proxy-)?authorization)'
SENSITIVE_NAME = re.compile(rf'(?i)[\w-]*{_NAMES}')
_PATTERNS = (
    # Cookie: a=b; c=d and Authorization: Bearer x, as headers are printed: to the closing quote, or the end of the line
    (re.compile(rf'(?i)({_HEADERS}["\']?\s*[:=,]\s*b?(["\'])).*?(?=\2|\n|$)'), rf'\1{GONE}'),
    (re.compile(rf'(?i)({_HEADERS}["\']?\s*[:=,]\s*)(?!b?["\'])[^\n]+'), rf'\1{GONE}'),
    (re.compile(r'(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}'), rf'\1 {GONE}'),
    # password=x, 'password': 'x', "api_key":"x", tab_id=x
    (
        re.compile(
            rf'(?i)(?<![\w-])(["\']?[\w-]*{_NAMES}["\']?\s*[:=]\s*)'
            r'(?:b?"(?:[^"\\\n]|\\.)*"|b?\'(?:[^\'\\\n]|\\.)*\'|(?!\[redacted)[^\s,;&})\]]+)'
        ),
        rf'\1{GONE}',
    ),
    # queries of addresses: whoever needs them has the page
    (re.compile(r'\?[\w\[\]%.~-]+=[^\s"\'<>]*'), f'?{GONE}'),
    # user:password@host
    (re.compile(r'(://)[^/\s@:]*:[^/\s@]+@'), rf'\1{GONE}@'),
    (re.compile(r'\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]+){0,3}'), GONE),
    (re.compile(r'\$argon2\w*\$\S+'), GONE),
    (re.compile(r'\bsk-[\w-]{12,}'), GONE),
    (re.compile(r'(?i)(/client/)[0-9a-f-]{8,}'), rf'\1{GONE}'),
    # secrets.token_urlsafe(32): sessions, links from mails, API tokens. Plain hex is a hash and tells nothing.
    (re.compile(r'(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[A-Za-z0-9_-]{40,}(?![\w-])'), GONE),
)
_UUID = re.compile(r'(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b')


class Redactor:
    """`secrets` are values that are known: what was configured. The rest is told by its look."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({secret for secret in secrets if len(secret) >= _LEAST_SECRET}, key=len, reverse=True)
        self._known = re.compile('|'.join(map(re.escape, known))) if known else None

    def text(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(GONE, text)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return _UUID.sub(_unless_it_is_a_page, text)

    def value(self, name: str, value: Any) -> Any:
        """A field of a log line, whatever it holds."""
        if isinstance(value, str):
            return GONE if value and SENSITIVE_NAME.fullmatch(name) else self.text(value)
        if value is None or isinstance(value, int | float):
            return value
        return self.text(str(value))


def _unless_it_is_a_page(found: 're.Match[str]') -> str:
    """NiceGUI's ids of open pages and tabs look like any other id."""
    nicegui = sys.modules.get('nicegui')
    pages = nicegui.Client.instances if nicegui is not None else {}
    name = found.group().lower()
    return GONE if name in pages or any(page.tab_id == name for page in pages.values()) else found.group()

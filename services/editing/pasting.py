"""What came from elsewhere (a word processor, a web page): what may stay of it, and what was left out."""

import asyncio
from dataclasses import dataclass
from html.parser import HTMLParser

from services.errors import TooLarge
from services.links import is_safe
from services.richtext import sanitise
from services.viewer import Permission, Viewer
from services.work import Gate

LARGEST = 5_000_000  # characters; word processors write ten times as much markup as text

# element -> what a person would call it; a new word needs a sentence in components/rich_editor.py
_KINDS = {
    **dict.fromkeys(('script', 'noscript', 'template'), 'scripts'),
    **dict.fromkeys(('iframe', 'object', 'embed', 'frame', 'svg', 'math', 'canvas'), 'embeds'),
    **dict.fromkeys(('video', 'audio'), 'recordings'),
    **dict.fromkeys(('form', 'input', 'select', 'textarea', 'button'), 'forms'),
}


@dataclass(frozen=True, kw_only=True)
class Pasted:
    """`left_out`: pictures, scripts, embeds, recordings, forms, links, comments."""

    html: str
    left_out: tuple[str, ...]


class PasteService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def clean(self, viewer: Viewer, html: str) -> Pasted:
        """Nothing is stored."""
        await self._gate.check(viewer, Permission.DRAFT_WRITE)
        if len(html) > LARGEST:
            raise TooLarge('This is too much to paste at once. Paste it in parts.')
        return await asyncio.to_thread(cleaned, html)


def cleaned(html: str) -> Pasted:
    kept = sanitise(_body(html))
    lost = _Lost()
    lost.feed(html)
    lost.close()
    return Pasted(html=kept, left_out=tuple(sorted(lost.found)))


def _body(html: str) -> str:
    """What clipboards mark as the copied part; around it stand style sheets and the page's frame."""
    _before, begins, rest = html.partition('<!--StartFragment-->')
    return rest.partition('<!--EndFragment-->')[0] if begins else html


class _Lost(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _KINDS:
            self.found.add(_KINDS[tag])
        if tag == 'img' and '<img' not in sanitise(f'<img src="{given.get("src") or ""}">'):
            self.found.add('pictures')
        if tag == 'a' and given.get('href') and not is_safe((given['href'] or '').strip()):
            self.found.add('links')
        if any(name.startswith('on') for name in given):
            self.found.add('scripts')
        if tag == 'span' and 'mso-comment-reference' in (given.get('style') or ''):
            self.found.add('comments')

"""Course text: HTML that has passed services.richtext, in the reading type."""

from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser
from typing import Literal

Size = Literal['review', 'reading']


def prose_html(html: str, *, size: Size = 'review') -> str:
    return f'<div class="{_classes(size)}">{html}</div>'


def mark_quotes(
    html: str, quotes: Sequence[str], *, numbered: bool = False, highlight: bool = True, classes: str = ''
) -> str:
    """Sanitised HTML with each quote's words in <mark>, also where they run across <b> or a link.

    A quote that does not stand in the text word for word is left out; white space counts as one blank.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    letters, places = _squeezed(reader.pieces)
    spans = []
    for number, quote in enumerate(quotes, start=1):
        words = ' '.join(quote.split())
        start = letters.find(words) if words else -1
        if start >= 0:
            spans.append((places[start], places[start + len(words) - 1], number))
    written = _written(reader.pieces, spans, numbered)
    if classes:
        return written.replace('<mark>', f'<mark class="{escape(classes)}">')
    return written if highlight else written.replace('<mark>', '').replace('</mark>', '')


class _Reader(HTMLParser):
    """Cuts HTML into tags (kept as they are) and single characters (as the reader sees them)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces.append((self.get_starttag_text() or '', True))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces.append((self.get_starttag_text() or '', True))

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append((f'</{tag}>', True))

    def handle_data(self, text: str) -> None:
        self.pieces.extend((letter, False) for letter in text)


def _squeezed(pieces: Sequence[tuple[str, bool]]) -> tuple[str, list[int]]:
    """The visible text with single blanks, and for each of its letters the piece it came from."""
    letters, places = '', []
    for place, (piece, is_tag) in enumerate(pieces):
        if is_tag:
            continue
        letter = ' ' if piece.isspace() else piece
        if letter == ' ' and letters.endswith(' '):
            continue
        letters += letter
        places.append(place)
    return letters, places


def _written(pieces: Sequence[tuple[str, bool]], spans: Sequence[tuple[int, int, int]], numbered: bool) -> str:
    html, inside = '', False
    for place, (piece, is_tag) in enumerate(pieces):
        marked = not is_tag and any(start <= place <= end for start, end, _ in spans)
        if inside and not marked:
            html, inside = html + '</mark>', False
        if marked and not inside:
            html, inside = html + '<mark>', True
        html += piece if is_tag else escape(piece, quote=False)
        for number in (number for _, end, number in spans if end == place and numbered):
            html += ('</mark>' if inside else '') + f'<sup><a href="#source-{number}">{number}</a></sup>'
            inside = False
    return html + ('</mark>' if inside else '')


def _classes(size: Size) -> str:
    return 'cw-prose cw-reading' if size == 'reading' else 'cw-prose'

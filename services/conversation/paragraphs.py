"""The text of a block as its paragraphs: what each is, its words, and which of them are formatted how."""

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

_NAMES = {'strong': 'bold', 'b': 'bold', 'em': 'italic', 'i': 'italic', 'code': 'code', 'a': 'link', 'sub': 'sub',
          'sup': 'sup', 'u': 'underline', 's': 'struck', 'del': 'struck'}  # fmt: skip
_BLOCKS = frozenset('p h2 h3 h4 h5 h6 li pre blockquote aside figcaption tr div dt dd caption'.split())
_HOLDERS = frozenset('ul ol blockquote aside table thead tbody tfoot figure td th'.split())


@dataclass(frozen=True, kw_only=True)
class Format:
    """`target` is where a link leads."""

    tag: str
    words: str
    target: str = ''


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """`kind`: p, h2, h3, h4, point, number, quote, callout, code, row, caption or picture (then `text` says what it
    shows)."""

    kind: str
    text: str
    formats: tuple[Format, ...] = ()
    cells: tuple[str, ...] = ()
    picture: str = ''


def paragraphs(html: str) -> list[Paragraph]:
    """Of sanitised HTML, in order; the empty ones are left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Paragraph] = []
        self._open: list[str] = []
        self._text = ''
        self._formats: list[Format] = []
        self._begun: list[tuple[str, int, str]] = []
        self._cells: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == 'img':
            self.found.append(
                Paragraph(kind='picture', text=given.get('alt') or '', picture=str(given.get('src') or ''))
            )
        elif tag == 'br':
            self._text += '\n'
        elif tag in _NAMES and 'pre' not in self._open:
            self._begun.append((tag, len(self._text), str(given.get('href') or '')))
        elif tag in ('td', 'th'):
            self._open.append(tag)
        elif tag in _BLOCKS or tag in _HOLDERS:
            if self._cells is None:
                self.end()
            self._open.append(tag)
            if tag == 'tr':
                self._cells = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _NAMES:
            self._close(tag)
        elif tag in ('td', 'th'):
            if self._cells is not None:
                self._cells.append(' '.join(self._text.split()))
                self._text = ''
            self._left(tag)
        elif tag == 'tr':
            cells, self._cells = tuple(self._cells or ()), None
            if any(cells):
                self.found.append(Paragraph(kind='row', text=' | '.join(cells), cells=cells))
            self._text, self._formats = '', []
            self._left(tag)
        elif tag in _BLOCKS or tag in _HOLDERS:
            if self._cells is None:
                self.end()
            self._left(tag)

    def handle_data(self, data: str) -> None:
        self._text += data

    def end(self) -> None:
        """What was read up to here is a paragraph."""
        kind = _kind(self._open)
        text = self._text.strip('\n') if kind == 'code' else ' '.join(self._text.split())
        if text:
            self.found.append(Paragraph(kind=kind, text=text, formats=tuple(self._formats)))
        self._text, self._formats = '', []

    def _close(self, tag: str) -> None:
        for place in range(len(self._begun) - 1, -1, -1):
            name, start, target = self._begun[place]
            if name == tag:
                del self._begun[place]
                words = ' '.join(self._text[start:].split())
                if words:
                    self._formats.append(Format(tag=_NAMES[tag], words=words, target=target))
                return

    def _left(self, tag: str) -> None:
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]


def _kind(open_tags: Sequence[str]) -> str:
    for tag in reversed(open_tags):
        if tag == 'li':
            lists = [one for one in open_tags if one in ('ul', 'ol')]
            return 'number' if lists and lists[-1] == 'ol' else 'point'
        known = {'blockquote': 'quote', 'aside': 'callout', 'pre': 'code', 'figcaption': 'caption',
                 'caption': 'caption'}.get(tag)  # fmt: skip
        if known:
            return known
        if tag in ('h2', 'h3', 'h4'):
            return tag
    return 'p'

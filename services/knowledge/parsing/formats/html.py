"""Web pages, without what surrounds the text: scripts, styles, menus, footers, forms."""

import re
import warnings as python_warnings
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Literal

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.element import CData, NavigableString

from services.knowledge.parsing import limits
from services.knowledge.parsing.cleaning import Cleaner
from services.knowledge.parsing.document import ParsedDocument
from services.knowledge.parsing.layout import Block, Pages, too_long
from services.knowledge.parsing.media_types import HTML


def read(path: Path, name: str) -> ParsedDocument:
    if path.stat().st_size > limits.MAX_TEXT_BYTES:
        raise too_long(name)
    with python_warnings.catch_warnings():
        python_warnings.simplefilter('ignore', XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(path.read_bytes(), 'lxml')
    cleaner = Cleaner()
    title = cleaner.clean(soup.title.get_text()) if soup.title else ''
    warnings = drop_unseen(soup, cleaner)
    pages = Pages(name)
    pages.flow(Blocks(cleaner).of(soup.find('main') or soup.body or soup))
    return ParsedDocument(
        title=title or (pages.sections[0].title if pages.sections else PurePath(name).stem),
        media_type=HTML,
        pages=tuple(pages.pages),
        sections=tuple(pages.sections),
        hidden=cleaner.findings(),
        warnings=(*warnings, *cleaner.warnings()),
    )


class Blocks:
    """Walks a tree of elements; text between block elements becomes a paragraph."""

    def __init__(self, cleaner: Cleaner) -> None:
        self._cleaner = cleaner

    def of(self, element: Tag) -> Iterator[Block]:
        inline: list[str] = []
        for child in element.children:
            if isinstance(child, Tag) and (child.name in _BLOCKS or child.find(_BLOCKS)):
                yield from self._paragraph(inline)
                inline = []
                yield from self._block(child)
            elif isinstance(child, Tag):
                inline.append(' ' if child.name in ('br', 'hr') else _inline(child))
            elif isinstance(child, NavigableString) and type(child) in (NavigableString, CData):  # not comments
                inline.append(child)
        yield from self._paragraph(inline)

    def _block(self, element: Tag) -> Iterator[Block]:
        if element.name in _HEADINGS:
            yield from self._paragraph([_inline(element)], level=int(element.name[1]))
        elif element.name in ('ul', 'ol'):
            yield from self._items(element)
        elif element.name == 'table':
            yield from self._rows(element)
        elif element.name == 'pre':
            for line in element.get_text().splitlines():
                yield from self._paragraph([line], kind='item')
        elif element.name == 'dt':
            yield from self._paragraph([_inline(element)], kind='item')
        else:
            yield from self.of(element)

    def _items(self, element: Tag) -> Iterator[Block]:
        number = 0
        for item in element.find_all(['li', 'ul', 'ol'], recursive=False):
            if item.name != 'li':
                yield from self._items(item)
                continue
            number += 1
            marker = f'{number}. ' if element.name == 'ol' else '• '
            for place, block in enumerate(self.of(item)):
                text = block.text if place else marker + block.text
                yield Block(text=text, level=block.level, kind='text' if block.level else 'item')

    def _rows(self, table: Tag) -> Iterator[Block]:
        if caption := table.find('caption', recursive=False):
            yield from self._paragraph([_inline(caption)])
        for row in table.find_all('tr'):
            if row.find_parent('table') is not table:
                continue
            cells = [
                text
                for cell in row.find_all(['td', 'th'], recursive=False)
                if (text := self._cleaner.clean(cell.get_text(' ')))
            ]
            if cells:
                yield Block(text=' | '.join(cells), kind='row')

    def _paragraph(
        self, inline: list[str], *, level: int = 0, kind: Literal['text', 'item'] = 'text'
    ) -> Iterator[Block]:
        if text := self._cleaner.clean(''.join(inline)):
            yield Block(text=text, level=level, kind=kind)


def _inline(element: Tag) -> str:
    for line_break in element.find_all('br'):
        line_break.replace_with(' ')
    return element.get_text()


def drop_unseen(soup: BeautifulSoup, cleaner: Cleaner) -> list[str]:
    """Takes out what is not text for a reader; warns of text that was there but hidden."""
    for element in soup.find_all(_DROPPED):
        element.decompose()
    for element in soup.select('[role=navigation], [role=contentinfo], [role=search], [role=banner]'):
        element.decompose()
    unseen = 0
    for element in soup.find_all(_is_unseen):
        if not element.decomposed:
            unseen += bool(element.get_text(strip=True))
            cleaner.leave_out('pale' if _is_pale(element) else 'marked', element.get_text(' '))
            element.decompose()
    if not unseen:
        return []
    return [f'Hidden text was left out, in {unseen} places: a reader would not have seen it.']


def _is_unseen(element: Tag) -> bool:
    style = str(element.get('style', ''))
    return element.has_attr('hidden') or bool(_UNSEEN_STYLE.search(style)) or _is_pale(element)


def _is_pale(element: Tag) -> bool:
    """White letters, and nothing around them that may be dark: no background, no class that could bring one."""
    if not _WHITE_LETTERS.search(str(element.get('style', ''))):
        return False
    return not any(
        one.get('class') or one.get('bgcolor') or 'background' in str(one.get('style', ''))
        for one in (element, *element.parents)
    )


_UNSEEN_STYLE = re.compile(
    r'display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*(?:0(?![.\d])|[01](?:\.\d+)?\s*(?:px|pt))'
    r'|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|(?:left|right|top|text-indent)\s*:\s*-\d{3,}',
    re.IGNORECASE,
)
_WHITE_LETTERS = re.compile(
    r'(?:^|;)\s*color\s*:\s*(?:white|#fff(?:fff)?|rgba?\(\s*255\s*,\s*255\s*,\s*255[^)]*\)|transparent)\s*(?:;|!|$)',
    re.IGNORECASE,
)


def _names(names: str) -> list[str]:
    return names.split()


_HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']
_DROPPED = _names(
    'script style nav footer noscript template iframe object embed svg canvas form button select input textarea '
    'head link meta'
)
_BLOCKS = _HEADINGS + _names(
    'p div ul ol li dl dt dd table tr pre blockquote section article main aside header figure figcaption details '
    'summary address hr body'
)

"""Plain text in any encoding: wrapped lines become paragraphs, numbered and underlined lines headings."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Literal

import charset_normalizer

from services.knowledge.parsing import limits
from services.knowledge.parsing.cleaning import Cleaner
from services.knowledge.parsing.document import ParsedDocument
from services.knowledge.parsing.errors import UnreadableDocument
from services.knowledge.parsing.formats.lines import BULLET, heading_level, joined
from services.knowledge.parsing.layout import Block, Pages, too_long
from services.knowledge.parsing.media_types import PLAIN


def read(path: Path, name: str) -> ParsedDocument:
    text, warnings = text_of(path, name)
    cleaner = Cleaner()
    pages = Pages(name)
    pages.flow(_blocks(text, cleaner))
    first = pages.sections[0] if pages.sections else None
    return ParsedDocument(
        title=first.title if first and (first.page, first.start) == (1, 0) else PurePath(name).stem,
        media_type=PLAIN,
        pages=tuple(pages.pages),
        sections=tuple(pages.sections),
        hidden=cleaner.findings(),
        warnings=(*warnings, *cleaner.warnings()),
    )


def text_of(path: Path, name: str) -> tuple[str, list[str]]:
    """The text of a text file whatever its encoding, and a warning if the encoding had to be guessed."""
    if path.stat().st_size > limits.MAX_TEXT_BYTES:
        raise too_long(name)
    content = path.read_bytes()
    for mark, encoding in ((b'\xef\xbb\xbf', 'utf-8'), (b'\xff\xfe', 'utf-16'), (b'\xfe\xff', 'utf-16')):
        if content.startswith(mark):
            return content.decode(encoding, errors='replace').removeprefix('\ufeff'), []
    try:
        return content.decode('utf-8'), []
    except UnicodeDecodeError:
        guess = charset_normalizer.from_bytes(content[:1_000_000]).best()
    if guess is None:
        raise UnreadableDocument(
            '“{name}” is text in an unknown encoding. Save it as UTF-8 and add it again.', name=name
        )
    warning = f'The encoding was guessed to be {guess.encoding}. If letters look wrong, save the file as UTF-8.'
    return content.decode(guess.encoding, errors='replace'), [warning]


def _blocks(text: str, cleaner: Cleaner) -> Iterator[Block]:
    for page_number, page in enumerate(text.split('\f')):
        new_page = page_number > 0
        for paragraph in _PARAGRAPHS.split(page.replace('\r\n', '\n').replace('\r', '\n')):
            for block in _paragraph([line for raw in paragraph.split('\n') if (line := cleaner.clean(raw))]):
                yield replace(block, new_page=new_page)
                new_page = False


def _paragraph(lines: list[str]) -> Iterator[Block]:
    if len(lines) > 1 and (underline := _UNDERLINE.fullmatch(lines[1])):
        yield Block(text=lines[0], level=1 if underline.group()[0] == '=' else 2)
        lines = lines[2:]
    if not lines:
        return
    if len(lines) == 1 and (hashed := _HASHED.fullmatch(lines[0])):
        yield Block(text=hashed.group(2), level=len(hashed.group(1)))
        return
    if len(lines) == 1 and (level := heading_level(lines[0])):
        yield Block(text=lines[0], level=level)
        return
    wrapped = len(lines) > 1 and sum(len(line) >= 50 for line in lines[:-1]) * 2 >= len(lines) - 1
    if not wrapped and lines[0].isupper() and (level := heading_level(lines[0])):
        yield Block(text=lines[0], level=level)
        lines = lines[1:]
    gathered: list[str] = []
    itemised = any(BULLET.match(line) for line in lines) or (len(lines) > 1 and not wrapped)
    kind: Literal['text', 'item'] = 'item' if itemised else 'text'
    for line in lines:
        if gathered and (BULLET.match(line) or (not wrapped and not BULLET.match(gathered[0]))):
            yield Block(text=joined(gathered), kind=kind)
            gathered = []
        gathered.append(line)
    if gathered:
        yield Block(text=joined(gathered), kind=kind)


_PARAGRAPHS = re.compile(r'\n[ \t]*\n')
_HASHED = re.compile(r'(#{1,6}) (\S.*)')
_UNDERLINE = re.compile(r'={3,}|-{3,}|~{3,}')

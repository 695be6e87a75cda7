"""Markdown: CommonMark with tables, rendered to elements and read like a web page."""

import re
from pathlib import Path, PurePath

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from services.knowledge.parsing.cleaning import Cleaner
from services.knowledge.parsing.document import ParsedDocument
from services.knowledge.parsing.formats.html import Blocks, drop_unseen
from services.knowledge.parsing.formats.plain import text_of
from services.knowledge.parsing.layout import Pages
from services.knowledge.parsing.media_types import MARKDOWN


def read(path: Path, name: str) -> ParsedDocument:
    text, warnings = text_of(path, name)
    front = _FRONT_MATTER.match(text)
    rendered = MarkdownIt('commonmark', {'html': True}).enable('table').render(text[front.end() :] if front else text)
    soup = BeautifulSoup(rendered, 'lxml')
    cleaner = Cleaner()
    warnings.extend(drop_unseen(soup, cleaner))
    pages = Pages(name)
    pages.flow(Blocks(cleaner).of(soup.body or soup))
    named = _TITLE.search(front.group()) if front else None
    title = named.group(1).strip('"\' ') if named else next((section.title for section in pages.sections), '')
    return ParsedDocument(
        title=cleaner.clean(title) or PurePath(name).stem,
        media_type=MARKDOWN,
        pages=tuple(pages.pages),
        sections=tuple(pages.sections),
        hidden=cleaner.findings(),
        warnings=(*warnings, *cleaner.warnings()),
    )


_FRONT_MATTER = re.compile(r'\A\ufeff?---\r?\n.*?\r?\n(?:---|\.\.\.)\r?\n', re.DOTALL)
_TITLE = re.compile(r'^title:\s*(.+?)\s*$', re.MULTILINE | re.IGNORECASE)

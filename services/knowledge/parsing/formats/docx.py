"""Word documents. Word notes where it last broke pages, so page numbers are those its author saw."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any, cast

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import nsmap, qn
from lxml import etree

from services.knowledge.parsing.cleaning import Cleaner
from services.knowledge.parsing.document import Hidden, ParsedDocument
from services.knowledge.parsing.errors import damaged
from services.knowledge.parsing.formats.packages import leave_out_metadata, package_of
from services.knowledge.parsing.layout import Block, Pages
from services.knowledge.parsing.media_types import DOCX


def read(path: Path, name: str) -> ParsedDocument:
    try:
        document = docx.Document(package_of(path, name))
        reader = _Reader(document)
        pages = Pages(name)
        rendered = bool(_xpath(document.element.body, './/w:lastRenderedPageBreak[1]'))
        pages.flow(reader.blocks(), breaks_only=rendered)
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, etree.XMLSyntaxError) as error:
        raise damaged(name) from error
    return ParsedDocument(
        title=reader.title or PurePath(name).stem,
        media_type=DOCX,
        pages=tuple(pages.pages),
        sections=tuple(pages.sections),
        warnings=tuple(reader.warnings()),
        hidden=reader.findings(),
    )


class _Reader:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._cleaner = Cleaner()
        self._hidden_runs = 0
        self._numbers: dict[tuple[str, int], int] = {}
        self._break_waits = False
        self.title = self._cleaner.clean(document.core_properties.title or '')
        leave_out_metadata(document.core_properties, self._cleaner)
        styles: dict[str, Any] = {}
        for style in document.styles.element.iter(qn('w:style')):
            styles[style.get(qn('w:styleId'), '')] = style
        self._levels = {style_id: _style_level(style, styles) for style_id, style in styles.items()}
        self._style_names = {style_id: _style_name(style) for style_id, style in styles.items()}
        self._formats = _number_formats(document)

    def findings(self) -> tuple[Hidden, ...]:
        return self._cleaner.findings()

    def warnings(self) -> Iterator[str]:
        if self._hidden_runs:
            yield f'Hidden or white text was left out, in {self._hidden_runs} places: a reader would not have seen it.'
        yield from self._cleaner.warnings()

    def blocks(self) -> Iterator[Block]:
        yield from self._container(self._document.element.body)

    def _container(self, parent: Any) -> Iterator[Block]:
        for element in parent.iterchildren():
            if element.tag == qn('w:p'):
                yield from self._paragraph(element)
            elif element.tag == qn('w:tbl'):
                yield from self._table(element)
            elif element.tag in _CONTAINERS and not _xpath(element, _CONTENTS):
                yield from self._container(element)

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        style = _value(paragraph, './w:pPr/w:pStyle') or ''
        if self._style_names.get(style, '').startswith('toc '):
            return
        broken = self._break_waits or bool(_xpath(paragraph, './w:pPr/w:pageBreakBefore[not(@w:val="0")]'))
        before, text, after = self._text(paragraph)
        self._break_waits = ((broken or before) and not text) or after
        if not text:
            return
        marker = self._marker(paragraph, style)
        level = 0 if marker == '• ' else self._level(paragraph, style, text)
        if level and not self.title and self._style_names.get(style) == 'title':
            self.title = text
        numbered = marker if marker != '• ' else ''
        yield Block(
            text=(numbered if level else marker) + text,
            level=level,
            kind='item' if marker and not level else 'text',
            new_page=broken or before,
        )

    def _text(self, paragraph: Any) -> tuple[bool, str, bool]:
        """Whether a page break precedes the text, the text, and whether a break comes within or after it."""
        parts: list[str] = []
        before = after = False
        for node in paragraph.iter(*_INLINE):
            if node.tag == qn('w:lastRenderedPageBreak') or node.get(qn('w:type')) == 'page':
                before, after = (before, True) if ''.join(parts).strip() else (True, after)
            elif any(ancestor.tag in _SKIPPED for ancestor in node.iterancestors()):
                continue
            elif node.tag == qn('w:t'):
                if node.text and (why := _unseen(node)):
                    self._hidden_runs += 1
                    self._cleaner.leave_out(why, node.text)
                else:
                    parts.append(node.text or '')
            elif node.tag == qn('m:t'):
                parts.append(node.text or '')
            elif node.tag == qn('w:noBreakHyphen'):
                parts.append('-')
            else:
                parts.append(' ')
        return before, self._cleaner.clean(''.join(parts)), after

    def _table(self, table: Any) -> Iterator[Block]:
        for row in table.iter(qn('w:tr')):
            if next(row.iterancestors(qn('w:tbl'))) is not table:
                continue  # rows of a table inside a cell are read with that cell
            cells = [
                ' '.join(text for p in cell.iter(qn('w:p')) if (text := self._text(p)[1]))
                for cell in row.iter(qn('w:tc'))
                if next(cell.iterancestors(qn('w:tbl'))) is table
            ]
            if any(cells):
                yield Block(text=' | '.join(cell for cell in cells if cell), kind='row')

    def _level(self, paragraph: Any, style: str, text: str) -> int:
        outline = _value(paragraph, './w:pPr/w:outlineLvl')
        if outline is not None and outline.isdigit() and int(outline) < 9:
            return int(outline) + 1
        if level := self._levels.get(style, 0):
            return level
        return 3 if _all_bold(paragraph) and _short_title(text) else 0

    def _marker(self, paragraph: Any, style: str) -> str:
        number_id = _value(paragraph, './w:pPr/w:numPr/w:numId')
        if number_id is None:
            name = self._style_names.get(style, '')
            return '• ' if name.startswith('list bullet') else ''
        if number_id == '0':
            return ''
        depth = int(_value(paragraph, './w:pPr/w:numPr/w:ilvl') or 0)
        if self._formats.get((number_id, depth), 'bullet') in ('bullet', 'none'):
            return '• '
        for deeper in range(depth + 1, 9):
            self._numbers.pop((number_id, deeper), None)
        self._numbers[number_id, depth] = self._numbers.get((number_id, depth), 0) + 1
        return f'{self._numbers[number_id, depth]}. '


_TINY = 4  # half points
_INLINE = [qn(tag) for tag in ('w:t', 'w:tab', 'w:br', 'w:cr', 'w:noBreakHyphen', 'w:lastRenderedPageBreak', 'm:t')]
_CONTAINERS = {qn(tag) for tag in ('w:sdt', 'w:sdtContent', 'w:ins', 'w:customXml')}
_CONTENTS = './w:sdtPr/w:docPartObj/w:docPartGallery[@w:val="Table of Contents"]'
# Deleted text, the second copy of every text box, and the instructions of fields are not what a reader sees.
_SKIPPED = {
    qn('w:del'),
    qn('w:moveFrom'),
    qn('w:tabs'),
    '{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback',
}


def _unseen(node: Any) -> str:
    """Why a reader does not see it, in the words of `Hidden`; '' where they do."""
    run = next(node.iterancestors(qn('w:r')), None)
    if run is None:
        return ''
    if _xpath(run, './w:rPr/w:vanish[not(@w:val="0") and not(@w:val="false")]'):
        return 'marked'
    size = _value(run, './w:rPr/w:sz') or ''
    if size.isdigit() and int(size) < _TINY:
        return 'tiny'
    if (_value(run, './w:rPr/w:color') or '').upper() != 'FFFFFF':
        return ''
    shaded = 'ancestor-or-self::*/*[self::w:rPr or self::w:pPr or self::w:tcPr or self::w:tblPr]/w:shd/@w:fill'
    styled = _xpath(run, 'ancestor::w:tbl/w:tblPr/w:tblStyle')  # a table style may well have dark header cells
    pale = not styled and all(fill.upper() in ('AUTO', 'FFFFFF') for fill in _xpath(run, shaded))
    return 'pale' if pale else ''


def _all_bold(paragraph: Any) -> bool:
    runs = [
        run for run in paragraph.iterchildren(qn('w:r')) if ''.join(t.text or '' for t in run.iter(qn('w:t'))).strip()
    ]
    return bool(runs) and all(_xpath(run, './w:rPr/w:b[not(@w:val="0") and not(@w:val="false")]') for run in runs)


def _short_title(text: str) -> bool:
    return len(text) <= 90 and text[-1] not in '.,;:!?' and any(c.isalpha() for c in text)


def _style_level(style: Any, styles: dict[str, Any]) -> int:
    """The outline level of a style or of what it is based on; 0 for body text."""
    for _ in range(10):
        name = _style_name(style)
        if name == 'title':
            return 1
        if heading := re.fullmatch(r'heading (\d)', name):
            return int(heading.group(1))
        outline = _value(style, './w:pPr/w:outlineLvl')
        if outline is not None and outline.isdigit() and int(outline) < 9:
            return int(outline) + 1
        base = styles.get(_value(style, './w:basedOn') or '')
        if base is None:
            break
        style = base
    return 0


def _style_name(style: Any) -> str:
    return (_value(style, './w:name') or '').lower()


def _number_formats(document: Document) -> dict[tuple[str, int], str]:
    """The format ('decimal', 'bullet', …) of each level of each list."""
    try:
        numbering = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    formats: dict[tuple[str, int], str] = {}
    for number in numbering.iter(qn('w:num')):
        abstract = _value(number, './w:abstractNumId') or ''
        for level in _xpath(numbering, f'./w:abstractNum[@w:abstractNumId="{int(abstract or -1)}"]/w:lvl'):
            depth = int(level.get(qn('w:ilvl'), '0'))
            formats[number.get(qn('w:numId'), ''), depth] = _value(level, './w:numFmt') or 'bullet'
    return formats


def _value(element: Any, path: str) -> str | None:
    found = _xpath(element, path)
    return cast(str | None, found[0].get(qn('w:val'))) if found else None


def _xpath(element: Any, path: str) -> list[Any]:
    """python-docx gives only some elements an `xpath` that knows Word's name spaces."""
    found: list[Any] = etree.ElementBase.xpath(element, path, namespaces=nsmap)
    return found

"""PowerPoint presentations: a slide is a page, its title a heading, its notes a paragraph of their own."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PackageNotFoundError, PythonPptxError

from services.knowledge.parsing.cleaning import Cleaner
from services.knowledge.parsing.document import ParsedDocument
from services.knowledge.parsing.errors import damaged
from services.knowledge.parsing.formats.packages import leave_out_metadata, package_of
from services.knowledge.parsing.layout import Block, Pages
from services.knowledge.parsing.media_types import PPTX


def read(path: Path, name: str) -> ParsedDocument:
    cleaner = Cleaner()
    pages = Pages(name)
    hidden_slides: list[int] = []
    try:
        presentation = Presentation(package_of(path, name))
        for number, slide in enumerate(presentation.slides, start=1):
            if slide._element.get('show') == '0':
                hidden_slides.append(number)
                for block in _blocks(slide, cleaner):
                    cleaner.leave_out('slide', block.text, page=number)
                pages.add([])
            else:
                pages.add(_blocks(slide, cleaner))
        title = cleaner.clean(presentation.core_properties.title or '')
        leave_out_metadata(presentation.core_properties, cleaner)
    except (PackageNotFoundError, PythonPptxError, KeyError, ValueError, AttributeError, etree.XMLSyntaxError) as error:
        raise damaged(name) from error
    if not title or title == 'PowerPoint Presentation':
        title = pages.sections[0].title if pages.sections else PurePath(name).stem
    warnings = list(cleaner.warnings())
    if hidden_slides:
        warnings.append(f'Hidden slides were left out: {", ".join(map(str, hidden_slides))}.')
    return ParsedDocument(
        title=title,
        media_type=PPTX,
        pages=tuple(pages.pages),
        sections=tuple(pages.sections),
        hidden=cleaner.findings(),
        warnings=tuple(warnings),
    )


def _blocks(slide: Any, cleaner: Cleaner) -> Iterator[Block]:
    heading = slide.shapes.title
    if heading is not None and heading.has_text_frame and (title := cleaner.clean(heading.text_frame.text)):
        yield Block(text=title, level=1)
    for shape in _in_reading_order(slide.shapes):
        if heading is not None and shape.shape_id == heading.shape_id:
            continue
        if getattr(shape, 'has_table', False):
            yield from _rows(shape.table, cleaner)
        elif shape.has_text_frame:
            yield from _paragraphs(shape, cleaner)
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None:
        notes = [text for paragraph in frame.paragraphs if (text := cleaner.clean(paragraph.text))]
        for number, text in enumerate(notes):
            yield Block(text=text if number else f'Notes: {text}')


def _in_reading_order(shapes: Iterable[Any]) -> Iterator[Any]:
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        if hasattr(shape, 'shapes'):
            yield from _in_reading_order(shape.shapes)
        elif not (shape.is_placeholder and shape.placeholder_format.type in _FURNITURE):
            yield shape


def _paragraphs(shape: Any, cleaner: Cleaner) -> Iterator[Block]:
    paragraphs = [(p, text) for p in shape.text_frame.paragraphs if (text := cleaner.clean(p.text))]
    listed = len(paragraphs) > 1
    for _, text in paragraphs:
        yield Block(
            text=f'• {text}' if listed and not text.startswith('•') else text, kind='item' if listed else 'text'
        )


def _rows(table: Any, cleaner: Cleaner) -> Iterator[Block]:
    for row in table.rows:
        cells = [text for cell in row.cells if (text := cleaner.clean(cell.text))]
        if cells:
            yield Block(text=' | '.join(cells), kind='row')


_FURNITURE = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER}

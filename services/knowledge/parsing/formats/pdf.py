"""PDF through PDFium: what a reader sees, in reading order, page by page."""

import re
from pathlib import Path, PurePath

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from services.knowledge.parsing import limits, progress
from services.knowledge.parsing.cleaning import Cleaner
from services.knowledge.parsing.document import ParsedDocument
from services.knowledge.parsing.errors import DocumentTooLarge, LockedDocument, PicturesOnly, damaged
from services.knowledge.parsing.formats.pdf_layout import Bookmark, Sheet, typeset
from services.knowledge.parsing.formats.pdf_text import lines_of
from services.knowledge.parsing.layout import Pages, too_long
from services.knowledge.parsing.media_types import PDF


def read(path: Path, name: str) -> ParsedDocument:
    _check_end(path, name)
    try:
        with pdfium.PdfDocument(path) as document:
            return _read(document, name)
    except pdfium.PdfiumError as error:
        if getattr(error, 'err_code', None) == raw.FPDF_ERR_PASSWORD:
            raise LockedDocument(
                '“{name}” is locked with a password. Save it without one and add it again.', name=name
            ) from error
        raise damaged(name) from error


def _read(document: pdfium.PdfDocument, name: str) -> ParsedDocument:
    if len(document) > limits.MAX_PAGES:
        raise DocumentTooLarge(
            '“{name}” has more than {limit} pages. Split it into parts and add them one by one.',
            name=name,
            limit=limits.MAX_PAGES,
        )
    cleaner = Cleaner()
    sheets: list[Sheet] = []
    unseen = characters = 0
    for number, page in enumerate(document, start=1):
        sheet, unseen_here = lines_of(page, cleaner, number)
        page.close()
        progress.say(number, len(document))
        sheets.append(sheet)
        unseen += unseen_here
        characters += sum(len(line.text) for line in sheet.lines)
        if characters > limits.MAX_CHARACTERS:
            raise too_long(name)
    pictures = [number for number, sheet in enumerate(sheets, start=1) if _is_picture(sheet)]
    if not sheets or len(pictures) == len(sheets):
        raise PicturesOnly(
            'There is no text in “{name}”: its pages are pictures; run text recognition (OCR) and add it again.',
            name=name,
        )
    pages = Pages(name)
    for blocks in typeset(sheets, _bookmarks(document)):
        pages.add(blocks)
    for field in ('Subject', 'Keywords'):
        if value := document.get_metadata_value(field):
            cleaner.leave_out('metadata', f'{field}: {value}')
    return ParsedDocument(
        title=_title(document, pages, cleaner, name),
        media_type=PDF,
        pages=tuple(pages.pages),
        sections=tuple(pages.sections),
        warnings=tuple(_warnings([n for n in pictures if sheets[n - 1].has_image], unseen, cleaner)),
        hidden=cleaner.findings(),
    )


def _check_end(path: Path, name: str) -> None:
    """PDFium mends a file that was cut off by leaving out what is missing: half a document, and nobody told."""
    with path.open('rb') as file:
        file.seek(max(0, path.stat().st_size - 4096))
        if b'%%EOF' not in file.read():
            raise damaged(name)


def _is_picture(sheet: Sheet) -> bool:
    return sum(map(str.isalnum, ''.join(line.text for line in sheet.lines))) < 8


def _bookmarks(document: pdfium.PdfDocument) -> list[Bookmark]:
    found: list[Bookmark] = []
    for item in document.get_toc(max_depth=6):
        destination = item.get_dest()
        page = destination.get_index() if destination else None
        if page is not None and 0 <= page < len(document):
            found.append(Bookmark(title=item.get_title(), level=item.level + 1, page=page + 1))
        if len(found) >= 20_000:
            break
    return found


def _title(document: pdfium.PdfDocument, pages: Pages, cleaner: Cleaner, name: str) -> str:
    title = cleaner.clean(document.get_metadata_value('Title'))
    if len(title) > 3 and not _MEANINGLESS_TITLE.search(title):
        return title
    first = [section for section in pages.sections if section.page == 1]
    return min(first, key=lambda section: section.level).title if first else PurePath(name).stem


def _warnings(pictures: list[int], unseen: int, cleaner: Cleaner) -> list[str]:
    warnings = []
    if pictures:
        shown = ', '.join(map(str, pictures[:20])) + (' …' if len(pictures) > 20 else '')
        warnings.append(f'Pages without text, only pictures: {shown}. Run text recognition (OCR) if they matter.')
    if unseen:
        warnings.append(
            f'Invisible text was left out: {unseen} characters that are white, transparent, tiny or off the page.'
        )
    return [*warnings, *cleaner.warnings()]


_MEANINGLESS_TITLE = re.compile(
    r'^(?:microsoft word|untitled|document\d*$|\(?anonymous)|\.(?:docx?|pdf|indd|tex|pptx?)$', re.I
)

"""Sets a manuscript as a Word document, with Word's own heading, list and table styles."""

from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from app.demo.handbooks.archive import freeze
from app.demo.handbooks.manuscript import Block, Grid, Heading, Listing, Manuscript, Note, Paragraph

ACCENT = RGBColor(0x0B, 0x6B, 0x5C)


def write(manuscript: Manuscript, target: Path) -> None:
    document = Document()
    _set_page(document, manuscript)
    _set_styles(document)
    document.add_paragraph(manuscript.title, 'Title')
    document.add_paragraph(manuscript.subtitle, 'Subtitle')
    document.add_paragraph(f'{manuscript.organisation}. {manuscript.edition}.')
    for block in manuscript.blocks:
        _add(document, block)
    freeze(document.save, target)


def _add(document: WordDocument, block: Block) -> None:
    match block:
        case Heading(level=level, text=text):
            document.add_heading(text, level)
        case Paragraph(text=text):
            document.add_paragraph(text)
        case Listing(items=items, ordered=ordered):
            numbering = _new_numbering(document) if ordered else None
            for item in items:
                _set_numbering(document.add_paragraph(item, 'List Number' if ordered else 'List Bullet'), numbering)
        case Grid(rows=rows):
            _add_table(document, rows)
        case Note(text=text):
            document.add_paragraph(text, 'Intense Quote')


def _add_table(document: WordDocument, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(len(rows), len(rows[0]), 'Light Grid Accent 1')
    for cells, row in zip(rows, table.rows, strict=True):
        for text, cell in zip(cells, row.cells, strict=True):
            cell.text = text
    document.add_paragraph()


def _set_page(document: WordDocument, manuscript: Manuscript) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.header.paragraphs[0].text = f'{manuscript.title}\t\t{manuscript.organisation}'
    footer = section.footer.paragraphs[0].add_run('Page ')
    field = OxmlElement('w:fldSimple')
    field.set(qn('w:instr'), 'PAGE')
    footer._r.addnext(field)
    properties = document.core_properties
    properties.title, properties.author, properties.language = manuscript.title, manuscript.organisation, 'en-GB'


def _set_styles(document: WordDocument) -> None:
    normal = document.styles['Normal']
    normal.font.name, normal.font.size = 'Calibri', Pt(11)
    for level in (1, 2):
        heading = document.styles[f'Heading {level}']
        heading.font.color.rgb, heading.font.size = ACCENT, Pt((18, 14)[level - 1])


def _new_numbering(document: WordDocument) -> int:
    """Word counts on through every list of a style; a list that starts at 1 needs a numbering of its own."""
    numbering = document.part.numbering_part.element
    style = document.styles['List Number'].element
    ancestor = numbering.num_having_numId(style.pPr.numPr.numId.val).abstractNumId.val
    number = numbering.add_num(ancestor)
    number.add_lvlOverride(0).add_startOverride(1)
    return int(number.numId)


def _set_numbering(paragraph: WordParagraph, numbering: int | None) -> None:
    if numbering is None:
        return
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = numbering

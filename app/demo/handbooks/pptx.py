"""Sets a manuscript as a slide deck: a heading is a slide, a quotation its speaker notes."""

from pathlib import Path

from pptx import Presentation
from pptx.presentation import Presentation as SlideDeck
from pptx.slide import Slide
from pptx.util import Cm

from app.demo.handbooks.archive import freeze
from app.demo.handbooks.manuscript import Block, Grid, Heading, Listing, Manuscript, Note, Paragraph

TITLE, TITLE_AND_TEXT, TITLE_ONLY = 0, 1, 5  # the layouts of the default template


def write(manuscript: Manuscript, target: Path) -> None:
    deck = Presentation()
    deck.core_properties.title, deck.core_properties.author = manuscript.title, manuscript.organisation
    cover = deck.slides.add_slide(deck.slide_layouts[TITLE])
    cover.shapes.title.text = manuscript.title
    cover.placeholders[1].text = f'{manuscript.subtitle}\n{manuscript.organisation}, {manuscript.edition}'
    for blocks in _slides(manuscript.blocks):
        _add_slide(deck, blocks)
    freeze(deck.save, target)


def _slides(blocks: tuple[Block, ...]) -> list[list[Block]]:
    slides: list[list[Block]] = []
    for block in blocks:
        if isinstance(block, Heading):
            slides.append([])
        slides[-1].append(block)
    return slides


def _add_slide(deck: SlideDeck, blocks: list[Block]) -> None:
    layout = TITLE_ONLY if any(isinstance(block, Grid) for block in blocks) else TITLE_AND_TEXT
    slide = deck.slides.add_slide(deck.slide_layouts[layout])
    for block in blocks:
        match block:
            case Heading(text=text):
                slide.shapes.title.text = text
            case Listing(items=items):
                slide.placeholders[1].text = '\n'.join(items)
            case Paragraph(text=text):
                slide.placeholders[1].text = text
            case Grid(rows=rows):
                _add_table(slide, rows)
            case Note(text=text):
                slide.notes_slide.notes_text_frame.text = text


def _add_table(slide: Slide, rows: tuple[tuple[str, ...], ...]) -> None:
    table = slide.shapes.add_table(len(rows), len(rows[0]), Cm(1.5), Cm(4.5), Cm(22), Cm(1.4 * len(rows))).table
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text

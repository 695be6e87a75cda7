from collections.abc import Mapping
from functools import partial
from io import BytesIO
from typing import Any, BinaryIO

from reportlab.platypus import BaseDocTemplate, PageTemplate

from services.exports.pdf import styles, typefaces
from services.exports.pdf.frames import Kept, NotesFrame
from services.exports.pdf.story import Story
from services.exports.pdf.structure import Element, TaggedCanvas
from services.exports.publication import Publication
from services.exports.wording import wording_for

# The contents name pages that only setting the book finds out; numbers of another width may move a line once more.
_ROUNDS = 4


def render(publication: Publication, stream: BinaryIO) -> None:
    typefaces.register()
    pages: dict[str, int] = {}
    for _ in range(_ROUNDS):
        book = BytesIO()
        found = _set(publication, pages, book)
        if found == pages:
            break
        pages = found
    stream.write(book.getvalue())


def _set(publication: Publication, pages: Mapping[str, int], book: BinaryIO) -> dict[str, int]:
    root = Element(tag='Document')
    canvases: list[TaggedCanvas] = []

    def make_canvas(*arguments: Any, **options: Any) -> TaggedCanvas:
        canvases.append(TaggedCanvas(*arguments, root=root, moment=publication.published_at, **options))
        canvases[-1].setViewerPreference('DisplayDocTitle', 'true')
        canvases[-1].showOutline()
        return canvases[-1]

    template = _Book(publication, book)
    template.build(Story(publication, pages, root).flowables(), canvasmaker=make_canvas)
    return canvases[-1].places


class _Book(BaseDocTemplate):  # type: ignore[misc]
    keepTogetherClass = Kept  # noqa: N815

    def __init__(self, publication: Publication, stream: BinaryIO) -> None:
        super().__init__(
            stream,
            pagesize=styles.PAGE,
            title=publication.title,
            author=', '.join(publication.authors) or publication.organization,
            subject=publication.summary,
            creator='Coursewright',
            producer='Coursewright',
            keywords=', '.join(publication.objectives),
            lang=publication.language or 'en',
            invariant=1,
            pageCompression=1,
        )
        width, height = styles.PAGE
        column = partial(NotesFrame, styles.LEFT, styles.BOTTOM, leftPadding=0, rightPadding=0, bottomPadding=0)
        frame = column(styles.TEXT_WIDTH, height - styles.TOP - styles.BOTTOM, topPadding=0, id='text')
        cover = column(width - 2 * styles.LEFT, height - 120 - styles.BOTTOM, topPadding=0, id='cover')
        self._publication = publication
        self._edition = wording_for(publication.language).version.format(version=publication.version)
        self.addPageTemplates([
            PageTemplate(id='cover', frames=[cover]),
            PageTemplate(id='lesson', frames=[frame], onPageEnd=self._furnish),
        ])  # fmt: skip

    def _furnish(self, canv: TaggedCanvas, template: Any) -> None:
        """Footnotes, running titles and the page number."""
        self.frame.draw_notes(canv)
        width, height = styles.PAGE
        with canv.marked(None):
            canv.setFillColor(styles.INK3)
            canv.setStrokeColor(styles.LINE)
            canv.setLineWidth(0.5)
            canv.setFont(styles.SANS, 8.5)
            top, right = height - 44, width - 47
            canv.drawString(styles.LEFT, top, _fitting(self._publication.title, 230))
            canv.drawRightString(right, top, _fitting(canv.running_title, 230))
            canv.line(styles.LEFT, top - 7, right, top - 7)
            edition = ' · '.join(part for part in (self._publication.organization, self._edition) if part)
            canv.drawString(styles.LEFT, 34, _fitting(edition, 330))
            canv.setFont(styles.SANS_BOLD, 9)
            canv.setFillColor(styles.INK)
            canv.drawRightString(right, 34, str(canv.getPageNumber()))


def _fitting(text: str, room: float) -> str:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    if stringWidth(text, styles.SANS, 8.5) <= room:
        return text
    while text and stringWidth(f'{text}…', styles.SANS, 8.5) > room:
        text = text[:-1]
    return f'{text.rstrip()}…'

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas


@dataclass(kw_only=True, eq=False)
class Element:
    """A node of the tag tree: what a screen reader walks instead of the pages."""

    tag: str
    alt: str = ''
    children: list['Element | Mark'] = field(default_factory=list)

    def add(self, tag: str, *, alt: str = '') -> 'Element':
        child = Element(tag=tag, alt=alt)
        self.children.append(child)
        return child


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A stretch of a page's drawing that shows an element."""

    page: int
    number: int


class TaggedCanvas(Canvas):  # type: ignore[misc]
    """ReportLab draws but does not tag: this canvas notes what each drawing is and writes the tag tree at the end."""

    def __init__(self, *arguments: Any, root: Element, moment: datetime, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._root = root
        self._shown: list[Element] = []
        self._open = False
        self._pages_shown: list[list[Element]] = []
        self.running_title = ''
        self.places: dict[str, int] = {}
        self._doc._timeStamp = _stamp(moment)

    @contextmanager
    def marked(self, element: Element | None) -> Iterator[None]:
        """What is drawn inside shows `element`, or is decoration if there is none."""
        if self._open:
            yield
            return
        self._open = True
        if element is None:
            self._code.append('/Artifact BMC')
        else:
            mark = Mark(page=len(self._pages_shown), number=len(self._shown))
            self._shown.append(element)
            element.children.append(mark)
            self._code.append(f'/{element.tag} <</MCID {mark.number}>> BDC')
        yield
        self._code.append('EMC')
        self._open = False

    def drawImage(self, image: Any, x: float, y: float, *arguments: Any, **options: Any) -> Any:  # noqa: N802
        # A paragraph knows no inline drawing but an image; formulas go through that door and stay outlines.
        if hasattr(image, 'draw_formula'):
            image.draw_formula(self, x, y)
            return None
        return super().drawImage(image, x, y, *arguments, **options)

    def showPage(self) -> None:  # noqa: N802
        super().showPage()
        page = self._doc.Pages.pages[-1]
        page.__NoDefault__ = [*page.__NoDefault__, 'StructParents', 'Tabs']
        page.StructParents = len(self._pages_shown)
        page.Tabs = pdfdoc.PDFName('S')
        self._pages_shown.append(self._shown)
        self._shown = []

    def save(self) -> None:
        if len(self._code):
            self.showPage()
        self._write_tags()
        super().save()

    def _write_tags(self) -> None:
        document, pages = self._doc, self._doc.Pages.pages
        _prune(self._root)
        root = pdfdoc.PDFDictionary({'Type': pdfdoc.PDFName('StructTreeRoot')})
        root_reference = document.Reference(root)
        references: dict[int, Any] = {}

        def write(element: Element, parent: Any) -> Any:
            entry = pdfdoc.PDFDictionary({'Type': pdfdoc.PDFName('StructElem'), 'S': pdfdoc.PDFName(element.tag)})
            references[id(element)] = reference = document.Reference(entry)
            entry.dict['P'] = parent
            if element.alt:
                entry.dict['Alt'] = pdfdoc.PDFString(element.alt)
            if element.tag == 'TH':
                entry.dict['A'] = pdfdoc.PDFDictionary(
                    {'O': pdfdoc.PDFName('Table'), 'Scope': pdfdoc.PDFName('Column')}
                )
            entry.dict['K'] = pdfdoc.PDFArray([
                write(child, reference) if isinstance(child, Element) else _mark(child) for child in element.children
            ])  # fmt: skip
            return reference

        def _mark(mark: Mark) -> Any:
            page = document.Reference(pages[mark.page])
            return pdfdoc.PDFDictionary({'Type': pdfdoc.PDFName('MCR'), 'Pg': page, 'MCID': mark.number})

        root.dict['K'] = write(self._root, root_reference)
        numbers: list[Any] = []
        for index, shown in enumerate(self._pages_shown):
            numbers += [index, document.Reference(pdfdoc.PDFArray([references[id(element)] for element in shown]))]
        root.dict['ParentTree'] = document.Reference(pdfdoc.PDFDictionary({'Nums': pdfdoc.PDFArray(numbers)}))
        root.dict['ParentTreeNextKey'] = len(self._pages_shown)
        document.Catalog.StructTreeRoot = root
        document.Catalog.MarkInfo = pdfdoc.PDFDictionary({'Marked': 'true'})


def _prune(element: Element) -> bool:
    element.children = [child for child in element.children if isinstance(child, Mark) or _prune(child)]
    return bool(element.children)


def _stamp(moment: datetime) -> TimeStamp:
    moment = moment.astimezone(UTC)
    stamp = TimeStamp(invariant=1)
    stamp.t, stamp.lt = moment.timestamp(), moment.timetuple()
    stamp.YMDhms = tuple(stamp.lt)[:6]
    return stamp

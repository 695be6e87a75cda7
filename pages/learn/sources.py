"""Where the words of a lesson come from: numbers in the text, notes in the margin, and the page behind them."""

import re
from collections.abc import Sequence
from uuid import UUID

from components.dialog import dialog
from components.i18n import _
from components.markup import attributes, escape, markup
from components.prose import mark_quotes
from components.source_page import source_page
from services.courses import BlockView, SourceView
from services.errors import NotFound
from services.platform import Services
from services.viewer import Viewer

Page = tuple[UUID, int]


class Notes:
    """The pages that a lesson quotes, numbered in the order in which it first does.

    What is clicked names its quotes by a key: '2' is everything from the second page, '2-5' what block 5 takes from it.
    """

    def __init__(self, blocks: Sequence[BlockView]) -> None:
        self._numbers: dict[Page, int] = {}
        self._quotes: dict[str, list[SourceView]] = {}
        for place, block in enumerate(blocks):
            for source in block.sources:
                number = self._numbers.setdefault((source.document_id, source.page), len(self._numbers) + 1)
                self._quotes.setdefault(f'{number}', []).append(source)
                self._quotes.setdefault(f'{number}-{place}', []).append(source)

    def of(self, key: str) -> Sequence[SourceView]:
        return self._quotes.get(key, ())

    def margin_html(self) -> str:
        return ''.join(_note_html(number, self._quotes[str(number)][0]) for number in self._numbers.values())

    def numbered_html(self, html: str, block: BlockView, place: int) -> str:
        """The text with a raised number where a quote ends; quotes that were put in other words stand at its end."""
        numbers = [self._numbers[source.document_id, source.page] for source in block.sources]
        marked = _MARKS.sub('', mark_quotes(html, [source.quote for source in block.sources], numbered=True))
        last = {numbers[int(found[1]) - 1]: found.start() for found in _RAISED.finditer(marked)}

        def raised(found: re.Match[str]) -> str:
            number = numbers[int(found[1]) - 1]
            return _raised_html(number, place) if last[number] == found.start() else ''

        rest = [number for number in dict.fromkeys(numbers) if number not in last]
        return _at_its_end(_RAISED.sub(raised, marked), ''.join(_raised_html(number, place) for number in rest))

    def links_html(self, block: BlockView, place: int) -> str:
        numbers = dict.fromkeys(self._numbers[source.document_id, source.page] for source in block.sources)
        return ''.join(_raised_html(number, place) for number in numbers)


async def show_source(viewer: Viewer, services: Services, lesson_id: UUID, quotes: Sequence[SourceView]) -> None:
    """The page with the quoted words marked; if the document has gone, the words alone."""
    if not quotes:
        return
    first = quotes[0]
    here = [quote for quote in quotes if (quote.document_id, quote.page) == (first.document_id, first.page)]
    try:
        text = await services.enrollments.cited_page(viewer, lesson_id, first.document_id, first.page)
    except NotFound:
        text = ''
    with dialog(source_words(first), wide=True) as box:
        if text:
            source_page(
                text,
                document=first.document_name,
                page=first.page,
                spans=[(quote.start, quote.end) for quote in here],
            )
        else:
            markup(''.join(f'<blockquote>{escape(quote.quote)}</blockquote>' for quote in here), classes='cw-prose')
            markup(escape(_('The document itself is no longer kept here.')), tag='p', classes='cw-small-text')
    await box.answer()


def source_words(source: SourceView) -> str:
    return _('{document}, p. {page}', document=source.document_name, page=source.page)


_MARKS = re.compile('</?mark>')
_RAISED = re.compile(r'<sup><a href="#source-(\d+)">\d+</a></sup>')
_END = re.compile(r'((?:</(?:p|li|ul|ol|blockquote|aside|h2|h3|h4)>\s*)+)$')


def _raised_html(number: int, place: int) -> str:
    given = attributes(
        href=f'#source-{number}',
        data_act='source',
        data_of=f'{number}-{place}',
        aria_label=_('Source {number}', number=number),
    )
    return f'<sup><a{given}>{number}</a></sup>'


def _note_html(number: int, source: SourceView) -> str:
    given = attributes(
        type='button',
        class_='cw-source-note',
        id=f'source-{number}',
        data_act='source',
        data_of=str(number),
        title=_('Show the page'),
    )
    return f'<button{given}><b>{number}</b><span>{escape(source_words(source))}</span></button>'


def _at_its_end(html: str, links: str) -> str:
    if not links:
        return html
    found = _END.search(html)
    return f'{html[: found.start()]}{links}{found[1]}' if found else f'{html}<p>{links}</p>'

"""The page a quote stands on: paper, light in dark mode too, the quoted words highlighted."""

from collections.abc import Sequence

from components.i18n import _
from components.markup import escape, icon, markup


class source_page(markup):
    """`spans` are (start, end) offsets into `text`; anything beyond the text is left out. Scrolls to the first."""

    def __init__(
        self,
        text: str,
        *,
        document: str = '',
        page: int | None = None,
        spans: Sequence[tuple[int, int]] = (),
        heading: str = '',
    ) -> None:
        super().__init__(source_page_html(text, document=document, page=page, spans=spans, heading=heading))
        self._seek()

    def turn_to(
        self,
        text: str,
        *,
        document: str = '',
        page: int | None = None,
        spans: Sequence[tuple[int, int]] = (),
        heading: str = '',
    ) -> None:
        """Show another page."""
        self.show(source_page_html(text, document=document, page=page, spans=spans, heading=heading))
        self._seek()

    def _seek(self) -> None:
        # a moment later, when the browser has drawn it; scrolls the pane, not the whole page
        self.client.run_javascript(
            f'setTimeout(() => {{ const m = getHtmlElement({self.id})?.querySelector("mark");'
            ' const p = m?.closest(".cw-pane-side"); if (p) p.scrollTop = Math.max(0, m.getBoundingClientRect().top'
            ' - p.getBoundingClientRect().top + p.scrollTop - p.clientHeight / 3); }, 50)'
        )


def source_page_html(
    text: str, *, document: str = '', page: int | None = None, spans: Sequence[tuple[int, int]] = (), heading: str = ''
) -> str:
    """Built only from escaped text: a document may say anything."""
    running = ''
    if document or heading:
        running = f'<div class="cw-source-running"><span>{escape(document)}</span><span>{escape(heading)}</span></div>'
    number = f'<footer>{page}</footer>' if page is not None else ''
    label = escape(_('Page {page} of {document}', page=page or '', document=document))
    return (
        f'<div class="cw-source-page" role="region" tabindex="0" aria-label="{label}">{running}'
        f'{_paragraphs(text, spans)}{number}</div>'
    )


def _paragraphs(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Each paragraph with its share of the spans; a short line without an end reads as a heading."""
    html, at = '', 0
    for paragraph in text.split('\n\n'):
        inside = [(start - at, end - at) for start, end in spans if end > at and start < at + len(paragraph)]
        heading = len(paragraph) < 70 and '\n' not in paragraph and paragraph[-1:] not in set('.,;:!?')
        html += f'<p{" class=cw-heading" if heading else ""}>{marked_text(paragraph, inside)}</p>'
        at += len(paragraph) + 2
    return html


def marked_text(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Escaped text with the spans in <mark>; overlapping spans become one."""
    html, at = '', 0
    for start, end in sorted((max(0, start), min(len(text), end)) for start, end in spans):
        start = max(start, at)
        if end > start:
            html += f'{escape(text[at:start])}<mark>{escape(text[start:end])}</mark>'
            at = end
    return html + escape(text[at:])


def source_head_html(title: str, second: str, *, pager: str = '') -> str:
    """Above the page: the document's name, 'Page 31, section 5.2', and a pager (`panes.pager_html`)."""
    return (
        f'<div class="cw-source-head"><span><b>{escape(title)}</b><small>{escape(second)}</small></span>{pager}</div>'
    )


def quote_found_html(found: bool, detail: str = '') -> str:
    """Under the page: whether the quote stands there word for word."""
    if found:
        symbol, tone, words = 'verified', 'ok', _('Quote found on the page, word for word')
    else:
        symbol, tone, words = 'error', 'bad', _('The quote is not on this page')
    return (
        f'<p class="cw-status cw-{tone}">{icon(symbol)}<span>{escape(words)}</span></p>'
        f'<p class="cw-small-text">{escape(detail)}</p>'
    )

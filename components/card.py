"""A card: paper with a hairline, a head and rows."""

from nicegui import ui

from components.layout import boxed
from components.markup import attributes, escape, icon, markup


class card(boxed):
    """`with card('Waiting for you', note='oldest first', link=('All reviews', '/reviews')): …`

    Content added inside goes below the head; with `padded` it stands 20 px from the edges, without (rows, tables) not.
    `.aside` is the slot at the end of the head, for a status or a small button.
    """

    def __init__(
        self, title: str = '', *, note: str = '', link: tuple[str, str] | None = None, aside_html: str = '',
        padded: bool = True, label: str = '',
    ) -> None:  # fmt: skip
        super().__init__('section')
        self.classes('cw-card')
        if label:
            self._props['role'] = 'group'
            self._props['aria-label'] = label
        self._head: ui.element | None = None
        if title:
            self._build_head(title, note, link, aside_html)
        with self.default_slot:
            self.body = ui.element('div').classes('cw-card-body' if padded else 'cw-card-body cw-flush')

    @property
    def aside(self) -> ui.element:
        if self._head is None:
            raise ValueError('A card without a title has no aside.')
        return self._head

    def _build_head(self, title: str, note: str, link: tuple[str, str] | None, aside_html: str) -> None:
        more = aside_html
        if link:
            more += f'<a{attributes(href=link[1])}>{escape(link[0])}</a>'
        with self.default_slot, ui.element('div').classes('cw-card-head') as self._head:
            markup(
                f'<h2>{escape(title)}</h2>'
                + (f'<span class="cw-note">{escape(note)}</span>' if note else '')
                + (f'<span class="cw-aside">{more}</span>' if more else ''),
                classes='cw-head-words',
            )


def list_row_html(
    title: str, *, second: str = '', icon_name: str | None = None, lead_html: str = '',
    meta: tuple[str, str] | None = None, late: tuple[str, str] | None = None, href: str | None = None,
    action: str = '', emphasized: bool = False, act: str = 'open', of: str = '', after_html: str = '',
) -> str:  # fmt: skip
    """A row of a card: an icon tile, two lines, two columns of meta, one action; join a hundred into one element.

    The whole row is a link if `href` is given; otherwise its action calls `on_act(act, of)` of the `markup` around it.
    `meta` and `late` are (strong line, weak line), already safe HTML from `status_html`, `when_html` or `escape`.
    """
    tile = (
        f'<span class="cw-tile{" cw-tile-on" if emphasized else ""}">{icon(icon_name)}</span>'
        if icon_name
        else lead_html
    )
    name = f'<a{attributes(class_="cw-plainlink", href=href)}>{escape(title)}</a>' if href else escape(title)
    cells = f'<span class="cw-two cw-row-main"><b class="cw-cut">{name}</b>'
    cells += f'<small class="cw-cut">{escape(second)}</small></span>' if second else '</span>'
    for column, kind in ((meta, 'cw-row-meta'), (late, 'cw-row-late')):
        if column is not None:
            cells += f'<span class="cw-two {kind}"><b>{column[0]}</b><small>{column[1]}</small></span>'
    cells += after_html
    if action:
        kind = 'cw-btn cw-plain cw-small cw-emph' if emphasized else 'cw-btn cw-plain cw-small'
        # the row's name is the link for keyboards and screen readers; the button repeats it for the eye
        if href:
            given = attributes(class_=f'{kind} cw-row-act', href=href, tabindex='-1', aria_hidden='true')
            cells += f'<a{given}>{escape(action)}</a>'
        else:
            given = attributes(
                type='button', class_=f'{kind} cw-row-act', data_act=act, data_of=of, aria_label=f'{action}: {title}'
            )
            cells += f'<button{given}>{escape(action)}</button>'
    return f'<div class="cw-row{" cw-row-link" if href else ""}">{tile}{cells}</div>'

"""A table whose rows stay on the server: sorted, paged and selected there, drawn as one element."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from nicegui import events, ui

from components.button import button_html
from components.i18n import _, number
from components.live import refresh_later
from components.markup import attributes, escape, icon, markup
from components.skeleton import skeleton_html

SIZES = (10, 25, 50, 100)


@dataclass(frozen=True, kw_only=True)
class Column:
    """`kind='html'` cells must be safe HTML. `lead` names the row (its link); `keep` stays visible on a phone."""

    name: str
    title: str
    kind: Literal['text', 'html', 'number'] = 'text'
    sortable: bool = False
    lead: bool = False
    keep: bool = False


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the table asks for: page from 1, rows per page, and the column to sort by ('' for the natural order)."""

    page: int = 1
    size: int = 10
    sort: str = ''
    descending: bool = False

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size


@dataclass(frozen=True, kw_only=True)
class Page:
    """`rows` have an 'id' and a value per column; a row's 'href' makes its name a link. `total` counts all pages."""

    rows: Sequence[Mapping[str, Any]]
    total: int


@dataclass(frozen=True, kw_only=True)
class BulkAct:
    act: str
    words: str
    icon: str = ''
    danger: bool = False


@dataclass(kw_only=True)
class _State:
    request: Request
    page: Page | None = None
    selected: set[str] = field(default_factory=set)


class data_table(ui.element):
    """`data_table(label='Members', columns=[Column(name='name', title='Name', lead=True, sortable=True)], fetch=load)`

    `fetch(Request)` returns a Page. `on_open(id)` makes rows open; `bulk` and `on_bulk(act, ids)` make them selectable;
    `on_row_act(act, id)` hears buttons inside html cells (`icon_button_html(…, act, id)`). `empty()` builds what
    stands there when nothing does. `on_request(Request)` is for writing page and order into the URL.
    """

    def __init__(
        self, *, label: str, columns: Sequence[Column], fetch: Callable[[Request], Awaitable[Page]],
        request: Request | None = None, on_open: Callable[[str], Any] | None = None, bulk: Sequence[BulkAct] = (),
        on_bulk: Callable[[str, list[str]], Any] | None = None, on_row_act: Callable[[str, str], Any] | None = None,
        empty: Callable[[], Any] | None = None, on_request: Callable[[Request], Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__('div')
        self.classes('cw-table-box')
        self._label, self._columns, self._fetch, self._bulk = label, tuple(columns), fetch, tuple(bulk)
        self._on_open, self._on_bulk, self._on_row_act, self._on_request = on_open, on_bulk, on_row_act, on_request
        self._state = _State(request=request or Request())
        with self:
            self._table = markup(f'<div class="cw-table cw-card">{skeleton_html(6)}</div>', on_act=self._act)
            self._table.on('change', self._resize, js_handler=_SIZE_CHOSEN)
            self._nothing = ui.element('div')
            if empty is not None:
                with self._nothing:
                    empty()
            self._nothing.set_visibility(False)
        self._has_empty = empty is not None
        refresh_later(self, self.refresh)

    @property
    def selected(self) -> list[str]:
        return sorted(self._state.selected)

    async def refresh(self, *, first_page: bool = False) -> None:
        """Fetch and draw again; call it when a filter or the search changed, then with `first_page`."""
        state = self._state
        if first_page:
            state.request = replace(state.request, page=1)
            state.selected.clear()
        state.page = await self._fetch(state.request)
        if not state.page.rows and state.page.total and state.request.page > 1:
            state.request = replace(state.request, page=-(-state.page.total // state.request.size))
            state.page = await self._fetch(state.request)
        state.selected &= {str(row['id']) for row in state.page.rows}
        self._draw()

    def _draw(self) -> None:
        page = self._state.page
        if page is None:
            return
        nothing = page.total == 0 and self._has_empty
        self._nothing.set_visibility(nothing)
        self._table.set_visibility(not nothing)
        self._table.show(self._html(page))

    async def _act(self, act: str, of: str) -> None:
        state = self._state
        page = state.page
        ids = [str(row['id']) for row in page.rows] if page else []
        match act:
            case 'open' if self._on_open and of in ids:
                await _maybe(self._on_open(of))
            case 'sort' if any(c.name == of and c.sortable for c in self._columns):
                down = state.request.sort == of and not state.request.descending
                await self._ask(replace(state.request, sort=of, descending=down, page=1))
            case 'page' if of.isdigit() and page:
                last = max(1, -(-page.total // state.request.size))
                await self._ask(replace(state.request, page=min(max(1, int(of)), last)))
            case 'pick' if of in ids and self._bulk:
                state.selected ^= {of}
                self._draw()
            case 'pick-all' if self._bulk:
                state.selected = set() if state.selected else set(ids)
                self._draw()
            case 'clear':
                state.selected.clear()
                self._draw()
            case _ if any(b.act == act for b in self._bulk) and not of and state.selected and self._on_bulk:
                await _maybe(self._on_bulk(act, self.selected))
            case _ if self._on_row_act and of in ids:
                await _maybe(self._on_row_act(act, of))

    async def _resize(self, event: events.GenericEventArguments) -> None:
        if event.args in [str(size) for size in SIZES]:
            await self._ask(replace(self._state.request, size=int(event.args), page=1))

    async def _ask(self, request: Request) -> None:
        self._state.request = request
        if self._on_request:
            await _maybe(self._on_request(request))
        await self.refresh()

    def _html(self, page: Page) -> str:
        request, selected = self._state.request, self._state.selected
        head = ''.join(_head(column, request) for column in self._columns)
        if self._bulk:
            head = (
                f'<th class="cw-pick">{_box("pick-all", "", bool(selected), _("Select all on this page"))}</th>{head}'
            )
        body = ''.join(self._row(row) for row in page.rows)
        bar = _bulk_bar(self._bulk, len(selected)) if selected else ''
        opening = ' cw-opens' if self._on_open else ''
        return (
            f'<div class="cw-table cw-card{opening}">{bar}<div class="cw-table-scroll">'
            f'<table{attributes(aria_label=self._label)}>'
            f'<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{_pager(page, request)}</div>'
        )

    def _row(self, row: Mapping[str, Any]) -> str:
        key = str(row['id'])
        chosen = key in self._state.selected
        cells = ''.join(self._cell(column, row, key) for column in self._columns)
        if self._bulk:
            lead = next((str(row.get(c.name, '')) for c in self._columns if c.lead and c.kind == 'text'), key)
            box = _box('pick', key, chosen, _('Select {name}', name=row.get('label', lead)))
            cells = f'<td class="cw-pick">{box}</td>{cells}'
        opens = {'data_act': 'open', 'data_of': key} if self._on_open else {}
        return f'<tr{attributes(class_="cw-selected" if chosen else None, **opens)}>{cells}</tr>'

    def _cell(self, column: Column, row: Mapping[str, Any], key: str) -> str:
        value = row.get(column.name, '')
        shown = (
            str(value)
            if column.kind == 'html'
            else escape(number(value) if isinstance(value, int | float) else str(value))
        )
        if column.lead and 'href' in row:
            shown = f'<a{attributes(class_="cw-plainlink", href=str(row["href"]))}>{shown}</a>'
        elif column.lead and self._on_open:
            given = attributes(type='button', class_='cw-open-row', data_act='open', data_of=key)
            shown = f'<button{given}>{shown}</button>'
        names = ' '.join(
            name for name,
            on in (('cw-num', column.kind == 'number'), ('cw-lead', column.lead), ('cw-keep', column.keep)) if on
        )  # fmt: skip
        return f'<td{attributes(class_=names or None)}>{shown}</td>'


_SIZE_CHOSEN = "(event) => { if (event.target.matches('select')) emit(event.target.value) }"


async def _maybe(result: Any) -> None:
    if isinstance(result, Awaitable):
        await result


def _head(column: Column, request: Request) -> str:
    names = 'cw-num' if column.kind == 'number' else None
    if not column.title:
        return '<td></td>'
    if not column.sortable:
        return f'<th{attributes(scope="col", class_=names)}>{escape(column.title)}</th>'
    order, arrow = None, ''
    if request.sort == column.name:
        order = 'descending' if request.descending else 'ascending'
        arrow = icon('arrow_downward' if request.descending else 'arrow_upward', 'cw-i-s')
    given = attributes(type='button', data_act='sort', data_of=column.name)
    return (
        f'<th{attributes(scope="col", class_=names, aria_sort=order)}>'
        f'<button{given}>{escape(column.title)}{arrow}</button></th>'
    )


def _box(act: str, of: str, on: bool, label: str) -> str:
    given = attributes(type='checkbox', checked=on, aria_label=label, data_act=act, data_of=of)
    return f'<label class="cw-check"><input{given}></label>'


def _bulk_bar(bulk: Sequence[BulkAct], count: int) -> str:
    acts = ''.join(
        button_html(b.words, b.act, kind='danger' if b.danger else 'plain', icon=b.icon or None) for b in bulk
    )
    words = escape(_('{n} selected', n=number(count)))
    close = attributes(
        type='button', class_='cw-btn cw-icon-btn cw-small', data_act='clear', aria_label=_('Clear the selection')
    )
    return (
        f'<div class="cw-bulk" role="status"><b>{words}</b><span class="cw-push"></span>{acts}'
        f'<button{close}>{icon("close")}</button></div>'
    )


def _pager(page: Page, request: Request) -> str:
    if page.total <= min(SIZES) and request.page == 1:
        return ''
    last = max(1, -(-page.total // request.size))
    first_row = request.offset + 1 if page.rows else 0
    span = _(
        '{first} to {last} of {total}',
        first=number(first_row),
        last=number(request.offset + len(page.rows)),
        total=number(page.total),
    )
    sizes = ''.join(f'<option{attributes(value=str(s), selected=s == request.size)}>{s}</option>' for s in SIZES)
    numbers = ''.join(
        _page_button(n, request.page) if n else '<span aria-hidden="true">…</span>' for n in _near(request.page, last)
    )
    return (
        f'<nav class="cw-pager" aria-label="{escape(_("Pages"))}">'
        f'<label>{escape(_("Rows per page"))} <select>{sizes}</select></label>'
        f'<span class="cw-push">{escape(span)}'
        f'</span>{_arrow("chevron_left", _("Previous page"), request.page - 1, last)}'
        f'{numbers}{_arrow("chevron_right", _("Next page"), request.page + 1, last)}</nav>'
    )


def _near(page: int, last: int) -> list[int]:
    """The pages to offer, 0 for a gap: 1 2 3 … 42."""
    shown = sorted({1, last, *range(max(1, page - 1), min(last, page + 1) + 1), *(range(1, 4) if page < 3 else ())})
    shown = [n for n in shown if 1 <= n <= last]
    spaced: list[int] = []
    for n in shown:
        if spaced and n - spaced[-1] > 1:
            spaced.append(0)
        spaced.append(n)
    return spaced


def _page_button(n: int, current: int) -> str:
    given = attributes(
        type='button', class_='cw-page-no', data_act='page', data_of=str(n),
        aria_current='page' if n == current else None,
        aria_label=_('Page {n}', n=n),
    )  # fmt: skip
    return f'<button{given}>{n}</button>'


def _arrow(symbol: str, label: str, to: int, last: int) -> str:
    given = attributes(
        type='button', class_='cw-btn cw-icon-btn cw-small', data_act='page', data_of=str(to), aria_label=label,
        aria_disabled=None if 1 <= to <= last else 'true',
    )  # fmt: skip
    return f'<button{given}>{icon(symbol, "cw-flips")}</button>'

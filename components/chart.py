"""Charts as plain dicts for plotly, in the theme's colours; each has a table twin. Only on pages that need one (1.3
MB)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from math import ceil
from typing import Any

import orjson
from nicegui import events, ui

from components.i18n import _, number, short_day
from components.markup import escape, markup
from components.theme import palette


@dataclass(frozen=True, kw_only=True)
class Series:
    """A value a day; `end` stands at the end of the line, instead of a legend. Never more than three."""

    name: str
    x: Sequence[date]
    y: Sequence[float]
    end: str = ''


class _plot(ui.plotly):
    """Its figure is JSON: as dicts, which NiceGUI watches, it takes 40 KB of each open page and ten times as long."""

    def _get_figure_json(self) -> Any:
        return self.figure


class chart(ui.element):
    """What the charts share: `.show_table(True)` shows the twin. `label` is the sentence a screen reader says."""

    def __init__(self, label: str) -> None:
        super().__init__('div')
        self._label, self._dark = label, False
        self.classes('cw-chart-box')
        with self:
            self._plot = _plot(self._draw()).classes('cw-chart')
            self._plot.props['role'] = 'img'
            self._plot.props['aria-label'] = label
            self._table = markup(self._table_html())
            self._table.set_visibility(False)
        self.on('theme', self._themed, js_handler='(event) => emit(event.detail === true)')
        self.on('vnodeMounted', js_handler=_WATCH_THEME % self.id)

    def show_table(self, shown: bool) -> None:
        self._table.set_visibility(shown)
        self._plot.set_visibility(not shown)

    def redraw(self) -> None:
        self._plot.update_figure(self._draw())
        self._table.show(self._table_html())

    def figure(self, colours: dict[str, str]) -> dict[str, Any]:
        raise NotImplementedError

    def rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        raise NotImplementedError

    def _draw(self) -> Any:
        return orjson.Fragment(orjson.dumps(self.figure(palette(dark=self._dark))))

    def _themed(self, event: events.GenericEventArguments) -> None:
        if isinstance(event.args, bool) and event.args != self._dark:
            self._dark = event.args
            self.redraw()

    def _table_html(self) -> str:
        heads, rows = self.rows()
        head = ''.join(f'<th scope="col"{_side(i)}>{escape(words)}</th>' for i, words in enumerate(heads))
        body = ''.join(
            '<tr>' + ''.join(f'<td{_side(i)}>{escape(c)}</td>' for i, c in enumerate(row)) + '</tr>' for row in rows
        )
        caption = f'<caption class="cw-sr">{escape(self._label)}</caption>'
        return f'<table class="cw-plain-table">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


class line_chart(chart):
    """`line_chart([Series(name='autumn', x=days, y=…, end='61 % now'), …], label='…', unit=' %')`"""

    def __init__(self, series: Sequence[Series], *, label: str, unit: str = '') -> None:
        self._series, self._unit = tuple(series)[:3], unit
        super().__init__(label)

    def update_series(self, series: Sequence[Series]) -> None:
        self._series = tuple(series)[:3]
        self.redraw()

    def figure(self, colours: dict[str, str]) -> dict[str, Any]:
        strokes = (
            {'color': colours['accent'], 'width': 2.5}, {'color': colours['edge'], 'width': 2, 'dash': 'dot'},
            {'color': colours['ink2'], 'width': 2, 'dash': 'dash'},
        )  # fmt: skip
        traces: list[dict[str, Any]] = []
        notes: list[dict[str, Any]] = []
        for place, (series, stroke) in enumerate(zip(self._series, strokes, strict=False)):
            days = [one.isoformat() for one in series.x]
            traces.append({
                'type': 'scatter', 'mode': 'lines', 'x': days, 'y': list(series.y), 'name': series.name,
                'line': stroke, 'text': [short_day(one) for one in series.x],
                'hovertemplate': f'%{{text}}: %{{y}}{self._unit}<extra>{series.name}</extra>',
            })  # fmt: skip
            if series.x and place == 0:
                traces.append({
                    'type': 'scatter', 'mode': 'markers', 'x': days[-1:], 'y': [series.y[-1]], 'hoverinfo': 'skip',
                    'cliponaxis': False,
                    'marker': {'color': colours['accent'], 'size': 9},
                })  # fmt: skip
            if series.x and series.end:
                above = (
                    {'xanchor': 'center', 'yanchor': 'bottom', 'yshift': 8}
                    if place == 0
                    else {'xanchor': 'left', 'xshift': 8}
                )
                ink = colours['ink'] if place == 0 else colours['ink2']
                notes.append({
                    'x': days[-1], 'y': series.y[-1], 'text': f'<b>{series.end}</b>' if place == 0 else series.end,
                    'showarrow': False, 'font': {'color': ink, 'size': 13}, **above,
                })  # fmt: skip
        layout = _layout(colours) | {'annotations': notes, 'margin': {'l': 40, 'r': 76, 't': 12, 'b': 28}}
        layout['xaxis'] |= _days_axis(sorted({x for series in self._series for x in series.x}))
        layout['yaxis'] |= _counts_axis(max((y for series in self._series for y in series.y), default=0))
        return {'data': traces, 'layout': layout, 'config': _CONFIG}

    def rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        heads = [_('Day'), *(series.name for series in self._series)]
        days = sorted({x for series in self._series for x in series.x})
        known = [dict(zip(series.x, series.y, strict=False)) for series in self._series]
        return heads, [[short_day(x), *(number(y[x]) if x in y else '–' for y in known)] for x in days]


class histogram(chart):
    """Counts per bin of `width` from 0; bins below `limit` are hatched and the limit is named ('pass mark 60')."""

    def __init__(
        self, counts: Sequence[int], *, label: str, width: float = 10, limit: float | None = None, limit_words: str = ''
    ) -> None:
        self._counts, self._width, self._limit, self._limit_words = tuple(counts), width, limit, limit_words
        super().__init__(label)

    def update_counts(self, counts: Sequence[int]) -> None:
        self._counts = tuple(counts)
        self.redraw()

    def figure(self, colours: dict[str, str]) -> dict[str, Any]:
        middles = [(place + 0.5) * self._width for place in range(len(self._counts))]
        below = [self._limit is not None and middle < self._limit for middle in middles]
        bars = [self._bars(middles, below, colours, low=low) for low in (True, False)]
        layout = _layout(colours) | {'margin': {'l': 36, 'r': 12, 't': 28, 'b': 28}, 'bargap': 0, 'barmode': 'overlay'}
        layout['xaxis'] |= {
            'showgrid': False,
            'tick0': 0,
            'dtick': self._width,
            'range': [0, len(self._counts) * self._width],
        }
        layout['yaxis'] |= _counts_axis(max(self._counts, default=0))
        if self._limit is not None:
            layout['shapes'] = [{
                'type': 'line', 'x0': self._limit, 'x1': self._limit, 'y0': 0, 'y1': 1.06, 'yref': 'paper',
                'line': {'color': colours['ink'], 'width': 1.5},
            }]  # fmt: skip
            layout['annotations'] = [{
                'x': self._limit, 'y': 1.06, 'yref': 'paper', 'text': f'<b>{self._limit_words}</b>', 'showarrow': False,
                'xanchor': 'right', 'yanchor': 'middle', 'xshift': -6, 'font': {'color': colours['ink'], 'size': 13},
            }]  # fmt: skip
        return {'data': bars, 'layout': layout, 'config': _CONFIG}

    def _bars(
        self, middles: Sequence[float], below: Sequence[bool], colours: dict[str, str], *, low: bool
    ) -> dict[str, Any]:
        shown = [(x, n) for x, n, is_low in zip(middles, self._counts, below, strict=True) if is_low == low]
        hatch = {
            'shape': '/', 'fillmode': 'replace', 'fgcolor': colours['accent'], 'bgcolor': colours['accent-soft'],
            'size': 6,
            'solidity': 0.3,
        }  # fmt: skip
        return {
            'type': 'bar', 'x': [x for x, _n in shown], 'y': [n for _x, n in shown], 'width': self._width * 0.86,
            'text': [str(n) if n else '' for _x, n in shown], 'textposition': 'outside', 'cliponaxis': False,
            'textfont': {'color': colours['ink2'], 'size': 13}, 'hovertemplate': '%{y}<extra></extra>',
            'marker': {'color': colours['accent'], 'cornerradius': 3,
            'line': {'width': 0}} | ({'pattern': hatch} if low else {}),
        }  # fmt: skip

    def rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        spans = [f'{number(i * self._width)}–{number((i + 1) * self._width)}' for i in range(len(self._counts))]
        return [_('From–to'), _('Number')], [[span, number(n)] for span, n in zip(spans, self._counts, strict=True)]


_MOST_DAYS_NAMED = 6
_CONFIG = {'displayModeBar': False, 'responsive': True}
_WATCH_THEME = """() => {
    const element = getHtmlElement(%d);
    const tell = () => element.dispatchEvent(new CustomEvent('theme',
        {detail: document.body.classList.contains('body--dark')}));
    const watch = new MutationObserver(() => document.contains(element) ? tell() : watch.disconnect());
    watch.observe(document.body, {attributes: true, attributeFilter: ['class']});
    tell();
}"""


def _layout(colours: dict[str, str]) -> dict[str, Any]:
    axis = {
        'gridcolor': colours['line'], 'linecolor': colours['line'], 'zeroline': False, 'showline': False,
        'fixedrange': True, 'ticks': 'outside', 'ticklen': 6, 'tickcolor': 'rgba(0,0,0,0)',
        'tickfont': {'color': colours['ink3'], 'size': 12},
    }  # fmt: skip
    return {
        'paper_bgcolor': 'rgba(0,0,0,0)', 'plot_bgcolor': 'rgba(0,0,0,0)', 'showlegend': False, 'autosize': True,
        'font': {'family': "'Source Sans 3', sans-serif", 'size': 13, 'color': colours['ink2']}, 'dragmode': False,
        'xaxis': dict(axis), 'yaxis': dict(axis),
        'hoverlabel': {'bgcolor': colours['ink'], 'font': {'color': colours['sheet']}, 'bordercolor': colours['ink']},
    }  # fmt: skip


def _days_axis(days: Sequence[date]) -> dict[str, Any]:
    """A few days named in the viewer's language, the last one always."""
    every = max(1, ceil(len(days) / _MOST_DAYS_NAMED))
    named = days[::-1][::every]
    # a little air before the first day, or its name would run into the 0 of the other axis
    air = (days[-1] - days[0]) / 12 if days else timedelta()
    return {
        'type': 'date',
        'showgrid': False,
        'range': [str(_midnight(days[0]) - air), str(_midnight(days[-1]))] if days else None,
        'tickvals': [one.isoformat() for one in named],
        'ticktext': [short_day(one) for one in named],
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _counts_axis(most: float) -> dict[str, Any]:
    """From 0, at most five lines, on whole numbers that are easy to read; room for a label above the highest."""
    easy = (digit * 10**power for power in count() for digit in (1, 2, 5))
    step = next(one for one in easy if most <= 5 * one)
    top = max(1, ceil(most / step)) * step
    return {'tickvals': list(range(0, top + 1, step)), 'range': [0, max(top, 1.2 * most)]}


def _side(column: int) -> str:
    return '' if column == 0 else ' class="cw-num"'

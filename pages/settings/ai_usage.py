"""What the organisation used day by day: a chart with its table, and the sum."""

from components.button import button
from components.card import card
from components.chart import Series, line_chart
from components.i18n import _, ngettext, number
from components.markup import escape, markup
from pages.settings.ai_words import money
from services.ai.history import Usage


class UsageCard:
    """Tokens of the last days; costs stand below, where prices are known."""

    def __init__(self, usage: Usage) -> None:
        self._as_table = False
        with card(_('Usage'), note=_('tokens a day, the last 30 days'), link=(_('Every call'), '/settings/ai/history')):
            self._chart = line_chart(_series(usage), label=_('Tokens used each day of the last 30 days'))
            self._sum = markup(_sum_html(usage), classes='cw-small-text')
            self._toggle = button(_('As a table'), icon='table_rows', kind='quiet', on_click=self._turn)
            self._toggle.props('aria-pressed=false')

    def show(self, usage: Usage) -> None:
        self._chart.update_series(_series(usage))
        self._sum.show(_sum_html(usage))

    def _turn(self) -> None:
        self._as_table = not self._as_table
        self._chart.show_table(self._as_table)
        self._toggle.props(f'aria-pressed={str(self._as_table).lower()}')


def _series(usage: Usage) -> list[Series]:
    days = [one.day for one in usage.days]
    tokens = [float(one.input_tokens + one.output_tokens) for one in usage.days]
    return [Series(name=_('tokens'), x=days, y=tokens)]


def _sum_html(usage: Usage) -> str:
    calls = sum(one.calls for one in usage.days)
    tokens = sum(one.input_tokens + one.output_tokens for one in usage.days)
    cost = sum(one.cost_micros for one in usage.days)
    unpriced = sum(one.unpriced for one in usage.days)
    words = ngettext('{n} call', '{n} calls', calls) + ', ' + _('{tokens} tokens', tokens=number(tokens))
    known = None if unpriced and unpriced == calls else cost
    words += ', ' + _('cost {cost}', cost=money(known, usage.currency))
    if 0 < unpriced < calls:
        words += ' ' + ngettext('and {n} call whose price is unknown', 'and {n} calls whose price is unknown', unpriced)
    return f'<p>{escape(words)}.</p>'

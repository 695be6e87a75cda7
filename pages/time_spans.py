"""How far back a list looks: the choices of a filter, and the moment that each of them means."""

from datetime import datetime, timedelta

from components.i18n import _
from services.clock import now

_SPANS = {
    'hour': timedelta(hours=1),
    'day': timedelta(days=1),
    'week': timedelta(days=7),
    'month': timedelta(days=30),
    'year': timedelta(days=365),
}


def span_began(name: str) -> datetime | None:
    """None where no span is chosen: everything counts."""
    span = _SPANS.get(name)
    return now() - span if span else None


def hour_began(name: str) -> datetime | None:
    """The same, at the full hour."""
    began = span_began(name)
    return whole_hour(began) if began else None


def span_names(*offered: str) -> dict[str, str]:
    """Of the spans, those that a filter offers, in words."""
    words = {
        'hour': _('The last hour'),
        'day': _('The last day'),
        'week': _('The last week'),
        'month': _('The last 30 days'),
        'year': _('The last year'),
    }
    return {name: words[name] for name in offered}


def whole_hour(moment: datetime) -> datetime:
    """For links: they stay the same while the page looks again."""
    return moment.replace(minute=0, second=0, microsecond=0)

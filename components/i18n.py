"""Words, dates and numbers in the language of whoever is looking.

`_('Send back')` looks its text up when it is called, so call it inside functions, never at import.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from gettext import GNUTranslations, NullTranslations
from html import escape
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError, dates, lists, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from nicegui import Client
from nicegui.slot import Slot

LOCALES = Path(__file__).parent / 'locale'


@dataclass(frozen=True, kw_only=True)
class Region:
    """A language as gettext names it ('en', 'pt_BR') and the zone whose clock is shown."""

    locale: str = 'en'
    zone: str = 'UTC'


_of_clients: WeakKeyDictionary[Client, Region] = WeakKeyDictionary()
_of_this_task: ContextVar[Region] = ContextVar('region', default=Region())  # noqa: B039 (frozen, so safe to share)


def use_region(locale: str = 'en', zone: str = 'UTC') -> None:
    """Say what the page being built speaks; every later event of that page speaks it too."""
    region = Region(locale=locale.replace('-', '_'), zone=zone)
    client = _client()
    if client is None:
        _of_this_task.set(region)
    else:
        _of_clients[client] = region


@contextmanager
def region(locale: str = 'en', zone: str = 'UTC') -> Iterator[None]:
    """Speak another language for a while where no page is open: mails, exports, static pages."""
    token = _of_this_task.set(Region(locale=locale.replace('-', '_'), zone=zone))
    try:
        yield
    finally:
        _of_this_task.reset(token)


def _(message: str, /, **params: Any) -> str:
    """The message in the viewer's language, `{name}` places filled from params."""
    translated = _catalogue(_region().locale).gettext(message)
    return translated.format(**params) if params else translated


def translated(sentence: str, /, **params: Any) -> str:
    """What a service has put into words, in the viewer's language; `_()` is for sentences written out where it is."""
    return _(sentence, **params) if sentence else ''


def ngettext(one: str, many: str, count: int, /, **params: Any) -> str:
    """The form for that many; `{n}` is the count, written as the locale writes numbers."""
    return _catalogue(_region().locale).ngettext(one, many, count).format(n=number(count), **params)


def locale() -> str:
    return _region().locale


@cache
def languages() -> dict[str, str]:
    """What the platform speaks: each language by its code, in its own words. English is what it is written in."""
    translated = sorted(path.parent.parent.name for path in LOCALES.glob('*/LC_MESSAGES/coursewright.po'))
    return {code: _own_name(code) for code in ('en', 'en_US', *translated)}


def text_direction() -> str:
    return 'rtl' if _babel().text_direction == 'rtl' else 'ltr'


def number(value: float, digits: int | None = None) -> str:
    """1,248 or 0.46 with `digits` after the point; a true minus."""
    pattern = None if digits is None else '#,##0.' + '0' * digits if digits else '#,##0'
    return numbers.format_decimal(value, format=pattern, locale=_babel()).replace('-', '−')


def percent(share: float, digits: int = 0) -> str:
    """A share of 1 as '61 %'."""
    written = numbers.format_percent(
        share, format='#,##0' + ('.' + '0' * digits if digits else '') + ' %', locale=_babel()
    )
    return written.replace('-', '−')


def duration(minutes: float) -> str:
    """Minutes as '35 min', '1 h 30', '4 h 00'."""
    whole = round(minutes)
    if whole < 60:
        return _('{n} min', n=number(whole))
    return _('{hours} h {minutes}', hours=number(whole // 60), minutes=f'{whole % 60:02d}')


def seconds(value: float) -> str:
    """Elapsed seconds as '41 s', '2 min 14 s', '1 h 02'."""
    whole = int(value)
    if whole < 60:
        return _('{n} s', n=number(whole))
    if whole < 3600:
        return _('{minutes} min {seconds} s', minutes=number(whole // 60), seconds=f'{whole % 60:02d}')
    return duration(whole / 60)


def file_size(size: int) -> str:
    """Bytes as '840 KB' or '1.2 MB'."""
    if size < 1_000_000:
        return _('{n} KB', n=number(max(1, round(size / 1000))))
    return _('{n} MB', n=number(size / 1_000_000, 1))


def clock_time(moment: datetime) -> str:
    return dates.format_time(_local(moment), format='HH:mm', locale=_babel())


def day(moment: datetime | date) -> str:
    """'21 November 2026', as the locale writes it."""
    return dates.format_date(_local(moment) if isinstance(moment, datetime) else moment, format='long', locale=_babel())


def short_day(moment: datetime | date) -> str:
    """'21 Nov', for an axis or a column of days."""
    return dates.format_skeleton(
        'MMMd', _local(moment) if isinstance(moment, datetime) else moment, locale=_day_month_locale()
    )


def long_day(moment: datetime | date) -> str:
    """'Saturday 21 November': the eyebrow of the home page."""
    if isinstance(moment, datetime):
        moment = _local(moment)
    return dates.format_skeleton('MMMMEEEEd', moment, locale=_day_month_locale()).replace(',', '')


def full_date(moment: datetime) -> str:
    """The whole date and time, for the hover."""
    return dates.format_datetime(_local(moment), format='long', locale=_babel())


def when(moment: datetime, *, now: datetime | None = None) -> str:
    """'today 17:58', 'yesterday 16:40', '3 days ago', '2 months ago'; in the future 'today 18:30', 'tomorrow', a
    date."""
    here, there = _local(now or datetime.now(UTC)), _local(moment)
    days = (here.date() - there.date()).days
    if days == 0:
        return _('today {time}', time=clock_time(moment))
    if days == 1:
        return _('yesterday {time}', time=clock_time(moment))
    if days == -1:
        return _('tomorrow {time}', time=clock_time(moment))
    if days < 0:
        return dates.format_skeleton('MMMd', there, locale=_day_month_locale())
    return dates.format_timedelta(-timedelta(days=days), add_direction=True, threshold=1.6, locale=_babel())


def age(moment: datetime, *, now: datetime | None = None) -> str:
    """How long ago, as briefly as can be: 'now', '4 min', '2 h', '3 days', '2 months'."""
    passed = (now or datetime.now(UTC)) - moment
    if passed < timedelta(minutes=1):
        return _('now')
    if passed < timedelta(hours=1):
        return _('{n} min', n=number(int(passed.total_seconds() // 60)))
    if passed < timedelta(days=1):
        return _('{n} h', n=number(int(passed.total_seconds() // 3600)))
    if passed < timedelta(days=60):
        return ngettext('{n} day', '{n} days', passed.days)
    return ngettext('{n} month', '{n} months', passed.days // 30)


def when_html(moment: datetime | None, *, short: bool = False, none: str = '') -> str:
    """Safe HTML of `when` (or `age`, if short) with the full date on hover."""
    if moment is None:
        return escape(none or _('never'))
    shown = age(moment) if short else when(moment)
    return f'<time datetime="{moment.isoformat()}" title="{escape(full_date(moment))}">{escape(shown)}</time>'


def listing(items: list[str]) -> str:
    """'a, b and c'."""
    return lists.format_list(items, style='standard', locale=_babel()) if items else ''


def _region() -> Region:
    client = _client()
    return _of_clients.get(client, _of_this_task.get()) if client is not None else _of_this_task.get()


def _client() -> Client | None:
    # nicegui's context.client would start a pseudo page where there is none; the stack alone has no side effect
    try:
        stack = Slot.stacks.get(_task_id())
        return stack[-1].parent.client if stack else None
    except RuntimeError:
        return None  # the slot's element is gone: an event of a page that has just closed


def _task_id() -> int:
    from nicegui.slot import get_task_id  # not exported, but the key of the public `Slot.stacks`

    return get_task_id()


@cache
def _catalogue(locale: str) -> NullTranslations:
    for name in (locale, locale.split('_')[0]):
        source = LOCALES / name / 'LC_MESSAGES' / 'coursewright.po'
        if source.is_file():
            compiled = io.BytesIO()
            with source.open('rb') as file:
                write_mo(compiled, read_po(file, locale=name))
            compiled.seek(0)
            return GNUTranslations(compiled)
    return NullTranslations()


def _babel() -> Locale:
    return _parse(_region().locale)


def _day_month_locale() -> Locale:
    # plain 'en' writes the month first; English without a country is written here as in the rest of the world
    return _babel()


@cache
def _parse(locale: str) -> Locale:
    try:
        return Locale.parse('en_GB' if locale == 'en' else locale)
    except (UnknownLocaleError, ValueError):
        return Locale.parse('en_GB')


def _local(moment: datetime) -> datetime:
    return moment.astimezone(_zone(_region().zone))


def _own_name(code: str) -> str:
    own = Locale.parse(code)
    name = own.get_display_name(code) or code
    return name[0].upper() + name[1:]


@cache
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC

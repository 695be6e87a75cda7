from datetime import UTC, datetime, timedelta

import pytest

from components import i18n
from components.i18n import _, ngettext, region

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ('ago', 'said'),
    [
        (timedelta(minutes=32), 'today 17:58'), (timedelta(days=1, minutes=110), 'yesterday 16:40'),
        (timedelta(days=3), '3 days ago'),
        (timedelta(days=65), '2 months ago'), (-timedelta(days=1), 'tomorrow 18:30'), (-timedelta(days=9), '30 Nov'),
    ],
)  # fmt: skip
def test_times_are_said_as_people_say_them(ago: timedelta, said: str) -> None:
    assert i18n.when(NOW - ago, now=NOW) == said


@pytest.mark.parametrize(
    ('ago', 'said'),
    [
        (timedelta(seconds=9), 'now'),
        (timedelta(minutes=4), '4 min'),
        (timedelta(hours=2), '2 h'),
        (timedelta(days=1), '1 day'),
    ],
)
def test_ages_are_as_brief_as_can_be(ago: timedelta, said: str) -> None:
    assert i18n.age(NOW - ago, now=NOW) == said


def test_the_full_date_stands_on_the_hover() -> None:
    assert 'title="21 November 2026' in i18n.when_html(NOW)
    assert i18n.when_html(None) == 'never'


def test_the_clock_is_the_viewers() -> None:
    with region('en', 'Europe/Berlin'):
        assert i18n.clock_time(NOW) == '19:30'
    with region('en', 'Nowhere/Land'):
        assert i18n.clock_time(NOW) == '18:30'


def test_numbers_follow_the_locale_and_have_a_true_minus() -> None:
    assert (i18n.number(1248), i18n.number(-0.08, 2), i18n.percent(0.61)) == ('1,248', '−0.08', '61 %')
    with region('de'):
        assert i18n.number(1248.5) == '1.248,5'


def test_durations_carry_hours_and_minutes() -> None:
    assert [i18n.duration(minutes) for minutes in (35, 90, 240)] == ['35 min', '1 h 30', '4 h 00']
    assert [i18n.seconds(s) for s in (41, 134, 3720)] == ['41 s', '2 min 14 s', '1 h 02']


def test_places_in_a_message_are_filled_even_when_one_is_called_message() -> None:
    assert _('{message} of {n}', message='1', n=2) == '1 of 2'
    assert [ngettext('{n} page', '{n} pages', n) for n in (1, 1200)] == ['1 page', '1,200 pages']


def test_a_language_without_a_catalogue_reads_in_english_and_runs_its_own_way() -> None:
    with region('fa'):
        assert _('Send back') == 'Send back'
        assert i18n.text_direction() == 'rtl'
    with region('xx-nonsense'):
        assert i18n.number(1248) == '1,248'

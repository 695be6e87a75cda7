"""Axes that a person would have drawn: days with names, counts in whole numbers."""

from datetime import date, timedelta

import pytest

from components.chart import Series, chart, histogram, line_chart
from components.theme import LIGHT
from tests.components.open_page import on_a_page


def days(number: int) -> list[date]:
    return [date(2026, 11, 20) + timedelta(days=place) for place in range(number)]


def drawn(shown: chart, axis: str) -> list[object]:
    return list(shown.figure(LIGHT)['layout'][axis]['ticktext' if axis == 'xaxis' else 'tickvals'])


@on_a_page
async def test_a_single_day_stands_between_its_eve_and_itself() -> None:
    one = line_chart([Series(name='progress', x=days(2), y=[0, 40])], label='Progress')
    assert sorted(drawn(one, 'xaxis')) == ['20 Nov', '21 Nov']


@on_a_page
async def test_many_days_are_named_now_and_then_and_the_last_always() -> None:
    many = line_chart([Series(name='progress', x=days(60), y=list(range(60)))], label='Progress')
    assert len(drawn(many, 'xaxis')) == 6
    assert '18 Jan' in drawn(many, 'xaxis')


@on_a_page
async def test_a_chart_of_nothing_can_be_drawn() -> None:
    assert drawn(line_chart([Series(name='progress', x=[], y=[])], label='Progress'), 'yaxis') == [0, 1]
    assert drawn(histogram([], label='Scores'), 'yaxis') == [0, 1]


@pytest.mark.parametrize(
    ('most', 'lines'), [(1, [0, 1]), (3, [0, 1, 2, 3]), (9, [0, 2, 4, 6, 8, 10]), (480, [0, 100, 200, 300, 400, 500])]
)
@on_a_page
async def test_counts_are_whole_numbers(most: int, lines: list[int]) -> None:
    assert drawn(histogram([0, most, 1], label='Scores'), 'yaxis') == lines


@on_a_page
async def test_the_table_twin_names_the_days() -> None:
    shown = line_chart([Series(name='progress', x=days(2), y=[0, 40])], label='Progress')
    assert shown.rows() == (['Day', 'progress'], [['20 Nov', '0'], ['21 Nov', '40']])

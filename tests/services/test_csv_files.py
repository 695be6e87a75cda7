"""Tables go out so that no spreadsheet runs them, and come in however somebody's program wrote them."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import csv_files

ROWS = [['E-mail', 'Name'], ['jörg@demo.example', 'Jörg Groß'], ['ana@demo.example', 'Ana "A" Lima; Ops, night\nshift']]


def parsed(content: bytes) -> list[list[str]]:
    return [cells for _, cells in csv_files.read(io.BytesIO(content))]


def spreadsheet(content: bytes, separator: str = ',') -> list[list[str]]:
    """The cells as a spreadsheet sees them."""
    return list(csv.reader(io.StringIO(content.decode('utf-8-sig'), newline=''), delimiter=separator))


@settings(deadline=None)
@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), min_size=1, max_size=4))
def test_no_cell_that_is_written_begins_a_formula(rows: list[list[str]]) -> None:
    content = b''.join(csv_files.written(['Name'], rows))
    cells = [cell for row in spreadsheet(content) for cell in row]
    assert not [cell for cell in cells if cell.lstrip(' ').startswith(('=', '+', '-', '@', '\t', '\r', '\n', '\x00'))]


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from('=+-@\'\t\r\n ;,"a\x00')))
def test_whatever_is_written_can_be_had_back(words: str) -> None:
    assert csv_files.unquoted(csv_files.quoted(words)) == words.replace('\x00', '')
    content = b''.join(csv_files.written(['Name'], [[words, 'x']]))
    assert csv_files.unquoted(spreadsheet(content)[1][0]) == words.replace('\x00', '')


def test_a_formula_behind_a_semicolon_stays_inside_its_cell() -> None:
    content = b''.join(csv_files.written(['Name', 'Role'], [['Ana;=1+1', 'student']]))
    assert b'"Ana;=1+1","student"' in content


def test_numbers_and_times_stay_what_they_are() -> None:
    at = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert [csv_files.quoted(cell) for cell in (-3, 0.5, None, at)] == ['-3', '0.5', '', '2026-03-01T09:30:00+00:00']


@pytest.mark.parametrize('separator', [',', ';', '\t', '|'])
@pytest.mark.parametrize('encoding', ['utf-8', 'utf-8-sig', 'utf-16', 'utf-16-le', 'utf-16-be', 'cp1252'])
def test_every_usual_encoding_and_separator_is_understood(encoding: str, separator: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(ROWS)
    assert parsed(text.getvalue().encode(encoding)) == ROWS


def test_the_line_that_names_the_separator_is_no_row() -> None:
    assert parsed(b'sep=;\r\nE-mail;Name\r\na@b.example;A, B\r\n') == [['E-mail', 'Name'], ['a@b.example', 'A, B']]


def test_rows_know_their_line_in_the_file() -> None:
    content = b'E-mail,Name\n\n"a@b.example","two\nlines"\n,,\nc@d.example,C\n'
    assert [line for line, _ in csv_files.read(io.BytesIO(content))] == [1, 3, 6]


@pytest.mark.parametrize('content', [b'PK\x03\x04 a spreadsheet', b'%PDF-1.7', b'a,"' + b'x' * 200_000])
def test_what_is_no_table_is_refused_with_a_way_out(content: bytes) -> None:
    with pytest.raises(csv_files.UnreadableTable, match=r'CSV|quotation mark'):
        parsed(content)

"""Tables as CSV: written so that no spreadsheet runs what a cell says, read however somebody's program wrote them."""

import codecs
import csv
import io
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO

from services.errors import InvalidInput

MEDIA_TYPE = 'text/csv; charset=utf-8'
# What a spreadsheet takes for the beginning of a formula, in its full-width forms too, also behind spaces.
_FORMULA = re.compile(r"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|'*[\t\r\n]")
_QUOTED = re.compile(r"'+\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|'+[\t\r\n]")
_SEPARATORS = ',;\t|'
_LONGEST_CELL = 100_000
_ROWS_AT_ONCE = 500


class UnreadableTable(InvalidInput):
    code = 'unreadable_table'


def quoted(cell: object) -> str:
    """The cell as a spreadsheet may safely open it: an apostrophe before what it would calculate; numbers stay."""
    if cell is None:
        return ''
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return str(cell)
    words = cell.isoformat(timespec='seconds') if isinstance(cell, datetime) else str(cell)
    words = words.replace('\x00', '')
    return f"'{words}" if _FORMULA.match(words) else words


def unquoted(cell: str) -> str:
    """What `quoted` was given (without its NUL characters)."""
    return cell[1:] if _QUOTED.match(cell) else cell


def looks_like_formula(cell: str) -> bool:
    return _FORMULA.match(cell) is not None


def written(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The file in parts: UTF-8 with a mark that spreadsheets know it by, every cell in quotes and safe to open."""
    yield codecs.BOM_UTF8 + lines([header])
    waiting: list[Sequence[object]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) >= _ROWS_AT_ONCE:
            yield lines(waiting)
            waiting = []
    if waiting:
        yield lines(waiting)


def lines(rows: Iterable[Sequence[object]]) -> bytes:
    """Some rows of such a file, for who writes it bit by bit."""
    text = io.StringIO()
    # Every cell in quotes: one that is split at a semicolon must not begin with a formula either.
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator='\r\n')
    writer.writerows([[quoted(cell) for cell in row] for row in rows])
    return text.getvalue().encode('utf-8', 'replace')


def read(stream: BinaryIO) -> Generator[tuple[int, list[str]], None, None]:
    """(line in the file, cells) of every row that holds something, one at a time, from a stream that can seek.

    Takes UTF-8, UTF-16 and Windows-1252, with a byte order mark or without, and commas, semicolons, tabs or bars.
    UnreadableTable says what is wrong with the whole; what is wrong with one row is for the caller to say.
    """
    text = io.TextIOWrapper(stream, encoding=_encoding(stream), errors='replace', newline='')
    separator = _separator(text)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(text, delimiter=separator, skipinitialspace=True)
    line = 1
    try:
        for row in reader:
            cells = [unquoted(cell.replace('\x00', '').replace('\ufeff', '')).strip() for cell in row]
            if any(cells) and not (line == 1 and _names_separator(row)):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableTable(
            'Line {line} of this file cannot be read as a row of a table. A quotation mark may be left open there.',
            line=line,
        ) from error
    finally:
        if not stream.closed:
            text.detach()


def _encoding(stream: BinaryIO) -> str:
    head = stream.read(4096)
    stream.seek(0)
    if head.startswith(codecs.BOM_UTF8):
        return 'utf-8-sig'
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return 'utf-16'
    if head.startswith((b'PK\x03\x04', b'%PDF', b'\xd0\xcf\x11\xe0')):
        raise UnreadableTable('This is no CSV file. Save the table as CSV, and add it again.')
    if head.count(b'\x00') > len(head) // 4:
        return 'utf-16-le' if head[1::2].count(0) > head[::2].count(0) else 'utf-16-be'
    decoder = codecs.getincrementaldecoder('utf-8')()
    try:
        while part := stream.read(1 << 20):
            decoder.decode(part)
        decoder.decode(b'', final=True)
    except UnicodeDecodeError:
        return 'cp1252'
    finally:
        stream.seek(0)
    return 'utf-8'


def _separator(text: io.TextIOWrapper) -> str:
    head = text.read(_LONGEST_CELL)
    text.seek(0)
    first = next((line for line in head.splitlines() if line.strip('\ufeff \t;,|"')), '')
    if _names_separator([first]):
        return first.strip()[4:5] or ','
    bare = re.sub(r'"(?:[^"]|"")*"', '', first)
    return max(_SEPARATORS, key=bare.count)


def _names_separator(row: Sequence[str]) -> bool:
    """`sep=;` is how Excel is told; no row of the table."""
    return bool(row) and row[0].strip('\ufeff ').lower() in {'sep=', *(f'sep={mark}' for mark in _SEPARATORS)}

"""Every document that cannot be read is refused with the kind of error and a sentence that says how to mend it."""

import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from services.knowledge.parsing import (
    DamagedDocument,
    DocumentTooLarge,
    EmptyDocument,
    LockedDocument,
    PicturesOnly,
    UnreadableDocument,
    WrongType,
    layout,
    limits,
    media_type_of,
    parse,
    parse_file,
)
from tests.samples import documents


def blank_pdf(directory: Path) -> Path:
    path = directory / 'blank.pdf'
    canvas = Canvas(str(path))
    canvas.showPage()
    canvas.save()
    return path


def scripts_only_html(directory: Path) -> Path:
    path = directory / 'scripts.html'
    path.write_text('<html><script>document.write("hello")</script><nav>menu</nav></html>', encoding='utf-8')
    return path


def spaces(directory: Path) -> Path:
    path = directory / 'spaces.txt'
    path.write_text(' \n\n\t\n', encoding='utf-8')
    return path


def spreadsheet(directory: Path) -> Path:
    return archive(directory / 'sheet.xlsx', {'[Content_Types].xml': b'<Types/>', 'xl/workbook.xml': b'<x/>'})


def crowded_docx(directory: Path) -> Path:
    members = {f'word/media/{number}.png': b'' for number in range(limits.MAX_ARCHIVE_ENTRIES + 1)}
    return archive(directory / 'crowded.docx', {'word/document.xml': b'<w/>', **members})


def broken_xml_docx(directory: Path) -> Path:
    return archive(directory / 'broken.docx', {'[Content_Types].xml': b'<Types', 'word/document.xml': b'<w:document'})


def truncated_pptx(directory: Path) -> Path:
    path = directory / 'broken-off.pptx'
    whole = (documents.HANDBOOKS / 'manual-handling.pptx').read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def executable(directory: Path) -> Path:
    path = directory / 'handbook.txt'
    path.write_bytes(b'\x7fELF\x02\x01\x01' + bytes(range(256)) * 20)
    return path


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return path


REFUSED: list[tuple[Callable[[Path], Path], type[UnreadableDocument], str]] = [
    (documents.empty_file, EmptyDocument, 'is empty'),
    (spaces, EmptyDocument, 'is empty'),
    (scripts_only_html, EmptyDocument, 'no text in it'),
    (documents.png_named_pdf, WrongType, 'cannot be read here'),
    (documents.contradictory_name, WrongType, 'is named like a Word document but contains a PDF'),
    (spreadsheet, WrongType, 'is a spreadsheet'),
    (executable, WrongType, 'cannot be read here'),
    (documents.encrypted_pdf, LockedDocument, 'Save it without one and add it again'),
    (documents.encrypted_docx, LockedDocument, 'Save it without one and add it again'),
    (documents.scanned_pdf, PicturesOnly, 'run text recognition (OCR) and add it again'),
    (blank_pdf, PicturesOnly, 'There is no text'),
    (documents.truncated_pdf, DamagedDocument, 'damaged or cut off'),
    (documents.truncated_docx, DamagedDocument, 'damaged or cut off'),
    (truncated_pptx, DamagedDocument, 'damaged or cut off'),
    (broken_xml_docx, DamagedDocument, 'damaged or cut off'),
    (documents.zip_bomb_docx, DocumentTooLarge, 'unpacks to far more'),
    (crowded_docx, DocumentTooLarge, 'unpacks to far more'),
    (documents.billion_laughs_docx, UnreadableDocument, 'defines XML entities'),
]


@pytest.mark.parametrize(('make', 'kind', 'words'), REFUSED, ids=[make.__name__ for make, _, _ in REFUSED])
async def test_what_cannot_be_read_is_refused_with_a_way_to_mend_it(
    tmp_path: Path, make: Callable[[Path], Path], kind: type[UnreadableDocument], words: str
) -> None:
    path = make(tmp_path)
    with pytest.raises(UnreadableDocument) as refusal:
        await parse(path, path.name)
    assert type(refusal.value) is kind
    assert words in str(refusal.value)
    assert path.name in str(refusal.value)


async def test_an_external_entity_brings_no_file_of_the_server_into_a_document(tmp_path: Path) -> None:
    secret = tmp_path / 'secret.txt'
    secret.write_text('the password of the database', encoding='utf-8')
    with pytest.raises(UnreadableDocument) as refusal:
        await parse(documents.external_entity_docx(tmp_path, secret), 'entity.docx')
    assert 'password of the database' not in str(refusal.value)


@pytest.mark.parametrize('encoding', ['utf-16', 'utf-16-le', 'utf-16-be'])
async def test_entities_are_refused_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    laughs = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE l [<!ENTITY a "ha">]><w:document>&a;</w:document>'
    path = archive(tmp_path / 'laughs.docx', {'word/document.xml': laughs.encode(encoding)})
    with pytest.raises(UnreadableDocument, match='defines XML entities'):
        await parse(path, path.name)


async def test_a_member_with_the_name_of_a_place_outside_is_not_written_there(tmp_path: Path) -> None:
    inside = tmp_path / 'a' / 'b'
    inside.mkdir(parents=True)
    document = await parse(documents.traversal_docx(inside), 'traversal.docx')
    assert 'apples' in document.pages[0].text
    assert [path.name for path in tmp_path.rglob('*') if path.is_file()] == ['traversal.docx']


async def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    path = tmp_path / 'many.pdf'
    canvas = Canvas(str(path))
    for _ in range(limits.MAX_PAGES + 1):
        canvas.showPage()
    canvas.save()
    with pytest.raises(DocumentTooLarge, match='more than 5000 pages'):
        await parse(path, 'many.pdf')


@pytest.mark.parametrize('limit', [(limits, 'MAX_TEXT_BYTES'), (layout, 'MAX_CHARACTERS')], ids=['bytes', 'letters'])
def test_too_much_text_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: tuple[ModuleType, str]
) -> None:
    monkeypatch.setattr(*limit, 5_000)
    for name in ('long.txt', 'long.md', 'long.html'):
        path = tmp_path / name
        path.write_text('This goes on.\n\n' * 1_000, encoding='utf-8')
        with pytest.raises(DocumentTooLarge, match='more text than can be read at once'):
            parse_file(path, name)


@pytest.mark.parametrize('name', documents.HOSTILE_FILE_NAMES)
async def test_no_name_makes_reading_fail_or_write(tmp_path: Path, name: str) -> None:
    path = tmp_path / 'upload'
    path.write_bytes(documents.HANDBOOK.read_bytes())
    document = await parse(path, name)
    assert document.title == 'Food Safety Handbook'
    assert [found.name for found in tmp_path.iterdir()] == ['upload']


def test_the_content_decides_where_the_name_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / 'upload'
    path.write_bytes(b'<!DOCTYPE html><p>Hello')
    assert media_type_of(path, 'upload') == 'text/html'
    path.write_bytes(b'Hello')
    assert media_type_of(path, 'upload') == 'text/plain'
    assert media_type_of(path, 'upload.md') == 'text/markdown'


def flood_png(side: int) -> bytes:
    """A picture of side x side pixels in as few bytes as they can be said."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack('>I', len(content)) + kind + content + struct.pack('>I', zlib.crc32(kind + content))

    rows = zlib.compressobj(9)
    line = bytes(1 + side // 8)
    packed = b''.join(rows.compress(line * 500) for _ in range(side // 500)) + rows.flush()
    head = struct.pack('>IIBBBBB', side, side, 1, 0, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + part(b'IHDR', head) + part(b'IDAT', packed) + part(b'IEND', b'')


def test_a_flood_of_pixels_is_never_unpacked(tmp_path: Path) -> None:
    """50,000 x 50,000: 300 MB as one bit a pixel, ten gigabytes as a picture program keeps it."""
    flood = flood_png(50_000)
    (tmp_path / 'flood.png').write_bytes(flood)
    with pytest.raises(WrongType):
        parse_file(tmp_path / 'flood.png', 'flood.png')
    word = docx.Document()
    word.add_paragraph('Close the valve.')
    word.save(str(tmp_path / 'plain.docx'))
    with zipfile.ZipFile(tmp_path / 'plain.docx', 'a', zipfile.ZIP_STORED) as package:
        package.writestr('word/media/image1.png', flood)
    tracemalloc.start()
    document = parse_file(tmp_path / 'plain.docx', 'plain.docx')
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert document.pages[0].text == 'Close the valve.'
    assert most < 64 * 1024**2

"""A bad sample that is not bad proves nothing: each is checked for the fault that it is there for."""

from collections.abc import Callable
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import pytest
from pypdf import PdfReader
from pypdf.errors import PdfReadError

from app.demo.handbooks.build import FORMATS, build
from tests.samples import documents


@pytest.mark.parametrize('name', FORMATS)
def test_a_demo_document_says_what_its_manuscript_says_now(name: str, tmp_path: Path) -> None:
    build(tmp_path)
    assert _content(tmp_path / name) == _content(documents.HANDBOOKS / name)


def test_the_handbook_is_long_enough_for_a_course() -> None:
    handbook = PdfReader(documents.HANDBOOK)
    assert len(handbook.pages) >= 14
    assert len(handbook.outline) >= 7


def test_the_invented_fact_stands_on_page_seven_alone(tmp_path: Path) -> None:
    texts = [' '.join(page.extract_text().split()) for page in PdfReader(documents.invented_fact_pdf(tmp_path)).pages]
    assert [number for number, text in enumerate(texts, 1) if documents.INVENTED_FACT in text] == [7]
    assert [number for number, text in enumerate(texts, 1) if 'Quillon' in text] == [7]


def test_a_large_document_has_the_pages_and_words_asked_for(tmp_path: Path) -> None:
    pages = PdfReader(documents.large_pdf(tmp_path, pages=12, words_per_page=300)).pages
    assert len(pages) == 12
    assert all(300 <= len(page.extract_text().split()) <= 340 for page in pages)
    assert len({page.extract_text() for page in pages}) == 12


def test_the_locked_document_opens_with_its_password_only(tmp_path: Path) -> None:
    path = documents.encrypted_pdf(tmp_path, 'opensesame')
    assert PdfReader(path).is_encrypted
    assert len(PdfReader(path, password='opensesame').pages) == 2


def test_a_scan_has_pages_and_no_text(tmp_path: Path) -> None:
    pages = PdfReader(documents.scanned_pdf(tmp_path)).pages
    assert [page.extract_text() for page in pages] == ['', '', '']
    assert all(page.images for page in pages)


def test_a_truncated_pdf_cannot_be_opened_strictly(tmp_path: Path) -> None:
    with pytest.raises(PdfReadError):
        PdfReader(documents.truncated_pdf(tmp_path), strict=True)


@pytest.mark.parametrize('make', [documents.truncated_docx, documents.encrypted_docx])
def test_a_broken_or_locked_word_document_is_no_archive(make: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(BadZipFile):
        ZipFile(make(tmp_path))


def test_the_bomb_is_small_until_it_is_unpacked(tmp_path: Path) -> None:
    path = documents.zip_bomb_docx(tmp_path, megabytes=20)
    with ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    assert path.stat().st_size < 100_000
    assert unpacked > 20 * 1024 * 1024


def test_the_billion_laughs_are_declared_and_called(tmp_path: Path) -> None:
    with ZipFile(documents.billion_laughs_docx(tmp_path)) as archive:
        part = archive.read('word/document.xml')
    assert part.count(b'<!ENTITY') == 10
    assert b'&lol9;' in part


def test_the_white_text_is_found_by_a_program_that_does_not_look(tmp_path: Path) -> None:
    assert PdfReader(documents.white_text_pdf(tmp_path)).pages[0].extract_text().count(documents.WHITE_TEXT) == 2


def _content(path: Path) -> object:
    """What the file holds, without its compression, which differs between machines."""
    if path.suffix == '.pdf':
        return [page.extract_text() for page in PdfReader(path).pages]
    if path.suffix == '.html':
        return path.read_text(encoding='utf-8')
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}

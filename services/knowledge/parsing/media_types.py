"""What a file is, decided by what is in it; its name only chooses between kinds of text."""

import re
import struct
import zipfile
from pathlib import Path, PurePath

from services.knowledge.parsing import limits
from services.knowledge.parsing.errors import LockedDocument, WrongType, bomb, damaged, empty

PDF = 'application/pdf'
DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
PPTX = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'
HTML = 'text/html'
MARKDOWN = 'text/markdown'
PLAIN = 'text/plain'

SUFFIXES = {
    '.pdf': PDF,
    '.docx': DOCX,
    '.pptx': PPTX,
    '.html': HTML,
    '.htm': HTML,
    '.md': MARKDOWN,
    '.markdown': MARKDOWN,
    '.txt': PLAIN,
}
"""The file names to offer in an upload dialogue."""


def media_type_of(path: Path, name: str) -> str:
    """The media type of the file's content; raises `WrongType` for what is not read here or contradicts its name."""
    with path.open('rb') as file:
        head = file.read(_HEAD_BYTES)
    if not head.strip(b'\0 \t\r\n\f\xef\xbb\xbf'):
        raise empty(name)
    found = _binary_type(path, head, name) or _text_type(head, name)
    suffix = PurePath(name).suffix.lower()
    promised = SUFFIXES.get(suffix)
    if promised is not None and promised != found and not (promised in _TEXTS and found in _TEXTS):
        raise WrongType(
            '“{name}” is named like {promised} but contains {found}. '
            'Give it its right name, or save it again in the format you meant, and add it again.',
            name=name,
            promised=_CALLED[promised],
            found=_CALLED[found],
        )
    return found


_HEAD_BYTES = 65_536
_TEXTS = {HTML, MARKDOWN, PLAIN}
_CALLED = {
    PDF: 'a PDF',
    DOCX: 'a Word document',
    PPTX: 'a PowerPoint presentation',
    HTML: 'a web page',
    MARKDOWN: 'Markdown text',
    PLAIN: 'plain text',
}
_OLE = b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'
_MARKUP = re.compile(rb'<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]', re.IGNORECASE)
_TAG = re.compile(rb'</(?:p|div|h[1-6]|ul|ol|table|article|section|span)>', re.IGNORECASE)


def _binary_type(path: Path, head: bytes, name: str) -> str | None:
    if b'%PDF-' in head[:1024]:
        return PDF
    if head.startswith((b'PK\x03\x04', b'PK\x05\x06', b'PK\x07\x08')):
        return _package_type(path, name)
    if head.startswith(_OLE):
        raise _old_office(path, name)
    if head.startswith(b'{\\rtf'):
        raise _unsupported(name, 'a rich text file (RTF)')
    if _looks_like_text(head):
        return None
    raise _unsupported(name, _described(head))


def _package_type(path: Path, name: str) -> str:
    try:
        check_directory_size(path, name)
        with zipfile.ZipFile(path) as package:
            members = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise damaged(name) from error
    if 'word/document.xml' in members:
        return DOCX
    if 'ppt/presentation.xml' in members:
        return PPTX
    if '[Content_Types].xml' in members and any(member.startswith('xl/') for member in members):
        raise _unsupported(name, 'a spreadsheet')
    if 'mimetype' in members:
        raise _unsupported(name, 'an OpenDocument file or e-book')
    if '[Content_Types].xml' in members:
        raise damaged(name)
    raise _unsupported(name, 'a ZIP archive')


def check_directory_size(path: Path, name: str) -> None:
    """Before the directory of an archive is read into memory: a million entries in it would fill that."""
    with path.open('rb') as file:
        file.seek(max(0, path.stat().st_size - 66_000))
        tail = file.read()
    end = tail.rfind(b'PK\x05\x06')
    if end < 0 or len(tail) < end + 22:
        raise damaged(name)
    entries, size = struct.unpack_from('<HI', tail, end + 10)
    large_format = b'PK\x06\x07' in tail[max(0, end - 20) : end]
    if large_format or entries > limits.MAX_ARCHIVE_ENTRIES or size > limits.MAX_ARCHIVE_DIRECTORY_BYTES:
        raise bomb(name)


def _old_office(path: Path, name: str) -> WrongType | LockedDocument:
    with path.open('rb') as file:
        directory = file.read(4 * 1024**2)
    if 'EncryptedPackage'.encode('utf-16-le') in directory:
        return LockedDocument(
            '“{name}” is locked with a password. Save it without one and add it again.',
            name=name,
        )
    return _unsupported(name, 'an Office file of before 2007')


def _text_type(head: bytes, name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    promised = SUFFIXES.get(suffix)
    if promised in _TEXTS:
        return promised
    start = head[:2048].replace(b'\0', b'')
    if start.lstrip().startswith(b'<?xml') and not _MARKUP.search(start):
        raise _unsupported(name, 'an XML file')
    return HTML if _MARKUP.search(start) or len(_TAG.findall(head)) > 2 else PLAIN


def _looks_like_text(head: bytes) -> bool:
    if head.startswith((b'\xff\xfe', b'\xfe\xff', b'\xef\xbb\xbf')):
        return True
    control = sum(head.count(bytes([code])) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
    return b'\0' not in head and control * 200 <= len(head)


def _unsupported(name: str, found: str) -> WrongType:
    return WrongType(
        '“{name}” is {found}, which cannot be read here. '
        'Save it as PDF, Word (.docx), PowerPoint (.pptx), HTML, Markdown or plain text and add that.',
        name=name,
        found=found,
    )


def _described(head: bytes) -> str:
    import puremagic

    try:
        kind = puremagic.magic_string(head)[0].name
    except (puremagic.PureError, ValueError, IndexError):
        kind = ''
    return f'a file of the kind “{kind}”' if kind else 'a file of an unknown kind'

"""Office files are ZIP archives of XML: unpacked here under limits, before any library sees them."""

import io
import zipfile
import zlib
from pathlib import Path

from services.knowledge.parsing import limits
from services.knowledge.parsing.errors import LockedDocument, UnreadableDocument, bomb, damaged


def package_of(path: Path, name: str) -> io.BytesIO:
    """A copy of the package with its XML alone.

    Pictures, films and embedded files become empty entries: they are never unpacked, so an archive inside is never
    opened and a presentation with a gigabyte of films needs no more memory than its words.
    """
    copy = io.BytesIO()
    xml_bytes = 0
    try:
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, 'w', zipfile.ZIP_STORED) as target:
            _check_directory(source, name)
            for entry in source.infolist():
                if entry.is_dir():
                    continue
                content = b''
                if entry.filename.endswith(('.xml', '.rels')):
                    content = _xml(source, entry, name, limits.MAX_ARCHIVE_XML_BYTES - xml_bytes)
                    xml_bytes += len(content)
                target.writestr(entry.filename, content)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise damaged(name) from error
    copy.seek(0)
    return copy


def _check_directory(source: zipfile.ZipFile, name: str) -> None:
    entries = source.infolist()
    if len(entries) > limits.MAX_ARCHIVE_ENTRIES or sum(e.file_size for e in entries) > limits.MAX_ARCHIVE_BYTES:
        raise bomb(name)
    if len({entry.filename for entry in entries}) < len(entries):
        raise damaged(name)
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise LockedDocument('“{name}” is locked with a password. Save it without one and add it again.', name=name)
        large = entry.file_size > limits.RATIO_APPLIES_FROM_BYTES
        if large and entry.file_size > limits.MAX_ARCHIVE_RATIO * max(entry.compress_size, 1):
            raise bomb(name)


def _xml(source: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, allowance: int) -> bytes:
    """The sizes an archive declares may be lies, so what really comes out is counted."""
    content = bytearray()
    with source.open(entry) as stream:
        while block := stream.read(65_536):
            content += block
            if len(content) > min(limits.MAX_TEXT_BYTES, allowance):
                raise bomb(name)
    # Office programs never write a document type; entities that swell or fetch files need one.
    if b'<!DOCTYPE' in content or b'<!ENTITY' in content or b'<\0!\0' in content or b'\0<\0!' in content:
        raise UnreadableDocument(
            '“{name}” defines XML entities, which no Office program does. '
            'Open it in Word or PowerPoint, save it again and add that copy.',
            name=name,
        )
    return bytes(content)

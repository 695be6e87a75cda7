"""Word documents that attack whoever opens them."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document

_PART = 'word/document.xml'
_NAMESPACE = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'


def zip_bomb_docx(directory: Path, megabytes: int = 300) -> Path:
    """About 1 KB for each megabyte that it becomes when it is unpacked."""
    path = _ordinary(directory / 'bomb.docx')
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != _PART}
    with ZipFile(path, 'w', ZIP_DEFLATED) as bomb:
        for name, content in parts.items():
            bomb.writestr(name, content)
        with bomb.open(_PART, 'w', force_zip64=True) as part:
            part.write(f'<w:document xmlns:w="{_NAMESPACE}"><w:body><w:p><w:r><w:t>'.encode())
            for _ in range(megabytes):
                part.write(b'a' * (1 << 20))
            part.write(b'</w:t></w:r></w:p></w:body></w:document>')
    return path


def billion_laughs_docx(directory: Path) -> Path:
    """Ten entities, each of ten of the one before: a few hundred bytes that unfold to gigabytes."""
    entities = ['<!ENTITY lol0 "ha ha ha ">']
    entities += [f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10)]
    document = (
        f'<?xml version="1.0"?><!DOCTYPE lolz [{"".join(entities)}]>'
        f'<w:document xmlns:w="{_NAMESPACE}"><w:body><w:p><w:r><w:t>&lol9;</w:t></w:r></w:p></w:body></w:document>'
    )
    return _with_part(directory / 'laughs.docx', _PART, document.encode())


def external_entity_docx(directory: Path, secret: Path) -> Path:
    """Asks the reader to paste a file of the server into the document."""
    document = (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY secret SYSTEM "{secret.as_uri()}">]>'
        f'<w:document xmlns:w="{_NAMESPACE}"><w:body><w:p><w:r><w:t>&secret;</w:t></w:r></w:p></w:body></w:document>'
    )
    return _with_part(directory / 'entity.docx', _PART, document.encode())


def traversal_docx(directory: Path) -> Path:
    """Readable, with a member that would be written outside if somebody unpacked the archive to disk."""
    return _with_part(_ordinary(directory / 'traversal.docx'), '../../outside.txt', b'outside')


def encrypted_docx(directory: Path) -> Path:
    """What Word makes of a document with a password: an OLE container, no longer a zip archive."""
    path = directory / 'locked.docx'
    signature = bytes.fromhex('d0cf11e0a1b11ae1')
    path.write_bytes(signature + bytes(504) + 'EncryptedPackage'.encode('utf-16-le').ljust(4096, b'\0'))
    return path


def _with_part(path: Path, name: str, content: bytes) -> Path:
    if not path.exists():
        _ordinary(path)
    with ZipFile(path) as archive:
        parts = {member: archive.read(member) for member in archive.namelist()}
    with ZipFile(path, 'w', ZIP_DEFLATED) as archive:
        for member, part in (parts | {name: content}).items():
            archive.writestr(member, part)
    return path


def _ordinary(path: Path) -> Path:
    document = Document()
    document.add_heading('An ordinary heading', 1)
    document.add_paragraph('An ordinary paragraph speaks of apples.')
    document.save(str(path))
    return path

import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO


def write_zip(target: Path, entries: Mapping[str, bytes | Path]) -> None:
    """A zip whose bytes depend on names and contents alone; `target` is whole or untouched."""

    def fill(stream: BinaryIO) -> None:
        with zipfile.ZipFile(stream, 'w', zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(entries, key=lambda name: (name != 'index.html', name)):
                _add(archive, name, entries[name])

    replace(target, fill)


def replace(target: Path, fill: Callable[[BinaryIO], None]) -> None:
    """Write beside the target, flush to the disk, then take its place: a crash leaves the old file or none."""
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f'.{target.name}.')
    try:
        with os.fdopen(descriptor, 'wb') as stream:
            fill(stream)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _add(archive: zipfile.ZipFile, name: str, content: bytes | Path) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or '..' in path.parts:
        raise ValueError(f'{name} would leave the folder it is unpacked in')
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_STORED if path.suffix in _PACKED else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o100644 << 16
    archive.writestr(entry, content if isinstance(content, bytes) else content.read_bytes())


_PACKED = frozenset({'.woff2', '.png', '.jpg', '.gif', '.webp'})

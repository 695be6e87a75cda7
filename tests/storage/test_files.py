"""Bytes on disk: whole or not at all, and found by what they are."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from storage.files import FileStore


async def parts(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def broken() -> AsyncIterator[bytes]:
    yield b'half'
    raise ConnectionError


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob('*') if path.is_file()]


async def test_a_stream_is_kept_under_its_hash(tmp_path: Path) -> None:
    store, organization = FileStore(tmp_path), uuid4()
    sha256, size = await store.write(organization, parts(b'one ', b'two'), limit=100)
    assert (sha256, size) == (hashlib.sha256(b'one two').hexdigest(), 7)
    assert store.path(organization, sha256).read_bytes() == b'one two'
    again, _ = await store.write(organization, parts(b'one two'), limit=100)
    assert again == sha256
    assert len(files(tmp_path)) == 1


async def test_what_is_too_large_or_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    with pytest.raises(OverflowError):
        await store.write(uuid4(), parts(b'x' * 60, b'x' * 60), limit=100)
    with pytest.raises(ConnectionError):
        await store.write(uuid4(), broken(), limit=100)
    assert files(tmp_path) == []


async def test_organisations_share_no_bytes(tmp_path: Path) -> None:
    store, one, other = FileStore(tmp_path), uuid4(), uuid4()
    sha256, _ = await store.write(one, parts(b'mine'), limit=100)
    assert not store.path(other, sha256).exists()


async def test_a_finished_file_is_taken_over(tmp_path: Path) -> None:
    store, organization = FileStore(tmp_path / 'store'), uuid4()
    made = tmp_path / 'export.zip'
    made.write_bytes(b'zip')
    sha256, size = await store.keep(organization, made)
    assert (size, made.exists()) == (3, False)
    assert store.path(organization, sha256).read_bytes() == b'zip'

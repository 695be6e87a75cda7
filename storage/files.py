"""Bytes on disk, named by their SHA-256, never changed, never half there."""

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

_SHA256 = re.compile('[0-9a-f]{64}')


class FileStore:
    """`root/ORGANISATION/ab/abcdef…`: one folder an organisation, so that nothing is shared by accident."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, organization_id: UUID, sha256: str) -> Path:
        """Of nothing but an organisation's id and a hash is a path ever made."""
        if not isinstance(organization_id, UUID) or not _SHA256.fullmatch(sha256):
            raise ValueError(f'No file is kept under {organization_id!r} and {sha256!r}')
        return self._root / str(organization_id) / sha256[:2] / sha256

    def folder(self, organization_id: UUID) -> Path:
        """Where everything of the organisation is kept."""
        if not isinstance(organization_id, UUID):
            raise ValueError(f'No files are kept for {organization_id!r}')
        return self._root / str(organization_id)

    async def write(self, organization_id: UUID, parts: AsyncIterator[bytes], limit: int) -> tuple[str, int]:
        """Stores a stream and gives (sha256, size). Raises OverflowError beyond `limit` bytes; nothing stays then."""
        folder = self._root / str(organization_id)
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f'.{uuid4()}.part'
        digest, size = hashlib.sha256(), 0
        try:
            with temporary.open('wb') as file:
                async for part in parts:
                    size += len(part)
                    if size > limit:
                        raise OverflowError(limit)
                    digest.update(part)
                    await asyncio.to_thread(file.write, part)
                await asyncio.to_thread(_sync, file.fileno())
            await asyncio.to_thread(self._settle, temporary, self.path(organization_id, digest.hexdigest()))
        finally:
            temporary.unlink(missing_ok=True)
        return digest.hexdigest(), size

    async def keep(self, organization_id: UUID, path: Path) -> tuple[str, int]:
        """Takes over a finished file (moved, not copied) and gives (sha256, size)."""
        sha256 = await asyncio.to_thread(_digest, path)
        size = await asyncio.to_thread(lambda: path.stat().st_size)
        await asyncio.to_thread(self._settle, path, self.path(organization_id, sha256))
        return sha256, size

    @staticmethod
    def _settle(temporary: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _sync(descriptor: int) -> None:
    os.fsync(descriptor)


def _digest(path: Path) -> str:
    with path.open('rb') as file:
        _sync(file.fileno())
        return hashlib.file_digest(file, 'sha256').hexdigest()

"""Pictures in lessons: known by their content, made anew without what they say about the camera and the place."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PIL import Image, ImageOps, UnidentifiedImageError

from services import fields
from services.errors import InvalidInput, NotFound, PlatformError, TooLarge
from services.viewer import Permission, Viewer
from services.work import Gate
from storage.enrollments import shows_file
from storage.exports import StoredFile
from storage.files import FileStore

LIMIT = 10 * 1024**2
# Memory is spent per pixel, whatever the file weighs: a few kilobytes can unpack to gigabytes.
_MOST_PIXELS, _MOST_PIXELS_OF_ALL_FRAMES = 40_000_000, 100_000_000
_MEDIA_TYPES = {'PNG': 'image/png', 'JPEG': 'image/jpeg', 'GIF': 'image/gif', 'WEBP': 'image/webp'}


class NotAPicture(PlatformError):
    status_code = 415
    code = 'not_a_picture'

    def __init__(self) -> None:
        super().__init__('This is not a PNG, JPEG, GIF or WebP picture that can be read. Save it as one and try again.')


@dataclass(frozen=True, kw_only=True)
class FileView:
    """`path` is what a lesson's <img> refers to."""

    id: UUID
    name: str
    media_type: str
    size: int

    @property
    def path(self) -> str:
        return f'/files/{self.id}'


@dataclass(frozen=True, kw_only=True)
class StoredPicture:
    path: Path
    name: str
    media_type: str


class FileService:
    def __init__(self, gate: Gate, store: FileStore) -> None:
        self._gate = gate
        self._store = store

    async def upload(self, viewer: Viewer, name: str, content: bytes) -> FileView:
        """Keeps a picture of at most 10 MB for use in lessons."""
        current = await self._gate.check(viewer, Permission.DRAFT_WRITE)
        if len(content) > LIMIT:
            raise TooLarge('Pictures may have up to 10 MB. Make this one smaller and try again.')
        media_type, clean = await asyncio.to_thread(_made_anew, content)
        sha256, size = await self._store.write(current.organization_id, _once(clean), 4 * LIMIT)
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            file = StoredFile(
                name=fields.line('name', Path(name).name)[-200:] or 'picture',
                media_type=media_type,
                size=size,
                sha256=sha256,
                uploaded_by=work.viewer.user_id,
            )
            work.add(file)
            await work.tx.flush()
            work.record('file.uploaded', file, after={'name': file.name, 'sha256': sha256})
            return FileView(id=file.id, name=file.name, media_type=media_type, size=size)

    async def get(self, viewer: Viewer, file_id: UUID) -> StoredPicture:
        """For authors, and for learners of a lesson that shows it."""
        async with self._gate.reading(viewer) as work:
            file = await work.get(StoredFile, file_id)
            if not work.viewer.may(Permission.COURSE_READ):
                work.viewer.require(Permission.LEARN)
                if not await shows_file(work.scope, work.viewer.user_id, file_id):
                    raise NotFound()
            path = self._store.path(work.scope.organization_id, file.sha256)
            return StoredPicture(path=path, name=file.name, media_type=file.media_type)


def _made_anew(content: bytes) -> tuple[str, bytes]:
    """(media type, the same picture without metadata); what hides behind or beside the pixels is left out."""
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_MEDIA_TYPES)) as picture:
            # a phone's JPEG may hold a second picture (MPO); the first is meant
            kind = 'JPEG' if picture.format == 'MPO' else str(picture.format)
            _check_size(picture)
            picture.verify()
        # verify() uses the picture up
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            return _MEDIA_TYPES[kind], _encoded(picture, kind)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise NotAPicture() from error


def _check_size(picture: Image.Image) -> None:
    pixels = picture.width * picture.height
    if pixels > _MOST_PIXELS:
        raise _too_many_pixels()
    if pixels * getattr(picture, 'n_frames', 1) > _MOST_PIXELS_OF_ALL_FRAMES:
        fault = 'This animation is too large. Make it shorter or smaller and try again.'
        raise InvalidInput(fault, fields={'file': fault})


def _too_many_pixels() -> InvalidInput:
    fault = 'This picture has more than 40 million pixels. Make it smaller and try again.'
    return InvalidInput(fault, fields={'file': fault})


def _encoded(picture: Image.Image, kind: str) -> bytes:
    written = io.BytesIO()
    if getattr(picture, 'n_frames', 1) > 1 and kind in ('GIF', 'WEBP'):
        picture.info.pop('comment', None)
        picture.save(written, kind, save_all=True)
        return written.getvalue()
    upright = ImageOps.exif_transpose(picture)
    upright.info = {name: value for name, value in upright.info.items() if name == 'transparency'}
    if kind == 'JPEG':
        upright.convert('L' if upright.mode == 'L' else 'RGB').save(written, kind, quality=90, optimize=True)
    elif kind == 'WEBP':
        upright.save(written, kind, quality=90)
    else:
        upright.save(written, kind, optimize=True)
    return written.getvalue()


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content

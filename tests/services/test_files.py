import io
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image

from services.errors import Forbidden, InvalidInput, NotFound, TooLarge
from services.files import LIMIT, FileService, NotAPicture
from storage.courses import Block
from storage.files import FileStore
from tests.services.world import World


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / 'files')


@pytest.fixture
def files(world: World, store: FileStore) -> FileService:
    return FileService(world.gate, store)


def picture(kind: str, *, size: tuple[int, int] = (40, 20), mode: str = 'RGB', **options: object) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, 'red').save(written, kind, **options)
    return written.getvalue()


@pytest.mark.parametrize(
    ('kind', 'media_type'),
    [('PNG', 'image/png'), ('JPEG', 'image/jpeg'), ('GIF', 'image/gif'), ('WEBP', 'image/webp')],
)
async def test_a_picture_is_known_by_its_content(world: World, files: FileService, kind: str, media_type: str) -> None:
    kept = await files.upload(world.demo.instructor, '../../etc/pass\x00wd.svg', picture(kind))
    assert (kept.media_type, kept.name, kept.path) == (media_type, 'passwd.svg', f'/files/{kept.id}')
    stored = await files.get(world.demo.reviewer, kept.id)
    assert stored.path.stat().st_size == kept.size
    with Image.open(stored.path) as read:
        assert (read.format, read.size) == (kind, (40, 20))


async def test_what_a_photograph_says_about_its_place_is_left_out(world: World, files: FileService) -> None:
    exif = Image.Exif()
    exif[0x010F] = 'Secret camera'
    exif[0x0112] = 6  # turned by a quarter
    content = picture('JPEG', exif=exif, comment=b'Secret comment')
    assert b'Secret camera' in content
    kept = await files.upload(world.demo.instructor, 'photo.jpg', content)
    stored = (await files.get(world.demo.instructor, kept.id)).path
    assert b'Secret' not in stored.read_bytes()
    with Image.open(stored) as read:
        assert read.size == (20, 40)
        assert not read.getexif()


async def test_code_appended_to_a_picture_is_left_out(world: World, files: FileService) -> None:
    kept = await files.upload(world.demo.instructor, 'a.png', picture('PNG') + b'<script>alert(1)</script>')
    assert b'script' not in (await files.get(world.demo.instructor, kept.id)).path.read_bytes()


async def test_an_animation_keeps_moving_and_transparency_stays(world: World, files: FileService) -> None:
    frames = [Image.new('RGB', (10, 10), colour) for colour in ('red', 'green', 'blue')]
    written = io.BytesIO()
    frames[0].save(written, 'GIF', save_all=True, append_images=frames[1:])
    moving = await files.upload(world.demo.instructor, 'a.gif', written.getvalue())
    with Image.open((await files.get(world.demo.instructor, moving.id)).path) as read:
        assert read.n_frames == 3
    palette = Image.new('P', (4, 4), 0)
    palette.putpalette([255, 0, 0, 0, 255, 0])
    written = io.BytesIO()
    palette.save(written, 'PNG', transparency=0)
    clear = await files.upload(world.demo.instructor, 'b.png', written.getvalue())
    with Image.open((await files.get(world.demo.instructor, clear.id)).path) as read:
        assert read.convert('RGBA').getpixel((0, 0))[3] == 0


@pytest.mark.parametrize(
    'content',
    [b'', b'<svg xmlns="http://www.w3.org/2000/svg"/>', b'%PDF-1.7', b'MZ' * 100, picture('PNG')[:60], picture('BMP')],
)
async def test_what_is_no_picture_is_refused_and_nothing_stays(
    world: World, files: FileService, tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(NotAPicture):
        await files.upload(world.demo.instructor, 'a.png', content)
    assert not (tmp_path / 'files').exists()


async def test_pictures_that_would_fill_the_memory_are_refused(world: World, files: FileService) -> None:
    with pytest.raises(TooLarge):
        await files.upload(world.demo.instructor, 'a.png', b'x' * (LIMIT + 1))
    for side in (7000, 20000):
        flood = picture('PNG', size=(side, side), mode='1')
        assert len(flood) < LIMIT
        with pytest.raises(InvalidInput, match='40 million'):
            await files.upload(world.demo.instructor, 'a.png', flood)


async def test_only_authors_upload(world: World, files: FileService) -> None:
    for viewer in (world.demo.student, world.demo.reviewer, world.demo.site):
        with pytest.raises(Forbidden):
            await files.upload(viewer, 'a.png', picture('PNG'))


async def test_learners_see_the_pictures_of_their_lessons_and_no_others(world: World, files: FileService) -> None:
    shown = await files.upload(world.demo.instructor, 'a.png', picture('PNG'))
    hidden = await files.upload(world.demo.instructor, 'b.png', picture('PNG', size=(5, 5)))
    made = await world.taught(world.demo)
    await _show(world, made.block_ids[0], shown.path)
    assert (await files.get(world.demo.student, shown.id)).media_type == 'image/png'
    with pytest.raises(NotFound):
        await files.get(world.demo.student, hidden.id)
    with pytest.raises(NotFound):
        await files.get(world.demo.classmate, shown.id)
    for stranger in (world.other.instructor, world.other.student):
        with pytest.raises(NotFound):
            await files.get(stranger, shown.id)
    with pytest.raises(Forbidden):
        await files.get(world.demo.site, shown.id)


async def _show(world: World, block_id: UUID, path: str) -> None:
    async with world.writing(world.demo) as tx:
        block = await tx.get_one(Block, block_id)
        block.content = {'html': f'<p>Look: <img src="{path}" alt="A red field"></p>'}
        tx.add(block)

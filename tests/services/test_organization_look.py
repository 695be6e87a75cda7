"""The look and the policy of an organisation: one colour, one clean picture, and rules that make sense."""

import io
from pathlib import Path

import pytest
from PIL import Image

from services.errors import InvalidInput, NotFound, PlatformError
from services.organizations import LookService, Policy, PolicyService, logos
from storage.audit import AuditEvent
from storage.database import Scope
from storage.files import FileStore
from tests.services.world import World

NO_COLOURS = [
    'red',
    '#fff',
    '#12345g',
    '#123456;}',
    '#123456}body{background:url(//evil.example)}',
    'var(--bad)',
    '\\23 123456',
    'url(#a)',
    '#123456 #123456',
    '#12345\n6',
    '＃123456',
    '#１２３４５６',
]


def picture(kind: str, size: tuple[int, int] = (900, 300)) -> bytes:
    written = io.BytesIO()
    drawn = Image.new('RGB' if kind == 'JPEG' else 'RGBA', size, (15, 95, 92))
    exif = Image.Exif()
    exif[0x010E] = 'taken at home'
    drawn.save(written, kind, exif=exif)
    return written.getvalue() + b'<script>alert(1)</script>'


def many_pixels() -> bytes:
    written = io.BytesIO()
    Image.new('1', (20_000, 20_000)).save(written, 'PNG')
    return written.getvalue()


async def test_an_accent_is_one_colour_and_nothing_else(world: World, tmp_path: Path) -> None:
    looks, own = LookService(world.gate, FileStore(tmp_path)), world.demo.organization_id
    for accent in NO_COLOURS:
        with pytest.raises(InvalidInput) as refused:
            await looks.set_accent(world.demo.admin, own, accent)
        assert list(refused.value.fields) == ['accent'], accent
    assert (await looks.own(world.demo.student)).accent == ''
    assert (await looks.set_accent(world.demo.admin, own, ' #AA3366\n')).accent == '#aa3366'
    assert (await looks.own(world.demo.student)).accent == '#aa3366'
    assert (await looks.own(world.other.student)).accent == ''
    for viewer in (world.demo.instructor, world.demo.student, world.other.admin):
        with pytest.raises(NotFound):
            await looks.set_accent(viewer, own, '#000000')


async def test_a_logo_is_shown_to_the_organisation_and_to_nobody_else(world: World, tmp_path: Path) -> None:
    looks, own = LookService(world.gate, FileStore(tmp_path)), world.demo.organization_id
    with pytest.raises(PlatformError):
        await looks.set_logo(world.demo.admin, own, b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert (await looks.own(world.demo.admin)).logo == ''
    look = await looks.set_logo(world.demo.admin, own, picture('PNG'))
    assert look.logo.startswith(f'/api/v1/organizations/{own}/logo?v=')
    for viewer in (world.demo.student, world.other.site):
        assert (await looks.logo(viewer, own)).path.is_file()
    for viewer in (world.other.student, world.other.admin):
        with pytest.raises(NotFound):
            await looks.logo(viewer, own)
        with pytest.raises(NotFound):
            await looks.set_logo(viewer, own, picture('PNG'))
    assert (await looks.remove_logo(world.demo.admin, own)).logo == ''
    with pytest.raises(NotFound):
        await looks.logo(world.demo.student, own)


@pytest.mark.parametrize('kind', ['PNG', 'JPEG', 'WEBP'])
def test_a_logo_is_made_anew_from_its_pixels(kind: str) -> None:
    kept = logos.made_anew(picture(kind))
    assert b'script' not in kept
    assert b'taken at home' not in kept
    with Image.open(io.BytesIO(kept)) as shown:
        assert (shown.format, shown.size) == ('PNG', (512, 171))
        assert not shown.getexif()


@pytest.mark.parametrize(
    ('content', 'status'),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 415),
        (picture('PNG')[:200], 415),
        (picture('GIF'), 415),
        (b'', 415),
        (many_pixels(), 422),
    ],
    ids=['svg', 'torn', 'gif', 'empty', 'pixels'],
)
def test_what_is_no_logo_is_refused(content: bytes, status: int) -> None:
    with pytest.raises(PlatformError) as refused:
        logos.made_anew(content)
    assert refused.value.status_code == status


def test_a_heavy_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(PlatformError) as refused:
        logos.check_size(bytes(logos.LIMIT + 1))
    assert refused.value.status_code == 413


async def test_a_policy_says_how_people_get_in(world: World) -> None:
    policies, own = PolicyService(world.gate), world.demo.organization_id
    assert await policies.get(world.demo.admin, own) == Policy()
    domains = ('@Demo.Example', 'demo.example', 'bücher.example.')
    wanted = Policy(password_length=16, work_email_only=True, email_domains=domains, self_signup=True)
    kept = await policies.set(world.demo.admin, own, wanted)
    assert kept.email_domains == ('demo.example', 'xn--bcher-kva.example')
    assert await policies.get(world.demo.site, own) == kept
    async with world.database.reading() as tx:
        [row] = (await tx.exec(Scope(tx, own).rows(AuditEvent))).all()
    assert (row.before, row.after) == (
        {'password_length': 12, 'work_email_only': False, 'email_domains': [], 'self_signup': False},
        {
            'password_length': 16,
            'work_email_only': True,
            'email_domains': ['demo.example', 'xn--bcher-kva.example'],
            'self_signup': True,
        },
    )
    for viewer in (world.demo.instructor, world.other.admin):
        with pytest.raises(NotFound):
            await policies.get(viewer, own)
        with pytest.raises(NotFound):
            await policies.set(viewer, own, Policy())


async def test_a_policy_that_makes_no_sense_is_refused(world: World) -> None:
    policies, own = PolicyService(world.gate), world.demo.organization_id
    for policy, field in (
        (Policy(password_length=7), 'password_length'),
        (Policy(password_length=65), 'password_length'),
        (Policy(email_domains=('no spaces.example',)), 'email_domains'),
        (Policy(email_domains=('*',)), 'email_domains'),
        (Policy(email_domains=('a@b.example',)), 'email_domains'),
        (Policy(email_domains=tuple(f'd{n}.example' for n in range(51))), 'email_domains'),
    ):
        with pytest.raises(InvalidInput) as refused:
            await policies.set(world.demo.admin, own, policy)
        assert list(refused.value.fields) == [field]
    assert await policies.get(world.demo.admin, own) == Policy()

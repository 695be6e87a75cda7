"""Real documents of different kinds, from Debian's documentation packages, fetched when they are needed."""

import gzip
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(os.environ.get('COURSEWRIGHT_TEST_CACHE', Path.home() / '.cache' / 'coursewright-tests')) / 'documentation'


@dataclass(frozen=True, kw_only=True)
class Source:
    """`files` are paths inside the package; a packed one (.gz) is unpacked. `hours` is what the brief asks for."""

    name: str
    kind: str
    package: str
    files: tuple[str, ...]
    title: str
    audience: str
    hours: float


SOURCES = (
    Source(
        name='policy',
        kind='policy (PDF)',
        package='debian-policy',
        files=('usr/share/doc/debian-policy/policy.pdf.gz',),
        title='Packaging by the rules',
        audience='People who maintain packages',
        hours=6,
    ),
    Source(
        name='rfc',
        kind='RFC (plain text)',
        package='libogg-dev',
        files=('usr/share/doc/libogg-dev/html/rfc3533.txt.gz',),
        title='How an Ogg stream is built',
        audience='Developers of media players',
        hours=1,
    ),
    Source(
        name='tutorial',
        kind='tutorial (PDF)',
        package='maint-guide',
        files=('usr/share/doc/maint-guide/maint-guide.en.pdf',),
        title='Your first package',
        audience='New maintainers',
        hours=4,
    ),
    Source(
        name='manual',
        kind='manual (HTML)',
        package='git-doc',
        files=('usr/share/doc/git-doc/user-manual.html',),
        title='Working with Git',
        audience='New developers',
        hours=4,
    ),
    Source(
        name='reference',
        kind='reference (PDF)',
        package='bash-doc',
        files=('usr/share/doc/bash/bashref.pdf',),
        title='The shell in depth',
        audience='System administrators',
        hours=6,
    ),
    Source(
        name='handbook',
        kind='handbook (HTML)',
        package='debian-handbook',
        files=(
            'usr/share/doc/debian-handbook/html/en-US/basic-configuration.html',
            'usr/share/doc/debian-handbook/html/en-US/unix-services.html',
        ),
        title='Running a Debian server',
        audience='New administrators',
        hours=2,
    ),
    Source(
        name='standard',
        kind='standard (HTML)',
        package='debian-policy',
        files=('usr/share/doc/debian-policy/fhs/fhs-3.0.html',),
        title='Where files belong',
        audience='System administrators',
        hours=2,
    ),
    Source(
        name='faq',
        kind='questions and answers (plain text)',
        package='debian-faq',
        files=('usr/share/doc/debian/FAQ/debian-faq.en.txt.gz',),
        title='Getting to know Debian',
        audience='New users',
        hours=2,
    ),
    Source(
        name='guide',
        kind='guide to good practice (PDF)',
        package='developers-reference',
        files=('usr/share/developers-reference/developers-reference.pdf',),
        title='Duties of a Debian developer',
        audience='New developers',
        hours=4,
    ),
    Source(
        name='specification',
        kind='specification of a program (HTML)',
        package='exim4-doc-html',
        files=(
            'usr/share/doc/exim4-doc-html/spec_html/ch-access_control_lists.html',
            'usr/share/doc/exim4-doc-html/spec_html/ch-how_exim_receives_and_delivers_mail.html',
        ),
        title='How mail is received and delivered',
        audience='Mail administrators',
        hours=2,
    ),
)


def files_of(source: Source) -> list[Path]:
    """The documents on disk, fetched from the package archive once; needs apt-get and dpkg-deb, but no rights."""
    folder = CACHE / source.package
    if not all((folder / name).exists() for name in source.files):
        _fetch(source.package, folder)
    return [_unpacked(folder / name) for name in source.files]


def _fetch(package: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix='coursewright-documentation-') as directory:
        subprocess.run(['apt-get', 'download', '-qq', package], cwd=directory, check=True, capture_output=True)
        [archive] = Path(directory).glob('*.deb')
        subprocess.run(['dpkg-deb', '-x', archive, folder], check=True)


def _unpacked(path: Path) -> Path:
    if path.suffix != '.gz':
        return path
    plain = path.with_suffix('')
    if not plain.exists():
        plain.write_bytes(gzip.decompress(path.read_bytes()))
    return plain

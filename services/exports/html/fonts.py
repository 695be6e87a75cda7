import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent / 'assets' / 'fonts'
_FACE = re.compile(r'@font-face\{[^}]*?url\(([^)]+)\)[^}]*?unicode-range:([^}]+)\}')


def entries(pages: Mapping[str, bytes | Path]) -> dict[str, bytes | Path]:
    """The font files whose letters the pages use, their style sheet and licences."""
    used = {
        ord(letter)
        for name, page in pages.items()
        if name.endswith('.html') and isinstance(page, bytes)
        for letter in set(page.decode())
    }
    faces = [(face, name) for face, name, ranges in _faces() if any(not used.isdisjoint(span) for span in ranges)]
    folder = 'assets/fonts'
    return {
        f'{folder}/fonts.css': '\n'.join(face for face, _ in faces).encode() + b'\n',
        **{f'{folder}/{name}': _FOLDER / name for _, name in faces},
        **{f'{folder}/{path.name}': path for path in _FOLDER.glob('LICENSE*')},
    }


@lru_cache(maxsize=1)
def _faces() -> tuple[tuple[str, str, tuple[range, ...]], ...]:
    return tuple(_read_faces((_FOLDER / 'fonts.css').read_text()))


def _read_faces(css: str) -> Iterator[tuple[str, str, tuple[range, ...]]]:
    for match in _FACE.finditer(css):
        yield match.group(), match.group(1).strip('\'"'), tuple(map(_span, match.group(2).split(',')))


def _span(written: str) -> range:
    first, _, last = written.strip().removeprefix('U+').partition('-')
    return range(int(first, 16), int(last or first, 16) + 1)

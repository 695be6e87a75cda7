from pathlib import Path

from services.exports.archive import write_zip
from services.exports.html import fonts, ledger
from services.exports.html.pages import contents_page, lesson_file, lesson_page
from services.exports.images import image_names
from services.exports.publication import Publication, chapters

__all__ = ['write']


def write(publication: Publication, target: Path) -> None:
    """A zip that opens from a folder with no network: contents, a page per lesson, and `course.json`, the ledger.

    The same publication gives the same bytes.
    """
    names = image_names(publication)
    entries: dict[str, bytes | Path] = {'index.html': contents_page(publication).encode()}
    for chapter in chapters(publication):
        entries[lesson_file(chapter)] = lesson_page(publication, chapter, names).encode()
    entries['course.json'] = ledger.course_json(publication, names)
    entries |= {names[image.file_id]: image.path for image in publication.images if image.file_id in names}
    entries |= {f'assets/{name}': _ASSETS / name for name in ('course.css', 'course.js')}
    entries |= fonts.entries(entries)
    write_zip(target, entries)


_ASSETS = Path(__file__).parent / 'assets'

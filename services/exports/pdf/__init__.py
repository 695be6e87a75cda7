from pathlib import Path

from services.exports.archive import replace
from services.exports.pdf.document import render
from services.exports.publication import Publication

__all__ = ['write']


def write(publication: Publication, target: Path) -> None:
    """A book of the course: contents, bookmarks, sources as footnotes, an answer key, tagged for screen readers.

    It reads fonts, the publication and its images, nothing else: no address in the text is ever opened.
    The same publication gives the same bytes.
    """
    replace(target, lambda stream: render(publication, stream))

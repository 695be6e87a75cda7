"""Documents of every format become pages of clean text with their headings.

Importing this package is cheap: the parsers themselves are imported only in the process that runs them.
"""

from services.knowledge.parsing.document import Hidden, ParsedDocument, ParsedPage, Section
from services.knowledge.parsing.errors import (
    DamagedDocument,
    DocumentTooLarge,
    EmptyDocument,
    LockedDocument,
    ParserStopped,
    PicturesOnly,
    UnreadableDocument,
    WrongType,
)
from services.knowledge.parsing.kernel import parse_file
from services.knowledge.parsing.media_types import SUFFIXES, media_type_of
from services.knowledge.parsing.sandbox import parse

__all__ = [
    'SUFFIXES',
    'DamagedDocument',
    'DocumentTooLarge',
    'EmptyDocument',
    'Hidden',
    'LockedDocument',
    'ParsedDocument',
    'ParsedPage',
    'ParserStopped',
    'PicturesOnly',
    'Section',
    'UnreadableDocument',
    'WrongType',
    'media_type_of',
    'parse',
    'parse_file',
]

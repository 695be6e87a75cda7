"""The synchronous heart: which format it is, and the parser for it."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import cast

from services.knowledge.parsing.document import ParsedDocument
from services.knowledge.parsing.errors import empty
from services.knowledge.parsing.media_types import DOCX, HTML, MARKDOWN, PDF, PLAIN, PPTX, media_type_of

# A module each, with `read(path, name) -> ParsedDocument`, imported when the first document of the format comes.
FORMATS = {PDF: 'pdf', DOCX: 'docx', PPTX: 'pptx', HTML: 'html', MARKDOWN: 'markdown', PLAIN: 'plain'}


def parse_file(path: Path, name: str) -> ParsedDocument:
    """Reads the file in this process, without limits on memory and time: see `parse` for documents of strangers."""
    media_type = media_type_of(path, name)
    parser = import_module(f'services.knowledge.parsing.formats.{FORMATS[media_type]}')
    document = cast(ParsedDocument, parser.read(path, name))
    if not any(page.text.strip() for page in document.pages):
        raise empty(name)
    return replace(document, language=language_of(document))


def language_of(document: ParsedDocument) -> str:
    """The code of the language that most of it is written in; '' where that cannot be told."""
    import pycld2

    sample = ' '.join(page.text for page in document.pages[:_SAMPLED_PAGES])[:_SAMPLED_CHARACTERS]
    try:
        sure, _read, [(_name, code, _share, _score), *_others] = pycld2.detect(sample)
    except pycld2.error:
        return ''
    return str(code) if sure and code != 'un' else ''


_SAMPLED_PAGES, _SAMPLED_CHARACTERS = 40, 50_000

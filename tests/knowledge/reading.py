"""A document read in this process, without the sandbox around it."""

from pathlib import Path

from services.knowledge.parsing import ParsedDocument, parse_file


def read(path: Path) -> ParsedDocument:
    return parse_file(path, path.name)


def whole_text(document: ParsedDocument) -> str:
    return '\n\n'.join(page.text for page in document.pages)

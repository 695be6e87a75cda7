"""Writes components/locale/coursewright.pot, what translators start from: `make messages`.

Screens name their sentences in `_()` and `ngettext()`. Services do not know gettext: what they say to people is every
sentence they hold as a literal, and screens hand it to `translated()`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / 'components/locale/coursewright.pot'
# Without the date that gettext puts here, so that the file changes only when a sentence does.
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
KEYWORDS = {'_': None, 'ngettext': (1, 2)}
# What is written to models and into courses is no sentence of the platform's own; exports translate for themselves.
NOT_SAID_ON_SCREENS = ('services/generation/authors/', 'services/generation/drafts.py', 'services/exports/')
_SENTENCE = re.compile(r'(?:[A-Z]|“|\{\w+\} )[^<>|\\=%]*\s[^<>|\\=%]*(?<!, )')
_QUERY = re.compile(r'[A-Z]{4,} ')

Place = tuple[str, int]


def main() -> None:
    TEMPLATE.parent.mkdir(exist_ok=True)
    with TEMPLATE.open('wb') as file:
        file.write(HEADER.encode())
        write_po(file, catalogue(), width=110, sort_by_file=True, omit_header=True, include_lineno=False)


def catalogue() -> Catalog:
    found = Catalog(project='Coursewright', charset='utf-8')
    for message, place in [*said_by_screens(), *said_by_services()]:
        found.add(message, locations=[place])
    return found


def said_by_screens() -> Iterator[tuple[str | tuple[str, str], Place]]:
    for package in ('pages', 'components'):
        for path, line, message, _comments, _context in extract_from_dir(
            ROOT / package, method_map=[('**.py', 'python')], keywords=KEYWORDS
        ):
            yield message, (f'{package}/{path}', line)


def said_by_services() -> Iterator[tuple[str, Place]]:
    for path in sorted((ROOT / 'services').rglob('*.py')):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(NOT_SAID_ON_SCREENS):
            continue
        for text, line in sentences(ast.parse(path.read_text())):
            yield text, (name, line)


def sentences(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Literals of two words or more that begin like a sentence; docstrings and parts of f-strings are none."""
    spoken_of = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.Expr | ast.JoinedStr) for part in ast.walk(node)
        if isinstance(node, ast.JoinedStr) or isinstance(node.value, ast.Constant)
    }  # fmt: skip
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in spoken_of:
            continue
        if _SENTENCE.fullmatch(node.value) and not _QUERY.match(node.value):
            yield node.value, node.lineno


if __name__ == '__main__':
    main()

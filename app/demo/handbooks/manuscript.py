"""The handbooks are written in Markdown; this reads one into the few kinds of block that every format can set."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode


@dataclass(frozen=True, kw_only=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    text: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    items: tuple[str, ...]
    ordered: bool


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table; the first row is its head."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Note:
    """A warning in a handbook, the speaker's notes in a slide deck."""

    text: str


Block = Heading | Paragraph | Listing | Grid | Note


@dataclass(frozen=True, kw_only=True)
class Manuscript:
    title: str
    subtitle: str
    organisation: str
    edition: str
    markdown: str
    blocks: tuple[Block, ...]


def read(path: Path) -> Manuscript:
    """Reads a manuscript: `key: value` lines between two `---`, then Markdown."""
    _, head, markdown = path.read_text(encoding='utf-8').split('---\n', 2)
    fields = dict(line.split(': ', 1) for line in head.strip().splitlines())
    tree = SyntaxTreeNode(_PARSER.parse(markdown))
    return Manuscript(**fields, markdown=markdown.strip() + '\n', blocks=tuple(_blocks(tree)))


def render_html(markdown: str) -> str:
    return str(_PARSER.render(markdown))


_PARSER = MarkdownIt('commonmark').enable('table')


def _blocks(tree: SyntaxTreeNode) -> Iterator[Block]:
    for node in tree.children:
        match node.type:
            case 'heading':
                yield Heading(level=int(node.tag[1]), text=_text(node))
            case 'paragraph':
                yield Paragraph(text=_text(node))
            case 'bullet_list' | 'ordered_list':
                yield Listing(items=tuple(_text(item) for item in node.children), ordered=node.type == 'ordered_list')
            case 'table':
                rows = [row for part in node.children for row in part.children]
                yield Grid(rows=tuple(tuple(_text(cell) for cell in row.children) for row in rows))
            case 'blockquote':
                yield Note(text=_text(node))
            case kind:
                raise ValueError(f'A manuscript has no {kind}: write it with headings, paragraphs, lists and tables.')


def _text(node: SyntaxTreeNode) -> str:
    return ' '.join(' '.join(part.content for part in node.walk() if part.type == 'inline').split())

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from uuid import UUID

from services.exports.pdf.flowables import Picture
from services.exports.pdf.structure import Element


def parsed(html: str) -> 'Node':
    tree = _Tree()
    tree.feed(html)
    tree.close()
    return tree.root


@dataclass(kw_only=True)
class Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list['Node | str'] = field(default_factory=list)

    @property
    def words(self) -> str:
        return ''.join(child if isinstance(child, str) else child.words for child in self.children)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where rich text is set: how wide, in which style, under which node of the tag tree."""

    width: float
    parent: Element
    picture: Callable[[UUID, float, Element], Picture | None]
    missing_image: str
    style: str = 'p'
    indent: float = 0


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node(tag='')
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag=tag, attributes={name: value or '' for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in {'br', 'hr', 'img'}:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if len(self._open) > 1 and self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

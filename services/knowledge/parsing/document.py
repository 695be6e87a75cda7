"""What every parser answers with, whatever the format was."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading: `start` is the offset of its line in the text of its page."""

    title: str
    level: int
    page: int
    start: int


@dataclass(frozen=True, kw_only=True)
class ParsedPage:
    """`text` is final: every span in the product counts characters of it. `number` begins with 1."""

    number: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """Something that was left out because a reader would not have seen it; `page` is 0 where it stands on none.

    `kind`: characters (that cannot be seen), pale (in the colour of what is behind), tiny, outside (of the paper),
    marked (as hidden), slide (that is not shown), metadata (of the file).
    """

    kind: str
    page: int
    count: int
    text: str


@dataclass(frozen=True, kw_only=True)
class ParsedDocument:
    """`warnings` are sentences for the person who added the document; `language` is a code of ISO 639, '' if unsure."""

    title: str
    media_type: str
    pages: tuple[ParsedPage, ...]
    sections: tuple[Section, ...]
    warnings: tuple[str, ...]
    hidden: tuple[Hidden, ...] = ()
    language: str = ''

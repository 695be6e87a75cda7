import html as entities
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from uuid import UUID

import nh3

from services.formulas import formula_markup
from services.links import is_safe

LONGEST = 100_000  # characters of HTML in one block, some forty pages; a lesson has several blocks
__all__ = ['LONGEST', 'for_display', 'formula_markup', 'image_ids', 'plain_text', 'sanitise']


def sanitise(html: str) -> str:
    """Reduce HTML of any origin to what a lesson may contain.

    The only gate for HTML from editors, documents and models. Idempotent and byte-stable, so a content hash
    of its answer means the same thing today and after the next save.
    """
    for _ in range(_ROUNDS):
        cleaned = _CLEANER.clean(_tidied(_CLEANER.clean(html)))
        if cleaned == html:
            return cleaned
        html = cleaned
    # Markup that keeps changing under the parser is built to confuse one; nobody writes that by accident.
    return entities.escape(_text_of(html), quote=False)


def plain_text(html: str) -> str:
    """The words alone: paragraphs apart by an empty line, list items and rows by a line break."""
    return _text_of(sanitise(html))


def for_display(html: str) -> str:
    """Sanitised HTML with every formula drawn as MathML; saving it again gives the stored form back."""
    return _FORMULA.sub(_drawn_formula, sanitise(html))


def image_ids(html: str) -> list[UUID]:
    """Ids of the uploaded images shown, in order, each once."""
    return list(dict.fromkeys(UUID(found) for found in _IMAGE_SOURCE.findall(sanitise(html))))


_ROUNDS = 6
_UUID = r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
_IMAGE_SOURCE = re.compile(rf'<img[^>]*? src="/files/({_UUID})"')
_FORMULA = re.compile(r'<span class="(formula(?: display)?)" data-tex="([^"]*)">[^<]*</span>')
_LONGEST_FORMULA = 2000

_BLOCKS = frozenset(
    [
        'h2',
        'h3',
        'h4',
        'p',
        'ul',
        'ol',
        'li',
        'pre',
        'blockquote',
        'table',
        'thead',
        'tbody',
        'tr',
        'th',
        'td',
        'figure',
        'figcaption',
        'hr',
        'aside',
    ]
)
_INLINE = frozenset(['strong', 'em', 'u', 's', 'sub', 'sup', 'code', 'a', 'img', 'br', 'span'])
_PARAGRAPHS = _BLOCKS - {'li', 'tr', 'td', 'th', 'tbody', 'thead'}
_MAKES_PARAGRAPH = _BLOCKS | {'div', 'h1', 'h5', 'h6'}
# Editors and pasted pages say the same thing in older words.
_MODERN = {
    'b': 'strong', 'i': 'em', 'strike': 's', 'del': 's', 'ins': 'u', 'h1': 'h2', 'h5': 'h4', 'h6': 'h4',
}  # fmt: skip
_CLASSES = {
    'aside': frozenset({'callout', 'note', 'tip', 'warning', 'danger', 'example'}),
    'span': frozenset({'formula', 'display'}),
    'code': frozenset(
        f'language-{name}'
        for name in [
            'bash',
            'c',
            'cpp',
            'css',
            'go',
            'html',
            'java',
            'javascript',
            'json',
            'kotlin',
            'php',
            'python',
            'r',
            'ruby',
            'rust',
            'sql',
            'text',
            'toml',
            'typescript',
            'xml',
            'yaml',
        ]
    ),
    'figure': frozenset({'wide'}),
}
_IMAGE = re.compile(rf'/files/{_UUID}')


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == 'class':
        known = [word for word in dict.fromkeys(value.split()) if word in _CLASSES[tag]]
        return ' '.join(known) or None
    if name == 'src':
        return value if _IMAGE.fullmatch(value) else None
    if name == 'href':
        value = value.strip()
        return value if is_safe(value) else None
    if name in {'colspan', 'rowspan'}:
        return value if value.isascii() and value.isdigit() and 1 < int(value[:5]) <= 50 else None
    if name == 'scope':
        return value if value in {'row', 'col', 'rowgroup', 'colgroup'} else None
    if name == 'data-tex':
        return ' '.join(value.split())[:_LONGEST_FORMULA].strip() or None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(_BLOCKS | _INLINE | _MODERN.keys() | {'div'}),
    clean_content_tags={
        'script', 'style', 'template', 'iframe', 'object', 'embed', 'noscript', 'svg', 'head', 'title', 'textarea',
        'select', 'video', 'audio', 'canvas', 'xmp', 'noembed', 'noframes', 'plaintext',
    },
    attributes={
        'a': {'href'},
        'img': {'src', 'alt'},
        'td': {'colspan', 'rowspan'},
        'th': {'colspan', 'rowspan', 'scope'},
        'span': {'class', 'data-tex'},
        **{tag: {'class'} for tag in ('aside', 'code', 'figure')},
    },
    attribute_filter=_attribute,
    url_schemes={'http', 'https', 'mailto'},
    link_rel='noopener noreferrer',
)  # fmt: skip

# Matches only what the cleaner itself wrote: double quotes always, `>` escaped inside them.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>')
_VOID = frozenset({'img', 'br', 'hr'})


def _tidied(html: str) -> str:
    """Old tags renamed, wrappers without meaning opened, every formula showing its own source."""
    tokens = list(_tokens(html))
    closing = _closing_tokens(tokens)
    written: list[str] = []
    renamed_end: dict[int, str] = {}
    position = 0
    while position < len(tokens):
        text, closes, tag, attributes = tokens[position]
        end = closing.get(position)
        if not tag:
            written.append(text)
        elif closes:
            written.append(renamed_end.get(position, text))
        elif tag == 'img' and ' src=' not in attributes:
            pass
        elif end is None:
            written.append(text)
        elif tag == 'span':
            formula = _formula_source(attributes)
            if formula is not None:
                display = ' display' if ' display"' in attributes or ' display ' in attributes else ''
                written.append(f'<span class="formula{display}" data-tex="{formula}">{formula}</span>')
                position = end
            else:
                renamed_end[end] = ''
        elif tag == 'div':
            holds_blocks = any(inner[2] in _MAKES_PARAGRAPH for inner in tokens[position + 1 : end])
            empty = end == position + 1
            written.append('' if holds_blocks or empty else '<p>')
            renamed_end[end] = '' if holds_blocks or empty else '</p>'
        elif tag in _MODERN:
            written.append(f'<{_MODERN[tag]}>')
            renamed_end[end] = f'</{_MODERN[tag]}>'
        elif tag == 'aside' and 'callout' not in attributes:
            attributes = attributes.replace(' class="', ' class="callout ') or ' class="callout"'
            written.append(f'<aside{attributes}>')
        elif tag == 'a' and ' href=' not in attributes:
            renamed_end[end] = ''
        else:
            written.append(text)
        position += 1
    return ''.join(written)


def _tokens(html: str) -> Iterator[tuple[str, bool, str, str]]:
    """(text, is closing tag, tag name or '', attributes) for each piece of cleaned HTML."""
    last = 0
    for match in _TAG.finditer(html):
        if match.start() > last:
            yield html[last : match.start()], False, '', ''
        yield match.group(), match.group(1) == '/', match.group(2), match.group(3)
        last = match.end()
    if last < len(html):
        yield html[last:], False, '', ''


def _closing_tokens(tokens: list[tuple[str, bool, str, str]]) -> dict[int, int]:
    """Index of each opening tag to the index of its closing tag."""
    pairs: dict[int, int] = {}
    stack: list[int] = []
    for index, (_, closes, tag, _attributes) in enumerate(tokens):
        if not tag or tag in _VOID:
            continue
        if not closes:
            stack.append(index)
        elif stack and tokens[stack[-1]][2] == tag:
            pairs[stack.pop()] = index
    return pairs


def _formula_source(attributes: str) -> str | None:
    if 'class="formula' not in attributes and ' formula"' not in attributes:
        return None
    match = re.search(r' data-tex="([^"]*)"', attributes)
    return match.group(1) if match else None


def _drawn_formula(match: re.Match[str]) -> str:
    kind, source = match.groups()
    drawn = formula_markup(entities.unescape(source), display='display' in kind)
    return f'<span class="{kind}" data-tex="{source}">{drawn}</span>'


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._verbatim = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._verbatim += tag == 'pre'
        if tag in {'td', 'th'}:
            self.parts.append('\t')
        elif tag in {'li', 'tr', 'br'}:
            self.parts.append('\n')
        else:
            self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._verbatim -= tag == 'pre'
        self._break(tag)

    def handle_data(self, data: str) -> None:
        self.parts.append(data if self._verbatim else re.sub(r'[ \t\r\n\f]+', ' ', data))

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.parts.append('\n\n')


def _text_of(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    text = re.sub(r'[ \t]*\t[ \t]*', '\t', ''.join(words.parts))
    text = re.sub(r'[ \t]*\n[ \t]*', '\n', text) if '<pre' not in html else re.sub(r'[ \t]+\n', '\n', text)
    return re.sub(r'\n{3,}', '\n\n', text.replace('\n\t', '\n')).strip()

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any
from uuid import UUID

from services.exports.pdf import styles
from services.exports.pdf.flowables import DisplayFormula, FormulaDrawing, Line, Text, boxed, styled
from services.exports.pdf.formulas import formula_drawing
from services.exports.pdf.markup_tree import Node, Setting, parsed
from services.exports.pdf.tables import table
from services.exports.pdf.typefaces import CODE, markup


def text_of(content: str, setting: Setting, *, tag: str = 'P', style: str | None = None, **changes: Any) -> Text:
    """A paragraph from markup that is already escaped."""
    made = Text(content, styled(style or setting.style, **changes))
    made.element = setting.parent.add(tag)
    return made


def flowables(html: str, setting: Setting) -> list[Any]:
    """Sanitised HTML as flowables. What it does not know it sets as a paragraph."""
    return _blocks(parsed(html).children, setting)


_INLINE = frozenset({'strong', 'em', 'u', 's', 'sub', 'sup', 'code', 'a', 'br', 'span'})


def _blocks(children: Sequence['Node | str'], setting: Setting) -> list[Any]:
    made: list[Any] = []
    run: list[Node | str] = []

    def flush() -> None:
        made.extend(_paragraph(run, setting))
        run.clear()

    for child in children:
        if isinstance(child, str) or (child.tag in _INLINE and 'display' not in child.attributes.get('class', '')):
            run.append(child)
            continue
        flush()
        made.extend(_KINDS.get(child.tag, _plain)(child, setting))
    flush()
    return made


def _paragraph(run: Sequence['Node | str'], setting: Setting, **changes: Any) -> list[Any]:
    formulas: list[FormulaDrawing] = []
    style = styled(setting.style)
    content = _inline(run, style.fontName, style.fontSize, formulas).strip()
    if not content:
        return []
    if setting.indent:
        changes.setdefault('leftIndent', setting.indent)
    if any(formula.height > style.leading for formula in formulas):
        changes['autoLeading'] = 'max'
    text = text_of(content, setting, **changes)
    images = [frag for frag in text.frags if getattr(getattr(frag, 'cbDefn', None), 'kind', '') == 'img']
    for frag, formula in zip(images, formulas, strict=True):
        frag.cbDefn.image = formula
    return [text]


def _inline(run: Sequence['Node | str'], font: str, size: float, formulas: list[FormulaDrawing]) -> str:
    parts = []
    for child in run:
        if isinstance(child, str):
            parts.append(markup(re.sub(r'[ \t\r\n\f]+', ' ', child), font))
        elif child.tag == 'br':
            parts.append('<br/>')
        elif child.tag == 'span' and child.attributes.get('class', '').startswith('formula'):
            parts.append(_inline_formula(child.attributes.get('data-tex', ''), size, formulas))
        elif child.tag == 'code':
            smaller = size * 0.86
            inner = _inline(child.children, CODE, smaller, formulas)
            parts.append(f'<font name="{CODE}" size="{smaller:.1f}">{inner}</font>')
        else:
            opening, closing = _TAGS.get(child.tag, ('', ''))
            if child.tag == 'a':
                opening, closing = _link(child.attributes.get('href', ''))
            parts.append(f'{opening}{_inline(child.children, font, size, formulas)}{closing}')
    return ''.join(parts)


_TAGS = {
    'strong': ('<b>', '</b>'),
    'em': ('<i>', '</i>'),
    'u': ('<u>', '</u>'),
    's': ('<strike>', '</strike>'),
    'sub': ('<sub rise="2" size="7.6">', '</sub>'),
    'sup': ('<super rise="3.6" size="7.6">', '</super>'),
    'span': ('<super><font name="Source Sans 3 Semibold" color="#0F5F5C" size="7">', '</font></super>'),
}


def _link(href: str) -> tuple[str, str]:
    # Only addresses a reader can follow from paper or screen: links into the platform and the lesson are plain words.
    if not re.match(r'(?:https?://|mailto:)[^\s"<>]+$', href):
        return '', ''
    return f'<a href="{href.replace("&", "&amp;")}" color="#0F5F5C">', '</a>'


def _inline_formula(tex: str, size: float, formulas: list[FormulaDrawing]) -> str:
    drawing = formula_drawing(tex, size=size * 1.08)
    if drawing is None or drawing.width > 330:
        return f'<font name="{CODE}" size="{size * 0.86:.1f}">{markup(tex, CODE)}</font>'
    formulas.append(drawing)
    return (
        f'<img src="{_PIXEL}" width="{drawing.width:.2f}" height="{drawing.height:.2f}" valign="{-drawing.depth:.2f}"/>'
    )


# A paragraph wants an image where a formula will be drawn; this is one transparent pixel.
_PIXEL = escape(str(Path(__file__).parent / 'pixel.png'))


def _plain(node: Node, setting: Setting) -> list[Any]:
    return _blocks(node.children, setting)


def _formula(node: Node, setting: Setting) -> list[Any]:
    tex = node.attributes.get('data-tex', '')
    drawing = formula_drawing(tex, size=13, display=True)
    if drawing is None:
        return [text_of(markup(tex, CODE), setting, tag='Formula', style='code', spaceAfter=8)]
    return [DisplayFormula(drawing, width=setting.width, element=setting.parent.add('Formula', alt=tex))]


def _heading(node: Node, setting: Setting) -> list[Any]:
    content = _inline(node.children, styles.STYLES[node.tag].fontName, styles.STYLES[node.tag].fontSize, [])
    # The lesson's title is H2 of the book, so what an author calls h2 is H3 here.
    return [text_of(content, setting, tag=f'H{int(node.tag[1]) + 1}', style=node.tag)] if content.strip() else []


def _list(node: Node, setting: Setting) -> list[Any]:
    element = setting.parent.add('L')
    made: list[Any] = []
    indent = setting.indent + 18
    items = [child for child in node.children if isinstance(child, Node)]
    for number, item in enumerate(items, 1):
        body = element.add('LI').add('LBody')
        inner = replace(setting, parent=body, style='li', indent=indent)
        parts = _blocks(item.children, inner)
        bullet = f'{number}.' if node.tag == 'ol' else '•' if setting.indent == 0 else '–'
        if parts and isinstance(parts[0], Text):
            parts[0] = _bulleted(parts[0], bullet, indent)
        made += parts
    if made and not setting.indent:
        made[-1].spaceAfter = 9
    return made


def _bulleted(text: Text, bullet: str, indent: float) -> Text:
    made = Text(
        '', styled('li', leftIndent=indent, bulletIndent=indent - (16 if bullet.endswith('.') else 12),
                   autoLeading=getattr(text.style, 'autoLeading', 'off')), bulletText=bullet, frags=text.frags,
    )  # fmt: skip
    made.element = text.element
    return made


def _quote(node: Node, setting: Setting) -> list[Any]:
    inner = replace(setting, width=setting.width - 28, parent=setting.parent.add('BlockQuote'), style='quote', indent=0)
    children = _blocks(node.children, inner)
    return boxed(children, width=setting.width, bar=styles.LINE) if children else []


def _callout(node: Node, setting: Setting) -> list[Any]:
    kinds = [name for name in node.attributes.get('class', '').split() if name in styles.CALLOUTS]
    bar, ground = styles.CALLOUTS[kinds[0] if kinds else 'note']
    inner = replace(setting, width=setting.width - 28, parent=setting.parent.add('Aside'), style='p', indent=0)
    children = _blocks(node.children, inner)
    return boxed(children, width=setting.width, bar=bar, ground=ground) if children else []


def _code(node: Node, setting: Setting) -> list[Any]:
    element = setting.parent.add('Code')
    lines = []
    for line in node.words.strip('\n').expandtabs(4).split('\n'):
        made = Text(markup(line, CODE).replace(' ', '\xa0') or '\xa0', styled('code'))
        made.element = element
        lines.append(made)
    return boxed(lines, width=setting.width, ground=styles.SUNKEN)


def _figure(node: Node, setting: Setting) -> list[Any]:
    made: list[Any] = []
    for child in node.children:
        if isinstance(child, Node) and child.tag == 'figcaption':
            made += _paragraph(child.children, replace(setting, style='caption'))
        else:
            made += _blocks([child], setting)
    return made


def _image(node: Node, setting: Setting) -> list[Any]:
    alt = node.attributes.get('alt', '')
    match = re.fullmatch(r'/files/([0-9a-f-]{36})', node.attributes.get('src', ''))
    element = setting.parent.add('Figure', alt=alt or '–')
    picture = setting.picture(UUID(match.group(1)), setting.width, element) if match else None
    if picture is not None:
        return [picture]
    return [text_of(markup(setting.missing_image.format(alt=alt)), setting, style='skipped')]


def _line(node: Node, setting: Setting) -> list[Any]:
    return [Line()]


def _table(node: Node, setting: Setting) -> list[Any]:
    return table(node, setting, lambda cell, inner: _blocks(cell.children, inner))


_KINDS: Mapping[str, Callable[[Node, Setting], list[Any]]] = {
    'h2': _heading, 'h3': _heading, 'h4': _heading, 'ul': _list, 'ol': _list, 'blockquote': _quote,
    'aside': _callout, 'pre': _code, 'figure': _figure, 'img': _image, 'hr': _line, 'table': _table, 'span': _formula,
}  # fmt: skip

"""What the editor asks for before it puts something in: a link, an image, a formula, a table, a call-out."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from nicegui import ui

from components.button import button
from components.dialog import dialog
from components.editor_tools import callout_words
from components.field import required, select_field, text_area, text_field
from components.i18n import _
from components.markup import escape, icon, markup
from components.uploads import uploads
from services.links import is_safe

Given = Mapping[str, Any]  # what stands there now
Answer = dict[str, Any] | None

_PICTURES = ('.png', '.jpg', '.jpeg', '.gif', '.webp')
_LARGEST_PICTURE = 10 * 1024 * 1024  # the service checks again


async def ask_link(now: Given, images: str) -> Answer:
    """An empty address takes the link away."""
    link = now.get('link') or {}
    asked = dialog(_('Link'))
    known = str(link.get('href') or '')
    with asked.body:
        address = text_field(_('Address'), value=known, placeholder='https://', check=_address, autocomplete='off')
        words = text_field(_('Words'), value=str(link.get('text') or ''), optional=True)
        words.set_visibility(not link.get('text') and not known)

    def put() -> None:
        if address.check():
            asked.submit({'href': _whole(address.value), 'text': str(words.value or '').strip()})

    address.on_enter(put)
    words.on_enter(put)
    with asked.foot:
        if known:
            button(_('Remove the link'), kind='quiet', on_click=lambda: asked.submit({'href': '', 'text': ''}))
        _choices(asked, put)
    return _answered(await asked.answer())


async def ask_image(now: Given, images: str) -> Answer:
    image = now.get('image') or {}
    asked = dialog(_('Image'), _('Say what it shows for those who cannot see it.'))
    chosen = [str(image['src'])] if image.get('src') else []

    def received(file_id: str) -> None:
        chosen[:] = [f'/files/{UUID(file_id)}']
        name.show(f'{icon("check_circle", "cw-i-s")} {escape(_("The image is here."))}')

    def put() -> None:
        if not chosen:
            name.show(escape(_('Choose an image first.')))
        elif words.check():
            asked.submit({'src': chosen[0], 'alt': str(words.value).strip()})

    with asked.body:
        sending = uploads(images, accept=_PICTURES, most=_LARGEST_PICTURE, on_sent=received, anywhere=False)
        sending.opens(button(_('Choose another image') if chosen else _('Choose an image'), icon='image'))
        name = markup('', classes='cw-saved').props('role=status')
        words = text_field(
            _('What it shows'), value=str(image.get('alt') or ''),
            check=required(_('Describe the image in a few words.')),
        )  # fmt: skip
    words.on_enter(put)
    with asked.foot:
        _choices(asked, put)
    return _answered(await asked.answer())


async def ask_formula(now: Given, images: str) -> Answer:
    formula = now.get('formula') or {}
    asked = dialog(_('Formula'), _('Written in LaTeX, for example \\frac{a}{b}.'))

    def put() -> None:
        if tex.check():
            asked.submit({'tex': ' '.join(str(tex.value).split()), 'display': bool(alone.value)})

    with asked.body:
        tex = text_area(_('Formula'), value=str(formula.get('tex') or ''), rows=2, check=required())
        alone = ui.checkbox(_('On a line of its own'), value=bool(formula.get('display')))
    with asked.foot:
        _choices(asked, put)
    return _answered(await asked.answer())


async def ask_table(now: Given, images: str) -> Answer:
    asked = dialog(_('Table'), _('With a first row of headings; rows and columns can be added later.'))
    with asked.body:
        columns = select_field(_('Columns'), {n: str(n) for n in range(1, 9)}, value=3)
        rows = select_field(_('Rows'), {n: str(n) for n in range(1, 13)}, value=2)
    with asked.foot:
        _choices(asked, lambda: asked.submit({'rows': int(rows.value), 'columns': int(columns.value)}))
    return _answered(await asked.answer())


async def ask_callout(now: Given, images: str) -> Answer:
    asked = dialog(_('Call-out'), _('Sets a paragraph apart from the text.'))
    with asked.body:
        kind = select_field(_('Kind'), callout_words(), value=now.get('kind') or 'note')
    with asked.foot:
        if now.get('kind') is not None:
            button(_('Remove the call-out'), kind='quiet', on_click=lambda: asked.submit({'kind': ''}))
        _choices(asked, lambda: asked.submit({'kind': str(kind.value)}))
    return _answered(await asked.answer())


ASKS: dict[str, Callable[[Given, str], Awaitable[Answer]]] = {
    'link': ask_link,
    'image': ask_image,
    'formula': ask_formula,
    'table': ask_table,
    'callout': ask_callout,
}


def _choices(asked: dialog, put: Callable[[], object]) -> None:
    button(_('Cancel'), on_click=asked.close)
    button(_('Insert'), kind='primary', on_click=put)


def _answered(answer: object) -> Answer:
    return answer if isinstance(answer, dict) else None


def _whole(address: Any) -> str:
    """'example.org/page' is meant as a page of the web, 'a@b.example' as a mailbox."""
    text = str(address or '').strip()
    if '@' in text and '/' not in text and ':' not in text:
        return f'mailto:{text}'
    host = text.partition('/')[0]
    return f'https://{text}' if '.' in host and ':' not in host and not text.startswith(('#', '?', '.')) else text


def _address(value: str) -> str | None:
    return None if is_safe(_whole(value)) else _('Begin with https://')

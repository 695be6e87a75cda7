"""Writing course text: headings, lists, tables, images, code, formulas, links, call-outs. What leaves it is
sanitised."""

import json
from collections.abc import Awaitable, Callable
from uuid import UUID

from nicegui import events, ui

from components.button import button
from components.dialog import dialog
from components.field import required, text_area, text_field
from components.i18n import _
from components.markup import attributes, escape, icon, markup
from components.uploads import uploads

Sanitise = Callable[[str], str]
_PICTURES = ('.png', '.jpg', '.jpeg', '.gif', '.webp')
_LARGEST_PICTURE = 10 * 1024 * 1024  # the service checks again
PAUSE = 1.0  # seconds without a change before the text is kept


class rich_editor(ui.element):
    """`rich_editor(block_html, sanitise=richtext.sanitise, keep=save_draft, images='/api/v1/files/upload')`

    `keep(html)` is called when writing has paused; `images` is the route that takes pictures (without it there is no
    image button). `.value` is always sanitised; so is what is shown, because the browser's editor is not.
    """

    def __init__(
        self, value: str = '', *, sanitise: Sanitise, keep: Callable[[str], Awaitable[None] | None] | None = None,
        images: str = '', label: str = '', formula: Callable[[str], str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__('div')
        self.classes('cw-stack cw-close')
        self._sanitise, self._keep, self._images, self._formula = sanitise, keep, images, formula
        with self:
            tools = markup(_toolbar(images=bool(images)), classes='cw-toolbar', on_act=self._act)
            tools.props['role'] = 'toolbar'
            tools.props['aria-label'] = _('Format')
            self._editor = ui.editor(value=sanitise(value), on_change=self._changed).classes('cw-editor')
            self._editor.props(':toolbar="[]" min-height=8rem')
            self._saved = markup('', classes='cw-saved').props('role=status')
            self._pause = ui.timer(PAUSE, self._keep_now, active=False, immediate=False)
        tools.on('mousedown', js_handler='(e) => e.preventDefault()')  # or the click would take the selection away
        tools.on('click', js_handler=_COMMANDS % self._editor.id)
        self._editor.on('vnodeMounted', js_handler=_NAME % (self._editor.id, json.dumps(label or _('Text'))))

    @property
    def value(self) -> str:
        return self._sanitise(str(self._editor.value or ''))

    @value.setter
    def value(self, html: str) -> None:
        self._editor.value = self._sanitise(html)

    def insert(self, html: str) -> None:
        """Put HTML where the cursor was."""
        self.client.run_javascript(_INSERT % (self._editor.id, json.dumps(self._sanitise(html))))

    def _changed(self, event: events.ValueChangeEventArguments[str]) -> None:
        if self._keep is not None:
            self._saved.show('')
            self._pause.deactivate()
            self._pause.activate()

    async def _keep_now(self) -> None:
        self._pause.deactivate()
        if self._keep is None:
            return
        result = self._keep(self.value)
        if isinstance(result, Awaitable):
            await result
        if not self.is_deleted:
            self._saved.show(f'{icon("cloud_done", "cw-i-xs")} {escape(_("Kept"))}')

    async def _act(self, act: str, of: str) -> None:
        match act:
            case 'link':
                await self._ask_link()
            case 'formula':
                await self._ask_formula()
            case 'image' if self._images:
                await self._ask_image()
            case 'table':
                cell, row = '<td>&nbsp;</td>', '<tr>{}</tr>'
                head = row.format('<th>&nbsp;</th>' * 3)
                self.insert(f'<table><thead>{head}</thead><tbody>{row.format(cell * 3) * 2}</tbody></table><p><br></p>')
            case 'callout':
                self.insert(f'<blockquote><p><strong>{escape(_("Note."))}</strong> </p></blockquote><p><br></p>')

    async def _ask_link(self) -> None:
        asked = dialog(_('Link'))
        with asked.body:
            address = text_field(_('Address'), placeholder='https://', check=_address, autocomplete='off')
            words = text_field(_('Words'), optional=True)

        def insert() -> None:
            if address.check():
                asked.submit((address.value.strip(), words.value.strip()))

        with asked.foot:
            button(_('Cancel'), on_click=asked.close)
            button(_('Insert'), kind='primary', on_click=insert)
        answer = await asked.answer()
        if isinstance(answer, tuple):
            self.insert(f'<a{attributes(href=answer[0])}>{escape(answer[1] or answer[0])}</a> ')

    async def _ask_formula(self) -> None:
        asked = dialog(_('Formula'), _('Written in LaTeX, for example \\frac{a}{b}.'))
        with asked.body:
            tex = text_area(_('Formula'), rows=2, check=required())

        def insert() -> None:
            if tex.check():
                asked.submit(tex.value.strip())

        with asked.foot:
            button(_('Cancel'), on_click=asked.close)
            button(_('Insert'), kind='primary', on_click=insert)
        answer = await asked.answer()
        if isinstance(answer, str):
            self.insert(f'<span{attributes(class_="formula", data_tex=answer)}>{escape(answer)}</span> ')

    async def _ask_image(self) -> None:
        asked = dialog(_('Image'), _('Say what it shows for those who cannot see it.'))
        chosen: list[UUID] = []

        def received(file_id: str) -> None:
            chosen[:] = [UUID(file_id)]
            name.show(f'{icon("check_circle", "cw-i-s")} {escape(_("The image is here."))}')

        def insert() -> None:
            if not chosen:
                name.show(escape(_('Choose an image first.')))
            elif words.check():
                asked.submit(str(words.value).strip())

        with asked.body:
            sending = uploads(self._images, accept=_PICTURES, most=_LARGEST_PICTURE, on_sent=received, anywhere=False)
            sending.opens(button(_('Choose an image'), icon='image'))
            name = markup('', classes='cw-saved').props('role=status')
            words = text_field(_('What it shows'), check=required(_('Describe the image in a few words.')))
        with asked.foot:
            button(_('Cancel'), on_click=asked.close)
            button(_('Insert'), kind='primary', on_click=insert)
        answer = await asked.answer()
        if isinstance(answer, str) and chosen:
            self.insert(f'<img{attributes(src=f"/files/{chosen[0]}", alt=answer)}><p><br></p>')


def _address(value: str) -> str | None:
    if str(value).strip().lower().startswith(('https://', 'http://', 'mailto:', '/')):
        return None
    return _('Begin with https://')


def _toolbar(*, images: bool) -> str:
    groups: list[list[tuple[str, str, str]]] = [
        [('formatBlock:h2', 'format_h2', _('Heading')), ('formatBlock:h3', 'format_h3', _('Smaller heading')),
        ('formatBlock:p', 'format_paragraph', _('Paragraph'))],
        [('bold', 'format_bold', _('Bold')), ('italic', 'format_italic', _('Italic')), ('code', 'code', _('Code'))],
        [('insertUnorderedList', 'format_list_bulleted', _('List')),
        ('insertOrderedList', 'format_list_numbered', _('Numbered list'))],
    ]  # fmt: skip
    asks = [
        ('link', 'link', _('Link')),
        ('table', 'table', _('Table')),
        ('formula', 'function', _('Formula')),
        ('callout', 'sticky_note_2', _('Call-out')),
    ]
    if images:
        asks.insert(1, ('image', 'image', _('Image')))
    parts = ''.join(
        f'<span class="cw-tools">{"".join(_tool(symbol, label, data_cmd=cmd) for cmd, symbol, label in group)}</span>'
        for group in groups
    )
    parts += (
        f'<span class="cw-tools">{"".join(_tool(symbol, label, data_act=act) for act, symbol, label in asks)}</span>'
    )
    back = [('undo', 'undo', _('Undo')), ('redo', 'redo', _('Redo'))]
    return parts + (
        f'<span class="cw-tools '
        f'cw-push">{"".join(_tool(symbol, label, data_cmd=cmd) for cmd, symbol, label in back)}</span>'
    )


def _tool(symbol: str, label: str, **given: str) -> str:
    classes = 'cw-btn cw-icon-btn cw-small'
    named = attributes(type='button', class_=classes, aria_label=label, title=label, **given)
    return f'<button{named}>{icon(symbol)}</button>'


_COMMANDS = """(event) => {
    const button = event.target.closest('button'), text = getHtmlElement(%d).querySelector('[contenteditable]');
    if (!button) return;
    const selection = getSelection();
    if (selection.rangeCount && text.contains(selection.anchorNode)) text.cwRange =
        selection.getRangeAt(0).cloneRange();
    if (!button.dataset.cmd) return;
    text.focus();
    if (text.cwRange) { selection.removeAllRanges(); selection.addRange(text.cwRange); }
    const [command, value] = button.dataset.cmd.split(':');
    if (command === 'code') {
        const holder = document.createElement('code'); holder.textContent = selection.toString() || ' ';
        document.execCommand('insertHTML', false, holder.outerHTML + '&nbsp;');
    } else document.execCommand(command, false, value ? '<' + value + '>' : null);
}"""
_INSERT = """
    const text = getHtmlElement(%d).querySelector('[contenteditable]'), selection = getSelection();
    text.focus();
    if (text.cwRange) { selection.removeAllRanges(); selection.addRange(text.cwRange); }
    const holder = document.createElement('template');
    holder.innerHTML = %s;
    if (holder.content.querySelector('.formula') && selection.rangeCount) {
        // insertHTML melts a span into the text around it, so a formula is put in by hand
        const range = selection.getRangeAt(0), last = holder.content.lastChild;
        range.deleteContents(); range.insertNode(holder.content); range.setStartAfter(last); range.collapse(true);
        selection.removeAllRanges(); selection.addRange(range);
        text.dispatchEvent(new Event('input', {bubbles: true}));
    } else document.execCommand('insertHTML', false, holder.innerHTML);
"""
_NAME = """() => {
    const text = getHtmlElement(%d).querySelector('[contenteditable]');
    if (!text) return;
    text.classList.add('cw-prose'); text.setAttribute('role', 'textbox');
        text.setAttribute('aria-multiline', 'true'); text.setAttribute('aria-label', %s);
}"""

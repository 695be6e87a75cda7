"""Writing course text: headings, lists, tables, images, code, formulas, links, call-outs. What leaves it is
sanitised."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from nicegui import events, ui

from components.editor_dialogs import ASKS
from components.editor_tools import toolbar_html
from components.i18n import _
from components.markup import markup
from components.notice import toast
from components.theme import STATIC
from services.errors import InvalidInput, PlatformError

Sanitise = Callable[[str], str]
_FOLDER = 'js/editor'
_PATIENCE_SECONDS = 30.0
_LONG = 20_000  # characters whose sanitising would hold up everybody else


class ConnectionAway(PlatformError):
    status_code = 503
    code = 'connection_away'


@dataclass(frozen=True, kw_only=True)
class KeptAt:
    """Where words go as they are typed: `url` takes `PUT {base_hash, content: {html}}`; `person` is whose they are."""

    url: str
    person: str
    base_hash: str = ''


class rich_editor(ui.element):
    """`rich_editor(block_html, sanitise=richtext.sanitise, kept_at=…, images='/api/v1/files/upload')`

    `images` is the route that takes pictures (without it there is no image button), `clean` the one that says what may
    stay of pasted HTML. Whoever wants the words asks `await editor.finish()`.
    """

    def __init__(
        self, value: str = '', *, sanitise: Sanitise, kept_at: KeptAt | None = None, images: str = '', clean: str = '',
        label: str = '', longest: int = 100_000, on_save: Callable[[], Any] | None = None, focus: bool = False,
    ) -> None:  # fmt: skip
        super().__init__('div')
        self.classes('cw-stack cw-close')
        self._value, self._sanitise, self._images, self._longest = sanitise(value), sanitise, images, longest
        with self:
            tools = markup(toolbar_html(images=bool(images)), classes='cw-toolbar')
            tools.props['role'] = 'toolbar'
            tools.props['aria-label'] = _('Format')
            self._surface = _Surface(self._value).classes('cw-editor')
            told = markup('', classes='cw-saved').props('role=status')
        self._surface.props['config'] = {
            'toolbar': tools.html_id, 'told': told.html_id, 'label': label or _('Text'), 'images': images,
            'clean': clean, 'longest': longest, 'focus': focus, 'words': _words(),
            'keep': None if kept_at is None
            else {'url': kept_at.url, 'person': kept_at.person, 'base_hash': kept_at.base_hash},
        }  # fmt: skip
        self._surface.on('ask', self._ask)
        self._surface.on('pasted', self._say_left_out)
        self._surface.on('pictured', lambda: toast(_('Say what the picture shows: choose it, then Image.')))
        if on_save is not None:
            self._surface.on('save', lambda: on_save(), [])

    async def finish(self) -> str:
        """The words as they are now, byte for byte those that were given where nothing was changed.

        Nothing can be typed any more until `go_on`. Refused where they are too many for a block, or the browser does
        not answer: it keeps them."""
        try:
            answer = await self._surface.run_method('flush', timeout=_PATIENCE_SECONDS)
        except TimeoutError as error:
            raise ConnectionAway('The connection is away. Your words are kept; save again in a moment.') from error
        match answer:
            case {'html': str(html)}:
                return self._sanitise(html) if len(html) < _LONG else await asyncio.to_thread(self._sanitise, html)
            case {'length': int(length)}:
                raise InvalidInput(
                    'This text has {length} characters, and a block takes {most}. Divide it into several blocks.',
                    length=length,
                    most=self._longest,
                )
            case _:  # the editor is not there yet
                return self._value

    async def forget(self) -> None:
        """What the browser still keeps is saved, or not wanted."""
        try:
            await self._surface.run_method('forget', timeout=_PATIENCE_SECONDS)
        except TimeoutError:
            return

    def go_on(self) -> None:
        self._surface.run_method('goOn')

    async def _ask(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case {'act': str(act)} if act in ASKS and (act != 'image' or self._images):
                answer = await ASKS[act](event.args, self._images)
                if answer is not None and not self._surface.is_deleted:
                    self._surface.run_method('apply', act, answer)

    def _say_left_out(self, event: events.GenericEventArguments) -> None:
        kinds = _left_out()
        words = [kinds[kind] for kind in event.args if kind in kinds] if isinstance(event.args, list) else []
        if words:
            toast(_('Left out: {words}.', words=', '.join(words)))


class _Surface(ui.element, component=f'static/{_FOLDER}/surface.js'):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.props['module'] = module('editor')
        self.props['html'] = html


@cache
def module(name: str) -> str:
    """The address of a script of the editor, with a version of its own for each state of the folder."""
    version = sha256(b''.join(path.read_bytes() for path in sorted((STATIC / _FOLDER).glob('*.js')))).hexdigest()[:10]
    return f'/static/{_FOLDER}/{name}.js?v={version}'


def _words() -> dict[str, str]:
    return {
        'saving': _('Saving…'),
        'saved': _('Saved as typed'),
        'offline': _('No connection. Your words are kept in this browser and go on their way by themselves.'),
        'refused': _('The server did not take this. Your words are still here.'),
    }


def _left_out() -> dict[str, str]:
    """Words for the kinds of services.editing.pasting, and for what only the browser knows."""
    return {
        'pictures': _('pictures from elsewhere (add them with Image)'),
        'scripts': _('scripts'),
        'embeds': _('embedded content'),
        'recordings': _('video and sound'),
        'forms': _('form fields'),
        'links': _('links that lead nowhere safe'),
        'comments': _('comments'),
        'everything but the words': _('everything but the words, because the server could not be asked'),
        'a picture': _('a picture that the server did not take'),
    }

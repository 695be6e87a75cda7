"""Files on their way to the server: chosen or dropped anywhere on the page, several at once, each with its progress.

They go by HTTP to a route that knows who is asking and how much it takes; nothing is sent over the page's own channel.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import events, ui

from components.button import icon_button_html
from components.i18n import _, percent
from components.markup import escape, icon, markup
from components.ruler import meter_html

_AT_ONCE = 3

# every file is one request; `emit` tells the page [key, name, state, share sent, words of the server]
_SEND = """(event) => {
    const input = event.target, most = Number(input.dataset.most);
    const queue = [...input.files].map(file => ({file, key: String(window.cwSent = (window.cwSent ?? 0) + 1)}));
    input.value = '';
    const say = (one, state, share, words) => emit([one.key, one.file.name, state, share, words]);
    const next = () => {
        const one = queue.shift();
        if (!one) return;
        const done = (state, words) => { say(one, state, 1, words); next(); };
        if (one.file.size > most) return done('large', '');
        const request = new XMLHttpRequest(), body = new FormData();
        let said = 0;
        request.upload.onprogress = (step) => {
            if (Date.now() - said < 200) return;
            said = Date.now();
            say(one, 'sending', step.total ? step.loaded / step.total : 0, '');
        };
        request.onload = () => {
            let answer = {};
            try { answer = JSON.parse(request.responseText); } catch {}
            if (request.status < 300) done('sent', String(answer.id ?? ''));
            else done('refused', String(answer.detail ?? ''));
        };
        request.onerror = () => done('broken', '');
        request.open('POST', (window.path_prefix ?? '') + input.dataset.url);
        body.append('file', one.file);
        request.send(body);
        say(one, 'sending', 0, '');
    };
    queue.forEach(one => say(one, 'waiting', 0, ''));
    for (let started = 0; started < AT_ONCE; started++) next();
}""".replace('AT_ONCE', str(_AT_ONCE))

_CATCH = """(event) => {
    const box = event.el ?? event.component?.subTree?.el, input = box?.querySelector('input[type=file]');
    if (!input) return;
    window.cwDrop?.abort();
    const {signal} = window.cwDrop = new AbortController();
    const files = (drag) => [...(drag.dataTransfer?.types ?? [])].includes('Files') && input.isConnected;
    const mark = (on) => document.body.classList.toggle('cw-dropping', on);
    addEventListener('dragover', (drag) => { if (files(drag)) { drag.preventDefault(); mark(true); } }, {signal});
    addEventListener('dragleave', (drag) => { if (!drag.relatedTarget) mark(false); }, {signal});
    addEventListener('drop', (drag) => {
        mark(false);
        if (!files(drag)) return;
        drag.preventDefault();
        input.files = drag.dataTransfer.files;
        input.dispatchEvent(new Event('change'));
    }, {signal});
}"""


@dataclass(kw_only=True)
class _File:
    name: str
    state: str
    share: float = 0
    words: str = ''


class uploads(ui.element):
    """The list of files being sent, with what the server said to those it refused; empty while there are none.

    `opens(button)` makes a button choose files. `on_sent(id)` is called with the id that the server gave to a file.
    Files dropped on the page are taken too, unless `anywhere` is off.
    """

    def __init__(
        self, url: str, *, accept: Sequence[str], most: int, on_sent: Callable[[str], Any] | None = None,
        anywhere: bool = True,
    ) -> None:  # fmt: skip
        super().__init__('div')
        self.classes('cw-sending')
        self._files: dict[str, _File] = {}
        self._on_sent, self._most = on_sent, most
        with self:
            self._input = ui.element('input').props('type=file multiple hidden')
            self._input.props['accept'] = ','.join(accept)
            self._input.props['data-url'] = url
            self._input.props['data-most'] = str(most)
            self._input.on('change', self._hear, js_handler=_SEND)
            self._list = markup(tag='ul', classes='cw-uploads', on_act=self._dismiss)
            self._list.props('aria-live=polite').set_visibility(False)
        if anywhere:
            self.on('vnodeMounted', js_handler=_CATCH)

    def opens(self, opener: ui.element) -> None:
        opener.on('click', js_handler=f'() => document.getElementById("{self._input.html_id}").click()')

    async def _hear(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case [str(key), str(name), str(state), int() | float() as share, str(words)]:
                pass
            case _:
                return
        if state == 'sent':
            self._files.pop(key, None)
        else:
            self._files[key] = _File(
                name=name[:200], state=state, share=min(max(float(share), 0), 1), words=words[:500]
            )
        self._show()
        if state == 'sent' and self._on_sent is not None:
            result = self._on_sent(words)
            if hasattr(result, '__await__'):
                await result

    def _dismiss(self, act: str, of: str) -> None:
        self._files.pop(of, None)
        self._show()

    def _show(self) -> None:
        self._list.set_visibility(bool(self._files))
        self._list.show(''.join(self._row(key, file) for key, file in self._files.items()))

    def _row(self, key: str, file: _File) -> str:
        name = f'<b class="cw-cut">{escape(file.name)}</b>'
        if file.state in ('waiting', 'sending'):
            said = _('Waiting') if file.state == 'waiting' else percent(file.share)
            bar = meter_html(file.share, label=_('{name}: {share} sent', name=file.name, share=percent(file.share)))
            return f'<li>{icon("upload_file")}<span class="cw-two">{name}</span><span>{escape(said)}</span>{bar}</li>'
        fault = (
            {
                'large': _(
                    'This file is larger than {most} MB. Split it, and add the parts.', most=self._most // 1024**2
                ),
                'broken': _('The connection broke before the file had arrived. Add it again.'),
            }.get(file.state)
            or file.words
            or _('The server did not take this file. Add it again in a moment.')
        )
        close = icon_button_html('close', _('Dismiss {name}', name=file.name), 'dismiss', key)
        return (
            f'<li class="cw-refused">{icon("error", "cw-bad")}'
            f'<span class="cw-two">{name}<small>{escape(fault)}</small></span>{close}</li>'
        )

"""What a reader has before them: which parts of a list were on the screen for a moment, and which words they chose.

Parts say who they are: `data-part` (an id) and `data-shown` (the hash of what they say). Within them, words below
`data-words` can be chosen; a small button then offers to comment on them.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from nicegui import events, ui

from components.i18n import _
from components.markup import escape, icon, markup

Shown = Sequence[tuple[str, str]]
_LONGEST = 500


class reader_watch(ui.element):
    """`on_seen([(id, hash)])` once for each part and hash; `on_comment(id, words)` for a click on the small button.

    `chosen` are the words chosen now, as (id, words); put it into the element that holds the parts."""

    def __init__(self, *, on_seen: Callable[[Shown], Any], on_comment: Callable[[str, str], Any] | None = None) -> None:
        super().__init__('button')
        self.classes('cw-watch').props('type=button')
        self._on_seen, self._on_comment = on_seen, on_comment
        self.chosen = ('', '')
        with self:
            words = f'{icon("chat_bubble", "cw-i-s")}<span>{escape(_("Comment on these words"))}</span>'
            markup(words, tag='span', classes='cw-line cw-close')
        self.on('seen', self._seen, js_handler='(event) => emit(event.detail)')
        self.on('chosen', self._chosen, js_handler='(event) => emit(event.detail)')
        self.on('comment', self._comment, js_handler='(event) => emit(event.detail)')
        self.on('vnodeMounted', js_handler=_WATCH % (self.id, json.dumps(on_comment is not None), _LONGEST))

    def forget(self) -> None:
        self.chosen = ('', '')

    def _seen(self, event: events.GenericEventArguments) -> Any:
        match event.args:
            case list(found):
                pairs = [(one[0], one[1]) for one in found[:200] if _is_pair(one)]
                return self._on_seen(pairs) if pairs else None
            case _:
                return None

    def _chosen(self, event: events.GenericEventArguments) -> None:
        if _is_pair(event.args):
            self.chosen = (event.args[0], event.args[1][:_LONGEST])

    def _comment(self, event: events.GenericEventArguments) -> Any:
        if self._on_comment is not None and _is_pair(event.args):
            return self._on_comment(event.args[0], event.args[1][:_LONGEST])
        return None


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)


_WATCH = """() => {
    const pill = getHtmlElement(%d), offers = %s, most = %d, since = new Map(), told = new Map();
    if (!pill) return;
    pill.hidden = true;
    const tell = (name, detail) => pill.dispatchEvent(new CustomEvent(name, {detail}));
    const look = () => {
        if (document.visibilityState !== 'visible') return since.clear();
        const seen = [], now = performance.now();
        for (const part of document.querySelectorAll('[data-part][data-shown]')) {
            const box = part.getBoundingClientRect(), id = part.dataset.part, shown = part.dataset.shown;
            const height = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
            const there = box.height > 0 && height > Math.min(box.height, innerHeight) * 0.6;
            if (!there) { since.delete(id); continue; }
            const begun = since.get(id);
            if (!begun || begun[0] !== shown) { since.set(id, [shown, now]); continue; }
            if (now - begun[1] >= 1400 && told.get(id) !== shown) { told.set(id, shown); seen.push([id, shown]); }
        }
        if (seen.length) tell('seen', seen);
    };
    let chosen = ['', ''], rest = 0;
    const choose = () => {
        const selection = getSelection(), words = selection.isCollapsed ? '' : selection.toString().trim();
        const of = (node) => (node?.nodeType === 1 ? node : node?.parentElement)?.closest('[data-words]');
        const place = words && of(selection.anchorNode), same = place && place === of(selection.focusNode);
        const now = same && words.length <= most ? [place.dataset.words, words] : ['', ''];
        if (now[0] !== chosen[0] || now[1] !== chosen[1]) tell('chosen', chosen = now);
        pill.hidden = !offers || !now[1];
        if (pill.hidden) return;
        const box = selection.getRangeAt(0).getBoundingClientRect();
        pill.style.setProperty('--x', Math.max(8, Math.min(box.left, innerWidth - 220)) + 'px');
        pill.style.setProperty('--y', Math.min(box.bottom + 6, innerHeight - 52) + 'px');
    };
    const changed = () => { clearTimeout(rest); rest = setTimeout(choose, 180); };
    pill.addEventListener('mousedown', (event) => event.preventDefault());
    pill.addEventListener('click', () => {
        const [id, words] = chosen;
        pill.hidden = true;
        if (words) tell('comment', [id, words]);
    });
    document.addEventListener('selectionchange', changed);
    const timer = setInterval(() => {
        if (document.contains(pill)) return look();
        clearInterval(timer);
        document.removeEventListener('selectionchange', changed);
    }, 500);
}"""

"""Notices that stay (in the page) and toasts that go (at its foot)."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from nicegui import context, ui

from components.i18n import _
from components.markup import Act, escape, icon, markup

Tone = Literal['info', 'warn', 'bad', 'ok', 'plain']
_ICONS = {'info': 'info', 'warn': 'warning', 'bad': 'error', 'ok': 'check_circle', 'plain': 'info'}


class notice(markup):
    """A sentence in the page: `notice('This outline changed while you read it.', tone='warn')`.

    `extra_html` may hold a link or a `button_html(…)`, whose click calls `on_act`.
    """

    def __init__(
        self, text: str, *, tone: Tone = 'info', title: str = '', extra_html: str = '', on_act: Act | None = None
    ) -> None:
        super().__init__(notice_html(text, tone=tone, title=title, extra_html=extra_html), on_act=on_act)


def notice_html(text: str, *, tone: Tone = 'info', title: str = '', extra_html: str = '') -> str:
    role = 'alert' if tone == 'bad' else 'status'
    head = f'<b>{escape(title)}</b> ' if title else ''
    return (
        f'<div class="cw-notice cw-notice-{tone}" role="{role}">{icon(_ICONS[tone], "cw-i-s")}'
        f'<div>{head}{escape(text)} {extra_html}</div></div>'
    )


def toast(message: str, *, undo: Callable[[], Any] | None = None) -> None:
    """What just happened, for 5 seconds; with `undo` for 30 seconds and a way back. Never for errors of a field."""
    if undo is None:
        ui.notify(message, position='bottom', timeout=5000, color='', classes='cw-toast', progress=False)
        return
    _undoable(message, undo)


def warn(message: str) -> None:
    """What could not be done and how to mend it; stays 10 seconds, with a way to close it."""
    ui.notify(
        message, position='bottom', timeout=10_000, type=None, color='', icon='sym_o_error',
        classes='cw-toast cw-toast-warn', close_button=_('Close'), multi_line=len(message) > 60,
        attrs={'role': 'alert'},
    )  # fmt: skip


def _undoable(message: str, undo: Callable[[], Any]) -> None:
    client = context.client
    with client.layout:  # outlives the row or page whose button was clicked
        bar = ui.element('div').classes('cw-undo').props('role=status')
    taken = False

    async def take_back(act: str, of: str) -> None:
        nonlocal taken
        if taken or bar.is_deleted:
            return
        taken = True
        bar.delete()
        with client.layout:
            result = undo()
            if isinstance(result, Awaitable):
                await result

    with bar:
        markup(
            f'<span>{escape(message)}</span><button type="button" data-act="undo">{escape(_("Undo"))}</button>',
            on_act=take_back, classes='cw-undo-bar',
        )  # fmt: skip
        ui.timer(30, bar.delete, once=True)

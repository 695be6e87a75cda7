"""Status: icon, word and colour, never colour alone."""

from typing import Literal

from components.i18n import _
from components.markup import escape, icon

Tone = Literal['ok', 'warn', 'bad', 'info', 'accent', 'ink2', 'ink3']


def words(state: str) -> tuple[str, Tone, str]:
    """The icon, tone and word of a state."""
    known: dict[str, tuple[str, Tone, str]] = {
        'approved': ('check_circle', 'ok', _('Approved')),
        'waiting': ('radio_button_unchecked', 'ink2', _('Waiting')),
        'sent_back': ('undo', 'warn', _('Sent back')),
        'rewritten': ('difference', 'info', _('Rewritten')),
        'blocks': ('error', 'bad', _('Blocks')),
        'look_again': ('warning', 'warn', _('Look again')),
        'passed': ('check_circle', 'ok', _('Passed')),
        'failed': ('error', 'bad', _('Failed')),
        'working': ('progress_activity', 'info', _('Working')),
        'queued': ('schedule', 'ink2', _('Queued')),
        'parsing': ('progress_activity', 'info', _('Reading')),
        'indexing': ('progress_activity', 'info', _('Indexing')),
        'indexed': ('check_circle', 'ok', _('Indexed')),
        'drafting': ('progress_activity', 'info', _('Drafting')),
        'draft': ('radio_button_unchecked', 'ink2', _('Draft')),
        'in_review': ('radio_button_unchecked', 'ink2', _('In review')),
        'checking': ('progress_activity', 'info', _('Checking')),
        'published': ('check_circle', 'ok', _('Published')),
        'archived': ('inventory_2', 'ink2', _('Archived')),
        'stopped': ('stop_circle', 'warn', _('Stopped')),
        'stale': ('update', 'warn', _('Source changed')),
        'invited': ('mail', 'info', _('Invited')),
        'active': ('check_circle', 'ok', _('Active')),
        'suspended': ('block', 'ink2', _('Suspended')),
        'not_started': ('radio_button_unchecked', 'ink2', _('Not started')),
        'in_progress': ('timelapse', 'accent', _('In progress')),
        'completed': ('check_circle', 'ok', _('Completed')),
        'locked': ('lock', 'ink2', _('Locked')),
        'live': ('sensors', 'ok', _('Live')),
        'late': ('schedule', 'warn', _('Late')),
        'high': ('keyboard_double_arrow_up', 'bad', _('High')),
        'some': ('keyboard_arrow_up', 'warn', _('Some')),
        'deleted': ('delete', 'ink2', _('Deleted')),
        'connected': ('check_circle', 'ok', _('Connected')),
        'down': ('error', 'bad', _('Down')),
        'off': ('radio_button_unchecked', 'ink2', _('Off')),
        'allowed': ('check_circle', 'ok', _('Allowed')),
        'refused': ('block', 'bad', _('Refused')),
        'sound': ('check_circle', 'ok', _('Sound')),
    }
    return known.get(state, ('radio_button_unchecked', 'ink2', state.replace('_', ' ').capitalize()))


TURNING = {'progress_activity'}


def status_html(state: str, text: str | None = None, *, word: bool = True) -> str:
    """Without `word` the word is said to screen readers only: for marks in a margin or a list."""
    symbol, tone, known = words(state)
    said = escape(text if text is not None else known)
    hidden = '' if word else ' class="cw-sr"'
    return (
        f'<span class="cw-status cw-{tone}">{icon(symbol, turning=symbol in TURNING)}<span{hidden}>{said}</span></span>'
    )


def pill_html(state: str, text: str | None = None) -> str:
    return f'<span class="cw-pill cw-pill-{words(state)[1]}">{status_html(state, text)}</span>'

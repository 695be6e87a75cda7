"""Everything that happened to a course in the making: who, what, when."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from nicegui import ui

from components.card import card
from components.dialog import dialog
from components.i18n import _, ngettext, when_html
from components.live import refresh_later
from components.markup import escape, markup
from components.skeleton import skeleton_html
from pages.studio.part import Desk
from services.generation.views import EventView

# what a person does not need to read: every call of a model, every single quote
_LEFT_OUT = {'author.wrote', 'quote.dropped'}
_COUNTED = {'block.edited', 'block.approved', 'block.rewritten', 'outline.edited', 'thread.opened', 'thread.resolved'}


class history_card(ui.element):
    """The latest first, at the foot of a stage; the part that owns it calls `refresh`."""

    def __init__(self, desk: Desk, *, most: int = 12) -> None:
        super().__init__('div')
        self._desk, self._most = desk, most
        with self, card(_('What happened')):
            with ui.element('div').classes('cw-history').props('tabindex=0 role=region') as scrolled:
                scrolled.props['aria-label'] = _('What happened')
                self._list = markup(skeleton_html(3), tag='ol', classes='cw-feed')
        refresh_later(self, self.refresh)

    async def refresh(self) -> None:
        events = await self._desk.services.workflows.events(self._desk.viewer, self._desk.workflow.id)
        self._list.show(history_html(events, most=self._most))


async def open_history(desk: Desk) -> None:
    events = await desk.services.workflows.events(desk.viewer, desk.workflow.id)
    with dialog(_('What happened'), wide=True) as box:
        with ui.element('div').classes('cw-history cw-tall').props('tabindex=0 role=region') as scrolled:
            scrolled.props['aria-label'] = _('What happened')
            markup(history_html(events, most=200), tag='ol', classes='cw-feed')
    box.open()


def history_html(events: Sequence[EventView], *, most: int) -> str:
    told = list(_runs([event for event in reversed(events) if event.type not in _LEFT_OUT]))
    rows = ''.join(_row(event, count) for event, count in told[:most])
    if len(told) > most:
        more = ngettext('and {n} earlier event', 'and {n} earlier events', len(told) - most)
        rows += f'<li><time></time><span class="cw-ink3">{escape(more)}</span></li>'
    return rows


def _runs(events: Sequence[EventView]) -> Iterator[tuple[EventView, int]]:
    """The same deed of the same person again and again is told once, with how often."""
    for _key, run in groupby(events, key=lambda event: (event.actor, event.type, event.payload.get('comment'))):
        same = list(run)
        if same[0].type in _COUNTED:
            yield same[0], len(same)
        else:
            yield from ((event, 1) for event in same)


def _row(event: EventView, count: int) -> str:
    comment = str(event.payload.get('comment') or '')
    said = f'<br><q>{escape(comment)}</q>' if comment and event.type != 'block.rewritten' else ''
    told = f'<b>{escape(event.actor)}</b> {escape(_deed(event, count))}{said}'
    return f'<li>{when_html(event.at, short=True)}<span>{told}</span></li>'


def _deed(event: EventView, count: int) -> str:
    payload = event.payload
    return {
        'workflow.created': _('began the course'),
        'outline.drafted': _('finished draft {number} of the outline', number=payload.get('draft', 1)),
        'outline.edited': ngettext('edited the outline', 'edited the outline {n} times', count),
        'outline.rejected': _('sent the outline back'),
        'outline.approved': _('approved the outline'),
        'lesson.written': _('finished the lesson “{title}”', title=payload.get('title', '')),
        'content.drafted': _('finished the lessons'),
        'content.rejected': _('asked for the blocks that were sent back to be written again'),
        'content.approved': _('approved the lessons'),
        'block.edited': ngettext('edited a block', 'edited blocks {n} times', count),
        'block.added': _('added a block'),
        'block.removed': _('removed a block'),
        'block.restored': _('brought a block back'),
        'block.approved': ngettext('approved a block', 'approved {n} blocks', count),
        'block.sent_back': _('sent a block back'),
        'block.reopened': _('opened a block again'),
        'block.rewritten': ngettext('wrote a block again', 'wrote {n} blocks again', count),
        'block.dropped': _('left a block out that could not be used'),
        'thread.opened': ngettext('commented on the draft', 'commented on the draft {n} times', count),
        'thread.resolved': ngettext('resolved a thread', 'resolved {n} threads', count),
        'thread.reopened': _('opened a thread again'),
        'assembly.finished': _('assembled the course'),
        'export.finished': _('made the proof copies'),
        'phase.failed': _('could not go on: {reason}', reason=payload.get('reason', '')),
        'phase.stopped': _('stopped the writing'),
        'phase.restarted': _('went on writing'),
    }.get(event.type, event.type.replace('.', ' ').replace('_', ' '))

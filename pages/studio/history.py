"""Everything that happened to a course in the making: who, what, when, and the state that it led to."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from nicegui import ui

from components.action import action
from components.button import button
from components.card import card
from components.dialog import dialog
from components.i18n import _, ngettext, when_html
from components.live import refresh_later
from components.markup import attributes, escape, icon, markup
from components.notice import notice_html
from components.search_field import choice_chips
from components.skeleton import skeleton_html
from pages.studio.history_words import deed
from pages.studio.part import Desk
from pages.wording import stage_name, state_name
from services.generation.state import CREATED, TRANSITIONS
from services.generation.views import EventView
from services.reviewing.views import Replay, ReplayedEvent

# what a person does not need to read: every call of a model, every single quote
_LEFT_OUT = {'author.wrote', 'quote.dropped'}
_COUNTED = {
    'block.edited', 'block.approved', 'block.approved_by_one', 'block.rewritten', 'outline.edited', 'thread.opened',
    'thread.resolved',
}  # fmt: skip
_STEPS = {step for step, _state in TRANSITIONS} | {CREATED}
_DECISIONS = ('approved', 'approved_by_one', 'rejected', 'sent_back', 'reopened')
_MOST = 500


class history_card(ui.element):
    """The latest first, at the foot of a stage; the part that owns it calls `refresh`."""

    def __init__(self, desk: Desk, *, most: int = 12) -> None:
        super().__init__('div')
        self._desk, self._most = desk, most
        with self, card(_('What happened')) as box:
            with ui.element('div').classes('cw-history').props('tabindex=0 role=region') as scrolled:
                scrolled.props['aria-label'] = _('What happened')
                self._list = markup(skeleton_html(3), tag='ol', classes='cw-feed')
        with box.aside:
            button(_('Whole history'), icon='history', small=True, on_click=action(self._open))
        refresh_later(self, self.refresh)

    async def _open(self) -> None:
        await open_history(self._desk)

    async def refresh(self) -> None:
        events = await self._desk.services.workflows.events(self._desk.viewer, self._desk.workflow.id)
        self._list.show(history_html(events, most=self._most))


async def open_history(desk: Desk) -> None:
    """The whole history in a dialog: filtered, with the state after each step, and folded again to prove it."""
    replayed = await desk.services.timeline.replay(desk.viewer, desk.workflow.id)
    events = await desk.services.workflows.events(desk.viewer, desk.workflow.id)
    told = {event.seq: event for event in events}
    with dialog(_('What happened'), wide=True) as box:
        markup(_proof_html(replayed))
        chips = {'all': _('Everything'), 'steps': _('Steps'), 'decisions': _('Decisions'), 'writing': _('Writing')}
        choice_chips(chips, value='all', on_change=lambda kind: shown.show(_timeline_html(replayed, told, kind)))
        with ui.element('div').classes('cw-history cw-tall').props('tabindex=0 role=region') as scrolled:
            scrolled.props['aria-label'] = _('What happened')
            shown = markup(_timeline_html(replayed, told, 'all'), tag='ol', classes='cw-feed cw-timeline')
    with box.foot:
        button(_('Close'), kind='primary', on_click=box.close)
    box.open()


def history_html(events: Sequence[EventView], *, most: int) -> str:
    told = list(_runs([event for event in reversed(events) if event.type not in _LEFT_OUT]))
    rows = ''.join(_row(event, count) for event, count in told[:most])
    if len(told) > most:
        more = ngettext('and {n} earlier event', 'and {n} earlier events', len(told) - most)
        rows += f'<li><time></time><span class="cw-ink3">{escape(more)}</span></li>'
    return rows


def _proof_html(replayed: Replay) -> str:
    count = ngettext('{n} event', '{n} events', len(replayed.events))
    state = f'{stage_name(replayed.stage)}, {state_name(replayed.status)}'
    if replayed.matches:
        words = _('{events}, played again from the first, lead to “{state}”: exactly what is stored.',
                  events=count, state=state)  # fmt: skip
        return notice_html(words, tone='ok')
    stored = f'{stage_name(replayed.stored_stage)}, {state_name(replayed.stored_status)}'
    words = _('{events}, played again, lead to “{state}”, but “{stored}” is stored. Tell who runs the installation.',
              events=count, state=state, stored=stored)  # fmt: skip
    return notice_html(words, tone='bad')


def _timeline_html(replayed: Replay, told: dict[int, EventView], kind: str) -> str:
    wanted = [event for event in replayed.events if event.seq in told and _is_of(event, kind)]
    rows = ''.join(_timeline_row(event, told[event.seq]) for event in reversed(wanted[-_MOST:]))
    nothing = f'<li><time></time><span>{escape(_("Nothing of this kind has happened yet."))}</span></li>'
    return rows or nothing


def _is_of(event: ReplayedEvent, kind: str) -> bool:
    if kind == 'steps':
        return event.type in _STEPS
    if kind == 'decisions':
        return event.type.endswith(_DECISIONS)
    if kind == 'writing':
        return event.type not in _STEPS and not event.type.endswith(_DECISIONS)
    return event.type not in _LEFT_OUT


def _timeline_row(event: ReplayedEvent, told: EventView) -> str:
    comment = f'<br><q>{escape(event.comment)}</q>' if event.comment and event.type != 'block.rewritten' else ''
    bound = ''
    if event.hash:
        given = attributes(class_='cw-hash', title=_('Bound to exactly these bytes: {hash}', hash=event.hash))
        bound = f' <code{given}>{escape(event.hash[:12])}</code>'
    after = ''
    if event.moved:
        state = f'{stage_name(event.stage)}, {state_name(event.status)}'
        after = (
            f'<br><small class="cw-line cw-close">{icon("arrow_forward", "cw-i-xs cw-flips")}{escape(state)}</small>'
        )
    return (
        f'<li>{when_html(event.at)}<span><small class="cw-ink3">{event.seq}</small> <b>{escape(event.actor)}</b> '
        f'{escape(deed(told.type, told.payload, 1))}{bound}{comment}{after}</span></li>'
    )


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
    told = f'<b>{escape(event.actor)}</b> {escape(deed(event.type, event.payload, count))}{said}'
    return f'<li>{when_html(event.at, short=True)}<span>{told}</span></li>'

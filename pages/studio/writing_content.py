"""The lessons while they are being written: how far, for how long still, and the words as they come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from nicegui import ui

from components.button import button
from components.card import card
from components.i18n import _, ngettext, number, seconds
from components.layout import columns, page
from components.live import live_stream, refresh_later
from components.markup import escape, icon, markup
from components.notice import notice_html
from components.ruler import Segment, ruler_html
from components.skeleton import skeleton_html
from components.status import status_html
from pages.studio.drafted import blocks_html
from pages.studio.history import history_card
from pages.studio.part import Desk
from services.clock import now
from services.generation.block_views import LessonView
from services.generation.views import EventView
from services.viewer import Permission


class WritingContent:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lessons: list[LessonView] = []
        self._events: list[EventView] = []
        self._writing: dict[str, Any] = {}
        desk.here()
        with page() as self._page:
            self._header = desk.header(_('Drafting the lessons'), desk.from_documents())
            with self._header.actions:
                desk.stop_button()
                if desk.may(Permission.DRAFT_READ):
                    self._ready = button(_('Review the lessons'), kind='primary', icon='rate_review',
                                         on_click=lambda: desk.read_ready(True))  # fmt: skip
                    self._ready.set_visibility(False)
            with card():
                self._now = markup(classes='cw-job-now')
                self._ruler = markup(skeleton_html(1))
                self._facts = markup(classes='cw-facts-line')
            with columns('wide'):
                with card(_('Lessons'), padded=False):
                    self._list = markup(skeleton_html(6), tag='ol', classes='cw-lesson-list')
                with card(label=_('Being written'), padded=False):
                    self._words = markup(skeleton_html(3), classes='cw-being-written')
                    self._dropped = markup(classes='cw-stack cw-close cw-dropped')
            self._history = history_card(desk)
        live_stream(self._words, desk.services.bus, f'live:{desk.workflow.id}', self._hear)
        ui.timer(1, self._tick)
        refresh_later(self._page, self.refresh)

    def is_typed_into(self) -> bool:
        return False

    async def refresh(self) -> None:
        desk = self._desk
        modules = await desk.services.blocks.draft(desk.viewer, desk.workflow.id)
        self._lessons = [lesson for module in modules for lesson in module.lessons]
        self._events = list(await desk.services.workflows.events(desk.viewer, desk.workflow.id))
        ready = sum(bool(lesson.blocks) for lesson in self._lessons)
        if self._rewriting:
            self._header.say(_('Writing again what was sent back'), subtitle=desk.from_documents())
        self._ready.set_visibility(ready > 0)
        self._ready.text = ngettext('Review {n} ready lesson', 'Review {n} ready lessons', ready)
        self._ruler.show(ruler_html(self._segments(), label=self._how_far()))
        self._facts.show(_facts_html(self._lessons, self._events))
        self._list.show(''.join(self._row(lesson) for lesson in self._lessons))
        self._dropped.show(_dropped_html(self._events, since=desk.workflow.run_started_at))
        if not self._writing:
            self._show_last()
        self._tick()
        await self._history.refresh()

    @property
    def _rewriting(self) -> bool:
        return bool(self._lessons) and all(lesson.blocks for lesson in self._lessons)

    @property
    def _current(self) -> LessonView | None:
        return next((lesson for lesson in self._lessons if str(lesson.id) == self._desk.workflow.activity), None)

    def _state(self, lesson: LessonView) -> str:
        if str(lesson.id) == self._desk.workflow.activity:
            return 'working'
        if any(block.state == 'sent_back' for block in lesson.blocks):
            return 'open'
        return 'done' if lesson.blocks else 'open'

    def _segments(self) -> list[Segment]:
        return [
            Segment(minutes=lesson.minutes, state=self._state(lesson), label=f'{lesson.number} {lesson.title}')  # type: ignore[arg-type]
            for lesson in self._lessons
        ]

    def _how_far(self) -> str:
        done = sum(self._state(lesson) == 'done' for lesson in self._lessons)
        return _('{done} of {total} lessons written', done=number(done), total=number(len(self._lessons)))

    def _tick(self) -> None:
        current = self._current
        passed = (now() - self._desk.workflow.run_started_at).total_seconds()
        if current is None:
            doing = _('Getting ready') if not self._lessons else self._how_far()
        else:
            place = self._lessons.index(current) + 1
            doing = _('Lesson {n} of {total}: {title}', n=place, total=len(self._lessons), title=current.title)
        left = self._seconds_left(passed)
        so_far = _('{time} so far', time=seconds(passed))
        if left is not None:
            so_far = _('{time} so far, about {left} left', time=seconds(passed), left=seconds(left))
        self._now.show(f'{status_html("working", doing)}<span class="cw-push">{escape(so_far)}</span>')

    def _seconds_left(self, passed: float) -> float | None:
        """By what the lessons of this run took for each of their minutes; None before the first is done."""
        since = self._desk.workflow.run_started_at
        done = {str(event.payload.get('lesson_id')) for event in self._events
                if event.type == 'lesson.written' and event.at >= since}  # fmt: skip
        written = sum(lesson.minutes for lesson in self._lessons if str(lesson.id) in done)
        missing = sum(lesson.minutes for lesson in self._lessons if not lesson.blocks)
        return passed / written * missing if written and missing else None

    def _row(self, lesson: LessonView) -> str:
        state = self._state(lesson)
        if state == 'working':
            mark, note = status_html('working', word=False), _('being written')
        elif lesson.blocks:
            mark, note = (
                f'<span class="cw-ok">{icon("check_circle")}</span>',
                ngettext('{n} block', '{n} blocks', len(lesson.blocks)),
            )
        else:
            mark, note = f'<span class="cw-ink2">{icon("radio_button_unchecked")}</span>', _('waits')
        here = ' aria-current="step"' if state == 'working' else ''
        return (
            f'<li{here}>{mark}<span class="cw-tree-no">{escape(lesson.number)}</span>'
            f'<span class="cw-cut">{escape(lesson.title)}</span><small>{escape(note)}</small></li>'
        )

    def _hear(self, payload: Any) -> None:
        draft = payload.get('draft') if isinstance(payload, dict) else None
        if not isinstance(draft, dict):
            self._writing = {}
            return
        blocks = [block for block in draft.get('blocks') or [] if isinstance(block, dict)]
        lesson = next((one for one in self._lessons if str(one.id) == payload.get('lesson_id')), None)
        if not blocks:
            return
        self._writing = payload
        self._show(lesson.title if lesson else '', blocks, writing=True)

    def _show_last(self) -> None:
        current = self._current
        written = [lesson for lesson in self._lessons if lesson.blocks]
        if written:
            lesson = current if current is not None and current.blocks else written[-1]
            drafts = [{'type': block.type, **block.content} for block in lesson.blocks]
            self._show(lesson.title, drafts, writing=False)

    def _show(self, title: str, blocks: list[dict[str, Any]], *, writing: bool) -> None:
        at = status_html('working', _('Writing block {n}', n=len(blocks))) if writing else ''
        head = (
            f'<div class="cw-card-head"><h2 class="cw-cut">{escape(title)}</h2><span class="cw-push">{at}</span></div>'
        )
        self._words.show(f'{head}<div class="cw-card-body">{blocks_html(blocks[-3:], writing=writing)}</div>')


def _facts_html(lessons: Sequence[LessonView], events: Sequence[EventView]) -> str:
    blocks = sum(len(lesson.blocks) for lesson in lessons)
    saved = [event.payload.get('counts', {}) for event in events if event.type in ('lesson.written', 'block.rewritten')]
    found = sum(int(payload.get('quotes', 0)) for payload in saved)
    dropped = sum(int(payload.get('dropped', 0)) for payload in saved)
    checked = ngettext('{n} quote checked', '{n} quotes checked', found + dropped)
    if dropped:
        checked += ', ' + ngettext(
            '{n} dropped because the page says otherwise', '{n} dropped because the page says otherwise', dropped
        )
    facts = (
        ('bookmark_added', ngettext('{n} block written, saved', '{n} blocks written, all saved', blocks)),
        ('verified', checked),
        ('logout', _('You can leave. We tell you when it is done.')),
    )
    return ''.join(f'<span>{icon(symbol, "cw-i-s")}{escape(words)}</span>' for symbol, words in facts)


def _dropped_html(events: Sequence[EventView], *, since: datetime) -> str:
    dropped = [event for event in events if event.type == 'quote.dropped' and event.at >= since][-3:]
    return ''.join(
        notice_html(
            _('Dropped a quote that is not on its page: “{quote}”', quote=str(event.payload.get('quote', ''))[:160]),
            tone='plain',
        )
        for event in dropped
    )

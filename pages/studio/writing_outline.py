"""The outline while it is being written: a tree that grows."""

from typing import Any

from nicegui import ui

from components.card import card
from components.i18n import _, duration, ngettext, seconds
from components.layout import page
from components.live import live_stream, refresh_later
from components.markup import escape, icon, markup
from components.skeleton import skeleton_html
from components.status import status_html
from pages.studio.history import history_card
from pages.studio.part import Desk
from services.clock import now


class WritingOutline:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        desk.here()
        with page() as self._page:
            with desk.header(_('Writing the outline'), desk.about()).actions:
                desk.stop_button()
            with card():
                self._now = markup(classes='cw-job-now')
                markup(
                    f'<span>{icon("logout", "cw-i-s")}{escape(_("You can leave. We tell you when it is done."))}</span>'
                    f'<span>{icon("history", "cw-i-s")}{escape(_("Earlier drafts are kept."))}</span>',
                    classes='cw-facts-line',
                )
            with card(_('The outline so far'), padded=False) as grown:
                with grown.aside:
                    self._size = markup(tag='span', classes='cw-small-text')
                self._tree = markup(f'<div class="cw-card-body">{skeleton_html(5)}</div>', classes='cw-growing')
                self._tree.props('aria-live=off')
            self._answers = ui.element('div')
            self._history = history_card(desk)
        live_stream(self._tree, desk.services.bus, f'live:{desk.workflow.id}', self._hear)
        ui.timer(1, self._tick)
        refresh_later(self._page, self._say_what_is_answered)

    def is_typed_into(self) -> bool:
        return False

    async def refresh(self) -> None:
        await self._history.refresh()

    async def _say_what_is_answered(self) -> None:
        events = await self._desk.services.workflows.events(self._desk.viewer, self._desk.workflow.id)
        sent_back = [event for event in events if event.type == 'outline.rejected']
        if sent_back and not self._answers.default_slot.children:
            comment = str(sent_back[-1].payload.get('comment', ''))
            with self._answers:
                markup(
                    f'<p class="cw-label">{escape(_("This draft answers"))}</p>'
                    f'<p class="cw-excerpt">{escape(comment)}</p>'
                )

    def _tick(self) -> None:
        passed = seconds((now() - self._desk.workflow.run_started_at).total_seconds())
        self._now.show(
            f'{status_html("working", _("Reading the documents and planning the lessons"))}'
            f'<span class="cw-push">{escape(_("{time} so far", time=passed))}</span>'
        )

    def _hear(self, payload: Any) -> None:
        draft = payload.get('draft') if isinstance(payload, dict) else None
        if not isinstance(draft, dict) or payload.get('lesson_id'):
            return
        modules = [module for module in draft.get('modules') or [] if isinstance(module, dict)]
        if not modules:
            return
        lessons = [lesson for module in modules for lesson in _lessons(module)]
        minutes = sum(_minutes(lesson) for lesson in lessons)
        words = [
            ngettext('{n} module', '{n} modules', len(modules)),
            ngettext('{n} lesson', '{n} lessons', len(lessons)),
        ]
        self._size.show(escape(', '.join([*words, duration(minutes)])))
        self._tree.show(tree_html(modules))


def tree_html(modules: list[dict[str, Any]]) -> str:
    """Of a draft that may still lack anything; the last line is the one being written."""
    lines = []
    for place, module in enumerate(modules, 1):
        lessons = _lessons(module)
        minutes = duration(sum(map(_minutes, lessons))) if lessons else ''
        lines.append(('cw-tree-module', f'{place}', str(module.get('title') or ''), minutes, 0))
        for number, lesson in enumerate(lessons, 1):
            aims = len(lesson.get('objectives') or [])
            lines.append(
                (
                    'cw-tree-lesson',
                    f'{place}.{number}',
                    str(lesson.get('title') or ''),
                    str(_minutes(lesson) or ''),
                    aims,
                )
            )
    html = ''
    for index, (kind, place_words, title, minutes, aims) in enumerate(lines):
        writing = ' cw-writing' if index == len(lines) - 1 else ''
        count = (
            f'<span class="cw-tree-count">{icon("track_changes", "cw-i-s")}{aims}</span>' if aims else '<span></span>'
        )
        html += (
            f'<li class="{kind}"><div class="cw-tree-line"><span class="cw-tree-no">{place_words}</span>'
            f'<span class="cw-cut{writing}">{escape(title)}</span>{count}'
            f'<span class="cw-mins">{escape(minutes)}</span></div></li>'
        )
    return f'<ol class="cw-tree">{html}</ol>'


def _lessons(module: dict[str, Any]) -> list[dict[str, Any]]:
    return [lesson for lesson in module.get('lessons') or [] if isinstance(lesson, dict)]


def _minutes(lesson: dict[str, Any]) -> int:
    minutes = lesson.get('minutes')
    return minutes if isinstance(minutes, int) else 0

"""The left pane of a review, and what stands under a lesson's title."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from components.i18n import _, duration, ngettext, number
from components.markup import attributes, escape, icon
from components.ruler import Segment, ruler_html
from components.status import status_html
from services.conversation.views import ThreadView
from services.generation.block_views import BlockView, LessonView, ModuleView

if TYPE_CHECKING:
    from pages.studio.reading_marks import ReadingMarks


@dataclass(frozen=True, kw_only=True)
class LessonMarks:
    """How many of its blocks changed since the reader looked, and how many threads on it are open."""

    changed: int = 0
    threads: int = 0


def marks_of(lesson: LessonView, marks: 'ReadingMarks', threads: Sequence[ThreadView]) -> LessonMarks:
    open_ones = sum(any(is_open_on(thread, block) for block in lesson.blocks) for thread in threads)
    return LessonMarks(changed=len(marks.changed(lesson.blocks)), threads=open_ones)


def is_open_on(thread: ThreadView, block: BlockView) -> bool:
    return thread.open and thread.block_id == block.id


def lessons_html(
    modules: Sequence[ModuleView], current: LessonView, being_written: str, marks: Mapping[UUID, LessonMarks]
) -> str:
    html = f'<span class="cw-label">{escape(_("Lessons"))}</span>'
    for module in modules:
        for lesson in module.lessons:
            html += _line(
                lesson,
                marks.get(lesson.id, LessonMarks()),
                current=lesson.id == current.id,
                written=str(lesson.id) == being_written,
            )
    return html


def progress_html(lessons: Sequence[LessonView]) -> str:
    blocks = sum(len(lesson.blocks) for lesson in lessons)
    approved = sum(lesson.approved for lesson in lessons)
    share = _('{approved} of {total} blocks', approved=number(approved), total=number(blocks))
    label = _('{approved} of {total} blocks approved', approved=number(approved), total=number(blocks))
    return f'<b>{escape(share)}</b>{escape(_("approved in this course"))}{ruler_html(segments(lessons), label=label)}'


def segments(lessons: Sequence[LessonView]) -> list[Segment]:
    def state(lesson: LessonView) -> str:
        if lesson.blocks and lesson.approved == len(lesson.blocks):
            return 'done'
        return 'working' if lesson.approved else 'open'

    return [
        Segment(minutes=lesson.minutes, state=state(lesson), label=f'{lesson.number} {lesson.title}')  # type: ignore[arg-type]
        for lesson in lessons
    ]


def subtitle(lesson: LessonView, marks: LessonMarks) -> str:
    """'Lesson 2.2, 35 min, changed since you last looked: 1 block'."""
    words = _('Lesson {number}, {minutes}', number=lesson.number, minutes=duration(lesson.minutes))
    if marks.changed:
        changed = ngettext('{n} block', '{n} blocks', marks.changed)
        return f'<span>{escape(words)}, {escape(_("changed since you last looked:"))} <b>{escape(changed)}</b></span>'
    rewritten = sum(block.state == 'rewritten' for block in lesson.blocks)
    if not rewritten:
        return escape(words)
    changed = ngettext('{n} block', '{n} blocks', rewritten)
    return f'<span>{escape(words)}, {escape(_("written again:"))} <b>{escape(changed)}</b></span>'


def counts_html(blocks: Sequence[BlockView]) -> str:
    """'<b>6 of 9</b> blocks approved, 1 rewritten, 1 waiting, 1 sent back'."""
    approved = sum(block.state == 'approved' for block in blocks)
    share = _('{n} of {total}', n=number(approved), total=number(len(blocks)))
    parts = []
    for state, words in (
        ('rewritten', _('{n} rewritten')),
        ('waiting', _('{n} waiting')),
        ('sent_back', _('{n} sent back')),
    ):
        count = sum(block.state == state for block in blocks)
        if count:
            parts.append(words.format(n=number(count)))
    rest = f'<span class="cw-dock-more">, {escape(", ".join(parts))}</span>' if parts else ''
    return f'<b>{escape(share)}</b> {escape(_("blocks approved"))}{rest}'


def _line(lesson: LessonView, marks: LessonMarks, *, current: bool, written: bool) -> str:
    done = bool(lesson.blocks) and lesson.approved == len(lesson.blocks)
    mark = status_html('approved', word=False) if done else ''
    note = f'{lesson.approved}/{len(lesson.blocks)}' if lesson.blocks and not done else ''
    if written:
        note = _('drafting')
    elif not lesson.blocks:
        note = _('waits')
    here = attributes(
        type='button', class_='cw-lesson', data_act='lesson', data_of=str(lesson.id), title=lesson.title,
        aria_current='page' if current else None,
    )  # fmt: skip
    return (
        f'<button{here}><span>{escape(lesson.number)}</span><span class="cw-cut">{escape(lesson.title)}</span>'
        f'<small>{_marks_html(marks)}{escape(note)}</small>{mark}</button>'
    )


def _marks_html(marks: LessonMarks) -> str:
    """'2 open' and '3 changed', as signs with their words for who hears the page."""
    html = ''
    if marks.changed:
        words = ngettext('{n} changed since you looked', '{n} changed since you looked', marks.changed)
        html += _mark('difference', marks.changed, words)
    if marks.threads:
        html += _mark('chat_bubble', marks.threads, ngettext('{n} open', '{n} open', marks.threads))
    return html


def _mark(symbol: str, count: int, words: str) -> str:
    return (
        f'<span class="cw-lesson-mark" title="{escape(words)}">{icon(symbol, "cw-i-xs")}'
        f'<span aria-hidden="true">{count}</span><span class="cw-sr">{escape(words)}</span></span>'
    )

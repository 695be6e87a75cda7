"""The left pane of a review, and what stands under a lesson's title."""

from collections.abc import Sequence

from components.i18n import _, duration, ngettext, number
from components.markup import attributes, escape
from components.ruler import Segment, ruler_html
from components.status import status_html
from services.generation.block_views import BlockView, LessonView, ModuleView


def lessons_html(modules: Sequence[ModuleView], current: LessonView, being_written: str) -> str:
    html = f'<span class="cw-label">{escape(_("Lessons"))}</span>'
    for module in modules:
        for lesson in module.lessons:
            html += _line(lesson, current=lesson.id == current.id, written=str(lesson.id) == being_written)
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


def subtitle(lesson: LessonView) -> str:
    """'Lesson 2.2, 35 min, changed since you last looked: 1 block'."""
    words = _('Lesson {number}, {minutes}', number=lesson.number, minutes=duration(lesson.minutes))
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


def _line(lesson: LessonView, *, current: bool, written: bool) -> str:
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
        f'<small>{escape(note)}</small>{mark}</button>'
    )

"""The outline as the tree shows it, and back."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from uuid import UUID, uuid5

from components.diff_view import changed_words
from components.i18n import _, duration
from components.markup import escape
from components.outline_edits import LessonRow, ModuleRow, Modules, ObjectiveRow
from services.conversation.views import ThreadView
from services.generation.outlines import Outline, OutlineLesson, OutlineModule


def to_rows(outline: Outline) -> Modules:
    return tuple(
        ModuleRow(
            id=str(module.id), title=module.title, lessons=tuple(_lesson_row(lesson) for lesson in module.lessons)
        )
        for module in outline.modules
    )


def to_outline(rows: Modules, base: Outline) -> Outline:
    """What the rows do not show (the passages behind a lesson) comes from `base`."""
    lessons = {lesson.id: lesson for _module, lesson in base.lessons()}
    modules = {module.id: module for module in base.modules}
    return base.model_copy(
        update={
            'modules': [
                OutlineModule(
                    id=_id(row.id),
                    title=row.title,
                    objectives=modules[_id(row.id)].objectives if _id(row.id) in modules else [],
                    lessons=[_lesson(lesson, lessons.get(_id(lesson.id))) for lesson in row.lessons],
                )
                for row in rows
            ]
        }
    )


def parts_of(rows: Modules) -> set[UUID]:
    """Ids of all modules and lessons, as they are stored."""
    return {_id(module.id) for module in rows} | {_id(lesson.id) for module in rows for lesson in module.lessons}


def numbers_of(outline: Outline) -> dict[UUID, str]:
    """Module and lesson ids -> '2' and '2.1'."""
    numbers = {module.id: str(place) for place, module in enumerate(outline.modules, 1)}
    for place, module in enumerate(outline.modules, 1):
        numbers |= {lesson.id: f'{place}.{number}' for number, lesson in enumerate(module.lessons, 1)}
    return numbers


def with_comments(rows: Modules, threads: Sequence[ThreadView]) -> Modules:
    """Each lesson with how many open threads there are on it."""
    waiting = Counter(str(one.part_id) for one in threads if one.open)
    return tuple(
        replace(row, lessons=tuple(replace(lesson, comments=waiting[lesson.id]) for lesson in row.lessons))
        for row in rows
    )


def changes_html(before: Outline, after: Outline) -> str:
    """Module by module what came, went or changed; parts are told apart by their id, then by their title."""
    old = {lesson.id: lesson for _module, lesson in before.lessons()}
    by_title = {lesson.title: lesson for lesson in old.values()}
    matches = {lesson.id: old.get(lesson.id) or by_title.get(lesson.title) for _module, lesson in after.lessons()}
    seen = [match.id for match in matches.values() if match is not None]
    moved = _moved(before, seen)
    modules = {module.id: module for module in before.modules}
    named = {module.title: module for module in before.modules}
    kept = [modules.get(module.id) or named.get(module.title) for module in after.modules]
    order = [module.id for module in kept if module is not None]
    elsewhere = _elsewhere([module.id for module in before.modules], order)
    html = ''
    for place, (module, was) in enumerate(zip(after.modules, kept, strict=True), 1):
        lines, head = '', _module_change(module, was, elsewhere)
        for number, lesson in enumerate(module.lessons, 1):
            match = matches[lesson.id]
            lines += _change(f'{place}.{number}', match, lesson, moved.get(match.id, '') if match else '')
        if lines or head:
            inner = f'<ul>{lines}</ul>' if lines else ''
            html += f'<li><b class="cw-name">{place} {head or escape(module.title)}</b>{inner}</li>'
    gone = [module.title for module in before.modules if module.id not in order]
    gone += [lesson.title for key, lesson in old.items() if key not in seen]
    if gone:
        removed = ''.join(f'<li><del>{escape(title)}</del></li>' for title in gone)
        html += f'<li><b class="cw-name">{escape(_("No longer there"))}</b><ul>{removed}</ul></li>'
    if not html:
        return f'<p class="cw-small-text">{escape(_("Nothing changed."))}</p>'
    return f'<ul class="cw-changes">{html}</ul>'


def _moved(before: Outline, order: Sequence[UUID]) -> dict[UUID, str]:
    """Lessons that stand elsewhere among those that were kept -> their number before, '1.2'."""
    numbers = {
        lesson.id: f'{place}.{number}'
        for place, module in enumerate(before.modules, 1)
        for number, lesson in enumerate(module.lessons, 1)
    }
    moved = _elsewhere(list(numbers), order)
    return {key: number for key, number in numbers.items() if key in moved}


def _elsewhere(before: Sequence[UUID], order: Sequence[UUID]) -> dict[UUID, int]:
    """Those that were kept and stand elsewhere among the kept ones -> their place before, from 1."""
    kept = [key for key in before if key in set(order)]
    still = SequenceMatcher(None, kept, order, autojunk=False).get_matching_blocks()
    stayed = {key for run in still for key in kept[run.a : run.a + run.size]}
    return {key: place for place, key in enumerate(before, 1) if key in kept and key not in stayed}


def _module_change(after: OutlineModule, before: OutlineModule | None, elsewhere: dict[UUID, int]) -> str:
    """The title of a module that came, was renamed or moved; '' for one that did not change."""
    if before is None:
        return f'<ins>{escape(after.title)}</ins>'
    title = changed_words(before.title, after.title) if before.title != after.title else ''
    if before.id not in elsewhere:
        return title
    was = escape(_('was {number}', number=elsewhere[before.id]))
    return f'{title or escape(after.title)} <span class="cw-meta">{was}</span>'


def _change(number: str, before: OutlineLesson | None, after: OutlineLesson, was: str) -> str:
    if before is None:
        minutes = f'<span class="cw-meta">{escape(duration(after.minutes))}</span>'
        return f'<li>{number} <ins>{escape(after.title)}</ins> {minutes}</li>'
    parts = []
    if before.title != after.title:
        parts.append(changed_words(before.title, after.title))
    if before.minutes != after.minutes:
        parts.append(changed_words(duration(before.minutes), duration(after.minutes)))
    if was:
        parts.append(f'<span class="cw-meta">{escape(_("was {number}", number=was))}</span>')
    aims = _aims(before.objectives, after.objectives)
    if not parts and not aims:
        return ''
    title = ' '.join(parts) if before.title != after.title else ' '.join([escape(after.title), *parts])
    return f'<li>{number} {title}{aims}</li>'


def _aims(before: list[str], after: list[str]) -> str:
    gone = [aim for aim in before if aim not in after]
    come = [aim for aim in after if aim not in before]
    lines = ''.join(f'<li><del>{escape(aim)}</del></li>' for aim in gone)
    lines += ''.join(f'<li><ins>{escape(aim)}</ins></li>' for aim in come)
    return f'<ul>{lines}</ul>' if lines else ''


def _lesson_row(lesson: OutlineLesson) -> LessonRow:
    return LessonRow(
        id=str(lesson.id),
        title=lesson.title,
        minutes=lesson.minutes,
        objectives=tuple(
            ObjectiveRow(id=f'{lesson.id}-{place}', text=aim) for place, aim in enumerate(lesson.objectives)
        ),
    )


def _lesson(row: LessonRow, base: OutlineLesson | None) -> OutlineLesson:
    return OutlineLesson(
        id=_id(row.id),
        title=row.title,
        objectives=_worded(aim.text for aim in row.objectives),
        minutes=max(row.minutes, 1),
        passage_ids=base.passage_ids if base else [],
        pages=base.pages if base else [],
    )


def _worded(aims: Iterable[str]) -> list[str]:
    return [aim.strip() for aim in aims if aim.strip()]


def _id(row_id: str) -> UUID:
    """Rows that were just added are called 'new-…'."""
    try:
        return UUID(row_id.removeprefix('new-'))
    except ValueError:
        return uuid5(UUID(int=0), row_id)

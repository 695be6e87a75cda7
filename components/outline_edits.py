"""The rows of an outline, and every edit as a function from one outline to the next."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from components.i18n import _


@dataclass(frozen=True, kw_only=True)
class ObjectiveRow:
    """`source` is what the link says ('Handbook p. 31'); a click on it calls `on_source(id)`."""

    id: str
    text: str
    source: str = ''


@dataclass(frozen=True, kw_only=True)
class LessonRow:
    id: str
    title: str
    minutes: int
    objectives: tuple[ObjectiveRow, ...] = ()
    comments: int = 0


@dataclass(frozen=True, kw_only=True)
class ModuleRow:
    id: str
    title: str
    lessons: tuple[LessonRow, ...] = ()

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)


Modules = tuple[ModuleRow, ...]


def mapped(modules: Modules, of: str, **changes: Any) -> Modules:
    def lesson(one: LessonRow) -> LessonRow:
        return replace(one, **changes) if one.id == of else one

    titled = {key: value for key, value in changes.items() if key == 'title'}
    return tuple(
        replace(module, **titled) if module.id == of else replace(module,
        lessons=tuple(lesson(one) for one in module.lessons))
        for module in modules
    )  # fmt: skip


def _each_lesson(modules: Modules, change: Callable[[LessonRow], LessonRow]) -> Modules:
    return tuple(replace(module, lessons=tuple(change(one) for one in module.lessons)) for module in modules)


def with_objective(modules: Modules, of: str, words: str) -> Modules:
    """An objective without words is gone; with other words it loses its source, which backed the old ones."""

    def change(one: LessonRow) -> LessonRow:
        kept = (aim if aim.id != of or aim.text == words else replace(aim, text=words) for aim in one.objectives)
        return replace(one, objectives=tuple(aim for aim in kept if aim.text))

    return _each_lesson(modules, change)


def objective_added(modules: Modules, of: str, new: str) -> Modules:
    aim = ObjectiveRow(id=new, text=_('name what a learner can do'))
    return _each_lesson(modules, lambda one: replace(one, objectives=(*one.objectives, aim)) if one.id == of else one)


def without(modules: Modules, of: str) -> Modules:
    return tuple(
        replace(module,
        lessons=tuple(one for one in module.lessons if one.id != of)) for module in modules if module.id != of
    )  # fmt: skip


def lesson_added(modules: Modules, of: str, lesson: LessonRow) -> Modules:
    return tuple(replace(m, lessons=(*m.lessons, lesson)) if m.id == of else m for m in modules)


def moved(modules: Modules, of: str, step: int) -> Modules:
    """One place up or down; a lesson at the end of its module goes on into the next."""
    rows = list(modules)
    for place, module in enumerate(rows):
        if module.id == of:
            return tuple(_swapped(rows, place, place + step))
        lessons = list(module.lessons)
        for number, lesson in enumerate(lessons):
            if lesson.id != of:
                continue
            if 0 <= number + step < len(lessons):
                rows[place] = replace(module, lessons=tuple(_swapped(lessons, number, number + step)))
            elif 0 <= place + step < len(rows):
                rows[place] = replace(module, lessons=tuple(lessons[:number] + lessons[number + 1 :]))
                other = rows[place + step]
                joined = (lesson, *other.lessons) if step > 0 else (*other.lessons, lesson)
                rows[place + step] = replace(other, lessons=joined)
            return tuple(rows)
    return modules


def _swapped(rows: list[Any], one: int, other: int) -> list[Any]:
    if 0 <= other < len(rows):
        rows[one], rows[other] = rows[other], rows[one]
    return rows


def dropped(modules: Modules, of: str, onto: str, after: bool) -> Modules:
    """A lesson dropped on a lesson or a module, or a module dropped on a module."""
    if of == onto:
        return modules
    dragged = next((module for module in modules if module.id == of), None)
    if dragged is not None:
        rest = [module for module in modules if module.id != of]
        place = next((n for n, m in enumerate(rest) if m.id == onto or any(one.id == onto for one in m.lessons)), None)
        return modules if place is None else (*rest[: place + after], dragged, *rest[place + after :])
    lesson = next((one for module in modules for one in module.lessons if one.id == of), None)
    if lesson is None:
        return modules
    rows = []
    for module in without(modules, of):
        lessons = list(module.lessons)
        if module.id == onto:
            lessons.insert(0, lesson)
        place = next((n for n, one in enumerate(lessons) if one.id == onto), None)
        if place is not None:
            lessons.insert(place + after, lesson)
        rows.append(replace(module, lessons=tuple(lessons)))
    return tuple(rows) if any(one.id == of for module in rows for one in module.lessons) else modules

"""Edits of an outline by the numbers that were shown, as one new outline: parts keep their ids."""

from collections.abc import Sequence
from uuid import UUID

from services.generation.authors.base import Passage
from services.generation.authors.conversation import OutlineEdit
from services.generation.outlines import Outline, OutlineLesson, OutlineModule, SourcePage


class EditImpossible(ValueError):
    """The sentence is for the author that proposed it."""


def edited(outline: Outline, edits: Sequence[OutlineEdit], passages: Sequence[Passage]) -> Outline:
    """Raises EditImpossible where an edit names what is not there."""
    changed = outline.model_copy(deep=True)
    shown = _Numbers(outline)
    for edit in edits:
        _ACTS[edit.act](changed, shown, edit, passages)
    changed.modules = [module for module in changed.modules if module.lessons]
    if not changed.modules:
        raise EditImpossible('the outline would have no lesson left')
    return changed


class _Numbers:
    """Numbers as they were shown before any edit: a later edit of the same answer still means the same part."""

    def __init__(self, outline: Outline) -> None:
        self._modules = {str(place): module.id for place, module in enumerate(outline.modules, 1)}
        self._lessons = {
            f'{place}.{number}': lesson.id
            for place, module in enumerate(outline.modules, 1)
            for number, lesson in enumerate(module.lessons, 1)
        }

    def module(self, changed: Outline, number: str) -> OutlineModule:
        wanted = self._modules.get(number.strip())
        return _one_of(changed.modules, wanted, f'there is no module {number}')

    def lesson(self, changed: Outline, number: str) -> tuple[OutlineModule, OutlineLesson]:
        wanted = self._lessons.get(number.strip())
        for module, lesson in changed.lessons():
            if lesson.id == wanted:
                return module, lesson
        raise EditImpossible(f'there is no lesson {number}')


def _one_of(parts: Sequence[OutlineModule], wanted: UUID | None, fault: str) -> OutlineModule:
    for part in parts:
        if part.id == wanted:
            return part
    raise EditImpossible(fault)


def _rename(changed: Outline, shown: _Numbers, edit: OutlineEdit, _passages: Sequence[Passage]) -> None:
    part = shown.lesson(changed, edit.part)[1] if '.' in edit.part else shown.module(changed, edit.part)
    part.title = _title(edit)


def _remove(changed: Outline, shown: _Numbers, edit: OutlineEdit, _passages: Sequence[Passage]) -> None:
    if '.' in edit.part:
        module, lesson = shown.lesson(changed, edit.part)
        module.lessons.remove(lesson)
    else:
        changed.modules.remove(shown.module(changed, edit.part))


def _move(changed: Outline, shown: _Numbers, edit: OutlineEdit, _passages: Sequence[Passage]) -> None:
    if '.' not in edit.part:
        module = shown.module(changed, edit.part)
        changed.modules.remove(module)
        changed.modules.insert(_place(edit.to), module)
        return
    home, lesson = shown.lesson(changed, edit.part)
    into, _dot, place = edit.to.partition('.')
    target = shown.module(changed, into)
    home.lessons.remove(lesson)
    target.lessons.insert(_place(place or '1'), lesson)


def _add_module(changed: Outline, _shown: _Numbers, edit: OutlineEdit, passages: Sequence[Passage]) -> None:
    lesson = _new_lesson(edit, passages)
    module = OutlineModule(title=_title(edit), objectives=edit.objectives[:3], lessons=[lesson])
    changed.modules.insert(_place(edit.to or '99'), module)


def _add_lesson(changed: Outline, shown: _Numbers, edit: OutlineEdit, passages: Sequence[Passage]) -> None:
    into, _dot, place = edit.to.partition('.')
    shown.module(changed, into).lessons.insert(_place(place or '99'), _new_lesson(edit, passages))


def _minutes(changed: Outline, shown: _Numbers, edit: OutlineEdit, _passages: Sequence[Passage]) -> None:
    shown.lesson(changed, edit.part)[1].minutes = min(max(edit.minutes, 1), 600)


def _objectives(changed: Outline, shown: _Numbers, edit: OutlineEdit, _passages: Sequence[Passage]) -> None:
    part = shown.lesson(changed, edit.part)[1] if '.' in edit.part else shown.module(changed, edit.part)
    part.objectives = [objective[:300] for objective in edit.objectives if objective][:6]


def _new_lesson(edit: OutlineEdit, passages: Sequence[Passage]) -> OutlineLesson:
    chosen = [passages[number - 1] for number in dict.fromkeys(edit.passages) if 1 <= number <= len(passages)]
    pages = {
        (one.document_id, one.page): SourcePage(
            document_id=one.document_id, document_name=one.document_name, page=one.page
        )
        for one in chosen
    }
    return OutlineLesson(
        title=_title(edit),
        objectives=[objective[:300] for objective in edit.objectives if objective][:6],
        minutes=min(max(edit.minutes or 15, 1), 600),
        passage_ids=[one.id for one in chosen],
        pages=list(pages.values()),
    )


def _title(edit: OutlineEdit) -> str:
    title = ' '.join(edit.title.split())[:200]
    if not title:
        raise EditImpossible(f'{edit.act} needs a title')
    return title


def _place(number: str) -> int:
    if not number.strip().isdecimal() or int(number) < 1:
        raise EditImpossible(f'“{number}” is no place to move to: write a number like 2 or 1.3')
    return int(number) - 1


_ACTS = {
    'rename': _rename,
    'remove': _remove,
    'move': _move,
    'add_module': _add_module,
    'add_lesson': _add_lesson,
    'minutes': _minutes,
    'objectives': _objectives,
}

"""What an author is told when somebody asks: the draft with its parts numbered, what was said, and the passages."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.generation.authors.base import Brief, Passage
from services.generation.authors.offline.words import stems
from services.generation.block_views import BlockView, LessonView, ModuleView
from services.generation.outlines import Outline

CHANGEABLE = ('text', 'slide', 'question')
_MOST_IN_FOCUS, _SHORT = 4, 160


@dataclass(frozen=True, kw_only=True)
class Context:
    """`modules` are empty while the outline is made, `outline` is None afterwards. `focus` are the lessons that the
    question is about: only their blocks may be changed."""

    brief: Brief
    stage: str
    asked: str
    said_before: str
    outline: Outline | None
    outline_hash: str
    modules: tuple[ModuleView, ...]
    focus: tuple[LessonView, ...]
    looking_at: str
    passages: tuple[Passage, ...]
    document_ids: tuple[UUID, ...]

    @property
    def lessons(self) -> list[LessonView]:
        return [lesson for module in self.modules for lesson in module.lessons]

    @property
    def blocks(self) -> list[BlockView]:
        """Those that may be changed; an author names them by their place here, counted from 1."""
        return [block for lesson in self.focus for block in lesson.blocks if block.type in CHANGEABLE]

    def draft(self) -> str:
        if self.outline is not None:
            return '\n'.join(outline_lines(self.outline))
        return '\n'.join(self._lessons_written())

    def _lessons_written(self) -> Iterator[str]:
        number = {block.id: place for place, block in enumerate(self.blocks, 1)}
        shown = {lesson.id for lesson in self.focus}
        for module in self.modules:
            for lesson in module.lessons:
                yield f'Lesson {lesson.number} {lesson.title} ({lesson.minutes} min)'
                for block in lesson.blocks:
                    if lesson.id in shown and block.id in number:
                        yield f'  [block {number[block.id]}, {block.type}] {_whole(block.content)}'
                    else:
                        yield f'  - {block.type}: {in_short(block)}'


def outline_lines(outline: Outline) -> list[str]:
    """'1 Module', '1.1 Lesson (20 min)' and its objectives, a line each."""
    lines = []
    for place, module in enumerate(outline.modules, 1):
        lines.append(f'{place} {module.title}')
        for number, lesson in enumerate(module.lessons, 1):
            lines.append(f'  {place}.{number} {lesson.title} ({lesson.minutes} min)')
            lines += [f'      - {objective}' for objective in lesson.objectives]
    return lines


def in_focus(asked: str, modules: Sequence[ModuleView], looking_at: UUID | None) -> tuple[LessonView, ...]:
    """The lessons that a question names by number or by title; else the open one; else those nearest in words."""
    lessons = [lesson for module in modules for lesson in module.lessons]
    by_number = {lesson.number: lesson for lesson in lessons}
    found = [by_number[number] for number in re.findall(r'\b(\d+\.\d+)\b', asked) if number in by_number]
    for number in re.findall(r'\b(?:lesson|lektion|leçon)\s+(\d+)\b(?!\.\d)', asked, re.I):
        found += lessons[int(number) - 1 : int(number)] if int(number) > 0 else []
    for number in re.findall(r'\b(?:module|modul)\s+(\d+)\b', asked, re.I):
        found += [lesson for module in modules[int(number) - 1 : int(number)] for lesson in module.lessons]
    plain = asked.casefold()
    found += [lesson for lesson in lessons if len(lesson.title) > 4 and lesson.title.casefold() in plain]
    if not found:
        found = [lesson for lesson in lessons if lesson.id == looking_at] or _alike(asked, lessons)
    return tuple({lesson.id: lesson for lesson in found}.values())[:_MOST_IN_FOCUS]


def in_short(block: BlockView) -> str:
    words = re.sub(r'<[^>]+>', ' ', ' '.join(_strings(block.content)))
    return ' '.join(words.split())[:_SHORT]


def _alike(asked: str, lessons: Sequence[LessonView]) -> list[LessonView]:
    wanted = stems(asked, 'en')
    scored = []
    for place, lesson in enumerate(lessons):
        words = f'{lesson.title} {" ".join(in_short(block) for block in lesson.blocks)}'
        scored.append((len(wanted & stems(words, 'en')), -place))
    return [lessons[-place] for score, place in sorted(scored, reverse=True)[:2] if score]


def _whole(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)

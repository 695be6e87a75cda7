"""What the figures need of a published version. It never changes, so it is read once and kept."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from storage import courses
from storage.courses import CourseVersion, Lesson, Module
from storage.database import Scope

_MOST = 200


@dataclass(frozen=True, kw_only=True)
class PublishedQuestion:
    block_id: UUID
    lesson_id: UUID
    number: str
    prompt: str


@dataclass(frozen=True, kw_only=True)
class PublishedVersion:
    """`questions` are in course order."""

    number: str
    lessons: int
    minutes: int
    questions: tuple[PublishedQuestion, ...]


class PublishedVersions:
    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[UUID, UUID], PublishedVersion] = OrderedDict()

    async def get(self, scope: Scope, version_id: UUID) -> PublishedVersion:
        """Ask only for a version that the scope has led to: what is kept is not looked up again."""
        key = (scope.organization_id, version_id)
        if key not in self._kept:
            self._kept[key] = await _read(scope, version_id)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


async def _read(scope: Scope, version_id: UUID) -> PublishedVersion:
    version = await scope.find(CourseVersion, version_id)
    assert version is not None, 'a course and its enrolments name versions that exist'
    lessons = await courses.lessons(scope, version_id)
    numbers = _numbers(await courses.modules(scope, version_id), lessons)
    place = {lesson.id: index for index, lesson in enumerate(lessons)}
    found = [block for block in await courses.blocks(scope, version_id) if block.type == 'question']
    return PublishedVersion(
        number=version.number,
        lessons=len(lessons),
        minutes=sum(lesson.minutes for lesson in lessons),
        questions=tuple(
            PublishedQuestion(
                block_id=block.id,
                lesson_id=block.lesson_id,
                number=numbers[block.lesson_id],
                prompt=block.content['prompt'],
            )
            for block in sorted(found, key=lambda block: (place[block.lesson_id], block.position))
        ),
    )


def _numbers(modules: Sequence[Module], lessons: Sequence[Lesson]) -> dict[UUID, str]:
    """lesson id -> '2.1'."""
    return {
        lesson.id: f'{place}.{number}'
        for place, module in enumerate(modules, 1)
        for number, lesson in enumerate((one for one in lessons if one.module_id == module.id), 1)
    }

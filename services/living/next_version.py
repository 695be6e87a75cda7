"""A new draft made from a published version: the same modules, lessons and blocks, each with its ancestor's name."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from services.clock import now
from services.generation.notices import ask_for_review
from services.generation.state import CREATED, advance, log
from services.reviewing.rules import carry_over
from services.work import Work
from storage import courses as rows
from storage import workflows
from storage.courses import Block, BlockRevision, BlockSource, Course, CourseVersion, Lesson, Module
from storage.living import OwnWords, own_words, revisions_of_blocks
from storage.workflows import Workflow


@dataclass(frozen=True, kw_only=True)
class Copied:
    version: CourseVersion
    workflow: Workflow
    blocks: list[Block]


async def copy_version(work: Work, course: Course, old: CourseVersion) -> Copied:
    """With approvals, sources, revisions and marks; it waits for review at once."""
    number = next_number([version.number for version in await rows.versions(work.scope, course.id)], old.number)
    version = work.add(
        CourseVersion(
            id=uuid4(),
            course_id=course.id,
            number=number,
            title=old.title,
            summary=old.summary,
            objectives=list(old.objectives),
        )
    )
    await work.tx.flush()
    new_lessons = await _copy_lessons(work, old, version)
    blocks = await _copy_blocks(work, old, version, new_lessons)
    workflow = await _workflow(work, course, old, version)
    return Copied(version=version, workflow=workflow, blocks=blocks)


def next_number(numbers: list[str], old: str) -> str:
    """'1.1' after '1.0'; the first that is free."""
    major, _, minor = old.partition('.')
    place = int(minor or 0) + 1
    while f'{major}.{place}' in numbers:
        place += 1
    return f'{major}.{place}'


async def _copy_lessons(work: Work, old: CourseVersion, version: CourseVersion) -> dict[UUID, UUID]:
    modules: dict[UUID, UUID] = {}
    for module in await rows.modules(work.scope, old.id):
        fresh = work.add(_copy(Module, module, version_id=version.id))
        modules[module.id] = fresh.id
    await work.tx.flush()
    lessons: dict[UUID, UUID] = {}
    for lesson in await rows.lessons(work.scope, old.id):
        copy = work.add(_copy(Lesson, lesson, version_id=version.id, module_id=modules[lesson.module_id]))
        lessons[lesson.id] = copy.id
    await work.tx.flush()
    return lessons


async def _copy_blocks(
    work: Work, old: CourseVersion, version: CourseVersion, lessons: dict[UUID, UUID]
) -> list[Block]:
    before = await rows.blocks(work.scope, old.id)
    ids: dict[UUID, UUID] = {}
    copies: list[Block] = []
    for block in before:
        copy = _copy(
            Block,
            block,
            version_id=version.id,
            lesson_id=lessons[block.lesson_id],
            lineage_id=block.lineage_id or block.id,
        )
        ids[block.id] = copy.id
        copies.append(work.add(copy))
    await work.tx.flush()
    for sources in (await rows.sources(work.scope, list(ids))).values():
        for source in sources:
            work.add(_copy(BlockSource, source, block_id=ids[source.block_id]))
    for revision in await revisions_of_blocks(work.scope, list(ids)):
        work.add(_copy(BlockRevision, revision, block_id=ids[revision.block_id]))
    for mark in await own_words(work.scope, old.id):
        work.add(_copy(OwnWords, mark, block_id=ids[mark.block_id]))
    await carry_over(work, ids)
    await work.tx.flush()
    return copies


async def _workflow(work: Work, course: Course, old: CourseVersion, version: CourseVersion) -> Workflow:
    found, _ = await workflows.workflows(work.scope, course_id=course.id, limit=1)
    viewer = work.viewer
    brief: dict[str, Any] = {'brief': '', 'hours': 1.0, 'document_ids': [], 'provider': 'offline'}
    if found:
        brief = {name: getattr(found[0], name) for name in brief}
    workflow = work.add(
        Workflow(
            course_id=course.id,
            version_id=version.id,
            created_by=viewer.user_id,
            author_name=viewer.full_name,
            title=course.title,
            audience=course.audience,
            level=course.level,
            language=course.language,
            run_started_at=now(),
            **brief,
        )
    )
    await work.tx.flush()
    await log(work, workflow.id, CREATED, title=course.title, hours=workflow.hours)
    await advance(work, workflow, 'version.copied', number=old.number)
    await ask_for_review(work, workflow, workflow.run)
    return workflow


def _copy(table: type[Any], row: Any, **changes: Any) -> Any:
    kept = {
        column.name: getattr(row, column.name)
        for column in table.__table__.columns
        if column.name not in ('id', 'organization_id', 'created_at')
    }
    return table(id=uuid4(), **{**kept, **changes})

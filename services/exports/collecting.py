"""Gathers a version with everything an export may show."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.courses.reading import modules_of
from services.courses.views import BlockView, ModuleView, block_view
from services.exports.publication import (
    Publication,
    PublishedBlock,
    PublishedImage,
    PublishedLesson,
    PublishedModule,
    PublishedSource,
)
from services.generation.labs import for_learners
from services.richtext import image_ids
from services.work import Work
from storage.catalogue import instructor_name
from storage.courses import Course, CourseVersion
from storage.exports import files_by_id
from storage.files import FileStore
from storage.identity import Organization
from storage.publishing import writers


async def publication_of(work: Work, course: Course, version: CourseVersion, store: FileStore) -> Publication:
    modules = await modules_of(work, version.id, block_view)
    blocks = [block for module in modules for lesson in module.lessons for block in lesson.blocks]
    organization = await work.tx.get_one(Organization, work.scope.organization_id)
    author = await instructor_name(work.scope, course)
    others = [name for name in await writers(work.scope, version.id) if name != author]
    return Publication(
        course_id=course.id,
        title=version.title or course.title,
        summary=version.summary or course.summary,
        language=course.language,
        version=version.number,
        published_at=_as_of(version),
        organization=organization.name,
        authors=(author, *others),
        approvers=tuple(dict.fromkeys(block.approver for block in blocks if block.approver)),
        objectives=tuple(version.objectives),
        modules=tuple(_module(module) for module in modules),
        images=await _images(work, blocks, store),
    )


def _as_of(version: CourseVersion) -> datetime:
    return version.published_at or version.assembled_at or version.created_at


def _module(module: ModuleView) -> PublishedModule:
    return PublishedModule(
        id=module.id,
        title=module.title,
        objectives=module.objectives,
        minutes=module.minutes,
        lessons=tuple(
            PublishedLesson(
                id=lesson.id,
                title=lesson.title,
                objectives=lesson.objectives,
                minutes=lesson.minutes,
                blocks=tuple(_block(block) for block in lesson.blocks),
            )
            for lesson in module.lessons
        ),
    )


def _block(block: BlockView) -> PublishedBlock:
    return PublishedBlock(
        id=block.id,
        type=block.type,
        content=for_learners(block.content) if block.type == 'lab' else block.content,
        origin=block.origin,
        approved_by=block.approver if block.approved else '',
        sources=tuple(
            PublishedSource(
                document_id=source.document_id,
                document_name=source.document_name,
                page=source.page,
                start=source.start,
                end=source.end,
                quote=source.quote,
            )
            for source in block.sources
        ),
        own_words=block.own_words,
    )


async def _images(work: Work, blocks: list[BlockView], store: FileStore) -> tuple[PublishedImage, ...]:
    shown = [file_id for block in blocks for file_id in _shown_in(block.content)]
    return tuple(
        PublishedImage(
            file_id=file.id, path=store.path(work.scope.organization_id, file.sha256), media_type=file.media_type
        )
        for file in await files_by_id(work.scope, dict.fromkeys(shown))
    )


def _shown_in(content: dict[str, Any]) -> list[UUID]:
    return image_ids(content['html']) if 'html' in content else []

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.exports.html.pages import lesson_file
from services.exports.publication import (
    Chapter,
    Publication,
    PublishedBlock,
    PublishedSource,
    all_sources,
    chapters,
    module_minutes,
)


def course_json(publication: Publication, image_names: Mapping[UUID, str]) -> bytes:
    """The course for machines: which words of which document each block rests on, who wrote and who approved it."""
    ids = {source: f'source-{number}' for number, source in enumerate(all_sources(publication), 1)}
    lessons = {chapter.lesson.id: chapter for chapter in chapters(publication)}
    ledger: dict[str, Any] = {
        'format': 'coursewright-course',
        'format_version': 1,
        'id': str(publication.course_id),
        'title': publication.title,
        'summary': publication.summary,
        'language': publication.language,
        'version': publication.version,
        'published_at': publication.published_at.isoformat(),
        'organization': publication.organization,
        'authors': publication.authors,
        'approvers': publication.approvers,
        'objectives': publication.objectives,
        'modules': [
            {
                'id': str(module.id),
                'title': module.title,
                'objectives': module.objectives,
                'minutes': module_minutes(module),
                'lessons': [_lesson(lessons[lesson.id], ids) for lesson in module.lessons],
            }
            for module in publication.modules
        ],
        'sources': [{'id': ids[source], **_source(source)} for source in ids],
        'images': [{'id': str(file_id), 'file': name} for file_id, name in image_names.items()],
    }
    return json.dumps(ledger, ensure_ascii=False, indent=1).encode()


def _lesson(chapter: Chapter, ids: Mapping[PublishedSource, str]) -> dict[str, Any]:
    lesson = chapter.lesson
    return {
        'id': str(lesson.id),
        'number': chapter.number,
        'title': lesson.title,
        'objectives': lesson.objectives,
        'minutes': lesson.minutes,
        'file': lesson_file(chapter),
        'blocks': [_block(block, ids) for block in lesson.blocks],
    }


def _block(block: PublishedBlock, ids: Mapping[PublishedSource, str]) -> dict[str, Any]:
    return {
        'id': str(block.id),
        'type': block.type,
        'content': block.content,
        'origin': block.origin,
        'own_words': block.own_words,
        'approved_by': block.approved_by,
        'citations': list(dict.fromkeys(ids[source] for source in block.sources)),
    }


def _source(source: PublishedSource) -> dict[str, Any]:
    return {
        'document_id': str(source.document_id),
        'document': source.document_name,
        'page': source.page,
        'start': source.start,
        'end': source.end,
        'quote': source.quote,
    }

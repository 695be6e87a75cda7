"""Reads what a check needs to know of a version beyond its blocks, and says where each finding can be mended."""

import re
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.courses.checks import ChangedSource, Finding, Link, Own, PublishCheck, Surroundings, publish_check
from services.courses.checks.rules.links import outside
from services.courses.checks.words import pieces, plain
from services.courses.reading import modules_of
from services.courses.views import BlockView, ModuleView, block_view
from services.work import Work
from storage.courses import DRAFT, Course, CourseVersion
from storage.living import changes_of_version, link_answers
from storage.publishing import brief_of, cited_documents, cited_pages, here_of

_ID = re.compile(r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')


async def checked(work: Work, course: Course, version: CourseVersion | None) -> PublishCheck:
    if version is None:
        return await publish_check(None, DRAFT, (), Surroundings())
    modules = await modules_of(work, version.id, block_view)
    brief = await brief_of(work.scope, version.id)
    around = await _around(work, course, version, modules, hours=brief[1] if brief else None)
    found = await publish_check(version.number, version.state, modules, around, objectives=tuple(version.objectives))
    place = f'/studio/{brief[0]}' if brief else f'/courses/{course.id}'
    if version.state != DRAFT:
        place = f'/courses/{course.id}/check'  # nothing can be changed before it is reopened
    return replace(found, findings=tuple(_with_jump(finding, place) for finding in found.findings))


def outside_links(modules: Sequence[ModuleView]) -> list[str]:
    """Every address outside that the lessons link to, each once."""
    found = [href for block in _blocks(modules) for href in pieces(str(block.content.get('html', ''))).links]
    return [href for href in dict.fromkeys(found) if outside(href)]


async def _around(
    work: Work, course: Course, version: CourseVersion, modules: Sequence[ModuleView], *, hours: float | None
) -> Surroundings:
    blocks = _blocks(modules)
    html = ' '.join(str(block.content.get('html', '')) for block in blocks)
    named = {UUID(found) for found in _ID.findall(html)}
    answers = await link_answers(work.scope, outside_links(modules))
    return Surroundings(
        pages=await cited_pages(work.scope, version.id),
        links={answer.url: Link(state=answer.state, why=answer.why) for answer in answers},
        internal=frozenset(str(one) for one in await here_of(work.scope, named)),
        own={block.id: _own(block) for block in blocks if block.own_words},
        documents=await cited_documents(work.scope, version.id),
        changed=tuple(
            ChangedSource(
                block_id=change.block_id,
                kind=change.kind,
                document=change.document_name,
                page=change.page,
                quote=change.quote,
                new_text=change.new_text,
            )
            for change in await changes_of_version(work.scope, version.id)
        ),
        settled=frozenset(
            (change.block_id, change.document_id)
            for change in await changes_of_version(work.scope, version.id, status=None)
            if change.status != 'open'
        ),
        hours=hours,
        language=course.language,
    )


def _blocks(modules: Sequence[ModuleView]) -> list[BlockView]:
    return [block for module in modules for lesson in module.lessons for block in lesson.blocks]


def _own(block: BlockView) -> Own:
    return Own(whole='' in block.own_words, sentences=frozenset(plain(one) for one in block.own_words if one))


def _with_jump(finding: Finding, place: str) -> Finding:
    if finding.lesson_id is None:
        return replace(finding, jump=place)
    block = f'&block={finding.block_id}' if finding.block_id else ''
    return replace(finding, jump=f'{place}?lesson={finding.lesson_id}{block}')

"""Reads what a check needs to know of a version beyond its blocks."""

import re
from collections.abc import Sequence
from uuid import UUID

from services.courses.checks import PublishCheck, Surroundings, publish_check
from services.courses.reading import modules_of
from services.courses.views import ModuleView, block_view
from services.work import Work
from storage.courses import DRAFT, Course, CourseVersion
from storage.publishing import cited_documents, cited_pages, here_of, hours_asked

_ID = re.compile(r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')


async def checked(work: Work, course: Course, version: CourseVersion | None) -> PublishCheck:
    if version is None:
        return await publish_check(None, DRAFT, (), Surroundings())
    modules = await modules_of(work, version.id, block_view)
    around = await _around(work, course, version, modules)
    return await publish_check(version.number, version.state, modules, around, objectives=tuple(version.objectives))


async def _around(work: Work, course: Course, version: CourseVersion, modules: Sequence[ModuleView]) -> Surroundings:
    html = ' '.join(
        str(block.content.get('html', '')) for module in modules for lesson in module.lessons for block in lesson.blocks
    )
    named = {UUID(found) for found in _ID.findall(html)}
    return Surroundings(
        pages=await cited_pages(work.scope, version.id),
        internal=frozenset(str(one) for one in await here_of(work.scope, named)),
        documents=await cited_documents(work.scope, version.id),
        hours=await hours_asked(work.scope, version.id),
        language=course.language,
    )

"""To which lesson: of a course whose draft is under review."""

from dataclasses import dataclass
from uuid import UUID

from components.button import button
from components.dialog import dialog
from components.field import select_field
from components.i18n import _
from components.notice import warn
from services.platform import Services
from services.viewer import Viewer

_MOST_COURSES = 100


@dataclass(frozen=True, kw_only=True)
class Target:
    id: UUID
    title: str


async def choose_lesson(viewer: Viewer, services: Services) -> Target | None:
    """None where nothing was chosen, or there is no draft to choose from."""
    found, _total = await services.workflows.list(viewer, limit=_MOST_COURSES)
    drafts = {str(one.id): one.title for one in found if one.stage == 'content'}
    if not drafts:
        warn(_('No course has a draft under review. Begin one under Courses, then come back: this part is kept.'))
        return None
    lessons: dict[str, str] = {}

    async def read(workflow_id: str) -> None:
        modules = await services.blocks.draft(viewer, UUID(workflow_id))
        lessons.clear()
        lessons.update({str(one.id): f'{one.number} {one.title}' for module in modules for one in module.lessons})

    first = next(iter(drafts))
    await read(first)
    with dialog(_('Add to a lesson'), _('The blocks come at the end and wait for approval.')) as box:

        async def changed(workflow_id: str) -> None:
            await read(workflow_id)
            lesson.control.set_options(dict(lessons), value=next(iter(lessons), None))

        select_field(_('Course'), drafts, value=first, on_change=changed)
        lesson = select_field(_('Lesson'), lessons, value=next(iter(lessons), None))
    with box.foot:
        button(_('Cancel'), on_click=lambda: box.submit(None))
        button(_('Add'), kind='primary', icon='playlist_add', on_click=lambda: box.submit(lesson.value))
    chosen = await box.answer()
    if not isinstance(chosen, str) or chosen not in lessons:
        return None
    return Target(id=UUID(chosen), title=lessons[chosen])

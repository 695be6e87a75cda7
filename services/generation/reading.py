"""The draft as one whole: what a reviewer decides on, with the hash of exactly that."""

from dataclasses import dataclass
from uuid import UUID

from services.generation.block_views import LessonView, ModuleView, draft_of
from services.generation.outlines import Outline
from services.generation.workflows import shown_hash_of
from services.viewer import Permission, Viewer
from services.work import Gate
from storage.courses import CourseVersion
from storage.workflows import Workflow, current_outline


@dataclass(frozen=True, kw_only=True)
class DraftView:
    """In the outline stage lessons carry no blocks yet."""

    stage: str
    hash: str
    title: str
    objectives: tuple[str, ...]
    modules: tuple[ModuleView, ...]


class ReadingService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def draft(self, viewer: Viewer, workflow_id: UUID) -> DraftView:
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            shown = await shown_hash_of(work, workflow)
            if workflow.stage == 'outline':
                draft = await current_outline(work.scope, workflow.id)
                outline = Outline.model_validate(draft.content) if draft else Outline(title=workflow.title)
                objectives, modules = outline.objectives, _planned(outline)
            else:
                version = await work.get(CourseVersion, workflow.version_id)
                objectives, modules = version.objectives, await draft_of(work, workflow.version_id)
            return DraftView(
                stage=workflow.stage,
                hash=shown,
                title=workflow.title,
                objectives=tuple(objectives),
                modules=tuple(modules),
            )


def _planned(outline: Outline) -> list[ModuleView]:
    return [
        ModuleView(
            id=module.id,
            title=module.title,
            objectives=tuple(module.objectives),
            lessons=tuple(
                LessonView(
                    id=lesson.id,
                    number=f'{place}.{number}',
                    title=lesson.title,
                    objectives=tuple(lesson.objectives),
                    minutes=lesson.minutes,
                    blocks=(),
                )
                for number, lesson in enumerate(module.lessons, 1)
            ),
        )
        for place, module in enumerate(outline.modules, 1)
    ]

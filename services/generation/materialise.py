"""An approved outline becomes the modules and lessons of the course's version."""

from services.errors import InvalidInput
from services.generation.outlines import Outline
from services.work import Work
from storage.courses import Course, CourseVersion, Lesson, Module
from storage.workflows import OutlineDraftRow, Workflow


async def materialise(work: Work, workflow: Workflow, draft: OutlineDraftRow) -> None:
    outline = Outline.model_validate(draft.content)
    if not any(outline.lessons()):
        raise InvalidInput('This outline has no lessons yet. Add one, or send it back.')
    version = await work.get(CourseVersion, workflow.version_id)
    course = await work.get(Course, workflow.course_id)
    version.title, version.summary, version.objectives = workflow.title, outline.summary, outline.objectives
    course.summary = course.summary or outline.summary
    work.tx.add(version)
    work.tx.add(course)
    for place, module in enumerate(outline.modules, 1):
        if not module.lessons:
            continue
        work.add(
            Module(
                id=module.id,
                version_id=version.id,
                position=place,
                title=module.title,
                objectives=module.objectives,
            )
        )
        await work.tx.flush()
        for number, lesson in enumerate(module.lessons, 1):
            work.add(
                Lesson(
                    id=lesson.id,
                    version_id=version.id,
                    module_id=module.id,
                    position=number,
                    title=lesson.title,
                    objectives=lesson.objectives,
                    minutes=lesson.minutes,
                    passage_ids=[str(key) for key in lesson.passage_ids],
                )
            )
    await work.tx.flush()

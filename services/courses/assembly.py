"""Makes a reviewed version whole: a quiz for each lesson that asks something, and the version's own words."""

from collections.abc import Sequence
from uuid import UUID

from services.clock import now
from services.errors import Conflict
from services.work import Work
from storage import courses as rows
from storage.courses import ASSEMBLED, DRAFT, Course, CourseVersion, Quiz


class NotReviewed(Conflict):
    code = 'not_reviewed'


async def assemble(
    work: Work,
    version_id: UUID,
    *,
    title: str | None = None,
    summary: str | None = None,
    objectives: Sequence[str] | None = None,
) -> CourseVersion:
    """Assembles a version whose every block is approved; assembling it again changes nothing.

    What is not given is taken from the course. Raises NotReviewed while a block waits.
    """
    version = await work.get(CourseVersion, version_id, lock=True)
    if version.state != DRAFT:
        return version
    blocks = await rows.blocks(work.scope, version_id)
    waiting = sum(block.approved_hash != block.content_hash for block in blocks)
    if not blocks:
        raise NotReviewed('There is nothing to assemble yet. Draft the lessons first.')
    if waiting:
        raise NotReviewed('{count} blocks still wait for approval. Finish the review first.', count=waiting)
    course = await work.get(Course, version.course_id)
    asking = {block.lesson_id for block in blocks if block.type == 'question'}
    asked = {quiz.lesson_id for quiz in await rows.quizzes(work.scope, version_id)}
    for lesson in await rows.lessons(work.scope, version_id):
        if lesson.id in asking - asked:
            work.add(Quiz(version_id=version_id, lesson_id=lesson.id, title=lesson.title))
    version.title = title or version.title or course.title
    version.summary = summary if summary is not None else version.summary or course.summary
    version.objectives = list(objectives) if objectives is not None else version.objectives
    version.state, version.assembled_at = ASSEMBLED, now()
    work.tx.add(version)
    work.record('course.assembled', version, after={'number': version.number, 'blocks': len(blocks)})
    work.changed(f'course:{course.id}', f'courses:{course.organization_id}')
    await work.tx.flush()
    return version

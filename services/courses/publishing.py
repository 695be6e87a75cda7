"""Publishing: final, once, and over findings only by an administrator who says why."""

from collections.abc import Sequence
from typing import Any

from services import fields
from services.clock import now
from services.courses import reading
from services.courses.checks import Finding, PublishBlocked, PublishCheck
from services.courses.views import block_view
from services.errors import Conflict, InvalidInput
from services.generation.notices import ask_for_review
from services.generation.state import advance
from services.hashing import content_hash
from services.viewer import Permission
from services.work import Work
from storage.courses import ASSEMBLED, DRAFT, Course, CourseVersion
from storage.publishing import publish_once, workflow_of

# What no reason makes right: there is nothing to learn, or nobody has approved it.
NEVER_OVER = frozenset(['course_empty', 'not_assembled', 'not_approved'])


class AlreadyPublished(Conflict):
    code = 'already_published'


class NotReopened(Conflict):
    code = 'not_reopened'


async def make_final(
    work: Work, course: Course, version: CourseVersion | None, check: PublishCheck, override_reason: str
) -> CourseVersion:
    """Raises PublishBlocked with what must be mended, unless an administrator publishes over it."""
    over = await _overridden(work, check, override_reason) if check.blocking else ()
    if version is None:
        raise PublishBlocked(check.blocking)
    won = await publish_once(
        work.scope,
        version.id,
        published_at=now(),
        published_by=work.viewer.full_name,
        content_hash=content_hash(await _whole(work, version)),
        override_reason=override_reason.strip() if over else '',
        overridden=[_as_kept(finding) for finding in over] or None,
    )
    if not won:
        raise already_published(version)
    await work.tx.refresh(version)
    before = course.published_version_id
    course.published_version_id = version.id
    course.updated_at = version.published_at
    work.tx.add(course)
    after: dict[str, Any] = {
        'version_id': str(version.id),
        'version': version.number,
        'content_hash': version.content_hash,
    }
    work.record(
        'course.published',
        course,
        before={'version_id': str(before) if before else None},
        after=after,
    )
    if over:
        findings = [f'{finding.code}: {finding.sentence}' for finding in over]
        work.record(
            'course.published_over_findings', course, after={'findings': findings}, because=version.override_reason
        )
    return version


async def reopen(work: Work, course: Course, version: CourseVersion | None) -> None:
    """Takes an assembled version back into review, where blocks can be changed; its approvals stay."""
    if version is None or version.state != ASSEMBLED:
        raise NotReopened('Only a version that is ready to publish can go back into review.')
    version.state, version.assembled_at = DRAFT, None
    work.tx.add(version)
    workflow = await workflow_of(work.scope, version.id)
    if workflow is not None:
        await advance(work, workflow, 'review.reopened')
        workflow.run += 1
        work.tx.add(workflow)
        await ask_for_review(work, workflow, workflow.run)
    work.record('course.reopened', course, after={'version': version.number})


def already_published(version: CourseVersion) -> AlreadyPublished:
    return AlreadyPublished('Version {number} is already published.', number=version.number)


async def _overridden(work: Work, check: PublishCheck, reason: str) -> Sequence[Finding]:
    never = [finding for finding in check.blocking if finding.code in NEVER_OVER]
    if never or not reason.strip():
        raise PublishBlocked(check.blocking)
    work.viewer.require(Permission.PUBLISH_OVERRIDE)
    fields.text('override_reason', reason, limit=2000)
    if len(reason.split()) < 2:
        fault = 'Say in a sentence why this may be published. It stands on the course and in the audit trail.'
        raise InvalidInput(fault, fields={'override_reason': fault})
    return check.blocking


async def _whole(work: Work, version: CourseVersion) -> list[Any]:
    modules = await reading.modules_of(work, version.id, block_view)
    return [
        version.title,
        *(
            [lesson.title, lesson.minutes, [[str(block.id), block.content_hash] for block in lesson.blocks]]
            for module in modules
            for lesson in module.lessons
        ),
    ]


def _as_kept(finding: Finding) -> dict[str, Any]:
    kept = finding.as_json()
    return {name: kept[name] for name in ('code', 'message', 'lesson', 'block_id', 'excerpt')}

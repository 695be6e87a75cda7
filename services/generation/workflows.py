"""Making a course: start it from a brief, follow it, stop it, start a failed phase again."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from services.clock import now
from services.durable import Durable
from services.errors import Conflict, InvalidInput
from services.generation.outlines import Outline, from_json
from services.generation.state import CREATED, advance, log
from services.generation.views import EventView, OpenReview, OutlineView, WorkflowView
from services.hashing import content_hash
from services.knowledge.drafting import refuse_unfit
from services.limits import GENERATE
from services.reviewing.reviewers import take_over
from services.reviewing.standing import standing_of
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import courses, documents
from storage import workflows as rows
from storage.courses import Course, CourseVersion
from storage.database import Scope
from storage.workflows import Workflow

_LONGEST = {'title': 200, 'brief': 4000, 'audience': 300, 'level': 60, 'language': 12}


class OutlineChanged(Conflict):
    code = 'draft_changed'

    def __init__(self) -> None:
        super().__init__('This outline changed while you read it. Look at the difference, then decide.')


class WorkflowService:
    def __init__(
        self,
        gate: Gate,
        durable: Durable,
        *,
        provider: str,
        provider_back: Callable[[Scope], Awaitable[None]] | None = None,
    ) -> None:
        """`provider_back` hears that somebody wants an organisation's provider asked again at once."""
        self._provider_back = provider_back
        self._gate = gate
        self._durable = durable
        self._provider = provider

    async def create(
        self,
        viewer: Viewer,
        *,
        title: str,
        brief: str,
        audience: str,
        level: str,
        hours: float,
        language: str,
        document_ids: Sequence[UUID],
        subject: str = '',
    ) -> WorkflowView:
        """A course and its workflow, which begins to write the outline at once. The subject's reviewers review it."""
        words = {'title': title, 'brief': brief, 'audience': audience, 'level': level, 'language': language}
        words = {name: text.strip() for name, text in words.items()}
        _check_brief(words, hours, document_ids)
        async with self._gate.writing(viewer, Permission.COURSE_WRITE) as work:
            await self._gate.limits.spend(GENERATE, str(work.viewer.user_id))
            await _check_documents(work, document_ids)
            course = work.add(
                Course(
                    title=words['title'],
                    summary='',
                    audience=words['audience'],
                    level=words['level'],
                    language=words['language'] or 'en',
                    created_by=work.viewer.user_id,
                    updated_at=now(),
                )
            )
            await work.tx.flush()
            await take_over(work, course, subject)
            version = work.add(CourseVersion(course_id=course.id, number='1.0', title=course.title))
            await work.tx.flush()
            workflow = work.add(
                Workflow(
                    course_id=course.id,
                    version_id=version.id,
                    created_by=work.viewer.user_id,
                    author_name=work.viewer.full_name,
                    title=words['title'],
                    brief=words['brief'],
                    audience=words['audience'],
                    level=words['level'],
                    hours=hours,
                    language=course.language,
                    document_ids=[str(key) for key in dict.fromkeys(document_ids)],
                    provider=self._provider,
                    run_started_at=now(),
                )
            )
            await work.tx.flush()
            await log(work, workflow.id, CREATED, title=course.title, hours=hours)
            work.record('course.created', course, after={'title': course.title})
            work.changed(f'courses:{work.scope.organization_id}')
            self._start(work, workflow)
            return await self._view(work, workflow)

    async def get(self, viewer: Viewer, workflow_id: UUID) -> WorkflowView:
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            return await self._view(work, await work.get(Workflow, workflow_id))

    async def of_course(self, viewer: Viewer, course_id: UUID) -> WorkflowView | None:
        """The latest workflow of the course; None for a course that was made by hand."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            found, _ = await rows.workflows(work.scope, course_id=course_id, limit=1)
            return await self._view(work, found[0]) if found else None

    async def list(
        self, viewer: Viewer, *, course_id: UUID | None = None, limit: int = 50, offset: int = 0
    ) -> tuple[Sequence[WorkflowView], int]:
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            found, total = await rows.workflows(work.scope, course_id=course_id, limit=limit, offset=offset)
            return [await self._view(work, workflow) for workflow in found], total

    async def events(self, viewer: Viewer, workflow_id: UUID) -> Sequence[EventView]:
        """The whole history, in order."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            await work.get(Workflow, workflow_id)
            return [
                EventView(seq=event.seq, type=event.type, at=event.at, actor=event.actor, payload=event.payload)
                for event in await rows.events(work.scope, workflow_id)
            ]

    async def outlines(self, viewer: Viewer, workflow_id: UUID) -> Sequence[OutlineView]:
        """Every draft of the outline, oldest first."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            await work.get(Workflow, workflow_id)
            drafts = await rows.outline_drafts(work.scope, workflow_id)
            return [
                OutlineView(
                    number=draft.number,
                    outline=Outline.model_validate(draft.content),
                    hash=draft.content_hash,
                    comment=draft.comment,
                    answer=draft.answer,
                    seconds=draft.seconds,
                    written_at=draft.created_at,
                    origin=draft.origin,
                    current=draft is drafts[-1],
                )
                for draft in drafts
            ]

    async def save_outline(self, viewer: Viewer, workflow_id: UUID, shown_hash: str, outline: Any) -> str:
        """Keeps a person's edit (or its JSON) of the current draft and gives its new hash; refused if it changed
        meanwhile."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            return await keep_outline(work, workflow_id, shown_hash, outline)

    async def stop(self, viewer: Viewer, workflow_id: UUID) -> WorkflowView:
        """Stops the running phase; what is written stays."""
        return await self._step(viewer, workflow_id, 'phase.stopped')

    async def restart(self, viewer: Viewer, workflow_id: UUID) -> WorkflowView:
        """Runs a failed or stopped phase again; finished parts are kept."""
        return await self._step(viewer, workflow_id, 'phase.restarted')

    async def try_now(self, viewer: Viewer, workflow_id: UUID) -> WorkflowView:
        """Does not wait any longer for a provider that was away; where nothing waits, nothing happens."""
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            workflow = await work.get(Workflow, workflow_id, lock=True)
            if workflow.status == 'running' and workflow.waits_until is not None:
                if self._provider_back is not None:
                    await self._provider_back(work.scope)
                workflow.waits_until = None
                work.tx.add(workflow)
                await log(work, workflow.id, 'phase.tried')
                work.changed(f'workflow:{workflow.id}')
                self._start(work, workflow)
            return await self._view(work, workflow)

    async def _step(self, viewer: Viewer, workflow_id: UUID, step: str) -> WorkflowView:
        async with self._gate.writing(viewer, Permission.DRAFT_WRITE) as work:
            workflow = await work.get(Workflow, workflow_id, lock=True)
            await advance(work, workflow, step)
            work.record(step, workflow)
            if workflow.status == 'running':
                self._start(work, workflow)
            return await self._view(work, workflow)

    def _start(self, work: Work, workflow: Workflow) -> None:
        organization_id, workflow_id, run = work.scope.organization_id, workflow.id, workflow.run
        work.then(lambda: self._durable.start('workflow', organization_id, workflow_id, run))

    async def _view(self, work: Work, workflow: Workflow) -> WorkflowView:
        review = await rows.open_review(work.scope, workflow.id)
        return WorkflowView(
            id=workflow.id,
            course_id=workflow.course_id,
            version_id=workflow.version_id,
            title=workflow.title,
            brief=workflow.brief,
            audience=workflow.audience,
            level=workflow.level,
            hours=workflow.hours,
            language=workflow.language,
            document_ids=tuple(UUID(key) for key in workflow.document_ids),
            provider=workflow.provider,
            started_by=workflow.author_name,
            stage=workflow.stage,
            status=workflow.status,
            progress=1.0 if workflow.stage == 'done' else workflow.progress,
            activity=workflow.activity,
            error=workflow.error,
            run_started_at=workflow.run_started_at,
            created_at=workflow.created_at,
            review=None if review is None else await _open_review(work, workflow, review),
            waits_until=workflow.waits_until,
            waits_for=workflow.waits_for,
        )


async def keep_outline(work: Work, workflow_id: UUID, shown_hash: str, outline: Any) -> str:
    """In the transaction of whoever may write drafts."""
    workflow = await work.get(Workflow, workflow_id, lock=True)
    # checked only now: whoever may not write learns nothing about what would be accepted
    checked = from_json(outline.model_dump(mode='json') if isinstance(outline, Outline) else outline)
    draft = await rows.current_outline(work.scope, workflow_id)
    if draft is None or (workflow.stage, workflow.status) != ('outline', 'awaiting_review'):
        raise OutlineChanged()
    if draft.content_hash != shown_hash:
        raise OutlineChanged()
    if checked.hash != shown_hash:
        draft.content, draft.content_hash = checked.model_dump(mode='json'), checked.hash
        draft.origin = 'ai_human'
        work.tx.add(draft)
        await log(work, workflow.id, 'outline.edited', draft=draft.number, hash=checked.hash)
        work.changed(f'workflow:{workflow.id}')
    return checked.hash


async def _open_review(work: Work, workflow: Workflow, review: rows.Review) -> OpenReview:
    shown = await shown_hash_of(work, workflow)
    standing = await standing_of(work, workflow.course_id, review, shown)
    return OpenReview(id=review.id, stage=review.stage, hash=shown, since=review.created_at, standing=standing)


async def shown_hash_of(work: Work, workflow: Workflow) -> str:
    """The hash of what a reviewer of the current stage sees: the outline, or every block in course order."""
    if workflow.stage == 'outline':
        draft = await rows.current_outline(work.scope, workflow.id)
        return draft.content_hash if draft else ''
    return content_hash(await courses.block_hashes(work.scope, workflow.version_id))


def _check_brief(words: dict[str, str], hours: float, document_ids: Sequence[UUID]) -> None:
    fields = {name: f'Keep this under {most} characters.' for name, most in _LONGEST.items() if len(words[name]) > most}
    if not words['title']:
        fields['title'] = 'Give the course a title.'
    if not 0.25 <= hours <= 200:
        fields['hours'] = 'Say how long learners have: from a quarter of an hour (0.25) to 200 hours.'
    if not document_ids:
        fields['document_ids'] = 'Choose at least one document to write from.'
    if fields:
        raise InvalidInput(' '.join(fields.values()), fields=fields)


async def _check_documents(work: Work, document_ids: Sequence[UUID]) -> None:
    found = {document.id: document for document in await documents.documents_by_id(work.scope, document_ids)}
    for document_id in document_ids:
        document = found.get(document_id)
        if document is None:
            fault = 'One of the documents is no longer here. Choose again.'
            raise InvalidInput(fault, fields={'document_ids': fault})
        if document.status != documents.INDEXED:
            fault = '“{name}” is not ready to write from: it is {status}. Wait until it is indexed, or leave it out.'
            text = fault.format(name=document.name, status=document.status)
            raise InvalidInput(fault, fields={'document_ids': text}, name=document.name, status=document.status)
    await refuse_unfit(work.scope, list(found.values()))

"""Jobs act with the rights of who started them, and end when those go, in the middle of a step too."""

import asyncio
import threading
from typing import Any

import pytest

from services.errors import Forbidden
from services.generation.views import WorkflowView
from services.viewer import Viewer
from storage.database import Scope
from storage.documents import Document
from storage.exports import Export
from tests.generation.conftest import Studio


class SlowAuthor:
    """Holds every answer of the scripted author back until `go` is set."""

    def __init__(self, studio: Studio) -> None:
        self.asked, self.go = threading.Event(), threading.Event()
        for name in ('outline', 'lesson'):
            setattr(studio.author, name, self._held(getattr(studio.author, name)))

    def _held(self, answer: Any) -> Any:
        async def held(*given: Any, **named: Any) -> Any:
            self.asked.set()
            await until(self.go)
            return await answer(*given, **named)

        return held


async def until(event: threading.Event) -> None:
    """Works in whichever loop the job runs."""
    for _ in range(3000):
        if event.is_set():
            return
        await asyncio.sleep(0.01)
    raise AssertionError('it did not happen')


async def failed(studio: Studio, workflow: WorkflowView, viewer: Viewer) -> WorkflowView:
    for _ in range(1000):
        found = await studio.services.workflows.get(viewer, workflow.id)
        if found.status == 'failed':
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f'still {found.stage} {found.status}')


async def test_a_phase_ends_at_once_when_who_began_it_is_removed(studio: Studio) -> None:
    author, demo = SlowAuthor(studio), studio.demo
    workflow = await studio.begin()
    await until(author.asked)
    await studio.services.members.remove(demo.admin, demo.instructor.user_id)
    ended = await failed(studio, workflow, demo.admin)  # while the author is still writing
    assert 'Instructor of Demo Academy may no longer do this' in str(ended.error)
    author.go.set()

    # Whoever may start it again does so in their own name; what the removed person's run brought home is not there.
    await studio.services.workflows.restart(demo.admin, workflow.id)
    for _ in range(1000):
        found = await studio.services.workflows.get(demo.admin, workflow.id)
        if found.status == 'awaiting_review':
            break
        await asyncio.sleep(0.02)
    outlines = await studio.services.workflows.outlines(demo.admin, workflow.id)
    assert [outline.number for outline in outlines] == [1]


async def test_a_reviewer_who_loses_the_right_stops_what_they_approved(studio: Studio) -> None:
    demo = studio.demo
    workflow = await studio.begin()
    outline = await studio.until(workflow.id, 'outline')
    author = SlowAuthor(studio)
    await studio.decide(outline)
    await until(author.asked)
    await studio.services.members.set_roles(demo.admin, demo.reviewer.user_id, ['viewer'])
    ended = await failed(studio, workflow, demo.instructor)
    assert (ended.stage, 'Reviewer of Demo Academy' in str(ended.error)) == ('content', True)
    author.go.set()


async def test_a_change_of_roles_that_takes_nothing_away_stops_nothing(studio: Studio) -> None:
    author, demo = SlowAuthor(studio), studio.demo
    workflow = await studio.begin()
    await until(author.asked)
    await studio.services.members.set_roles(demo.admin, demo.instructor.user_id, ['instructor'])
    await studio.platform.bus.publish('sessions')
    author.go.set()
    await studio.until(workflow.id, 'outline')


async def test_reading_a_document_and_an_export_end_with_the_rights_too(studio: Studio) -> None:
    """Rows as they stand while a long step runs; nobody is at work on them here."""
    demo, platform = studio.demo, studio.platform
    made = await studio.world.published(demo)
    async with platform.database.writing() as tx:
        scope = Scope(tx, demo.organization_id)
        document = Document(name='new.pdf', sha256='1' * 64, status='indexing', uploaded_by=demo.instructor.user_id)
        export = Export(
            course_id=made.course_id,
            version_id=made.version_id,
            format='pdf',
            status='running',
            started_by=demo.instructor.user_id,
        )
        scope.add(document)
        scope.add(export)
    await studio.services.members.suspend(demo.admin, demo.instructor.user_id)
    for _ in range(1000):
        seen = await studio.services.documents.get(demo.admin, document.id)
        asked = await studio.services.exports.get(demo.admin, export.id)
        if (seen.status, asked.status) == ('failed', 'failed'):
            break
        await asyncio.sleep(0.02)
    assert 'may no longer do this' in str(seen.error)
    assert 'may no longer do this' in str(asked.error)


async def test_a_viewer_sees_a_draft_and_decides_nothing(studio: Studio) -> None:
    """And a reviewer decides, but changes neither the draft nor anybody's roles."""
    demo, services = studio.demo, studio.services
    await services.members.set_roles(demo.admin, demo.student.user_id, ['viewer'])
    workflow = await studio.begin()
    waiting = await studio.until(workflow.id, 'outline')
    assert (await services.workflows.outlines(demo.student, workflow.id))[0].outline.modules
    assert waiting.review is not None
    decision = {'review_id': waiting.review.id, 'shown_hash': waiting.review.hash, 'approve': True}
    with pytest.raises(Forbidden):
        await services.reviews.decide(demo.student, workflow.id, **decision)
    outline = (await services.workflows.outlines(demo.reviewer, workflow.id))[0].outline
    with pytest.raises(Forbidden):
        await services.workflows.save_outline(demo.reviewer, workflow.id, waiting.review.hash, outline)
    with pytest.raises(Forbidden):
        await services.members.set_roles(demo.reviewer, demo.student.user_id, ['reviewer'])
    await services.reviews.decide(demo.reviewer, workflow.id, **decision)
    await studio.until(workflow.id, 'content')

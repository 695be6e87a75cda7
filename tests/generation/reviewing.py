"""A platform for a whole file of tests about reviews, and what people do there in one line."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from app.platform import build_services
from app.settings import Settings
from services import clock
from services.generation.reviews import Decided
from services.generation.views import WorkflowView
from services.reviewing.reviewers import Seated
from services.viewer import Viewer
from storage.pending import owed
from storage.sight import look_across_organizations
from tests.doubles.author import ScriptedAuthor
from tests.doubles.embedder import LetterEmbedder
from tests.generation.conftest import Studio, handbook
from tests.services.world import make_world


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    folder = tmp_path_factory.mktemp('reviewing')
    settings = Settings(data_dir=folder, database_url=f'sqlite+aiosqlite:///{folder / "coursewright.sqlite"}')
    author = ScriptedAuthor()
    platform = build_services(settings, embedder=LetterEmbedder(), author=author)
    await platform.start()
    try:
        world = await make_world(platform.database, platform.gate)
        yield Studio(platform=platform, author=author, world=world, document_id=await handbook(platform, world.demo))
    finally:
        await platform.close()


async def outline(studio: Studio, **changes: object) -> WorkflowView:
    return await studio.until((await studio.begin(**changes)).id, 'outline')


async def name(studio: Studio, workflow: WorkflowView, *people: Viewer | Seated, **rules: object) -> None:
    seats = [one if isinstance(one, Seated) else Seated(user_id=one.user_id) for one in people]
    await studio.services.reviewers.set(studio.demo.instructor, workflow.course_id, reviewers=seats, **rules)  # type: ignore[arg-type]


async def decide(studio: Studio, viewer: Viewer, workflow: WorkflowView, **decision: object) -> Decided:
    assert workflow.review is not None
    asked = {'review_id': workflow.review.id, 'shown_hash': workflow.review.hash, 'approve': True, **decision}
    return await studio.services.reviews.decide(viewer, workflow.id, **asked)  # type: ignore[arg-type]


async def again(studio: Studio, workflow: WorkflowView, viewer: Viewer | None = None) -> WorkflowView:
    return await studio.services.workflows.get(viewer or studio.demo.reviewer, workflow.id)


@contextmanager
def later(**span: int) -> Iterator[None]:
    """So much later, for whoever asks the clock."""
    with pytest.MonkeyPatch.context() as patch:
        moment = datetime.now(UTC) + timedelta(**span)
        patch.setattr(clock, 'now', lambda: moment)
        patch.setattr('storage.pending.now', lambda: moment)
        yield


async def told(studio: Studio, viewer: Viewer) -> list[str]:
    return [one.text for one in await studio.services.notifications.list(viewer)]


async def sweep(studio: Studio) -> int:
    """What the sweep would begin, done here; gives how much it was."""
    async with studio.platform.database.reading() as tx:
        look_across_organizations(tx, because='the sweep of this test')
        found = (await owed(tx))['review_deadline']
    for organization_id, review_id, run in found:
        tell = next(runner for kind, runner, _, _ in studio.platform.durable._registered if kind == 'review_deadline')
        await tell.__self__.tell(organization_id, review_id, run)  # type: ignore[attr-defined]
    return len(found)

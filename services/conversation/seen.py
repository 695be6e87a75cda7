"""What each person has seen of a draft: what is there now that they have not."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.clock import now
from services.conversation.views import BlockChange, Changes, Seen
from services.viewer import Permission, Viewer
from services.work import Gate, Work
from storage import conversation as rows
from storage import courses
from storage.courses import Block
from storage.workflows import Workflow


class SeenService:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def seen(self, viewer: Viewer, workflow_id: UUID) -> dict[UUID, Seen]:
        """block id -> what the viewer saw of it last; blocks that they never saw are not in it."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            return await _seen(work, await courses.blocks(work.scope, workflow.version_id))

    async def changes(self, viewer: Viewer, workflow_id: UUID) -> Changes:
        """What says something else than when the viewer last saw it, and what they never saw, in course order."""
        async with self._gate.reading(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            blocks = await courses.blocks(work.scope, workflow.version_id)
            seen = await _seen(work, blocks)
            order = {
                lesson.id: place for place, lesson in enumerate(await courses.lessons(work.scope, workflow.version_id))
            }
            changed = [block for block in blocks if block.id not in seen or seen[block.id].hash != block.content_hash]
            changed.sort(key=lambda block: (order.get(block.lesson_id, 0), block.position))
            since = max((one.at for one in seen.values()), default=None)
            return Changes(since=since, items=tuple(_change(block, seen.get(block.id)) for block in changed))

    async def mark(self, viewer: Viewer, workflow_id: UUID, shown: Mapping[UUID, str] | None = None) -> None:
        """These blocks were before the viewer, saying what has these hashes; None: all of them, as they are now."""
        async with self._gate.writing(viewer, Permission.DRAFT_READ) as work:
            workflow = await work.get(Workflow, workflow_id)
            blocks = {block.id: block for block in await courses.blocks(work.scope, workflow.version_id)}
            hashes = {key: block.content_hash for key, block in blocks.items()} if shown is None else dict(shown)
            current = {key: blocks[key] for key, shown_hash in hashes.items()
                       if key in blocks and blocks[key].content_hash == shown_hash}  # fmt: skip
            revisions = {key: block.revision for key, block in current.items()}
            rest = {key: shown_hash for key, shown_hash in hashes.items() if key in blocks and key not in current}
            older = {key: shown_hash for key, shown_hash in rest.items() if shown_hash.isalnum()}  # no hash else
            if older:
                revisions |= await rows.revisions_saying(work.scope, older)
            looks = {key: (revision, hashes[key]) for key, revision in revisions.items()}
            await rows.keep_looks(work.scope, work.viewer.user_id, looks, now())


async def _seen(work: Work, blocks: Sequence[Block]) -> dict[UUID, Seen]:
    looks = await rows.looks(work.scope, work.viewer.user_id, [block.id for block in blocks])
    now_there = {block.id: block for block in blocks}
    changed = [(key, look.revision) for key, look in looks.items() if look.content_hash != now_there[key].content_hash]
    before = await rows.contents_of(work.scope, changed)
    return {
        key: Seen(
            revision=look.revision,
            hash=look.content_hash,
            at=look.seen_at,
            content=before.get(key, now_there[key].content),
        )
        for key, look in looks.items()
    }


def _change(block: Block, seen: Seen | None) -> BlockChange:
    return BlockChange(
        block_id=block.id,
        lesson_id=block.lesson_id,
        type=block.type,
        kind='changed' if seen else 'new',
        revision=block.revision,
        hash=block.content_hash,
        seen_revision=seen.revision if seen else None,
        seen_at=seen.at if seen else None,
        before=seen.content if seen else None,
        content=block.content,
    )

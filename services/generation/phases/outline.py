"""The outline: written from all passages, answering what the reviewer of the last draft said."""

import time
from typing import Any

from services.conversation.keeping import outline_answered
from services.durable import step
from services.generation import outlines, passages
from services.generation.live import LiveDraft
from services.generation.outlines import Outline
from services.generation.phases.run import PhaseRun, brief_of, documents_of, usage_of
from services.work import Work
from storage import workflows
from storage.workflows import OutlineDraftRow


class OutlinePhase(PhaseRun):
    async def play(self) -> None:
        self._tools.index.warm()  # lessons will want it, and it takes seconds to load
        written = await step('write outline', self._write)
        await step('save outline', self._save, written)

    async def _write(self) -> dict[str, Any]:
        async with self._tools.gate.platform(self._organization_id) as work:
            workflow = await self._workflow(work)
            sources = await passages.of_documents(work.scope, documents_of(workflow))
            current = await workflows.current_outline(work.scope, workflow.id)
            comment = await self._comment(work)
        previous = Outline.model_validate(current.content) if current else None
        live = LiveDraft(self._tools.bus, self._workflow_id)
        author = await self._author(workflow, 'outline')
        began = time.monotonic()
        written = await author.outline(
            brief_of(workflow),
            sources,
            previous=outlines.to_draft(previous, sources) if previous else None,
            comment=comment,
            on_partial=live.update,
        )
        live.close()
        outline = outlines.from_draft(written.draft, sources, previous)
        return {
            **usage_of(written, began),
            'outline': outline.model_dump(mode='json'),
            'answer': written.draft.answer,
            'comment': comment,
        }

    async def _save(self, written: dict[str, Any]) -> None:
        async with self._tools.gate.platform(self._organization_id) as work:
            workflow = await self._workflow(work)
            drafts = await workflows.outline_drafts(work.scope, workflow.id)
            outline = Outline.model_validate(written['outline'])
            work.add(
                OutlineDraftRow(
                    workflow_id=workflow.id,
                    number=len(drafts) + 1,
                    run=self._run,
                    content=outline.model_dump(mode='json'),
                    content_hash=outline.hash,
                    comment=written['comment'],
                    answer=written['answer'],
                    seconds=written['seconds'],
                )
            )
            await self._log_call(work, workflow, written)
            await outline_answered(work, workflow, written['model'], written['answer'], len(drafts) + 1)
            await self._review(work, workflow, 'outline.drafted', draft=len(drafts) + 1, hash=outline.hash)

    async def _comment(self, work: Work) -> str:
        """What the reviewer of the previous draft asked for; empty for the first draft."""
        decided = [review for review in await workflows.reviews(work.scope, self._workflow_id) if review.decision]
        return decided[-1].comment if decided and decided[-1].decision == 'reject' else ''

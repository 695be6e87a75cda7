"""A part as durable work: after a crash the author's answer is read from the journal, and nothing is paid twice."""

import time
from typing import Any
from uuid import UUID

from services.ai.authors import Call
from services.ai.calls import About
from services.bus import Bus
from services.clock import now
from services.durable import step
from services.generation.live import LiveDraft
from services.generation.parts import asked_of, tell
from services.generation.parts_writing import PartWriter
from services.generation.phases.run import usage_of
from services.generation.row_run import RowRun
from services.viewer import Permission
from services.work import Gate, Work
from storage import generated as rows
from storage.generated import GeneratedPart


class PartRun(RowRun[GeneratedPart]):
    table = GeneratedPart
    permission = Permission.COURSE_WRITE

    def __init__(self, gate: Gate, bus: Bus, writer: PartWriter) -> None:
        super().__init__(gate)
        self._bus = bus
        self._writer = writer

    async def _play(self, organization_id: UUID, row_id: UUID, run: int) -> None:
        written = await step('write', self._write, organization_id, row_id, run)
        await step('save', self._save, organization_id, row_id, run, written)

    async def _tell(self, work: Work, row: GeneratedPart) -> None:
        tell(work, row)

    async def _write(self, organization_id: UUID, row_id: UUID, run: int) -> dict[str, Any]:
        async with self._gate.platform(organization_id) as work:
            row = await self._running(work, row_id, run)
            row.status = rows.RUNNING
            work.add(row)
            tell(work, row)
            asked = asked_of(row)
            about = About(purpose=row.kind, person_id=row.asked_by, person=row.asker)
        sources = await self._writer.passages(organization_id, asked, asked.document_ids)
        live = LiveDraft(self._bus, row_id)
        began = time.monotonic()
        written, result = await self._writer.write(organization_id, asked, sources, about, live.update)
        live.close()
        call_id = str(written.call_id) if written.call_id else None
        return {**usage_of(written, began), 'result': result, 'answer': written.answer, 'call_id': call_id}

    async def _save(self, organization_id: UUID, row_id: UUID, run: int, written: dict[str, Any]) -> None:
        async with self._gate.platform(organization_id) as work:
            row = await self._running(work, row_id, run)
            row.result, row.answer, row.model = written['result'], written['answer'], written['model']
            row.seconds, row.status, row.finished_at = written['seconds'], rows.READY, now()
            work.add(row)
            tell(work, row)
            await self._writer.authors.record(
                work,
                Call(
                    once=f'part:{row.id}:{row.run}',
                    purpose=row.kind,
                    provider=written['provider'],
                    model=written['model'],
                    prompt_version=written['prompt_version'],
                    tokens=(written['tokens'][0], written['tokens'][1]),
                    seconds=written['seconds'],
                    person_id=row.asked_by,
                    call_id=UUID(written['call_id']) if written['call_id'] else None,
                ),
            )
